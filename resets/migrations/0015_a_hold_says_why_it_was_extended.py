"""A records hold that was extended says why, beside why it was placed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('resets', '0014_letters_know_their_writer'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='extended_why',
            field=models.TextField(blank=True, default='', help_text='Of the last extension. Never name a student here.'),
            preserve_default=False,
        ),
    ]

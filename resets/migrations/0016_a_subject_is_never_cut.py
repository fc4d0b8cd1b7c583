"""A letter's subject with its fields filled in may be longer than the words that a person typed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resets", "0015_a_hold_says_why_it_was_extended"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="subject",
            field=models.TextField(help_text="One line, of any length: fields make it longer than the words were."),
        ),
    ]

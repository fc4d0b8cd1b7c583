"""A notice knows which addresses have heard it otherwise, so that it goes to the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0012_contacts_and_other_resets"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="told",
            field=models.JSONField(blank=True, default=dict, help_text="Who has heard it: address and who told them."),
        ),
    ]

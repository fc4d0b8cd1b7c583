"""A CSM hears of a records hold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0013_notices_know_who_heard_them"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("pause_tomorrow", "Syncs pause tomorrow"),
                    ("paused", "Syncs are paused"),
                    ("resumed", "Syncs are on again"),
                    ("roster_on_hold", "A roster is on hold"),
                    ("source_down", "The source does not answer"),
                    ("export_ready", "An export is ready"),
                    ("export_failed", "An export was not made"),
                    ("data_ready", "The district's data is ready"),
                    ("records_hold", "A records hold began, lasts longer or has ended"),
                ],
                max_length=20,
            ),
        ),
    ]

"""A records hold knows whether the vendor placed it or the district: who ends it follows from that."""

from django.db import migrations, models

NOT_ITS_ADMINS = """
UPDATE resets_hold SET of_vendor = true
WHERE NOT EXISTS (
    SELECT FROM resetportal_user p
    WHERE p.district_id = resets_hold.district_id AND p.name = resets_hold.placed_by
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("resetportal", "0001_people_and_demo_clock"),
        ("resets", "0009_letters_of_a_date"),
    ]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="of_vendor",
            field=models.BooleanField(
                default=False, help_text="Somebody of the vendor placed it, so the vendor ends it."
            ),
        ),
        migrations.RunSQL(NOT_ITS_ADMINS, migrations.RunSQL.noop),
    ]

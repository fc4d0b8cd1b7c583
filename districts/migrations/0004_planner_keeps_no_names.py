"""The planner samples the partitioned tables too: no values of identifying columns. Accounts are counted, active or not."""

from django.db import migrations, models

IDENTIFYING = {
    "student": (
        "sourced_id",
        "first_name",
        "last_name",
        "username",
        "student_information_number",
        "alt_student_information_number",
    ),
    "avatar": ("parts",),
    "classroom": ("sourced_id", "name", "code"),
    "classroomteacher": ("sourced_id",),
    "enrollment": ("sourced_id",),
}


def statistics(target: int) -> str:
    return "\n".join(
        f"ALTER TABLE districts_{kind} ALTER {column} SET STATISTICS {target};"
        for kind, columns in IDENTIFYING.items()
        for column in columns
    )


class Migration(migrations.Migration):
    dependencies = [("districts", "0003_standard_pathways")]

    operations = [
        migrations.AddField(
            model_name="districtcounts",
            name="accounts",
            field=models.PositiveIntegerField(default=0, help_text="Of students, deactivated ones included."),
        ),
        migrations.RunSQL(statistics(0), statistics(-1)),
    ]

"""A season's own history, which the database refuses to change; an answer says that the date is agreed, not by whom."""

import django.db.models.deletion
from django.db import migrations, models

ADD = """
CREATE TRIGGER seasonevent_only_added_to BEFORE UPDATE OR DELETE ON resets_seasonevent
    FOR EACH ROW EXECUTE FUNCTION resets_only_added_to();
"""

REMOVE = "DROP TRIGGER seasonevent_only_added_to ON resets_seasonevent;"

ANSWERS = [
    ("none", "None yet"),
    ("keeps", "Keeps the default"),
    ("asks", "Asks for another day"),
    ("agreed", "Agreed on the date"),
]


class Migration(migrations.Migration):
    dependencies = [("resets", "0002_history_is_only_added_to")]

    operations = [
        migrations.AlterField(
            model_name="reset",
            name="answer",
            field=models.CharField(choices=ANSWERS, default="none", max_length=10),
        ),
        migrations.CreateModel(
            name="SeasonEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
                ("detail", models.JSONField(default=dict)),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="resets.season"
                    ),
                ),
            ],
            options={"ordering": ("-at", "-id")},
        ),
        migrations.RunSQL(ADD, REMOVE),
    ]

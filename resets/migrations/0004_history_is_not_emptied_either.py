"""TRUNCATE fires no trigger of a row, so history and ledger refuse it by one of the statement."""

from django.db import migrations

TABLES = ("resets_resetevent", "resets_ledgerentry", "resets_seasonevent")


def statements(template: str) -> str:
    return "\n".join(
        template.format(table=table, name=f"{table.removeprefix('resets_')}_not_emptied") for table in TABLES
    )


class Migration(migrations.Migration):
    dependencies = [("resets", "0003_seasons_have_a_history")]

    operations = [
        migrations.RunSQL(
            statements(
                "CREATE TRIGGER {name} BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION resets_only_added_to();"
            ),
            statements("DROP TRIGGER {name} ON {table};"),
        )
    ]

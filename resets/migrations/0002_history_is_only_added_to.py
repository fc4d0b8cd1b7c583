"""The database refuses to change or delete an event of the history, or an entry of the ledger."""

from django.db import migrations

ADD = """
CREATE FUNCTION resets_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER resetevent_only_added_to BEFORE UPDATE OR DELETE ON resets_resetevent
    FOR EACH ROW EXECUTE FUNCTION resets_only_added_to();
CREATE TRIGGER ledgerentry_only_added_to BEFORE UPDATE OR DELETE ON resets_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION resets_only_added_to();
"""

REMOVE = """
DROP TRIGGER resetevent_only_added_to ON resets_resetevent;
DROP TRIGGER ledgerentry_only_added_to ON resets_ledgerentry;
DROP FUNCTION resets_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [("resets", "0001_seasons_and_resets")]

    operations = [migrations.RunSQL(ADD, REMOVE)]

"""The database refuses to change, delete or empty certificates, as it does for the history."""

from django.db import migrations

ADD = """
CREATE TRIGGER certificate_only_added_to BEFORE UPDATE OR DELETE ON resets_certificate
    FOR EACH ROW EXECUTE FUNCTION resets_only_added_to();
CREATE TRIGGER certificate_not_emptied BEFORE TRUNCATE ON resets_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION resets_only_added_to();
"""

REMOVE = """
DROP TRIGGER certificate_only_added_to ON resets_certificate;
DROP TRIGGER certificate_not_emptied ON resets_certificate;
"""


class Migration(migrations.Migration):
    dependencies = [("resets", "0006_certificates_and_last_exports")]

    operations = [migrations.RunSQL(ADD, REMOVE)]

"""Sources that were there are folders, due at once; every other district gets a row that waits for uploads."""

from django.db import migrations

FOLDERS = "UPDATE districts_rostersource SET kind = 'folder', due_from = now()"
UPLOADS = """
    INSERT INTO districts_rostersource (district_id, kind, address, folder, username, secret, host_key, version, signing,
        token_address, scopes, page_size, takes_changes, sync_hour, sync_minute, attempts, claim, removal_percent,
        school_percent, school_students)
    SELECT id, 'upload', '', '', '', '', '', '1.1', 'oauth2', '', '', 1000, false, 2, id % 60, 0, 0, 10, 25, 20
    FROM districts_district d WHERE NOT EXISTS (SELECT FROM districts_rostersource s WHERE s.district_id = d.id)
"""


class Migration(migrations.Migration):
    dependencies = [("districts", "0005_rosters_from_anywhere")]

    operations = [
        migrations.RunSQL(FOLDERS, migrations.RunSQL.noop),
        migrations.RunSQL(UPLOADS, migrations.RunSQL.noop),
    ]

"""A district's zone decides on which moment its reset date begins, so it stays while a reset is pending or waited for."""

from django.db import migrations

GUARD = """
    CREATE FUNCTION districts_a_zone_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM districts_gate WHERE district_id = OLD.id
                   AND resumed_at IS NULL AND (is_shut OR pauses_on IS NOT NULL)) THEN
            RAISE EXCEPTION 'A zone stays while a reset is pending. Change it once rostering is complete.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_zone_stays_while_a_reset_is_pending';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER a_zone_stays_while_a_reset_is_pending BEFORE UPDATE OF zone ON districts_district
        FOR EACH ROW WHEN (OLD.zone IS DISTINCT FROM NEW.zone) EXECUTE FUNCTION districts_a_zone_stays();
"""
NONE = """
    DROP TRIGGER a_zone_stays_while_a_reset_is_pending ON districts_district;
    DROP FUNCTION districts_a_zone_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("districts", "0006_every_district_has_a_source")]

    operations = [migrations.RunSQL(GUARD, NONE)]

"""The last day by product of districts that have data already, so that no export passes for whole by mistake."""

from django.db import migrations

# ruff: noqa: S608  (names of our own tables)

WORK = {
    "math": ("lessonresult", "benchmarkresult", "pointsentry", "avatar"),
    "facts": ("factstest", "factsprogress"),
}
PRODUCTS = {"math": "imagine_math", "facts": "math_facts"}


def fill(product: str) -> str:
    """Days in the district's zone; one statement, each table read once."""
    happened = " UNION ALL ".join(
        f"SELECT w.district_id, max((w.happened AT TIME ZONE d.zone)::date) FROM districts_{table} w"
        " JOIN districts_district d ON d.id = w.district_id GROUP BY w.district_id"
        for table in WORK[product]
    )
    days = f"SELECT district_id, max(day) FROM districts_dailyusage WHERE product = '{PRODUCTS[product]}' GROUP BY district_id"
    return (
        f"UPDATE districts_districtcounts c SET {product}_last_on = found.day, {product}_version = 1"
        f" FROM (SELECT district_id, max(day) AS day FROM ({days} UNION ALL {happened}) AS each (district_id, day)"
        f" GROUP BY district_id) found WHERE found.district_id = c.district_id AND c.{product}_last_on IS NULL"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('districts', '0010_reviewed_educators'),
    ]

    operations = [migrations.RunSQL(fill(product), migrations.RunSQL.noop) for product in WORK]

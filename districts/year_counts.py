"""What a closed year had come to, in numbers: students by school and grade, which the new year is held against."""

from django.db import connection
from psycopg2 import sql

from districts import shards
from districts.models import Student, YearCount


def keep(district_id: int, school_year: str) -> None:
    """Keeps the active students of a district by school and grade, under the year that closes. Twice is as once.

    Called in the transaction that deletes them.
    """
    YearCount.objects.filter(district=district_id, school_year=school_year).delete()
    query = sql.SQL(
        "INSERT INTO {counts} (district_id, school_year, school_id, grade_level, students) "
        "SELECT {district}, {year}, school_id, grade_level, count(*) FROM ONLY {students} "
        "WHERE NOT is_deactivated GROUP BY school_id, grade_level"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(
                counts=sql.Identifier(YearCount._meta.db_table),
                district=sql.Literal(district_id),
                year=sql.Literal(school_year),
                students=sql.Identifier(shards.leaf(Student, district_id)),
            )
        )

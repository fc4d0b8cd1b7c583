"""The watch over queries on student data bites, and lets through what stays in one leaf."""

from collections.abc import Iterator

import pytest
from django.db import connection

from districts import shards
from districts.models import Avatar, Enrollment, Student
from tests.keyed_queries import WATCH, unkeyed
from tests.people import Cast


@pytest.fixture
def found(cast: Cast) -> Iterator[list[str]]:
    """What the watch found in this test, which does not fail for it."""
    WATCH.found = []
    yield WATCH.found
    assert WATCH.found == []


@pytest.fixture
def caught(cast: Cast) -> list[str]:
    WATCH.found = []
    return WATCH.found


def test_it_bites_on_a_query_over_all_districts(caught: list[str]) -> None:
    list(Student.objects.all())
    assert "districts_student without its district_id" in caught.pop()


def test_it_bites_on_a_count_of_some_districts(cast: Cast, caught: list[str]) -> None:
    Student.objects.filter(district_id__in=[cast.lakeside.pk, cast.quarry.pk]).count()
    assert caught.pop()


def test_it_bites_on_a_join_without_a_district(caught: list[str]) -> None:
    list(Enrollment.objects.filter(student__grade_level="4"))
    assert caught.pop()


def test_it_bites_on_an_update_of_all_districts(caught: list[str]) -> None:
    Avatar.objects.update(parts={})
    assert caught.pop()


def test_it_bites_on_plain_sql(caught: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM districts_pointsbalance WHERE student_id = 1")
    assert caught.pop()


def test_it_bites_on_another_connection(caught: list[str]) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM districts_student")
    finally:
        other.close()
    assert caught.pop()


def test_it_lets_through_what_names_its_district(cast: Cast, found: list[str]) -> None:
    list(Student.objects.of(cast.lakeside).filter(grade_level="4"))
    list(Enrollment.objects.of(cast.lakeside).filter(student__grade_level="4").select_related("classroom"))
    Student.objects.of(cast.lakeside)[0].refresh_from_db()
    Student.objects.create(district_id=cast.lakeside.pk, sourced_id="new")
    assert shards.count(cast.lakeside.pk)


@pytest.mark.parametrize(
    "statement",
    [
        'SELECT * FROM "districts_student_d7"',
        "SELECT 1 FROM districts_student AS s JOIN districts_enrollment e ON e.district_id = s.district_id "
        "WHERE s.district_id = %s",
        "INSERT INTO districts_student (district_id, sourced_id) VALUES (7, 'a')",
        'CREATE TABLE "districts_student_d7" (LIKE "districts_student" INCLUDING ALL)',
        "SELECT * FROM districts_student WHERE (districts_student.district_id, districts_student.id) = (7, 12)",
        "UPDATE districts_student SET school_id = 8 WHERE district_id = 7",
        "SELECT * FROM districts_district",
    ],
)
def test_a_keyed_statement_passes(statement: str) -> None:
    assert unkeyed(statement) == ""


@pytest.mark.parametrize(
    "statement",
    [
        'SELECT * FROM "districts_student"',
        "SELECT 1 FROM districts_student s, districts_enrollment e WHERE s.district_id = 7 AND s.id = e.student_id",
        "SELECT 1 FROM districts_student s JOIN districts_enrollment e ON e.district_id = s.district_id",
        "WITH all_of_them AS (SELECT * FROM districts_student) SELECT 1 FROM all_of_them",
        "TRUNCATE districts_student",
        "TRUNCATE TABLE ONLY districts_usage_d7, districts_student",
        "COPY districts_student FROM STDIN",
        "INSERT INTO districts_student (sourced_id) VALUES ('a')",
        "UPDATE districts_student SET district_id = 8 WHERE id = 1",
        "UPDATE districts_student SET district_id = 8",
        "DELETE FROM districts_student WHERE (district_id, id) IN ((7, 1), (8, 2))",
    ],
)
def test_an_unkeyed_statement_is_found(statement: str) -> None:
    assert unkeyed(statement)

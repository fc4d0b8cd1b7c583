"""A district's leaf tables."""

from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from districts import services, shards
from districts.models import Avatar, Classroom, District, DistrictCounts, Enrollment, Gate, Student
from tests.people import Cast, make_student


def columns_with_statistics(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT attname FROM pg_stats WHERE tablename = %s", [table])
        return {name for (name,) in cursor.fetchall()}


def test_a_new_district_has_its_shard_gate_and_numbers(db: None) -> None:
    district = services.create_district(name="Cedar Valley ISD", site_code="4812730")
    assert not shards.missing([district.pk])
    assert Gate.objects.filter(district=district).exists()
    assert DistrictCounts.objects.filter(district=district).exists()


def test_a_district_that_fails_leaves_no_tables(db: None) -> None:
    district = District(pk=0)

    def fail() -> None:
        nonlocal district
        with transaction.atomic():
            district = services.create_district(name="Cedar Valley ISD", site_code="4812730")
            District.objects.create(name="Twice", site_code="4812730")

    with pytest.raises(IntegrityError):
        fail()
    assert district.pk
    assert shards.missing([district.pk]) == set(shards.leaves(district.pk))


def test_a_row_refers_only_to_its_own_shard(cast: Cast) -> None:
    stranger = Student.objects.of(cast.quarry).first()
    room = Classroom.objects.of(cast.lakeside).first()
    assert stranger
    assert room
    with pytest.raises(IntegrityError):
        Enrollment.objects.create(district_id=cast.lakeside.pk, classroom_id=room.id, student_id=stranger.id)


def test_destroying_empties_one_district(cast: Cast) -> None:
    other = shards.count(cast.quarry.pk)
    shards.destroy(cast.lakeside.pk)
    assert set(shards.count(cast.lakeside.pk).values()) == {0}
    assert shards.count(cast.quarry.pk) == other


def test_a_count_refuses_a_missing_leaf(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {shards.leaves(cast.lakeside.pk)[0]}")
    with pytest.raises(shards.ShardError, match="avatar"):
        shards.count(cast.lakeside.pk)


def test_a_count_sees_a_leaf_that_the_models_do_not_know(cast: Cast) -> None:
    key = cast.lakeside.pk
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE districts_diary (district_id bigint) PARTITION BY LIST (district_id)")
        cursor.execute(f"CREATE TABLE districts_diary_d{key} PARTITION OF districts_diary FOR VALUES IN ({key})")
        cursor.execute("INSERT INTO districts_diary VALUES (%s)", [key])
    assert shards.count(key)["diary"] == 1


def test_the_planner_keeps_no_names(cast: Cast) -> None:
    for number in range(50):
        make_student(cast.lakeside, None, f"many-{number}")
    table = shards.leaf(Student, cast.lakeside.pk)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
    kept = columns_with_statistics(table)
    assert "grade_level" in kept
    assert not kept & set(shards.IDENTIFYING[Student])


def test_the_planner_keeps_no_names_of_all_districts_together(cast: Cast) -> None:
    for number in range(50):
        make_student(cast.lakeside, None, f"many-{number}")
    with connection.cursor() as cursor:
        for table in (Student._meta.db_table, Classroom._meta.db_table, Enrollment._meta.db_table):
            cursor.execute(f"ANALYZE {table}")
    kept = columns_with_statistics("districts_student")
    assert "grade_level" in kept
    assert not kept & set(shards.IDENTIFYING[Student])
    assert "name" not in columns_with_statistics("districts_classroom")
    assert "sourced_id" not in columns_with_statistics("districts_enrollment")


def test_a_lost_gate_is_made_shut(cast: Cast) -> None:
    Gate.objects.filter(pk=cast.lakeside.pk).delete()
    call_command("repair_shards", verbosity=0)
    assert Gate.objects.get(pk=cast.lakeside.pk).is_shut


def test_repairing_makes_what_is_missing_and_keeps_the_rest(cast: Cast) -> None:
    key = {"district_id": cast.lakeside.pk}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {shards.leaf(Avatar, cast.lakeside.pk)}")
    call_command("repair_shards", verbosity=0)
    counts = shards.count(cast.lakeside.pk)
    assert (counts["avatar"], counts["student"]) == (0, 3)
    with pytest.raises(IntegrityError):
        Avatar.objects.create(**key, student_id=0, event_id=UUID(int=1), happened="2027-05-04T17:30:00Z")


def test_repairing_refuses_where_rows_refer_to_what_is_lost(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {shards.leaf(Classroom, cast.lakeside.pk)} CASCADE")
    with pytest.raises(CommandError, match="Restore it from a backup"):
        call_command("repair_shards", verbosity=0)


def test_dropping_removes_every_leaf(cast: Cast) -> None:
    shards.drop(cast.lakeside.pk)
    assert shards.missing([cast.lakeside.pk]) == set(shards.leaves(cast.lakeside.pk))

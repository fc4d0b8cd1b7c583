"""The count of a district by school, held against the models."""

import pytest
from django.db.models import Count

from districts import shards
from districts.models import Classroom, ClassroomTeacher, School, Student
from districts.partitioning import ShardModel
from resets import counting
from tests.people import Cast, make_student

SCHOOL_OF = {Student: "school_id", Classroom: "school_id", ClassroomTeacher: "classroom__school_id"}


@pytest.mark.parametrize("model", shards.MODELS)
def test_each_row_is_counted_under_its_school(cast: Cast, model: type[ShardModel]) -> None:
    school = School.objects.filter(district=cast.lakeside).earliest("pk")
    make_student(cast.lakeside, school, "second")
    path = SCHOOL_OF.get(model, "student__school_id")
    rows = model.objects.of(cast.lakeside).values_list(path).annotate(Count("id")).order_by()
    counts = counting.by_school(cast.lakeside.pk, cast.lakeside.schools.values_list("pk", flat=True))
    kind = model._meta.model_name or ""
    assert {pk: of_school[kind] for pk, of_school in counts.items() if of_school[kind]} == dict(rows)


def test_a_school_that_is_not_asked_for_counts_as_none(cast: Cast) -> None:
    counts = counting.by_school(cast.lakeside.pk, ())
    assert list(counts) == [None]
    assert counts[None]["student"] == Student.objects.of(cast.lakeside).count()


def test_the_two_counts_agree(cast: Cast) -> None:
    assert counting.by_kind(counting.by_school(cast.lakeside.pk, ())) == shards.count(cast.lakeside.pk)

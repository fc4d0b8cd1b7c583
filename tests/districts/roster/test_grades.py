"""Grades in every spelling."""

import pytest

from districts.roster.grades import grade, learning_environment


@pytest.mark.parametrize(
    ("spellings", "meant"),
    [
        (("PK", "pk", "PreK", "Pre-K", "IT", "PR", "TK"), "PK"),
        (("K", "KG", "kg", "Kindergarten"), "K"),
        (("1", "01", "1st", "Grade 1", "1st grade"), "1"),
        (("9", "09", "9th"), "9"),
        (("12", "12th", " 12 "), "12"),
        (("", "13", "0", "00", "UG", "Other", "PS1", "010", "1st2"), ""),
    ],
)
def test_it_reads_every_spelling(spellings: tuple[str, ...], meant: str) -> None:
    assert {grade(spelling) for spelling in spellings} == {meant}


def test_prek_to_2_is_one_environment_and_3_up_the_other() -> None:
    assert {learning_environment(each) for each in ("PK", "K", "1", "2")} == {"prek_2"}
    assert {learning_environment(str(each)) for each in range(3, 13)} == {"three_plus"}


def test_a_student_without_a_grade_has_no_environment() -> None:
    assert learning_environment("") == ""

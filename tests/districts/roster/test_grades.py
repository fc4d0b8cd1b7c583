"""Grades in every spelling."""

import pytest

from districts.roster.grades import grade, learning_environment

GRADES = range(1, 13)


SPELLINGS = {
    "PK": ("PK", "pk", "IT", "PR", "TK", "PreK", "Pre-K", "pre k", "Prekindergarten", "Pre-Kindergarten", "Preschool"),
    "K": ("K", "k", "KG", "kg", "Kindergarten", "Grade K"),
    **{
        str(number): (str(number), f"{number:02}", f"{number}th", f"Grade {number}", f" {number} ") for number in GRADES
    },
    "": ("", "13", "0", "00", "-1", "UG", "Other", "PS", "PS1", "PS4", "010", "1st2", "ext:foundation", "AdultBasic"),
}
ORDINALS = {"1": ("1st", "First", "first grade"), "2": ("2nd", "Second"), "3": ("3rd", "Third"), "12": ("Twelfth",)}
TABLE = [(each, meant) for found in (SPELLINGS, ORDINALS) for meant, listed in found.items() for each in listed]


@pytest.mark.parametrize(("spelling", "meant"), TABLE)
def test_it_reads_every_spelling(spelling: str, meant: str) -> None:
    assert grade(spelling) == meant


def test_prek_to_2_is_one_environment_and_3_up_the_other() -> None:
    assert {learning_environment(each) for each in ("PK", "K", "1", "2")} == {"prek_2"}
    assert {learning_environment(str(each)) for each in range(3, 13)} == {"three_plus"}


def test_a_student_without_a_grade_has_no_environment() -> None:
    assert learning_environment("") == ""

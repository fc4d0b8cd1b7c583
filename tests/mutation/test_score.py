"""The figure of `make mutation` counts only what a test noticed."""

import pytest

from tests.mutation.__main__ import score

NOTHING = {"killed": 0, "timeout": 0, "survived": 0, "no_tests": 0, "skipped": 0, "not_checked": 0}


def test_a_mutant_that_failed_a_test_or_never_ended_was_noticed() -> None:
    assert score(NOTHING | {"killed": 8, "timeout": 1, "survived": 1, "total": 10}) == 0.9


@pytest.mark.parametrize("unnoticed", ["survived", "no_tests", "skipped", "not_checked"])
def test_any_other_mutant_was_not(unnoticed: str) -> None:
    assert score(NOTHING | {"killed": 3, unnoticed: 1, "total": 4}) == 0.75


def test_no_mutants_are_no_score() -> None:
    with pytest.raises(ValueError, match="no mutant"):
        score(NOTHING | {"total": 0})

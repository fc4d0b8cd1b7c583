"""A few dates on one line: in order, with room for each one's words, and the bracket of what comes too early."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from resetportal.drawing.milestones import FIRST, LAST, milestones

DAY = date(2027, 7, 28)


def point(day: date, kind: str = "plain") -> dict[str, object]:
    return {"day": day, "label": "x", "kind": kind}


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_labels_have_room_and_stay_on_the_line(gaps: list[int]) -> None:
    days = sorted(DAY + timedelta(days=gap) for gap in gaps)
    places = [each["at"] for each in milestones([point(day) for day in days])["points"]]
    room = min(17.5, (LAST - FIRST) / max(len(days) - 1, 1))
    assert places[0] >= FIRST
    assert places[-1] <= LAST
    assert all(right - left >= room - 0.02 for left, right in pairwise(places))


def test_the_bracket_says_how_many_days_the_reset_is_too_early() -> None:
    drawn = milestones([point(DAY, "reset"), point(DAY + timedelta(days=2), "early"), point(DAY + timedelta(days=9))])
    assert drawn["early"]["words"] == "2 days too early"
    assert (drawn["early"]["left"], drawn["early"]["right"]) == tuple(each["at"] for each in drawn["points"][:2])


def test_a_reset_that_comes_too_early_for_nothing_has_no_bracket() -> None:
    assert milestones([point(DAY, "reset"), point(DAY + timedelta(days=2))])["early"] is None

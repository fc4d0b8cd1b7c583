"""A policy that changes: what it makes of the dates that stand, and who moves with the default (W9)."""

from dataclasses import replace
from datetime import UTC, date, datetime

from resets.policy import Calendar, Move, Policy, Row, consequences_of_policy, moves

from .calendars import CEDAR_VALLEY, EVE, HARBOR_POINT, LAKESIDE, POLICY, SPRING, day

LATER = replace(POLICY, default_dates=(day(7, 30),))


def row(
    key: str = "harbor", calendar: Calendar = HARBOR_POINT, *, when: date | None = None,
    default: bool = True, answered: bool = False,
) -> Row:  # fmt: skip
    return Row(key, when or day(7, 28), default, answered, calendar)


def moved(one: Row, after: Policy = LATER, now: datetime = SPRING) -> Move:
    (move,) = moves(POLICY, after, [one], now=now)
    return move


class TestConsequences:
    def test_it_names_the_districts_that_a_policy_would_refuse(self) -> None:
        shorter = replace(POLICY, default_dates=(day(7, 14),))
        found = consequences_of_policy(shorter, [row("kept", default=False), row("fine", when=day(7, 14))], now=SPRING)
        assert found.refused == ("kept",)
        assert (found.needing_reason, found.at_risk, found.without_date, found.total) == ((), (), (), 2)

    def test_it_names_those_that_would_need_a_reason_or_be_at_risk(self) -> None:
        found = consequences_of_policy(POLICY, [row("lakeside", LAKESIDE), row("harbor")], now=SPRING)
        assert (found.needing_reason, found.at_risk) == (("lakeside",), ("lakeside",))
        assert (found.refused, found.total) == ((), 2)

    def test_a_district_without_a_date_is_given_the_policys_default(self) -> None:
        found = consequences_of_policy(POLICY, [Row("new", None, False, False, CEDAR_VALLEY)], now=SPRING)
        assert found.at_risk == ("new",)
        assert found.without_date == ()

    def test_given_the_default_it_is_at_risk_as_a_default_is(self) -> None:
        found = consequences_of_policy(POLICY, [Row("new", None, False, False, LAKESIDE)], now=SPRING)
        assert found.at_risk == ("new",)

    def test_a_chosen_date_in_a_session_is_not_at_risk(self) -> None:
        found = consequences_of_policy(POLICY, [row("lakeside", LAKESIDE, default=False)], now=SPRING)
        assert (found.needing_reason, found.at_risk) == (("lakeside",), ())

    def test_a_date_is_judged_as_its_csm_could_set_it(self) -> None:
        abroad = replace(POLICY, outside_window=frozenset({"csm"}))
        early = row("abroad", when=day(6, 18), default=False)
        assert consequences_of_policy(abroad, [early], now=SPRING).needing_reason == ("abroad",)
        assert consequences_of_policy(POLICY, [early], now=SPRING).refused == ("abroad",)

    def test_a_district_that_can_get_no_date_is_listed(self) -> None:
        late = datetime(2027, 7, 29, 13, tzinfo=UTC)
        found = consequences_of_policy(POLICY, [Row("new", None, False, False, HARBOR_POINT)], now=late)
        assert (found.without_date, found.refused, found.total) == (("new",), (), 1)


class TestMoves:
    def test_an_unanswered_default_moves(self) -> None:
        move = moved(row())
        assert move == Move("harbor", day(7, 28), day(7, 30), "", at_risk=False)
        assert move.moves

    def test_it_says_whether_the_new_date_is_at_risk(self) -> None:
        assert moved(row("lakeside", LAKESIDE)).at_risk  # July 30 is the last day of its summer session
        assert not moved(row("lakeside", LAKESIDE), replace(POLICY, default_dates=(day(7, 31),))).at_risk

    def test_a_date_that_stays_is_not_said_to_be_at_risk_anew(self) -> None:
        assert not moved(row("lakeside", LAKESIDE, answered=True)).at_risk

    def test_a_chosen_date_stays(self) -> None:
        move = moved(row(default=False))
        assert (move.before, move.after, move.stays) == (day(7, 28), day(7, 28), "Its date was chosen.")
        assert not move.moves

    def test_a_default_that_was_answered_stays(self) -> None:
        assert moved(row(answered=True)).stays == "It answered: the default stays as agreed."

    def test_a_district_without_a_date_stays_without(self) -> None:
        move = moved(Row("new", None, True, False, HARBOR_POINT))
        assert (move.stays, move.after) == ("It has no date this season.", None)

    def test_a_district_whose_default_does_not_change_stays(self) -> None:
        assert moved(row(), replace(POLICY, lead_days=1)).stays == "Its default does not change."
        assert moved(row(when=day(7, 30))).stays == "Its default does not change."

    def test_a_date_that_was_put_elsewhere_stays_when_the_default_does(self) -> None:
        assert moved(row(when=day(7, 20)), POLICY).stays == "Its default does not change."

    def test_that_a_default_stays_the_same_is_known_without_its_sentence(self) -> None:
        assert moved(row(), replace(POLICY, lead_days=1)).is_same
        assert not moved(row(default=False)).is_same

    def test_a_reset_that_has_started_stays(self) -> None:
        calendar = replace(HARBOR_POINT, zone="Pacific/Guam")
        assert moved(row(calendar=calendar), now=EVE).stays == "Its reset has started."
        assert moved(row(), now=EVE).moves

    def test_the_run_hour_itself_has_started_it(self) -> None:
        assert moved(row(), now=datetime(2027, 7, 28, 4, 59, tzinfo=UTC)).moves
        assert not moved(row(), now=datetime(2027, 7, 28, 5, tzinfo=UTC)).moves

    def test_no_date_moves_into_the_past(self) -> None:
        earlier = replace(POLICY, default_dates=(day(7, 14),))
        move = moved(row(), earlier, now=datetime(2027, 7, 20, 13, tzinfo=UTC))
        assert move.stays == "The new default, Wed, July 14, is too soon or past."
        assert move.after == day(7, 28)

    def test_every_district_is_answered_for_in_order(self) -> None:
        found = moves(POLICY, LATER, [row("a"), row("b", default=False), row("c")], now=SPRING)
        assert [(each.key, each.moves) for each in found] == [("a", True), ("b", False), ("c", True)]

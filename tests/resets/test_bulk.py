"""Many districts at once: what it costs, and that each stands by itself."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import District, DistrictCounts, SchoolYear
from resets import board, bulk, services
from resets.bulk_csm import Reassign, csms
from resets.bulk_dates import SetDate
from resets.bulk_letters import Write
from resets.models import Letter, Receipt, Reset, ResetEvent, Season
from tests.people import Cast
from tests.resets.conftest import JUNE_1
from tests.resets.crowds import make_crowd

DAY = date(2027, 7, 21)


def crowd(season: Season, number: int) -> list[Reset]:
    resets = make_crowd(season, number)
    DistrictCounts.objects.bulk_create(DistrictCounts(district=each.district) for each in resets)
    return resets


def entries(season: Season) -> list[board.Entry]:
    return board.entries(District.objects.all(), season, at=JUNE_1)


def versions_of(wish: bulk.Wish, season: Season, by: Any) -> dict[int, int]:
    return {line.district.pk: line.version for line in bulk.preview(wish, entries(season), by=by, at=JUNE_1)}


def queries(wish: bulk.Wish, season: Season, by: Any) -> int:
    versions = versions_of(wish, season, by)
    with CaptureQueriesContext(
        connection,
    ) as found:
        bulk.apply(wish, versions, by=by, at=JUNE_1, token=uuid4())
    return len(found)


def test_a_preview_asks_as_much_of_the_database_for_ten_as_for_sixty(season: Season, cast: Cast) -> None:
    costs = []
    for number in (10, 50):
        crowd(season, number)
        with CaptureQueriesContext(connection) as found:
            bulk.preview(SetDate(season, DAY), entries(season), by=cast.maya, at=JUNE_1)
        costs.append(len(found))
    assert costs[0] == costs[1]


def test_a_reassignment_costs_the_same_for_ten_as_for_sixty(season: Season, cast: Cast) -> None:
    crowd(season, 10)
    first = queries(Reassign(season, cast.omar), season, cast.maya)
    crowd(season, 50)
    assert queries(Reassign(season, cast.omar), season, cast.maya) <= first


def test_a_date_costs_a_few_statements_a_district(season: Season, cast: Cast) -> None:
    few = queries(SetDate(season, DAY), season, cast.maya)
    crowd(season, 50)
    many = queries(SetDate(season, date(2027, 7, 22), "They asked."), season, cast.maya)
    assert (many - few) / 50 <= 15  # the notice that the district gets of it is two of them


def test_one_that_fails_takes_no_other_with_it(season: Season, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = versions_of(SetDate(season, DAY), season, cast.maya)
    Reset.objects.filter(district=cast.quarry).update(version=7)
    receipt = bulk.apply(SetDate(season, DAY), versions, by=cast.maya, at=JUNE_1, token=uuid4())
    assert {line["name"]: line["outcome"] for line in receipt.lines} == {
        "Lakeside Unified": "done",
        "Quarry Hill": "refused",
    }


@pytest.mark.parametrize(("save_every", "known"), [(bulk.SAVE_EVERY, "waiting"), (1, "done")])
def test_a_crash_leaves_the_dates_that_were_set_and_says_what_is_not_known(
    season: Season, cast: Cast, monkeypatch: pytest.MonkeyPatch, save_every: int, known: str
) -> None:
    versions, put, token = versions_of(SetDate(season, DAY), season, cast.maya), services.schedule, uuid4()

    def crash_at_the_second(**asked: Any) -> Reset:
        if asked["reset"].district_id == cast.quarry.pk:
            raise SystemExit
        return put(**asked)

    monkeypatch.setattr(bulk, "SAVE_EVERY", save_every)
    monkeypatch.setattr(services, "schedule", crash_at_the_second)
    with pytest.raises(SystemExit):
        bulk.apply(SetDate(season, DAY), versions, by=cast.maya, at=JUNE_1, token=token)
    assert Reset.objects.get(district=cast.lakeside).date == DAY
    told = {line["name"]: line["outcome"] for line in Receipt.objects.get(token=token).lines}
    assert told == {"Lakeside Unified": known, "Quarry Hill": "waiting"}


def test_a_crash_between_letters_leaves_none_and_no_receipt(
    season: Season, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = Write(season, "Hello", "Dear {district}")
    monkeypatch.setattr(Receipt, "save", crash)
    with pytest.raises(SystemExit):
        bulk.apply(wish, {cast.lakeside.pk: 0}, by=cast.maya, at=JUNE_1, token=uuid4())
    assert not Receipt.objects.exists()
    assert not Letter.objects.filter(subject="Hello").exists()


def crash(self: Receipt, **fields: Any) -> None:
    if fields.get("update_fields") == ["lines"]:
        raise SystemExit
    super(Receipt, self).save(**fields)


def test_the_history_names_both_csms_and_the_reason(season: Season, cast: Cast) -> None:
    wish = Reassign(season, cast.omar, "Carmen is away.")
    versions = versions_of(wish, season, cast.maya)
    bulk.apply(wish, versions, by=cast.maya, at=JUNE_1, token=uuid4())
    event = ResetEvent.objects.get(kind="reassigned")
    assert event.detail | {"to": ""} == {
        "to": "", "former": "Carmen Ortiz", "csm": "Omar Haddad", "reason": "Carmen is away.",
    }  # fmt: skip


def test_what_would_change_stands_first(season: Season, cast: Cast) -> None:
    SchoolYear.objects.filter(district=cast.lakeside).update(rostering_starts_on=DAY)
    found = bulk.preview(SetDate(season, DAY), entries(season), by=cast.maya, at=JUNE_1)
    assert [(line.district.name, line.outcome.value) for line in found] == [
        ("Quarry Hill", "changes"),
        ("Lakeside Unified", "refused"),
    ]


def test_a_token_is_done_once_whatever_is_sent_with_it_again(season: Season, cast: Cast) -> None:
    versions, token = versions_of(SetDate(season, DAY), season, cast.maya), uuid4()
    first = bulk.apply(SetDate(season, DAY), versions, by=cast.maya, at=JUNE_1, token=token)
    again = bulk.apply(SetDate(season, date(2027, 7, 22)), versions, by=cast.maya, at=JUNE_1, token=token)
    assert again.lines == first.lines
    assert Reset.objects.get(district=cast.lakeside).date == DAY


Commits = Callable[..., Any]


def give(season: Season, cast: Cast, commits: Commits, to: Any, *, by: Any = None) -> dict[str, str]:
    """Gives every district to a CSM, and answers to whom a message went, with its subject."""
    mail.outbox.clear()
    wish, by = Reassign(season, to), by or cast.maya
    with commits(execute=True):
        bulk.apply(wish, versions_of(wish, season, by), by=by, at=JUNE_1, token=uuid4())
        assert not mail.outbox, "nothing is told before it is so"
    return {message.to[0]: str(message.subject) for message in mail.outbox}


def test_a_csm_who_keeps_a_district_is_told_nothing_of_it(
    season: Season, cast: Cast, django_capture_on_commit_callbacks: Commits
) -> None:
    found = bulk.preview(Reassign(season, cast.omar), entries(season), by=cast.maya, at=JUNE_1)
    assert (found[1].outcome, found[1].change, found[1].sentence) == (
        bulk.Outcome.SAME,
        "stays with Omar Haddad",
        "Omar Haddad looks after it already.",
    )
    give(season, cast, django_capture_on_commit_callbacks, cast.omar)
    assert give(season, cast, django_capture_on_commit_callbacks, cast.omar) == {}


def test_whoever_gives_her_own_away_is_not_told_what_she_did(
    season: Season, cast: Cast, django_capture_on_commit_callbacks: Commits
) -> None:
    told = give(season, cast, django_capture_on_commit_callbacks, cast.omar, by=cast.carmen)
    assert told == {"omar@vendor.example": "1 district is yours now"}


def test_who_does_not_sign_in_any_more_gets_no_district_and_no_message(
    season: Season, cast: Cast, django_capture_on_commit_callbacks: Commits
) -> None:
    type(cast.carmen).objects.filter(pk=cast.carmen.pk).update(is_active=False)
    assert csms() == [cast.omar]
    told = give(season, cast, django_capture_on_commit_callbacks, cast.omar)
    assert told == {"omar@vendor.example": "1 district is yours now"}


def test_a_message_that_cannot_go_keeps_no_other_back(
    season: Season, cast: Cast, django_capture_on_commit_callbacks: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def refuse(message: EmailMessage) -> int:
        tried.extend(message.to)
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    assert give(season, cast, django_capture_on_commit_callbacks, cast.omar) == {}
    assert tried == ["omar@vendor.example", "carmen@vendor.example"]
    assert not District.objects.filter(csm=cast.carmen).exists()

"""A letter is claimed before it is sent: whatever is killed, and however many ticks meet, nobody gets it twice."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from districts import shards
from districts.models import Contact, District
from districts.services import create_district
from resets import correspondence, letters, seasons
from resets.models import Delivery, Letter, Reset, Season
from resets.services import NotPossible

AT = datetime(2027, 6, 7, 17, tzinfo=UTC)  # a Monday, at work in every zone of the states
HOW_MANY = 6


class Killed(BaseException):
    """The worker is no more: nothing of its own code cleans up."""


@pytest.fixture
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[District]:
    """A letter to six people, which other connections see; all of it is removed again."""
    with django_db_blocker.unblock():
        season = Season.objects.create(school_year="2026-27", policy=seasons.starting_policy(2027).to_data())
        district = create_district(name="Busy Unified", site_code="0699981")
        Contact.objects.bulk_create(
            Contact(district=district, name=f"No. {number}", email=f"n{number}@busy.example", gets_letters=True,
                    added_at=AT, added_by="Carmen Ortiz")
            for number in range(HOW_MANY)
        )  # fmt: skip
        about = {"subject": "To {district}", "body": "Words", "asks": False, "by": "Carmen Ortiz"}
        letters.write(district=district, season=season, at=AT, token=uuid4(), **about)  # type: ignore[arg-type]
        yield district
        shards.drop(district.pk)
        district.delete()
        season.delete()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], None]], None]:
    """Has something done with each address when its mail is handed over, instead of sending it."""

    def arrange(act: Callable[[str], None]) -> None:
        monkeypatch.setattr(mail.EmailMultiAlternatives, "send", lambda made: act(made.to[0]))

    return arrange


def got() -> list[str]:
    return sorted(str(each.to[0]) for each in mail.outbox)


def everybody() -> list[str]:
    return sorted(f'"No. {number}" <n{number}@busy.example>' for number in range(HOW_MANY))


def in_threads(*works: Callable[[], object]) -> None:
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_ticks_at_once_write_to_each_person_once(written: District) -> None:
    in_threads(*[lambda: correspondence.tick(at=AT)] * 4)
    assert got() == everybody()
    assert Letter.objects.get(district=written).sent_at == AT


@pytest.mark.parametrize("victim", [1, 2, HOW_MANY])
def test_a_worker_killed_between_its_claim_and_sending_writes_to_nobody_twice(
    written: District, post: Callable[[Callable[[str], None]], None], victim: int
) -> None:
    asked: list[str] = []

    def hand_over(address: str) -> None:
        asked.append(address)
        assert Delivery.objects.get(address=address.split("<")[1][:-1]).sent_at, "claimed and committed first"
        assert not connection.in_atomic_block
        if len(asked) == victim:
            raise Killed

    post(hand_over)
    with pytest.raises(Killed):
        correspondence.tick(at=AT)
    correspondence.tick(at=AT)
    correspondence.tick(at=AT)
    assert sorted(asked) == everybody()
    assert Letter.objects.get(district=written).sent_at == AT


def test_a_worker_killed_after_sending_writes_to_nobody_twice(
    written: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(correspondence, "_note_sent", killed)
        with pytest.raises(Killed):
            correspondence.tick(at=AT)
    correspondence.tick(at=AT)
    assert got() == everybody()
    assert Letter.objects.get(district=written).sent_at == AT


def test_a_letter_that_is_edited_while_it_goes_is_one_of_both_or_refused(written: District) -> None:
    letter = Letter.objects.get(district=written)

    def edit() -> None:
        try:
            letters.edit(letter=letter, subject="Other", body="Other words", by="Carmen Ortiz", at=AT)
        except NotPossible:
            return

    in_threads(edit, lambda: correspondence.tick(at=AT))
    correspondence.tick(at=AT)
    letter.refresh_from_db()
    assert len({(str(each.subject), letter.subject) for each in mail.outbox}) == 1
    assert mail.outbox[0].subject == letter.subject


@pytest.mark.django_db
def test_a_delivery_that_another_worker_claimed_is_left_to_it(reset: Reset) -> None:
    letter = Letter.objects.create(
        district=reset.district, season=reset.season, subject="a", body="b", due_from=AT, written_at=AT
    )
    stale = Delivery.objects.create(letter=letter, name="Dana Whitfield", address="dana@lakeside.example")
    assert [correspondence._claim(stale, letter, AT) for _ in range(2)] == [True, False]


def test_while_one_worker_sends_another_looks_at_nothing(written: District) -> None:
    sent: list[int] = []
    with correspondence._alone() as is_mine:
        assert is_mine
        in_threads(lambda: sent.append(correspondence.send(at=AT)))
        assert (sent, got()) == ([0], [])
    in_threads(lambda: sent.append(correspondence.send(at=AT)))
    assert (sent, got()) == ([0, 1], everybody())

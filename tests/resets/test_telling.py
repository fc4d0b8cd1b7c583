"""A district hears of a date that was set for it, and of a records hold: as a letter of its CSM, only the last one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts import notices
from districts.models import Contact, District, Notice
from resets import correspondence, engine, holds, letter_mail, letters, opening, policy, services, telling
from resets.models import Delivery, HeldFor, Hold, Letter, Reset, ResetEvent, Season, Status
from tests.people import Cast
from tests.resets.crowds import fail
from tests.resets.crowds import put as bring_to

TUESDAY = datetime(2027, 6, 1, 16, tzinfo=UTC)  # 9:00 in Lakeside
NIGHT = datetime(2027, 6, 2, 4, tzinfo=UTC)  # 21:00 there, on the same day
MORNING = datetime(2027, 6, 2, 15, 1, tzinfo=UTC)  # 8:01
JULY_6, JULY_7 = date(2027, 7, 6), date(2027, 7, 7)
BY_HAND: Any = {"subject": "Hello", "body": "A letter that waits.", "asks": False, "token": uuid4()}
pytestmark = pytest.mark.django_db


def put(reset: Reset, day: date, by: object, at: datetime = TUESDAY) -> Reset:
    return services.schedule(reset=reset, to=day, by=by, at=at)


def told(at: datetime) -> list[str]:
    """Subjects of what Lakeside hears at a moment, beside the letters of the season."""
    mail.outbox.clear()
    correspondence.send(at=at)
    return [str(each.subject) for each in mail.outbox if "dana@lakeside.example" in each.to[0]]


def test_a_date_that_its_csm_set_is_told_once_in_her_name(reset: Reset, cast: Cast) -> None:
    put(reset, JULY_6, cast.carmen)
    assert told(TUESDAY) == ["Your reset is on Tue, July 6, 2027"]
    letter = mail.outbox[0]
    assert letter.from_email.startswith("Carmen Ortiz <")
    assert "The reset of Lakeside Unified is on Tue, July 6, 2027 now, at 1:00 AM PDT." in " ".join(
        str(letter.body).split()
    )
    assert "You asked" not in letter.body
    assert told(TUESDAY + timedelta(minutes=1)) == []


def test_a_date_that_was_asked_for_says_so(reset: Reset, cast: Cast) -> None:
    services.ask_for(reset=reset, day=JULY_6, by=cast.dana, at=TUESDAY)
    put(reset, JULY_6, cast.carmen)
    assert told(TUESDAY) == ["Your reset is on Tue, July 6, 2027"]
    assert "You asked for another day." in mail.outbox[0].body


def test_a_date_that_was_set_at_night_is_told_in_the_morning(reset: Reset, cast: Cast) -> None:
    put(reset, JULY_6, cast.carmen, NIGHT)
    assert told(NIGHT) == []
    assert told(MORNING) == ["Your reset is on Tue, July 6, 2027"]


def test_of_several_dates_in_one_night_only_the_last_is_told(reset: Reset, cast: Cast) -> None:
    for minute, day in enumerate((JULY_6, JULY_7, date(2027, 7, 8))):
        put(reset, day, cast.carmen, NIGHT + timedelta(minutes=minute))
    assert told(MORNING) == ["Your reset is on Thu, July 8, 2027"]
    assert told(MORNING + timedelta(minutes=1)) == []


def test_words_that_she_wrote_for_a_date_are_kept_but_not_sent_when_it_is_another(reset: Reset, cast: Cast) -> None:
    put(reset, JULY_6, cast.carmen, NIGHT)
    own = Letter.objects.get(about=Letter.About.DATE)
    letters.edit(letter=own, subject="July 6 it is", body="As we said.", by=cast.carmen, at=NIGHT)
    put(reset, JULY_7, cast.carmen, NIGHT + timedelta(minutes=1))
    assert told(MORNING) == ["Your reset is on Wed, July 7, 2027"]
    own.refresh_from_db()
    assert own.stopped_why == "It was set anew since it was written."
    event = ResetEvent.objects.get(kind="letter_stopped")
    assert (event.detail["subject"], event.detail["why"]) == ("July 6 it is", own.stopped_why)


def test_each_date_is_told_also_one_that_comes_back(reset: Reset, cast: Cast) -> None:
    for hour, day in enumerate((JULY_6, JULY_7, JULY_6)):
        at = TUESDAY + timedelta(hours=hour)
        put(reset, day, cast.carmen, at)
        assert told(at) == [f"Your reset is on {'Wed' if day == JULY_7 else 'Tue'}, July {day.day}, 2027"]


def test_a_default_that_is_agreed_on_is_no_news(reset: Reset, cast: Cast) -> None:
    put(reset, reset.date, cast.carmen)
    assert not Letter.objects.filter(about=Letter.About.DATE).exists()


def test_a_date_that_was_moved_by_the_rules_meanwhile_is_not_told(reset: Reset, cast: Cast) -> None:
    put(reset, JULY_6, cast.carmen, NIGHT)
    Reset.objects.filter(pk=reset.pk).update(date=date(2027, 7, 20))
    assert told(MORNING) == []
    assert Letter.objects.get(about=Letter.About.DATE).stopped_why == "Its day was moved."


def move_default(season: Season, day: date, by: object, at: datetime) -> None:
    rules = policy.Policy.from_data(season.rules.to_data() | {"default_dates": [day.isoformat()]})
    opening.change_policy(season=season, after=rules, by=by, at=at)


@pytest.fixture
def written_to(season: Season, reset: Reset, cast: Cast) -> Letter:
    """Lakeside has had a letter by which it knows its default."""
    about: Any = {"district": cast.lakeside, "season": season, "subject": "Hello", "body": "{reset_date}"}
    letters.write(**about, asks=False, by=cast.carmen, at=TUESDAY, token=uuid4())
    assert told(TUESDAY) == ["Hello"]
    return Letter.objects.get()


def test_a_default_that_moves_is_told_whoever_has_had_a_letter(
    written_to: Letter, season: Season, reset: Reset, cast: Cast
) -> None:
    move_default(season, date(2027, 7, 20), cast.maya, NIGHT)
    assert told(MORNING) == ["Your reset is on Tue, July 20, 2027"]
    said = " ".join(str(mail.outbox[0].body).split())
    assert "The season’s default day has changed. The reset of Lakeside Unified is on Tue, July 20, 2027 now" in said
    assert "/r/" in said
    assert mail.outbox[0].from_email.startswith("Carmen Ortiz <")
    assert told(MORNING + timedelta(minutes=1)) == []
    assert not Letter.objects.filter(district=cast.quarry).exists()  # which has had none


def test_of_defaults_that_move_twice_in_a_night_the_last_is_told(
    written_to: Letter, season: Season, reset: Reset, cast: Cast
) -> None:
    for minute, day in enumerate((20, 21)):
        move_default(season, date(2027, 7, day), cast.maya, NIGHT + timedelta(minutes=minute))
    assert told(MORNING) == ["Your reset is on Wed, July 21, 2027"]
    assert Letter.objects.filter(about=Letter.About.DATE).count() == 1


def test_a_default_that_stays_is_not_told(written_to: Letter, season: Season, reset: Reset, cast: Cast) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=TUESDAY)
    move_default(season, date(2027, 7, 20), cast.maya, NIGHT)
    assert told(MORNING) == []


def test_moved_defaults_are_told_in_as_many_queries_however_many_there_are(season: Season, cast: Cast) -> None:
    resets = list(season.resets.select_related("district", "season"))
    for some in (resets[:1], resets):
        Delivery.objects.all().delete()
        for each in some:
            letter = Letter(district=each.district, season=season, subject="a", body="b", due_from=NIGHT)
            letter.written_at, letter.written_by = NIGHT, "Carmen Ortiz"
            letter.save()
            Delivery.objects.create(letter=letter, name="a", address="a@b.example", sent_at=NIGHT, sent_by="Carmen")
        with CaptureQueriesContext(connection) as asked:
            telling.of_defaults(resets=some, by=cast.maya, at=NIGHT)
        assert Letter.objects.filter(about=Letter.About.DATE).count() == len(some)
        assert len(asked) <= 8, [each["sql"] for each in asked]


def test_a_date_is_not_told_while_a_records_hold_is_open(reset: Reset, cast: Cast) -> None:
    put(reset, JULY_6, cast.carmen, NIGHT)
    Hold.objects.create(district=cast.lakeside, reason="A request is open.", placed_at=NIGHT, placed_by="Dana")
    assert told(MORNING) == []
    assert Letter.objects.get(about=Letter.About.DATE).stopped_why == "The district is on a records hold."


def test_whoever_was_left_over_is_not_told_a_date_that_is_past(
    reset: Reset, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(reset, JULY_6, cast.carmen)

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(correspondence, "_hand_over", killed)
        with pytest.raises(KeyboardInterrupt):
            correspondence.send(at=TUESDAY)
    put(reset, JULY_7, cast.carmen, TUESDAY + timedelta(minutes=1))
    assert Letter.objects.filter(about=Letter.About.DATE).count() == 2, (
        "what has begun to go is left to whoever sends it"
    )
    assert told(TUESDAY + timedelta(minutes=2)) == ["Your reset is on Wed, July 7, 2027"]


def test_a_date_set_and_its_letter_are_one_transaction(
    reset: Reset, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resets.telling._write", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        put(reset, JULY_6, cast.carmen)
    reset.refresh_from_db()
    assert reset.date == date(2027, 7, 28)


def to_carmen(at: datetime) -> list[str]:
    mail.outbox.clear()
    notices.tell(at=at)
    return [str(each.subject) for each in mail.outbox if each.to == ["carmen@vendor.example"]]


def test_a_hold_that_the_district_placed_is_told_it_and_its_csm(reset: Reset, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request is open.", ends_on=JULY_6)
    assert told(TUESDAY) == ["Your district is on a records hold"]
    said = " ".join(str(mail.outbox[0].body).split())
    assert (
        "Lakeside Unified is on a records hold, which is to end on Tue, July 6, 2027. Dana Whitfield placed it." in said
    )
    assert "While the records hold is open, no student data is deleted and no reset runs. Its page says why." in said
    assert "A request is open." not in said, "a reason is typed: who reads it has signed in"
    assert to_carmen(TUESDAY) == ["Lakeside Unified: its records hold"]
    assert "Dana Whitfield placed it." in " ".join(str(mail.outbox[0].body).split())


def test_a_csm_is_not_told_what_she_did_herself(reset: Reset, cast: Cast) -> None:
    holds.place(district=cast.lakeside, by=cast.carmen, at=TUESDAY, reason="A request is open.")
    assert told(TUESDAY) == ["Your district is on a records hold"]
    assert to_carmen(TUESDAY) == []


def test_a_hold_is_told_again_when_it_is_extended_and_when_it_ends(reset: Reset, cast: Cast) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request.", ends_on=JULY_6)
    told(TUESDAY)
    holds.extend(held=held, to=JULY_7, by=cast.dana, at=TUESDAY + timedelta(hours=1), reason="It is still open.")
    assert told(TUESDAY + timedelta(hours=1)) == ["Your records hold lasts longer"]
    holds.end(held=held, by=cast.dana, at=TUESDAY + timedelta(hours=2))
    assert told(TUESDAY + timedelta(hours=2)) == ["Your records hold has ended"]
    said = " ".join(str(mail.outbox[0].body).split())
    assert "The reset is on Wed, July 28, 2027." in said
    assert "Its page says" not in said


def test_of_a_hold_placed_and_ended_in_one_night_only_the_end_is_told(reset: Reset, cast: Cast) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=NIGHT, reason="A request is open.")
    assert (told(NIGHT), to_carmen(NIGHT)) == ([], [])
    holds.end(held=held, by=cast.dana, at=NIGHT + timedelta(minutes=5))
    assert told(MORNING) == ["Your records hold has ended"]
    assert to_carmen(MORNING) == ["Lakeside Unified: its records hold"]
    assert "Dana Whitfield ended it" in " ".join(str(mail.outbox[0].body).split())


def test_what_a_hold_s_end_says_of_the_reset_is_so_when_it_goes(reset: Reset, cast: Cast) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=NIGHT, reason="A request is open.")
    holds.end(held=held, by=cast.dana, at=NIGHT + timedelta(minutes=5))
    put(reset, JULY_6, cast.carmen, NIGHT + timedelta(minutes=10))
    assert told(MORNING) == ["Your records hold has ended", "Your reset is on Tue, July 6, 2027"]
    said = [" ".join(str(each.body).split()) for each in mail.outbox]
    assert "The reset is on Tue, July 6, 2027." in said[0]
    assert not any("July 28" in each for each in said)


def test_a_hold_that_stopped_a_reset_says_at_its_end_that_the_date_is_to_be_chosen(
    reset: Reset, cast: Cast, night: time_machine.Traveller
) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request is open.")
    engine.run(reset.pk, worker="w1")
    later = datetime(2027, 7, 29, 17, tzinfo=UTC)
    holds.end(held=held, by=cast.dana, at=later)
    assert "Your records hold has ended" in told(later)
    said = next(each for each in mail.outbox if each.subject == "Your records hold has ended")
    assert "The reset waits until its date is chosen again." in " ".join(str(said.body).split())


def test_whoever_is_left_over_from_a_hold_s_letter_reads_the_last_one_alone(
    reset: Reset, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    about: Any = {"gets_letters": True, "added_at": TUESDAY, "added_by": "Carmen Ortiz"}
    Contact.objects.create(district=cast.lakeside, name="Zed", email="zed@lakeside.example", **about)
    held = holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request is open.")
    with monkeypatch.context() as patch:
        patch.setattr(letter_mail, "send", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            correspondence.send(at=TUESDAY)
    holds.end(held=held, by=cast.dana, at=TUESDAY + timedelta(minutes=5))
    mail.outbox.clear()
    correspondence.send(at=TUESDAY + timedelta(minutes=6))
    to_zed = [str(each.subject) for each in mail.outbox if "zed@" in each.to[0]]
    assert to_zed == ["Your records hold has ended"]


def test_braces_in_the_name_of_whoever_placed_a_hold_are_braces(reset: Reset, cast: Cast) -> None:
    cast.dana.name = "Dana {csm} Whitfield"
    cast.dana.save()
    holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request is open.")
    told(TUESDAY)
    assert "Dana {csm} Whitfield placed it." in " ".join(str(mail.outbox[0].body).split())


def test_a_district_without_a_reset_is_held_without_a_letter(reset: Reset, cast: Cast) -> None:
    Reset.objects.filter(district=cast.lakeside).delete()
    holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request is open.")
    assert told(TUESDAY) == []
    assert to_carmen(TUESDAY) == ["Lakeside Unified: its records hold"]


def body() -> str:
    return " ".join(str(mail.outbox[0].body).split())


def test_a_held_reset_that_goes_on_by_its_own_date_is_news(reset: Reset, cast: Cast) -> None:
    fail([reset], HeldFor.STOPPED)
    put(Reset.objects.get(pk=reset.pk), reset.date, cast.carmen)
    assert told(TUESDAY) == ["Your reset is on Wed, July 28, 2027"]


def test_a_request_that_is_answered_by_the_date_that_there_was_is_news(reset: Reset, cast: Cast) -> None:
    asked = services.ask_for(reset=reset, day=JULY_6, by=cast.dana, at=TUESDAY)
    put(asked, reset.date, cast.carmen)
    assert told(TUESDAY) == ["Your reset is on Wed, July 28, 2027"]


@pytest.mark.parametrize("error", [letter_mail.Later(), letter_mail.NoServer("ConnectionRefusedError")])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_date_that_could_not_be_told_at_once_is_told_a_little_later(
    reset: Reset, cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, is_first: bool
) -> None:
    named: Any = {"name": "Luis Park", "email": "luis@lakeside.example", "gets_letters": True}
    cast.lakeside.contacts.create(added_at=TUESDAY, added_by="Dana Whitfield", **named)
    letters.write(district=cast.lakeside, season=reset.season, by=cast.carmen, at=NIGHT, **BY_HAND)
    real, late = letter_mail.send, "dana@lakeside.example" if is_first else "luis@lakeside.example"

    def busy(delivery: Delivery, letter: Letter) -> None:
        if delivery.address == late:
            raise error
        real(delivery, letter)

    put(reset, JULY_6, cast.carmen)
    with monkeypatch.context() as patch:
        patch.setattr(letter_mail, "send", busy)
        correspondence.send(at=TUESDAY)
    correspondence.send(at=TUESDAY + timedelta(minutes=5))
    assert sorted(each.to[0] for each in mail.outbox) == [
        "Dana Whitfield <dana@lakeside.example>",
        "Luis Park <luis@lakeside.example>",
    ]
    assert not Delivery.objects.exclude(bounced_at=None).exists()


def test_a_district_is_not_told_what_it_set_itself(reset: Reset, cast: Cast, season: Season) -> None:
    season.policy |= {"setters": ["csm", "csm_lead", "district_admin"]}
    season.save()
    put(Reset.objects.get(pk=reset.pk), JULY_6, cast.dana)
    assert not Letter.objects.filter(about=Letter.About.DATE).exists()


def test_a_date_of_a_reset_that_was_held_meanwhile_is_not_told(reset: Reset, cast: Cast) -> None:
    put(reset, JULY_6, cast.carmen, NIGHT)
    fail([reset])
    assert told(MORNING) == []
    assert Letter.objects.get(about=Letter.About.DATE).stopped_why == "Its reset has begun, or is held."


def test_a_brace_in_a_name_is_a_brace(reset: Reset, cast: Cast) -> None:
    District.objects.filter(pk=cast.lakeside.pk).update(name="Lake{side}")
    put(Reset.objects.get(pk=reset.pk), JULY_6, cast.carmen)
    assert told(TUESDAY) == ["Your reset is on Tue, July 6, 2027"]
    assert "The reset of Lake{side} is on Tue, July 6, 2027 now" in body()


def test_what_is_set_next_takes_the_place_of_what_waits_alone(reset: Reset, cast: Cast) -> None:
    """What has gone, what she stopped, another district's, and what tells of a hold stay as they are."""
    put(reset, JULY_6, cast.carmen)
    assert told(TUESDAY) == ["Your reset is on Tue, July 6, 2027"]
    put(Reset.objects.get(pk=reset.pk), JULY_7, cast.carmen, NIGHT)
    letters.stop(letter=Letter.objects.get(sent_at=None), why="I call them.", by=cast.carmen, at=NIGHT)
    put(Reset.objects.get(district=cast.quarry), JULY_6, cast.omar, NIGHT)
    held = holds.place(district=cast.lakeside, by=cast.dana, at=NIGHT, reason="A request is open.")
    holds.end(held=held, by=cast.dana, at=NIGHT)
    put(Reset.objects.get(pk=reset.pk), date(2027, 7, 8), cast.carmen, NIGHT)
    found = Letter.objects.exclude(about="").order_by("district__name", "pk")
    assert [(each.district.name, each.about, each.for_date, each.stopped_why) for each in found] == [
        ("Lakeside Unified", "date", JULY_6, ""),
        ("Lakeside Unified", "date", JULY_7, "I call them."),
        ("Lakeside Unified", "hold", None, ""),
        ("Lakeside Unified", "date", date(2027, 7, 8), ""),
        ("Quarry Hill", "date", JULY_6, ""),
    ]
    assert told(MORNING) == ["Your records hold has ended", "Your reset is on Thu, July 8, 2027"]


def test_a_hold_says_what_it_means_for_the_reset_as_it_stands(reset: Reset, cast: Cast) -> None:
    held = holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request is open.")
    told(TUESDAY)
    assert "While the records hold is open, no student data is deleted and no reset runs." in body()
    fail([reset], HeldFor.RECORDS)
    holds.end(held=held, by=cast.dana, at=TUESDAY)
    told(TUESDAY)
    assert "The reset waits until its date is chosen again." in body()


def test_a_hold_after_the_reset_asks_for_no_answer(reset: Reset, cast: Cast) -> None:
    bring_to([reset], Status.COMPLETED)
    holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request is open.")
    assert told(TUESDAY) == ["Your district is on a records hold"]
    assert "The reset" not in body()
    assert not Letter.objects.get(about=Letter.About.HOLD).asks


def test_what_a_csm_was_told_of_a_hold_and_of_other_things_stays(reset: Reset, cast: Cast) -> None:
    notices.give(cast.lakeside, Notice.Kind.DATA_READY, about="2026-27", at=MORNING)
    held = holds.place(district=cast.lakeside, by=cast.dana, at=TUESDAY, reason="A request.", ends_on=JULY_6)
    assert to_carmen(TUESDAY) == ["Lakeside Unified: its records hold"]
    holds.extend(held=held, to=JULY_7, by=cast.dana, at=TUESDAY, reason="It is still open.")
    kinds = Notice.objects.filter(district=cast.lakeside).order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["data_ready", "records_hold", "records_hold"]


def test_a_hold_of_a_district_without_a_csm_is_told_to_the_district(reset: Reset, cast: Cast) -> None:
    District.objects.filter(pk=cast.lakeside.pk).update(csm=None)
    holds.place(district=District.objects.get(pk=cast.lakeside.pk), by=cast.dana, at=TUESDAY, reason="A request.")
    assert told(TUESDAY) == ["Your district is on a records hold"]
    assert not Notice.objects.filter(kind=Notice.Kind.RECORDS_HOLD).exists()

"""The page of letters: the sequence with how far it has come, its log, and the lists of who answered."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import Contact, Gate
from resetportal import clock
from resets import correspondence, letter_steps, letters, services
from resets.models import Delivery, Letter, LetterStep, Reset, Season
from tests.people import Cast, make_district
from tests.resets.conftest import JUNE_1
from tests.resets.views.reading import text, words

PAGE = "/letters/"
MORNING = datetime(2027, 6, 1, 19, tzinfo=UTC)  # noon in Los Angeles, 3 PM in New York


@pytest.fixture
def sequence(season: Season) -> dict[str, LetterStep]:
    """The season's letters by name."""
    letters.ensure_sequence(season=season, by="the portal", at=JUNE_1)
    return {step.name: step for step in season.letter_steps.all()}


@pytest.fixture
def sent(cast: Cast, sequence: dict[str, LetterStep], june: time_machine.Traveller) -> int:
    """The opening letters have gone, in Quarry Hill to Rosa, who does not sign in."""
    rosa = {"name": "Rosa Quill", "email": "rosa@quarry.example", "gets_letters": True}
    Contact.objects.create(district=cast.quarry, **rosa, added_at=JUNE_1, added_by="Omar Haddad")
    june.move_to(MORNING)
    return correspondence.tick(at=MORNING)


def test_the_sequence_says_what_each_letter_waits_for(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    said = words(client, cast.maya, PAGE)
    assert "Opening letter Going out The end of your school year {school_year} The day on which the season" in said
    assert "21 days before the reset" in said
    assert "Districts on the default that have not answered" in said


def test_it_says_how_many_went_and_how_many_are_to_come(
    client: Client, cast: Cast, sent: int, sequence: dict[str, LetterStep]
) -> None:
    assert sent == 2
    said = words(client, cast.maya, PAGE)
    assert "2 sent 0 to come" in said  # the opening letter
    assert "0 sent 2 to come" in said  # a reminder
    assert "Tue, June 15 2 districts" in said


def test_it_says_where_nobody_gets_letters_and_leads_to_the_list_of_them(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    said = words(client, cast.maya, PAGE)
    assert "1 district has nobody who gets letters. No letter goes there." in said
    listed = client.get("/districts/?show=unread").content.decode()
    assert 'href="/districts/?show=unread"' in client.get(PAGE).content.decode()
    assert "Quarry Hill" in listed
    assert "Lakeside" not in listed
    assert "nobody who gets letters" not in words(client, cast.carmen, PAGE)


def test_a_district_that_is_done_with_the_season_needs_no_reader(
    client: Client, cast: Cast, season: Season, sequence: dict[str, LetterStep]
) -> None:
    done = datetime(2027, 7, 28, 9, tzinfo=UTC)
    stamps = {f"{stem}_{end}": value for stem in ("counted", "destroyed", "verified", "completed")
              for end, value in (("at", done), ("by", "w1"))}  # fmt: skip
    season.resets.filter(district=cast.quarry).update(status="completed", **stamps)
    assert "1 district has nobody who gets letters." in words(client, cast.maya, PAGE), "syncs wait for rostering"
    Gate.objects.filter(pk=cast.quarry.pk).update(resumed_at=done, resumed_by="Omar Haddad")
    assert "nobody who gets letters" not in words(client, cast.maya, PAGE)


def test_a_csm_sees_her_own_districts_letters_alone(client: Client, cast: Cast, sent: int) -> None:
    said = words(client, cast.carmen, PAGE)
    assert "Lakeside Unified" in said
    assert "Quarry Hill" not in said
    assert "1 sent 0 to come" in said


def test_the_log_says_to_whom_it_went_and_when(client: Client, cast: Cast, sent: int) -> None:
    said = words(client, cast.carmen, PAGE)
    assert "1. Opening letter The end of your school year 2026-27 Dana Whitfield dana@lakeside.example" in said
    assert "Tue, June 1 12:00 PM PDT Sent None yet" in said


def test_a_bounce_stands_under_its_letter(client: Client, cast: Cast, sent: int) -> None:
    one = Delivery.objects.get(address="dana@lakeside.example")
    Delivery.objects.filter(pk=one.pk).update(bounced_at=MORNING, bounced_by="mail", bounced_why="Mailbox full.")
    for show in ("", "bounced"):
        said = words(client, cast.carmen, PAGE, show=show)
        assert "It did not reach Dana Whitfield at dana@lakeside.example: Mailbox full. Correct the address" in said
    assert "Quarry Hill" not in words(client, cast.maya, PAGE, show="bounced")


def test_who_answered_stands_in_a_list_of_its_own(
    client: Client, cast: Cast, sent: int, reset: Reset, sequence: dict[str, LetterStep]
) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=MORNING + timedelta(minutes=5))
    answered = words(client, cast.maya, PAGE, show="answered")
    assert "Keeps the default Dana Whitfield, Tue, June 1, 2027, 12:05 PM PDT" in answered
    assert "0620810" in answered
    assert "3609930" not in answered
    assert "3609930" in words(client, cast.maya, PAGE, show="silent")
    assert "1 answered" in words(client, cast.carmen, PAGE)  # after the opening letter


def test_what_is_to_come_leaves_out_those_who_answered(
    client: Client, cast: Cast, reset: Reset, sequence: dict[str, LetterStep], sent: int
) -> None:
    services.keep_default(reset=reset, by=cast.dana, at=MORNING)
    said = words(client, cast.maya, PAGE, show="coming", step="2")
    assert "3609930" in said
    assert "0620810" not in said


def test_a_letter_that_is_old_news_is_not_to_come(
    client: Client, cast: Cast, sequence: dict[str, LetterStep], june: time_machine.Traveller
) -> None:
    june.move_to("2027-06-10T19:00:00Z")
    assert "1. Opening letter" not in words(client, cast.maya, PAGE, show="coming")


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"q": "lakeside"}, True),
        ({"q": "0620810"}, True),
        ({"q": "CARMEN"}, True),
        ({"q": "dana@lake"}, True),
        ({"q": "school year"}, True),
        ({"q": "nobody"}, False),
        ({"step": "1"}, True),
        ({"step": "2"}, False),
        ({"step": "99999999999999"}, True),  # no letter: asks for nothing
        ({"show": "nonsense"}, True),
        ({"q": "\x00"}, True),
        ({"page": "99"}, True),
        ({"show": "stopped"}, False),
        ({"show": "hand"}, False),
    ],
)
def test_a_list_is_asked_for_by_its_address(
    client: Client, cast: Cast, sent: int, asked: dict[str, str], there: bool
) -> None:
    client.force_login(cast.carmen)
    rows = client.get(PAGE, asked).context["rows"]
    assert [row["site_code"] for row in rows] == (["0620810"] if there else [])


def test_the_spreadsheet_holds_the_list_of_the_same_address(client: Client, cast: Cast, sent: int) -> None:
    client.force_login(cast.maya)
    answer = client.get("/letters/list.xlsx", {"q": "lakeside"})
    book = openpyxl.load_workbook(BytesIO(answer.content))
    header, *rows = book["Letters"].values
    assert header[:3] == ("District", "Site code", "CSM")
    assert [row[0] for row in rows] == ["Lakeside Unified"]
    assert rows[0][5] == "Dana Whitfield <dana@lakeside.example>"
    assert ("With the words", "lakeside") in list(book["About"].values)


def test_the_letters_of_one_district_are_downloaded_too(client: Client, cast: Cast, sent: int) -> None:
    client.force_login(cast.maya)
    page = client.get("/districts/0620810/letters/").content.decode()
    assert "/letters/list.xlsx?q=0620810" in page
    book = openpyxl.load_workbook(BytesIO(client.get("/letters/list.xlsx", {"q": "0620810"}).content))
    assert {row[0] for row in list(book["Letters"].values)[1:]} == {"Lakeside Unified"}


def test_what_all_letters_of_a_district_say_alike_is_asked_once(
    client: Client, cast: Cast, sent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Reset] = []

    def answer_of(reset: Reset) -> tuple[str, str]:
        asked.append(reset)
        return "quiet", "None"

    monkeypatch.setattr("resets.letters_log.answers.answer_of", answer_of)
    client.force_login(cast.maya)
    rows = client.get(PAGE, {"show": "coming"}).context["rows"]
    assert len(rows) > len(asked) == len({reset.pk for reset in asked}) == 2


def test_a_letter_to_come_leads_to_its_page(client: Client, cast: Cast, sent: int) -> None:
    client.force_login(cast.maya)
    for row in client.get(PAGE, {"show": "coming"}).context["rows"]:
        assert row["letter_url"] == reverse("resets:district_letter", args=[row["site_code"], row["number"]])


def test_a_page_takes_as_many_queries_however_many_districts(
    client: Client, cast: Cast, sent: int, season: Season
) -> None:
    client.force_login(cast.maya)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(PAGE)
    for number in range(12):
        write_to(make_district(f"D {number}", f"900{number:04}", csm=cast.omar), season, cast)
    with CaptureQueriesContext(connection) as many:
        said = client.get(PAGE, {"show": "hand"}).content.decode()
    assert said.count("<tbody") == 12
    assert len(many) <= len(few) + 1
    for show in ("coming", "answered", "silent"):
        with CaptureQueriesContext(connection) as other:
            client.get(PAGE, {"show": show})
        assert len(other) <= len(few) + 1, show


def write_to(district: object, season: Season, cast: Cast) -> Letter:
    about = {"subject": "Hello", "body": "Dear {district}", "asks": False, "token": uuid4()}
    return letters.write(district=district, season=season, by=cast.omar, at=clock.now(), **about)  # type: ignore[arg-type]


def test_without_a_season_it_says_when_letters_go(client: Client, cast: Cast) -> None:
    assert "No letters yet" in words(client, cast.maya, PAGE)


def edit(client: Client, step: LetterStep, **changed: object) -> str:
    """What the page says to the form sent with these changes."""
    form = {"name": step.name, "subject": step.subject, "body": step.body, "audience": step.audience}
    form |= {"number_of_days": "14", "side": "after", "waits_for": step.waits_for, "asks": "on"}
    given = {key: value for key, value in (form | changed).items() if value is not None}
    return text(client.post(f"/letters/steps/{step.number}/", given, follow=True).content)


def test_a_step_is_shown_with_a_real_districts_values(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    said = words(client, cast.maya, "/letters/steps/3/", district="0620810")
    assert "the student data of Lakeside Unified is reset" in said
    assert "On Wed, July 28, 2027 the" in said
    said = words(client, cast.maya, "/letters/steps/3/", district="quarry")
    assert "the student data of Quarry Hill is reset" in said
    said = words(client, cast.maya, "/letters/steps/3/", district="nowhere")
    assert "No district of the season answers to “nowhere”." in said


def test_a_csm_is_shown_her_own_districts_values_alone(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    said = words(client, cast.carmen, "/letters/steps/3/", district="3609930")
    assert "Quarry Hill" not in said
    assert "Save the letter" not in said


def test_a_lead_edits_a_step(client: Client, cast: Cast, sequence: dict[str, LetterStep]) -> None:
    client.force_login(cast.maya)
    said = edit(client, sequence["First reminder"], subject="{district}, please", number_of_days="10", save="1")
    assert "“First reminder” is saved." in said
    step = LetterStep.objects.get(pk=sequence["First reminder"].pk)
    assert (step.subject, step.days, step.asks, step.changed_by) == ("{district}, please", 10, True, "Maya Lindqvist")


def test_two_leads_who_edit_one_letter_do_not_overwrite_each_other(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    step = sequence["First reminder"]
    letter_steps.edit_step(step=step, body="Theirs.", by="Noor Aziz", at=MORNING)
    client.force_login(cast.maya)
    said = edit(client, step, body="My own words.", version="1", save="1")
    assert "Noor Aziz changed this letter meanwhile. Your words stand below and are not saved." in said
    assert "My own words." in said
    assert "What Noor Aziz wrote" in said
    assert "Theirs." in said
    assert "cannot be filled in" not in said
    assert LetterStep.objects.get(pk=step.pk).body == "Theirs."
    assert "is saved." in edit(client, step, body="My own words.", version="2", save="1")


def test_a_step_tells_who_edited_stopped_and_let_it_go_and_keeps_the_words_before(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    step = sequence["First reminder"]
    before = step.body.split(".")[0]
    letter_steps.edit_step(step=step, body="Other words.", by="Noor Aziz", at=MORNING)
    client.force_login(cast.maya)
    for verb in ("stop", "stop", "resume", "resume"):
        client.post(f"/letters/steps/2/{verb}/")
    said = words(client, cast.maya, "/letters/steps/2/")
    assert "Maya Lindqvist let letter 2, “First reminder”, go again." in said
    assert "Maya Lindqvist stopped letter 2, “First reminder”, for every district." in said
    assert "Noor Aziz edited letter 2, “First reminder”. " in said
    assert "The words before" in said
    assert before in said
    kinds = step.season.events.filter(kind__startswith="letter_").values_list("kind", flat=True)
    assert sorted(kinds) == ["letter_edited", "letter_resumed", "letter_stopped"]


def test_the_history_of_a_season_tells_of_its_letters(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    letter_steps.stop_step(step=sequence["Last notice"], by=cast.maya, at=MORNING)
    said = words(client, cast.maya, "/policy/")
    assert "Maya Lindqvist stopped letter 4, “Last notice”, for every district." in said


def test_a_step_saved_as_it_was_leaves_no_event(cast: Cast, sequence: dict[str, LetterStep]) -> None:
    step = sequence["Last notice"]
    letter_steps.edit_step(step=step, body=step.body, days=step.days, by=cast.maya, at=MORNING)
    assert not step.season.events.filter(kind="letter_edited").exists()


def test_the_form_of_a_step_carries_the_version_that_it_shows(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    client.force_login(cast.maya)
    page = "/letters/steps/2/"
    assert '<input type="hidden" name="version" value="1">' in client.get(page).text
    letter_steps.edit_step(step=sequence["First reminder"], body="Theirs.", by="Noor Aziz", at=MORNING)
    mine = {"name": "a", "subject": "b", "body": "Mine.", "side": "after", "number_of_days": "14"}
    mine |= {"waits_for": "opening", "audience": "silent", "version": "1"}
    assert 'name="version" value="1"' in client.post(page, mine | {"look": "1"}, follow=True).text
    refused = client.post(page, mine | {"save": "1"})
    assert refused.status_code == 422
    assert 'name="version" value="2"' in refused.text


def test_a_letter_whose_day_the_portal_missed_says_so_and_what_can_be_done(
    client: Client, cast: Cast, sequence: dict[str, LetterStep], june: time_machine.Traveller
) -> None:
    june.move_to(MORNING + timedelta(days=10))
    said = words(client, cast.carmen, PAGE, show="missed")
    assert "1. Opening letter" in said
    assert "It was not sent within three working days of its day" in said
    assert "Write to the district by hand" in said
    assert "First reminder The" not in said


def test_a_letter_that_went_or_is_still_to_come_was_not_missed(client: Client, cast: Cast, sent: int) -> None:
    assert "Nothing was missed" in words(client, cast.carmen, PAGE, show="missed")


def test_a_preview_saves_nothing(client: Client, cast: Cast, sequence: dict[str, LetterStep]) -> None:
    client.force_login(cast.maya)
    said = edit(client, sequence["First reminder"], subject="{district}, please", look="1", district="0620810")
    assert "Lakeside Unified , please" in said
    assert LetterStep.objects.get(pk=sequence["First reminder"].pk).subject == "Does {reset_date} suit you?"


def test_an_unknown_field_is_refused_by_its_name(client: Client, cast: Cast, sequence: dict[str, LetterStep]) -> None:
    client.force_login(cast.maya)
    said = edit(client, sequence["First reminder"], body="Dear {principal}", save="1")
    assert "There is no field {principal}. Fields are: {district}, {site_code}" in said
    assert "{principal}" not in LetterStep.objects.get(pk=sequence["First reminder"].pk).body


def test_days_before_what_nobody_knows_are_refused(client: Client, cast: Cast, sequence: dict[str, LetterStep]) -> None:
    client.force_login(cast.maya)
    said = edit(client, sequence["First reminder"], side="before", save="1")
    assert "Nobody knows that day before it comes" in said


def test_the_preview_alone_is_sent_while_one_types(client: Client, cast: Cast, sequence: dict[str, LetterStep]) -> None:
    client.force_login(cast.maya)
    form = {"name": "a", "subject": "{x}", "body": "b", "audience": "silent", "side": "after"}
    answer = client.post("/letters/steps/2/", form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert b"<h1" not in answer.content
    assert "There is no field {x}" in text(answer.content)


def test_values_are_marked_and_escaped(client: Client, cast: Cast, sequence: dict[str, LetterStep]) -> None:
    cast.lakeside.name = "<b>Lakeside</b> & Co"
    cast.lakeside.save()
    client.force_login(cast.maya)
    said = client.get("/letters/steps/3/", {"district": "0620810"}).content.decode()
    assert '<span class="filled">&lt;b&gt;Lakeside&lt;/b&gt; &amp; Co</span>' in said


def test_a_lead_stops_a_step_and_lets_it_go_again(client: Client, cast: Cast, sequence: dict[str, LetterStep]) -> None:
    client.force_login(cast.maya)
    said = text(client.post("/letters/steps/2/stop/", follow=True).content)
    assert "Stopped by Maya Lindqvist on Tue, June 1, 2027." in said
    assert "2. First reminder" not in words(client, cast.maya, PAGE, show="coming").partition("Find")[2]
    said = text(client.post("/letters/steps/2/resume/", follow=True).content)
    assert "goes again" in said
    assert LetterStep.objects.get(pk=sequence["First reminder"].pk).stopped_at is None


@pytest.mark.parametrize("who", ["carmen", "ellis"])
@pytest.mark.parametrize("path", ["/letters/steps/2/", "/letters/steps/2/stop/", "/letters/steps/2/resume/"])
def test_only_a_lead_changes_the_sequence(
    client: Client, cast: Cast, sequence: dict[str, LetterStep], who: str, path: str
) -> None:
    client.force_login(getattr(cast, who))
    assert client.post(path, {"save": "1"}).status_code == 403


@pytest.mark.parametrize("path", ["/letters/steps/0/", "/letters/steps/99999999999/"])
def test_a_step_that_there_is_not_is_a_404(
    client: Client, cast: Cast, sequence: dict[str, LetterStep], path: str
) -> None:
    client.force_login(cast.maya)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("waits_for", ["reset", "default"])
@pytest.mark.parametrize(("side", "days"), [("after", "0"), ("before", "0"), ("after", "3")])
def test_a_letter_that_nobody_would_get_is_refused_with_what_to_use(
    client: Client, cast: Cast, sequence: dict[str, LetterStep], waits_for: str, side: str, days: str
) -> None:
    client.force_login(cast.maya)
    step = sequence["First reminder"]
    said = edit(client, step, waits_for=waits_for, side=side, number_of_days=days, save="1")
    assert "nobody gets it. Use: the reset is completed." in said
    assert LetterStep.objects.get(pk=step.pk).waits_for == "opening"
    said = edit(client, step, waits_for=waits_for, side="before", number_of_days="1", save="1")
    assert "“First reminder” is saved." in said


def test_a_step_that_is_looked_at_has_an_address(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.maya)
    mine = dict(client.get("/letters/steps/2/").context["form"].initial)
    form = {key: value for key, value in mine.items() if value not in (False, None)} | {"subject": "Another subject"}
    shown = client.post("/letters/steps/2/", form | {"look": "1"}).headers["Location"]
    assert "Another subject" in client.get(shown).text
    assert "Another subject" not in client.get("/letters/steps/2/").text


def test_a_lead_sees_her_own_name_under_what_she_writes(
    client: Client, cast: Cast, sequence: dict[str, LetterStep]
) -> None:
    for who, name in ((cast.maya, "Maya Lindqvist maya@vendor.example"), (cast.carmen, "Carmen Ortiz carmen@vendor")):
        client.force_login(who)
        answer = client.post("/districts/0620810/letters/write/", {"subject": "Hello", "body": "Words."}, follow=True)
        said = text(answer.content)
        assert answer.status_code == 200
        assert name in said


def test_where_nobody_gets_letters_none_is_to_come(client: Client, cast: Cast, sequence: dict[str, LetterStep]) -> None:
    client.force_login(cast.maya)
    before = {one.reset.district.name for one in _coming(client)}
    assert "Lakeside Unified" in before
    cast.dana.delete()
    assert {one.reset.district.name for one in _coming(client)} == before - {"Lakeside Unified"}
    assert "Nobody gets letters" in words(client, cast.maya, PAGE, show="silent")


def _coming(client: Client) -> list[Any]:
    return list(client.get(PAGE, {"show": "coming"}).context["page"].paginator.object_list)

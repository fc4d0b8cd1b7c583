"""What the page of letters shows: the season's sequence with how far it has come, and where one letter stands."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import Contact, District
from resetportal import clock
from resets import answers, letter_days, letters, policy
from resets.models import Delivery, Hold, Letter, LetterStep, Reset, Season, Status

Pair = tuple[str, str]
WaitsFor = LetterStep.WaitsFor
EDITS = ("csm", "csm_lead")  # her own districts' letters, before they go
ARRANGES = ("csm_lead",)  # the season's sequence


@dataclass(frozen=True)
class Coming:
    """One letter of the sequence that one district still gets, on `day` in its zone."""

    step: LetterStep
    reset: Reset
    day: date


@dataclass
class Outlook:
    """A person's districts in one season: what of the sequence is still to come in each. Three queries."""

    season: Season
    districts: QuerySet[District]
    at: datetime
    _days: dict[Any, date | None] = field(default_factory=dict)
    _today: dict[str, date] = field(default_factory=dict)

    @cached_property
    def steps(self) -> list[LetterStep]:
        return list(self.season.letter_steps.all())

    @cached_property
    def resets(self) -> list[Any]:
        """Resets with `is_on_hold`, and `settled`: the steps that have gone or been stopped, for their date."""
        held = Hold.objects.filter(district=OuterRef("district"), ended_at=None)
        settled = Letter.objects.filter(letters.settled(OuterRef("date")), step__season=self.season)
        settled = settled.filter(district=OuterRef("district"))
        rows = self.season.resets.filter(district__in=self.districts).select_related("district__csm")
        rows = rows.annotate(is_on_hold=Exists(held), settled=ArraySubquery(settled.values("step_id")))
        rows = rows.annotate(is_read=_has_readers("district"))
        return list(rows.order_by("district__name", "district__site_code").defer("kept", "held_why", "reason"))

    @cached_property
    def coming(self) -> list[Coming]:
        """Everything that is still to come, the next first."""
        found = (self.of(step, reset) for step in self.steps for reset in self.resets)
        return sorted(filter(None, found), key=lambda one: one.day)

    @cached_property
    def missed(self) -> list[Coming]:
        """What had its day and was not sent: the portal was away, or the date was set too late. The latest first."""
        found = (self._missed(step, reset) for step in self.steps for reset in self.resets)
        return sorted(filter(None, found), key=lambda one: one.day, reverse=True)

    def _missed(self, step: LetterStep, reset: Any) -> Coming | None:
        if step.pk in reset.settled or letters.is_kept_back(step, reset, is_on_hold=reset.is_on_hold):
            return None
        if self._day(step, reset):
            return None
        window, day = letter_days.window(step, reset, self.season), letter_days.day_of(step, reset, self.season)
        return Coming(step, reset, day) if window and day and window.ends <= self.at else None

    def of(self, step: LetterStep, reset: Any) -> Coming | None:
        if step.pk in reset.settled or letters.is_kept_back(step, reset, is_on_hold=reset.is_on_hold):
            return None
        day = self._day(step, reset) if reset.is_read else None
        return Coming(step, reset, day) if day else None

    def today(self, zone: str) -> date:
        if zone not in self._today:
            self._today[zone] = clock.local_date(zone, self.at)
        return self._today[zone]

    def _day(self, step: LetterStep, reset: Reset) -> date | None:
        """The day on which it goes, if it still does. Asked once for all who share a zone and a date."""
        waits_for = reset.completed_at if step.waits_for == WaitsFor.COMPLETED else reset.date
        key = (step.pk, reset.district.zone, waits_for, reset.added_at)
        if key not in self._days:
            self._days[key] = self._day_in(step, reset)
        return self._days[key]

    def _day_in(self, step: LetterStep, reset: Reset) -> date | None:
        window, zone = letter_days.window(step, reset, self.season), reset.district.zone
        if window is None or window.ends <= self.at:
            return None
        begins = letter_days.next_open(zone, max(window.begins, self.at))
        return letter_days.clock_day(zone, begins) if begins < window.ends else None

    @cached_property
    def unread(self) -> int:
        """In how many districts nobody gets letters, as `board` lists them: not those that are done with the season."""
        reset = self.season.resets.filter(district=OuterRef("pk"), status=Status.COMPLETED)
        is_over = Exists(reset.exclude(district__gate__pauses_on=F("date"), district__gate__resumed_at=None))
        return self.districts.filter(~_has_readers("pk"), ~is_over).count()

    @cached_property
    def answered(self) -> list[Any]:
        return [reset for reset in self.resets if answers.is_given(reset)]

    @cached_property
    def silent(self) -> list[Any]:
        """Those who have not answered and still can."""
        return [reset for reset in self.resets if answers.is_awaited(reset)]


def _has_readers(district: str) -> Q:
    """Whether somebody in a district (a row's field) gets letters: an admin who can sign in, or a contact."""
    admins = get_user_model().objects.filter(district=OuterRef(district), is_active=True)
    contacts = Contact.objects.filter(district=OuterRef(district), gets_letters=True)
    return Q(Exists(admins) | Exists(contacts))


def waits(step: LetterStep) -> str:
    """What a letter waits for, in words."""
    if not step.days:
        return {
            WaitsFor.OPENING: _("The day on which the season opens"),
            WaitsFor.DEFAULT: _("The default day"),
            WaitsFor.RESET: _("The day of the reset"),
            WaitsFor.COMPLETED: _("The day on which the reset is completed"),
        }[WaitsFor(step.waits_for)]
    event = {
        WaitsFor.OPENING: _("the season’s opening"),
        WaitsFor.DEFAULT: _("the default day"),
        WaitsFor.RESET: _("the reset"),
        WaitsFor.COMPLETED: _("the completed reset"),
    }[WaitsFor(step.waits_for)]
    number = abs(step.days)
    if step.days < 0:
        words = ngettext("%(number)s day before %(event)s", "%(number)s days before %(event)s", number)
    else:
        words = ngettext("%(number)s day after %(event)s", "%(number)s days after %(event)s", number)
    return words % {"number": number, "event": event}


def audience(step: LetterStep) -> str:
    """To whom it goes, in words."""
    to = {
        ("everybody", False): _("Every district"),
        ("silent", False): _("Districts that have not answered"),
        ("everybody", True): _("Districts on the default"),
        ("silent", True): _("Districts on the default that have not answered"),
    }
    return to[(step.audience, step.waits_for == WaitsFor.DEFAULT)]


def sequence(outlook: Outlook) -> list[dict[str, Any]]:
    """The season's letters in their order, each with what went, what waits and when the next goes."""
    coming: dict[int, list[Coming]] = {step.pk: [] for step in outlook.steps}
    for one in outlook.coming:
        coming[one.step.pk].append(one)
    counts = _counts(outlook)
    return [_step(step, counts.get(step.pk, {}), coming[step.pk], outlook) for step in outlook.steps]


def _counts(outlook: Outlook) -> dict[int, dict[str, Any]]:
    """By step: sent, stopped, bounced, edited, and how many districts answered after it went."""
    bounced = Delivery.objects.filter(letter=OuterRef("pk"), bounced_at__isnull=False)
    answered = Reset.objects.filter(
        season=outlook.season, district=OuterRef("district"), answered_at__gte=OuterRef("sent_at")
    )
    rows = Letter.objects.filter(step__season=outlook.season, district__in=outlook.districts)
    rows = rows.annotate(has_bounced=Exists(bounced), is_answered=Exists(answered)).order_by()
    found = rows.values("step_id").annotate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        stopped=Count("pk", filter=Q(stopped_at__isnull=False)),
        edited=Count("pk", filter=Q(edited_at__isnull=False, sent_at=None, stopped_at=None)),
        bounced=Count("pk", filter=Q(has_bounced=True)),
        answered=Count("pk", filter=Q(sent_at__isnull=False, is_answered=True)),
    )
    return {row["step_id"]: dict(row) for row in found if row["step_id"]}


def _step(step: LetterStep, counts: dict[str, int], coming: list[Coming], outlook: Outlook) -> dict[str, Any]:
    sent, list_url = counts.get("sent", 0), reverse("resets:letters")
    soonest = coming[0].day if coming else None
    return {
        "step": step,
        "number": step.number,
        "url": reverse("resets:letter_step", args=[step.number]),
        "waits": waits(step),
        "audience": audience(step),
        "sent": sent,
        "coming": len(coming),
        "whole": sent + len(coming),
        "sent_url": f"{list_url}?step={step.number}#log",
        "coming_url": f"{list_url}?show=coming&step={step.number}#log",
        "bounced": counts.get("bounced", 0),
        "stopped": counts.get("stopped", 0),
        "edited": counts.get("edited", 0),
        "answered": counts.get("answered", 0) if step.asks else None,
        "next": soonest,
        "next_count": Counter(one.day for one in coming)[soonest] if soonest else 0,
        "state": _state(step, sent, coming, soonest, outlook),
    }


def _state(step: LetterStep, sent: int, coming: Sequence[Coming], soonest: date | None, outlook: Outlook) -> Pair:
    """How far a letter of the sequence has come, as a kind of state and a word."""
    if step.stopped_at:
        return "held", _("Stopped")
    if not coming:
        return ("done", _("Has gone")) if sent else ("next", _("Nobody yet"))
    if sent or any(one.day == soonest == outlook.today(one.reset.district.zone) for one in coming[:1]):
        return "now", _("Going out")
    return "next", _("To come")


def numbers(outlook: Outlook, totals: dict[str, int], show: str) -> list[dict[str, Any]]:
    """The season's letters in numbers, each a filter of the list under them."""
    resets, sent, coming = len(outlook.resets), totals["sent"], len(outlook.coming)
    last = outlook.coming[0].day if outlook.coming else None
    following = _("Next: %(day)s") % {"day": policy.spoken(last)} if last else _("Nothing more to come")
    rows = (
        ("bounced", _("Bounced"), totals["bounced"], sent, _("An address to correct")),
        ("", _("Sent"), sent, sent + coming, _("Of all letters of the season")),
        ("coming", _("To come"), coming, sent + coming, following),
        ("answered", _("Answered"), len(outlook.answered), resets, _("Kept the day or asked for another")),
        ("silent", _("No answer"), len(outlook.silent), resets, _("The date that each has stands")),
    )
    return [
        {
            "label": label,
            "value": value,
            "of": of,
            "detail": detail,
            "url": f"?show={key}#log" if key else "?#log",
            "here": key == show,
            "at_risk": key == "bounced" and value > 0,
        }
        for key, label, value, of, detail in rows
    ]


def state_of(letter: Letter, *, bounced: bool) -> Pair:
    """Where one letter stands, as a kind of state and a word."""
    if letter.stopped_at:
        return "held", _("Stopped")
    if letter.sent_at:
        return ("risk", _("Bounced")) if bounced else ("done", _("Sent"))
    return ("wait", _("Waits, edited")) if letter.edited_at else ("next", _("Waits"))


def name_of(letter: Letter) -> str:
    """What a letter is called in a list."""
    if letter.step:
        return letter.step.name
    told = {Letter.About.DATE: _("The date of its reset"), Letter.About.HOLD: _("Its records hold")}
    return told.get(Letter.About(letter.about)) or "" if letter.about else _("Written by hand")


def people_of(district: District) -> list[Pair]:
    """To whom a letter to this district goes: names and addresses, an address once."""
    admins = district.admins.filter(is_active=True).values_list("email", "name")
    people = dict(admins)
    contacts = district.contacts.filter(gets_letters=True).values_list("email", "name")
    people |= {address: name for address, name in contacts if address.lower() not in people}
    return [(name, address) for address, name in people.items()]


def visible_letters(season: Season, districts: QuerySet[District]) -> QuerySet[Letter]:
    """A person's letters of a season, with what a row of a list shows, the newest first."""
    rows = Letter.objects.filter(season=season, district__in=districts)
    rows = rows.select_related("district__csm", "step").prefetch_related("deliveries")
    return rows.order_by(F("sent_at").desc(nulls_last=True), "-due_from", "-pk")


def bounces(letters_of: Iterable[Letter]) -> set[int]:
    """Which of these letters, with their deliveries fetched, did not reach somebody."""
    return {each.pk for each in letters_of if any(one.bounced_at for one in each.deliveries.all())}

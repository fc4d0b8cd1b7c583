"""The lists under the sequence: what was sent and to whom, what is to come, what bounced, and who answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.moments import brief_day, clock_time, moment
from exports.columns import Column, Kind
from resets import answers, letter_fields, letters_page, policy
from resets.letters_page import Coming, Outlook, Pair
from resets.models import Answer, Delivery, Letter, Reset

SHOWS = ("", "coming", "missed", "bounced", "stopped", "hand", "answered", "silent")
OF_STEPS = ("coming", "missed")  # letters of the sequence that have not gone, with a row of their own or without
OF_DISTRICTS = ("answered", "silent")  # a row a district; the others: a row a letter
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a list, a letter of the sequence, words."""

    show: str = ""
    step: int | None = None
    words: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """What does not exist asks for nothing."""
        show, step = given.get("show", ""), given.get("step", "")
        words = given.get("q", "").replace("\x00", "").strip()[:100]
        number = int(step) if step.isdecimal() and len(step) < 4 else None
        return cls(show if show in SHOWS else "", number, words)

    def address(self, **changed: Any) -> str:
        """The query of this list with other filters, without its question mark."""
        parts = {"show": self.show, "step": self.step, "q": self.words} | changed
        return urlencode({key: value for key, value in parts.items() if value})


def totals(outlook: Outlook) -> dict[str, int]:
    """How many letters each list of letters has, in one query."""
    rows = Letter.objects.filter(season=outlook.season, district__in=outlook.districts)
    return rows.annotate(has_bounced=_has_bounced()).aggregate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        bounced=Count("pk", filter=Q(has_bounced=True)),
        stopped=Count("pk", filter=Q(stopped_at__isnull=False)),
        hand=Count("pk", filter=Q(step=None)),
    )


def chips(outlook: Outlook, asked: Asked, counts: Mapping[str, int]) -> list[Row]:
    """The lists, each an address."""
    labels = {
        "": (_("Sent"), counts["sent"]),
        "coming": (_("To come"), len(outlook.coming)),
        "missed": (_("Missed"), len(outlook.missed)),
        "bounced": (_("Bounced"), counts["bounced"]),
        "stopped": (_("Stopped"), counts["stopped"]),
        "hand": (_("Written by hand"), counts["hand"]),
        "answered": (_("Answered"), len(outlook.answered)),
        "silent": (_("No answer"), len(outlook.silent)),
    }
    return [
        {
            "label": label,
            "count": count,
            "url": f"?{asked.address(show=show, step=None)}#log",
            "here": show == asked.show,
        }
        for show, (label, count) in labels.items()
    ]


def found(outlook: Outlook, asked: Asked) -> Sequence[Any] | QuerySet[Letter]:
    """The list that is asked for, through all its pages: letters, what is to come, or resets."""
    if asked.show in OF_STEPS:
        listed = outlook.coming if asked.show == "coming" else outlook.missed
        return [one for one in listed if _is_asked(one, asked)]
    if asked.show in OF_DISTRICTS:
        resets = outlook.answered if asked.show == "answered" else outlook.silent
        return [reset for reset in resets if _answers_to(reset, asked.words)]
    return _letters(outlook, asked)


def _letters(outlook: Outlook, asked: Asked) -> QuerySet[Letter]:
    rows = letters_page.visible_letters(outlook.season, outlook.districts)
    of = {
        "": Q(sent_at__isnull=False),
        "bounced": Q(has_bounced=True),
        "stopped": Q(stopped_at__isnull=False),
        "hand": Q(step=None),
    }
    rows = rows.annotate(has_bounced=_has_bounced()).filter(of[asked.show])
    if asked.step is not None:
        rows = rows.filter(step__number=asked.step)
    if asked.words:
        to = Delivery.objects.filter(letter=OuterRef("pk"))
        to = to.filter(Q(address__icontains=asked.words) | Q(name__icontains=asked.words))
        rows = rows.filter(_named("district", asked.words) | Q(subject__icontains=asked.words) | Exists(to))
    return rows


def _named(district: str, words: str) -> Q:
    fields = ("name", "site_code", "csm__name")
    return Q(*((f"{district}__{field}__icontains", words) for field in fields), _connector=Q.OR)


def _has_bounced() -> Exists:
    return Exists(Delivery.objects.filter(letter=OuterRef("pk"), bounced_at__isnull=False))


def _is_asked(one: Coming, asked: Asked) -> bool:
    is_step = asked.step is None or one.step.number == asked.step
    return is_step and _answers_to(one.reset, asked.words)


def _answers_to(reset: Reset, words: str) -> bool:
    district = reset.district
    said = (district.name, district.site_code, str(district.csm or ""))
    return any(words.lower() in each.lower() for each in said)


def rows(outlook: Outlook, asked: Asked, some: Iterable[Any]) -> list[Row]:
    """What the table shows of some of what was found."""
    some = list(some)
    if asked.show in OF_STEPS:
        found = _rows_to_come(outlook, some)
        return found if asked.show == "coming" else [row | missed for missed in [_missed()] for row in found]
    if asked.show in OF_DISTRICTS:
        return _rows_of_districts(outlook, some)
    resets = {reset.district_id: reset for reset in outlook.resets}
    return [row_of(letter, resets.get(letter.district_id)) for letter in some]


def row_of(letter: Letter, reset: Reset | None) -> Row:
    to = list(letter.deliveries.all())
    bounced = [one for one in to if one.bounced_at]
    at, zone = letter.sent_at or letter.stopped_at or letter.due_from, letter.district.zone
    return {
        **_district(letter.district),
        "letter": letters_page.name_of(letter),
        "number": letter.step.number if letter.step else None,
        "subject": letter.subject if letter.sent_at else letter_fields.in_short(letter.subject, reset),
        "letter_url": reverse("resets:letter", args=[letter.pk]),
        "to": [(one.name, one.address) for one in to],
        "at": at,
        "day": brief_day(at.astimezone(ZoneInfo(zone)).date()),
        "time": clock_time(at, zone),
        "when": moment(at, zone),
        "state": letters_page.state_of(letter, bounced=bool(bounced)),
        "answer": answers.answer_of(reset),
        "answered": _answered(reset),
        "bounces": [_bounce(one) for one in bounced],
        "why": letter.stopped_why if letter.stopped_at else "",
    }


def _bounce(one: Delivery) -> str:
    words = _("It did not reach %(name)s at %(address)s: %(why)s")
    return words % {"name": one.name, "address": one.address, "why": one.bounced_why}


def _rows_to_come(outlook: Outlook, some: Sequence[Coming]) -> list[Row]:
    """Edited ones have a row of their own already. What many rows say alike, of a district or a day, is said once."""
    pairs = Q(
        district__in={one.reset.district_id for one in some}, step__in={one.step.pk for one in some}, for_date=None
    )
    kept = {(each.district_id, each.step_id): each for each in Letter.objects.filter(pairs)}
    usual = {**_NOT_GONE, "time": _("In the morning"), "state": ("next", _("To come"))}
    of = {reset.pk: usual | _of_district(reset) for reset in {one.reset.pk: one.reset for one in some}.values()}
    days = {day: {"day": brief_day(day), "when": policy.spoken(day)} for day in {one.day for one in some}}
    return [
        _row_to_come(one, kept.get((one.reset.district_id, one.step.pk)), of[one.reset.pk] | days[one.day])
        for one in some
    ]


def _missed() -> Row:
    """Why a letter did not go, and what can be done."""
    why = _("It was not sent within three working days of its day: the portal was away, or the date was set too late.")
    do = _("It is no news any more. Write to the district by hand if it should know.")
    return {"state": ("risk", _("Missed")), "time": "", "why": f"{why} {do}"}


def _row_to_come(one: Coming, letter: Letter | None, known: Row) -> Row:
    number, state = one.step.number, letters_page.state_of(letter, bounced=False) if letter else known["state"]
    return {
        **known,
        "letter": one.step.name,
        "number": number,
        "subject": letter_fields.in_short((letter or one.step).subject, one.reset),
        "letter_url": f"{known['url']}{number}/",  # `resets:district_letter`, put together: a season has ten thousands
        "state": state,
    }


def _rows_of_districts(outlook: Outlook, some: Sequence[Any]) -> list[Row]:
    """A row a district, with the last letter that asked for its answer."""
    sent = letters_page.visible_letters(outlook.season, outlook.districts)
    sent = sent.filter(sent_at__isnull=False, asks=True, district__in=[reset.district_id for reset in some])
    last = {letter.district_id: letter for letter in sent.reverse()}
    return [_row_of_district(reset, last.get(reset.district_id)) for reset in some]


def _row_of_district(reset: Any, letter: Letter | None) -> Row:
    if letter:
        return row_of(letter, reset)
    return {
        **_NOT_GONE,
        **_of_district(reset),
        "is_unread": not reset.is_read,
        "letter": _("None yet"),
        "number": None,
        "subject": _("No letter has asked it yet"),
        "letter_url": reverse("resets:district_letters", args=[reset.district.site_code]),
        "state": ("next", _("Not asked")),
    }


_NOT_GONE: Row = {"to": (), "at": None, "day": "", "time": "", "when": "", "bounces": (), "why": ""}


def _of_district(reset: Reset) -> Row:
    """What is the same in every row of a district."""
    return {**_district(reset.district), "answer": answers.answer_of(reset), "answered": _answered(reset)}


def _district(district: Any) -> Row:
    return {
        "name": district.name,
        "site_code": district.site_code,
        "csm": str(district.csm or ""),
        "url": reverse("resets:district_letters", args=[district.site_code]),
    }


def _answered(reset: Reset | None) -> str:
    """Who answered and when, in words."""
    if reset is None or reset.answered_at is None or reset.answer == Answer.NONE:
        return ""
    return f"{reset.answered_by}, {moment(reset.answered_at, reset.district.zone)}"


def columns() -> tuple[Column, ...]:
    """What the spreadsheet's columns are, in the reader's language."""
    return (
        Column(_("District"), Kind.TEXT, _("The district."), 32),
        Column(_("Site code"), Kind.ID, _("Its site code.")),
        Column(_("CSM"), Kind.TEXT, _("Its CSM."), 22),
        Column(_("Letter"), Kind.TEXT, _("Which of the season’s letters, or that it was written by hand."), 24),
        Column(_("Subject"), Kind.TEXT, _("Its subject."), 48),
        Column(_("To"), Kind.TEXT, _("To whom it went: names and addresses."), 48),
        Column(_("When"), Kind.TEXT, _("When it went or was stopped, or its day to come, in the district’s zone."), 38),
        Column(_("State"), Kind.TEXT, _("Where the letter stands."), 16),
        Column(_("Bounced"), Kind.TEXT, _("Whom it did not reach, and why."), 48),
        Column(_("Answer"), Kind.TEXT, _("What the district told its CSM about its date."), 26),
        Column(_("Who answered"), Kind.TEXT, _("Who answered, and when."), 44),
    )


def line(row: Row) -> Sequence[str]:
    """A row as the spreadsheet has it."""
    to = "; ".join(f"{name} <{address}>" for name, address in row["to"])
    bounced = " ".join(row["bounces"]) or row["why"]
    return (
        row["name"], row["site_code"], row["csm"], row["letter"], row["subject"], to, row["when"],
        row["state"][1], bounced, row["answer"][1], row["answered"],
    )  # fmt: skip


def facts(asked: Asked, season: Any) -> list[Pair]:
    """What the spreadsheet says that it is."""
    lists = {
        "": _("Letters sent"),
        "coming": _("Letters to come"),
        "missed": _("Letters that were missed"),
        "bounced": _("Letters that bounced"),
        "stopped": _("Letters that were stopped"),
        "hand": _("Letters written by hand"),
        "answered": _("Districts that answered"),
        "silent": _("Districts that have not answered"),
    }
    told = [(_("List"), lists[asked.show]), (_("School year"), str(season))]
    told += [(_("Letter"), str(asked.step))] if asked.step else []
    return told + ([(_("With the words"), asked.words)] if asked.words else [])

"""What is set for a district and told it as a letter of its CSM: the date of its reset, its records hold.

It goes once the district is at work. While it waits, what is set next takes its place: only the last is told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from districts import notices
from districts.models import Notice
from districts.moments import clock_time
from resets import history, letter_days
from resets.models import Answer, Delivery, Hold, Letter, Reset, Status
from resets.policy import spoken

TOLD = UUID("0d5c2f0e-6a53-4c0e-9a55-3c6f2b9f6a11")
"""The family of tokens of these letters: each is written once, whatever is pressed twice."""
BY = "the portal"
About = Letter.About


class Words(NamedTuple):
    subject: str
    body: str


def of_date(*, reset: Reset, before: Reset, by: Any, at: datetime) -> None:
    """Tells of a date that was set, in the transaction that set it. `before`: the reset as it was.

    Nothing is told of a date that stays, unless it was asked for or its reset was held; nor to those who set it.
    """
    asked = before.answer == Answer.ASKS
    is_news = asked or before.status == Status.HELD or before.date != reset.date
    if is_news and getattr(by, "role", "") != "district_admin":
        why = _("You asked for another day.") if asked else ""
        _write(reset, About.DATE, _of_date(reset, why), _token(reset), by, at)


def of_defaults(*, resets: Sequence[Reset], by: Any, at: datetime) -> None:
    """Tells of defaults that moved with the rules of their season, in that transaction, however many there are.

    A district that nobody has written to yet is told nothing: its letters to come say the day that it is by then.
    """
    gone = Delivery.objects.filter(letter__season__in={reset.season_id for reset in resets}, sent_at__isnull=False)
    told = set(gone.values_list("letter__district", flat=True))
    _take_back(resets, About.DATE, by, at)
    why = _("The season’s default day has changed.")
    written = (
        _letter(reset, About.DATE, _of_date(reset, why), _token(reset), by, at)
        for reset in resets
        if reset.district_id in told
    )
    Letter.objects.bulk_create(written, ignore_conflicts=True, batch_size=1000)


def _token(reset: Reset) -> str:
    return f"date {reset.pk} {reset.version}"


def _of_date(reset: Reset, why: str) -> Words:
    about = {
        "district": reset.district,
        "day": spoken(reset.date),
        "hour": clock_time(reset.due_from, reset.district.zone),
    }
    said = _("The reset of %(district)s is on %(day)s now, at %(hour)s.") % about
    known = f"{why} " if why else ""
    open_still = _("If that day does not suit you, tell me by the button below.")
    return Words(_plain(_("Your reset is on %(day)s") % about), _plain(f"{known}{said}\n\n{open_still}"))


def _plain(text: str) -> str:
    """Words without fields: a brace is a brace."""
    return text.replace("{", "{{").replace("}", "}}")


def of_hold(*, held: Hold, what: str, by: Any, at: datetime) -> None:
    """Tells of a records hold that was `placed`, `extended` or `ended`: the district, and its CSM unless it was she.

    A district that never had a reset has no season to write in: its CSM alone is told.
    """
    words = _of_hold(held, what, by)
    rows = Reset.objects.filter(district=held.district).select_related("season", "district")
    reset = rows.order_by("-pk").first()
    if reset:
        token = f"hold {held.pk} {what} {held.ends_on} {at.isoformat()}"
        _write(reset, About.HOLD, _as_a_letter(words, held), token, by, at)
    csm = held.district.csm
    Notice.objects.filter(district=held.district, kind=Notice.Kind.RECORDS_HOLD, sent_at=None).delete()
    if csm and getattr(by, "pk", None) != csm.pk:
        morning = letter_days.next_open(held.district.zone, at)
        about = f"{held.pk} {what} {at.isoformat()}"
        notices.give(held.district, Notice.Kind.RECORDS_HOLD, about=about, text=words.body, at=morning)


def _of_hold(held: Hold, what: str, by: Any) -> Words:
    """What is so, then who did it: whoever did reads it too."""
    about = {"district": held.district, "by": by, "day": spoken(held.ends_on) if held.ends_on else ""}
    if what == "ended":
        said, done = _("The records hold of %(district)s has ended."), _("%(by)s ended it.")
        return Words(_("Your records hold has ended"), f"{said} {done}" % about)
    if what == "extended":
        said, done = (
            _("The records hold of %(district)s lasts longer: it is to end on %(day)s."),
            _("%(by)s extended it."),
        )
        return Words(_("Your records hold lasts longer"), f"{said} {done}" % about)
    until = _("%(district)s is on a records hold, which is to end on %(day)s.")
    said, done = until if held.ends_on else _("%(district)s is on a records hold."), _("%(by)s placed it.")
    return Words(_("Your district is on a records hold"), f"{said} {done}" % about)


def _as_a_letter(words: Words, held: Hold) -> Words:
    """With what becomes of the reset as it is when the letter goes: a date may be set while it waits."""
    said = f"{_plain(words.body)}\n\n{{reset_state}}"
    why = "" if held.ended_at else " " + _("Its page says why.")
    return Words(_plain(words.subject), said + why)


def obstacle(letter: Letter, reset: Reset | None, *, is_on_hold: bool) -> str:
    """Why such a letter has lost its truth; nothing while it is true."""
    if letter.about != About.DATE:
        return _set_anew() if _is_told_since(letter) else ""
    if reset is None or reset.status != Status.SCHEDULED:
        return _("Its reset has begun, or is held.")
    if is_on_hold:
        return _("The district is on a records hold.")
    return _("Its day was moved.") if letter.for_date != reset.date else ""


def _is_told_since(letter: Letter) -> bool:
    """Whether what became of a records hold later has a letter of its own: whoever is left over reads that."""
    return Letter.objects.filter(district=letter.district, about=letter.about, pk__gt=letter.pk).exists()


def _write(reset: Reset, about: str, words: Words, token: str, by: Any, at: datetime) -> None:
    _take_back([reset], about, by, at)
    Letter.objects.bulk_create([_letter(reset, about, words, token, by, at)], ignore_conflicts=True)


def _letter(reset: Reset, about: str, words: Words, token: str, by: Any, at: datetime) -> Letter:
    fields = words._asdict()
    due = letter_days.next_open(reset.district.zone, at)
    day = reset.date if about == About.DATE else None
    written = {"asks": reset.is_editable, "due_from": due, "written_at": at, "written_by": str(by), "for_date": day}
    about_it = {"season": reset.season, "about": about, "token": uuid5(TOLD, token)}
    return Letter(district=reset.district, **about_it, **fields, **written)


def _take_back(resets: Sequence[Reset], about: str, by: Any, at: datetime) -> None:
    """Removes what was to be told and has not begun to go; one that is being sent now is left to whoever sends it."""
    of = {reset.district_id: reset for reset in resets}
    waiting = Letter.objects.filter(district__in=of, about=about, sent_at=None, stopped_at=None)
    locked = list(waiting.select_for_update(of=("self",), skip_locked=True))
    begun = set(Delivery.objects.filter(letter__in=locked).values_list("letter", flat=True))
    whole = [letter for letter in locked if letter.pk not in begun]
    Letter.objects.filter(pk__in=[letter.pk for letter in whole if letter.edited_at is None]).delete()
    why = _set_anew()
    for letter in (each for each in whole if each.edited_at):
        Letter.objects.filter(pk=letter.pk).update(stopped_at=at, stopped_by=BY, stopped_why=why)
        reset = of[letter.district_id]
        history.record("letter_stopped", reset=reset, by=by, at=at, subject=letter.subject, why=why)


def _set_anew() -> str:
    return _("It was set anew since it was written.")

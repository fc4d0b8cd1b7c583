"""What is set for a district and told it as a letter of its CSM: the date of its reset, its records hold.

It goes once the district is at work. While it waits, what is set next takes its place: only the last is told.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from districts import notices
from districts.models import Notice
from districts.moments import clock_time
from resets import history, letter_days
from resets.models import Answer, Hold, Letter, Reset, Status
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
        _write(reset, About.DATE, _of_date(reset, asked=asked), f"date {reset.pk} {reset.version}", by, at)


def _of_date(reset: Reset, *, asked: bool) -> Words:
    about = {
        "district": reset.district,
        "day": spoken(reset.date),
        "hour": clock_time(reset.due_from, reset.district.zone),
    }
    said = _("The reset of %(district)s is on %(day)s now, at %(hour)s.") % about
    known = _("You asked for another day.") + " " if asked else ""
    open_still = _("If that day does not suit you, tell me by the button below.")
    return Words(_("Your reset is on %(day)s") % about, f"{known}{said}\n\n{open_still}")


def of_hold(*, held: Hold, what: str, by: Any, at: datetime) -> None:
    """Tells of a records hold that was `placed`, `extended` or `ended`: the district, and its CSM unless it was she.

    A district that never had a reset has no season to write in: its CSM alone is told.
    """
    words = _of_hold(held, what, by)
    rows = Reset.objects.filter(district=held.district).select_related("season", "district")
    reset = rows.order_by("-pk").first()
    if reset:
        stands = _("Its page says why and until when.")
        letter = Words(words.subject, f"{words.body} {_of_reset(held, reset)}\n\n{stands}")
        _write(reset, About.HOLD, letter, f"hold {held.pk} {what} {held.ends_on} {at.isoformat()}", by, at)
    csm = held.district.csm
    Notice.objects.filter(district=held.district, kind=Notice.Kind.RECORDS_HOLD, sent_at=None).delete()
    if csm and getattr(by, "pk", None) != csm.pk:
        morning = letter_days.next_open(held.district.zone, at)
        about = f"{held.pk} {what} {at.isoformat()}"
        notices.give(held.district, Notice.Kind.RECORDS_HOLD, about=about, text=words.body, at=morning)


def _of_hold(held: Hold, what: str, by: Any) -> Words:
    about = {"district": held.district, "by": by, "day": spoken(held.ends_on) if held.ends_on else ""}
    if what == "ended":
        said = _("The records hold of %(district)s has ended: %(by)s ended it.")
        return Words(_("Your records hold has ended"), said % about)
    if what == "extended":
        return Words(_("Your records hold lasts longer"), _("%(by)s extended the records hold to %(day)s.") % about)
    said = _("%(by)s put %(district)s on a records hold, which is to end on %(day)s.")
    said = said if held.ends_on else _("%(by)s put %(district)s on a records hold.")
    return Words(_("Your district is on a records hold"), said % about)


def _of_reset(held: Hold, reset: Reset) -> str:
    if reset.status == Status.COMPLETED:
        return ""
    if held.ended_at is None:
        return _("While it is open, no student data is deleted and no reset runs.")
    if reset.status == Status.SCHEDULED:
        return _("Its reset is on %(day)s.") % {"day": spoken(reset.date)}
    return _("Its reset waits until I have chosen its date again.")


def obstacle(letter: Letter, reset: Reset | None, *, is_on_hold: bool) -> str:
    """Why such a letter has lost its truth; nothing while it is true."""
    if letter.about != About.DATE:
        return ""
    if reset is None or reset.status != Status.SCHEDULED:
        return _("Its reset has begun, or is held.")
    if is_on_hold:
        return _("The district is on a records hold.")
    return _("Its day was moved.") if letter.for_date != reset.date else ""


def _write(reset: Reset, about: str, words: Words, token: str, by: Any, at: datetime) -> None:
    """In her words that are no fields, a brace is a brace."""
    _take_back(reset, about, by, at)
    fields = {name: value.replace("{", "{{").replace("}", "}}") for name, value in words._asdict().items()}
    fields["subject"] = fields["subject"][:200]
    due = letter_days.next_open(reset.district.zone, at)
    day = reset.date if about == About.DATE else None
    written = {"asks": reset.is_editable, "due_from": due, "written_at": at, "written_by": str(by), "for_date": day}
    Letter.objects.get_or_create(
        district=reset.district,
        token=uuid5(TOLD, token),
        defaults={"season": reset.season, "about": about, **fields, **written},
    )


def _take_back(reset: Reset, about: str, by: Any, at: datetime) -> None:
    """Removes what was to be told and has not begun to go; one that is being sent now is left to whoever sends it."""
    waiting = Letter.objects.filter(district=reset.district, about=about, sent_at=None, stopped_at=None)
    for letter in waiting.select_for_update(of=("self",), skip_locked=True):
        if letter.deliveries.exists():
            continue
        if letter.edited_at is None:
            letter.delete()
            continue
        why = _("It was set anew since it was written.")
        Letter.objects.filter(pk=letter.pk).update(stopped_at=at, stopped_by=BY, stopped_why=why)
        history.record("letter_stopped", reset=reset, by=by, at=at, subject=letter.subject, why=why)

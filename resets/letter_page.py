"""What stands beside one letter, and the sequence as one district's page tells it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import District
from districts.moments import moment
from resets import answers, letter_days, letter_fields, letters, letters_page, policy
from resets.models import Letter, Question, Reset


def about(mine: Letter, reset: Reset | None) -> dict[str, Any]:
    """What stands beside one letter."""
    zone, to = mine.district.zone, list(mine.deliveries.all()) if mine.pk else []
    bounced = any(one.bounced_at for one in to)
    name = letters_page.name_of(mine)
    return {
        "letter": mine,
        "name": name,
        "zone": zone,
        "district": mine.district,
        "state": letters_page.state_of(mine, bounced=bounced) if mine.pk else ("next", _("To come")),
        "deliveries": to,
        "answer": answers.answer_of(reset),
        "reset": reset,
        "due": _due(mine, reset),
        "waits_for": letters_page.waits(mine.step) if mine.step else "",
        "audience": letters_page.audience(mine.step) if mine.step else "",
        "obstacle": _obstacle(mine, reset),
        "questions": Question.objects.filter(delivery__letter=mine) if mine.pk else [],
        "crumbs": crumbs(mine.district, name),
    }


def _due(mine: Letter, reset: Reset | None) -> str:
    """When it goes, in words; nothing where what it waits for has no day."""
    zone = mine.district.zone
    if mine.step and reset:
        day = letter_days.day_of(mine.step, reset, mine.season)
        return policy.spoken(day) if day else ""
    return moment(mine.due_from, zone) if mine.due_from else ""


def _obstacle(mine: Letter, reset: Reset | None) -> str:
    if mine.step is None or reset is None or mine.sent_at or mine.stopped_at:
        return ""
    held = mine.district.holds.filter(ended_at=None).exists()
    return letters.obstacle(mine.step, reset, is_on_hold=held)


def planned(one: letters.Planned, district: District, reset: Reset | None) -> dict[str, Any]:
    """A step of the sequence as a line of the district's page."""
    mine, step = one.letter, one.step
    return {
        "number": step.number,
        "name": step.name,
        "subject": mine.subject if mine and mine.sent_at else letter_fields.in_short((mine or step).subject, reset),
        "url": reverse("resets:district_letter", args=[district.site_code, step.number]),
        "waits": letters_page.waits(step),
        "audience": letters_page.audience(step),
        "day": one.day,
        "sent": moment(mine.sent_at, district.zone) if mine and mine.sent_at else "",
        "state": _state(one),
        "why": one.stops or one.waits,
    }


def _state(one: letters.Planned) -> letters_page.Pair:
    mine = one.letter
    if one.waits:
        return "wait", _("Waits")
    if mine and (mine.sent_at or mine.stopped_at or (mine.edited_at and not one.stops)):
        return letters_page.state_of(mine, bounced=any(each.bounced_at for each in mine.deliveries.all()))
    return ("quiet", _("Does not go")) if one.stops else ("next", _("To come"))


def crumbs(district: District, here: str = "") -> list[letters_page.Pair]:
    """The way back to the letters of the district, and of all."""
    above = [(_("Letters"), reverse("resets:letters"))]
    own = (str(district), reverse("resets:district_letters", args=[district.site_code]))
    return [*above, own, *([(here, "")] if here else [])]

"""The page of a district's records hold: how it stands, what placing, extending or ending it means, and its forms."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import District
from districts.moments import moment
from resetportal import clock
from resets import permitted, policy, typed
from resets.calendars import calendar_of
from resets.models import HeldFor, Hold, Reset, Status

A_YEAR = timedelta(days=366)  # farther away is a slip of the pen: a hold is extended


class HoldForm(forms.Form):
    """Why, and until when: both are asked whether a hold is placed or extended."""

    ends_on = forms.DateField(input_formats=["%Y-%m-%d"])
    reason = typed.Text(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, today: date, held: Hold | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.first = max(today, held.ends_on + timedelta(days=1)) if held and held.ends_on else today
        self._say(is_open=held is not None)

    def _say(self, *, is_open: bool) -> None:
        day, reason = self.fields["ends_on"], self.fields["reason"]
        day.label = _("New end date") if is_open else _("Until when?")
        day.help_text = _("The day by which the request should be closed. Nothing ends by itself on that day.")
        limits = {"min": self.first.isoformat(), "max": (self.today + A_YEAR).isoformat()}
        day.widget = forms.DateInput(attrs={"type": "date", **limits}, format="%Y-%m-%d")
        day.error_messages |= {"required": _("Give an end date."), "invalid": _("Write a date such as 2027-08-20.")}
        reason.label = _("Why longer?") if is_open else _("Why?")
        reason.help_text = _(
            "Such as: a parent’s request to inspect records is open. Kept in the district’s history. "
            "Never name a student here."
        )
        reason.error_messages |= {"required": _("Say why: it is kept in the history.")}

    def clean_ends_on(self) -> date:
        """Not in the past, not before the end that it has, and not by a slip of the pen in another decade."""
        day: date = self.cleaned_data["ends_on"]
        last = self.today + A_YEAR
        if day < self.today:
            said = _("%(day)s has passed. Give today, %(first)s, or a later day.")
        elif not self.first <= day <= last:
            said = _("Give a day from %(first)s to %(last)s. A hold that lasts longer is extended then.")
        else:
            return day
        known = {"day": policy.spoken(day), "first": policy.spoken(self.first), "last": policy.spoken(last)}
        raise forms.ValidationError(said % known)


class EndForm(forms.Form):
    """Why the vendor ends what the district placed."""

    reason = typed.Text(
        label=gettext_lazy("Why is it ended?"),
        help_text=gettext_lazy(
            "Such as: the district says that the request is closed. Kept in the district’s history. "
            "Never name a student here."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: it is kept in the history.")},
    )


def context(district: District, held: Hold | None, reset: Reset | None, *, by: Any, at: datetime) -> dict[str, Any]:
    """What the page says: `facts` of the open hold, what it means, and what ending it means."""
    today = clock.local_date(district.zone, at)
    return {
        "district": district,
        "demo_zone": district.zone,
        "held": held,
        "is_overdue": is_overdue(held, today),
        "facts": facts(held, today) if held else [],
        "meaning": meaning(district, held, reset, by),
        "no_ending": permitted.obstacle_to_ending(held, by) if held else "",
        "asks_why": bool(held and permitted.ends_with_a_reason(held, by)),
        "ending": ending(district, reset, at=at),
        "closed": closed(reset) if held is None else "",
        "past": [_past(each) for each in district.holds.exclude(ended_at=None)],
    }


def is_overdue(held: Hold | None, today: date) -> bool:
    """Whether it is open past the day on which it was to end."""
    return bool(held and held.ends_on and held.ends_on < today)


def state(held: Hold | None, today: date) -> str:
    """How an open hold stands, in a sentence; empty when there is none."""
    if held is None:
        return ""
    known = {"by": held.placed_by, "since": _local(held.placed_at, held)}
    if held.ends_on is None:
        return _("%(by)s placed it on %(since)s, without an end date.") % known
    known["until"] = policy.spoken(held.ends_on)
    if held.ends_on < today:
        said = _("It was to end on %(until)s and is still open: extend it or end it. %(by)s placed it on %(since)s.")
        return said % known
    return _("%(by)s placed it on %(since)s, until %(until)s.") % known


def note(held: Hold | None, today: date) -> dict[str, str] | None:
    """The note on top while a records hold is open: whatever day is chosen, nothing is reset before it has ended."""
    if held is None:
        return None
    title = _("Nothing is reset while the records hold is open.")
    return {"kind": "hold", "title": title, "text": state(held, today)}


def closed(reset: Reset | None) -> str:
    """Why no hold can be placed now; empty when one can."""
    if reset and reset.is_destroyed and reset.status != Status.COMPLETED:
        return _("Its student data is deleted already: the reset is being verified. A hold would keep nothing.")
    return ""


def facts(held: Hold, today: date) -> list[tuple[str, str]]:
    """The open hold as pairs of a label and words."""
    ends = policy.spoken(held.ends_on) if held.ends_on else _("No end date")
    if is_overdue(held, today):
        ends = _("%(day)s, overdue") % {"day": ends}
    return [
        (_("Placed"), f"{moment(held.placed_at, held.district.zone)}, {held.placed_by}"),
        (_("To end on"), ends),
        (_("Reason"), held.reason),
        *([(_("Why extended"), held.extended_why)] if held.extended_why else []),
        (_("Who may end it"), who_ends(of_vendor=held.of_vendor)),
    ]


def who_ends(*, of_vendor: bool) -> str:
    """Who may end a hold, told wherever one stands or is about to."""
    if of_vendor:
        return _("The vendor’s: the district’s CSM or a CSM lead ends it.")
    return _("The district’s: its admin ends it, or its CSM or a CSM lead, who then says why.")


def meaning(district: District, held: Hold | None, reset: Reset | None, by: Any) -> list[dict[str, str]]:
    """What a hold does, before it is placed and while it is open, and who will end it."""
    of_vendor = held.of_vendor if held else permitted.is_vendors(by, district)
    return [
        {
            "icon": "bars",
            "lead": _("Nothing is deleted."),
            "text": _("%(district)s is not reset while the hold is open, all of its schools together.")
            % {"district": district},
        },
        {"icon": "calendar", "lead": _("The date."), "text": of_date(reset)},
        *([past_the_default(district, reset)] if reset and reset.is_editable else []),
        {
            "icon": "clock",
            "lead": _("It does not end by itself."),
            "text": _("Past its end date it stays open, and says so, until somebody extends it or ends it."),
        },
        {"icon": "pen", "lead": _("Who ends it."), "text": who_ends(of_vendor=of_vendor)},
        {
            "icon": "triangle",
            "lead": _("The district is at risk"),
            "text": _("on its CSM’s list for as long as the hold is open and a reset is ahead."),
        },
        {
            "icon": "archive",
            "lead": _("The certificate tells"),
            "text": _("who placed, extended and ended the hold, and when. It does not tell the reason."),
        },
    ]


def of_date(reset: Reset | None) -> str:
    """What becomes of the date that a district's reset has."""
    if reset is None:
        return _("The district has no reset date in this season.")
    if reset.status == Status.COMPLETED:
        return _("This season’s reset is completed already: the hold can only stop the next one.")
    day = {"day": _spoken(reset)}
    if reset.status == Status.HELD:
        return _("The reset of %(day)s is held already. When the hold has ended, its date is chosen again.") % day
    if reset.is_working:
        return _("The reset is under way: it stops before anything is deleted, and its date is chosen again.")
    return (
        _(
            "The reset stays on %(day)s if the hold has ended by then. If it is open on that day, the reset is held, "
            "and its date must be chosen again."
        )
        % day
    )


def past_the_default(district: District, reset: Reset) -> dict[str, str]:
    """What a hold that lasts past the default leaves: later days, as far as rostering lets them."""
    calendar, rules = calendar_of(district, reset.season.school_year), reset.season.rules
    starts = calendar.rostering_starts
    said = _("The reset then needs a later day: its CSM chooses one and says why, before rostering starts.")
    if starts:
        said = _(
            "The reset then needs a later day: its CSM chooses one and says why, before rostering starts, "
            "%(starts)s. Should the hold last until then, rostering has to start later, or no day is left."
        )
    default = policy.spoken(policy.assigned_default(rules, calendar))
    known = {"starts": policy.spoken(starts) if starts else ""}
    return {"icon": "calendar", "lead": _("Past %(default)s.") % {"default": default}, "text": said % known}


def ending(district: District, reset: Reset | None, *, at: datetime) -> str:
    """What ending the hold now would mean."""
    if reset is None or reset.status == Status.COMPLETED:
        return _("No reset is waiting for it.")
    day = {"day": _spoken(reset), "csm": str(district.csm or _("its CSM"))}
    if reset.status == Status.HELD and reset.held_for == HeldFor.RECORDS:
        return _("The reset of %(day)s stays held: nothing begins until %(csm)s chooses its date again.") % day
    if reset.status == Status.HELD:
        return _("The reset of %(day)s stays held, for another reason.") % day
    if reset.due_from <= at:
        return _("The reset of %(day)s is due and begins at once.") % day
    return _("The reset is on %(day)s again, and begins then.") % day


def ended(district: District, reset: Reset | None, *, at: datetime) -> str:
    """The same once it is done."""
    said = _("The records hold of %(district)s is ended.") % {"district": district}
    return f"{said} {ending(district, reset, at=at)}"


def _past(held: Hold) -> str:
    known = {"by": held.placed_by, "since": _local(held.placed_at, held)}
    known |= {"ender": held.ended_by or "", "ended": _local(held.ended_at, held) if held.ended_at else ""}
    return _("%(by)s placed one on %(since)s; %(ender)s ended it on %(ended)s.") % known


def _local(at: datetime, held: Hold) -> str:
    return policy.spoken(clock.local_date(held.district.zone, at))


def _spoken(reset: Reset) -> str:
    return policy.spoken(reset.date)

"""The page before *rostering is complete*: what follows when a district's syncs are turned on again."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from districts.models import RosterSource
from districts.moments import moment
from resetportal import clock
from resets import calendars, policy
from resets.models import Reset


def follows(reset: Reset) -> list[dict[str, str]]:
    """What happens once it is said, as `components/consequences.html` takes it."""
    return [
        {"icon": "sync", "lead": _("The syncs are turned on."), "text": _fetched(reset)},
        {
            "icon": "pen",
            "lead": _("New accounts come."),
            "text": _(
                "The next full roster makes a completely new account for each student, returning ones too. "
                "It is held against the year before first, and waits for a person if too much differs."
            ),
        },
        {
            "icon": "trash",
            "lead": _("What was deleted stays deleted."),
            "text": _(
                "A roster that came before the reset is not used any more: its accounts come with the next full "
                "roster, work that was done in them does not come back (W11)."
            ),
        },
        {
            "icon": "bars",
            "lead": _("It is not taken back."),
            "text": _("Nobody pauses the syncs again before the next season’s reset."),
        },
    ]


def doubts(reset: Reset, *, at: datetime) -> Iterator[str]:
    """What speaks against saying it now; it blocks nothing."""
    zone = reset.district.zone
    starts = calendars.calendar_of(reset.district, reset.season.school_year).rostering_starts
    if starts and starts > clock.local_date(zone, at):
        yield _("Rostering starts %(day)s only: a roster of before may still be the old year’s.") % {
            "day": policy.spoken(starts)
        }
    if reset.data_ready_at is None:
        yield _("%(district)s has not said that its data is ready.") % {"district": reset.district}


def ready(reset: Reset) -> str:
    """Who of the district said that its data is ready, and when; empty when nobody did."""
    if reset.data_ready_at is None:
        return ""
    known = {"by": reset.data_ready_by or "", "when": moment(reset.data_ready_at, reset.district.zone)}
    return _("%(by)s said that the data is ready, %(when)s.") % known


def _fetched(reset: Reset) -> str:
    if RosterSource.objects.get(pk=reset.district_id).is_fetched:
        return _("The roster is fetched at once, then every night, for all schools together.")
    return _("This district’s rosters are uploaded: from now on one can be applied again, for all schools together.")

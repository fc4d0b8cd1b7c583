"""A reset's two days, the one it was planned for and the one on which it ran: told together wherever they differ.

The deed is the deletion, on the district's own clock: a run that deletes before midnight and is verified after it was
on time. A reset that was held, or overtaken by an outage, runs late and keeps its planned date.
"""

from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from resetportal import clock
from resets.policy import spoken


class RunDays(NamedTuple):
    """`ran`: the day on which the data was deleted; None while none was. `year`: the one that the page has named."""

    planned: date
    ran: date | None

    @property
    def day(self) -> date:
        """The day on which it ran, and until it has, the one it is planned for."""
        return self.ran or self.planned

    @property
    def is_late(self) -> bool:
        return self.day != self.planned

    def words(self, year: int | None = None) -> str:
        """`Wed, July 28`, or `planned for Wed, July 28, run on Thu, July 29`."""
        if not self.is_late:
            return spoken(self.planned, year)
        said = _("planned for %(planned)s, run on %(run)s")
        return said % {"planned": spoken(self.planned, year), "run": spoken(self.day, year)}

    def run_words(self, year: int | None = None) -> str:
        """`run on Thu, July 29`, for beside the planned date; empty unless it ran late."""
        return _("run on %(run)s") % {"run": spoken(self.day, year)} if self.is_late else ""

    def planned_words(self, year: int | None = None) -> str:
        """`planned for Wed, July 28`, for beside the day on which it ran; empty unless it ran late."""
        return _("planned for %(planned)s") % {"planned": spoken(self.planned, year)} if self.is_late else ""


def of(reset: Any, zone: str = "") -> RunDays:
    """The two days of a reset, whose district's `zone` is read where none is given."""
    if reset.destroyed_at is None:
        return RunDays(reset.date, None)
    return RunDays(reset.date, clock.local_date(zone or reset.district.zone, reset.destroyed_at))

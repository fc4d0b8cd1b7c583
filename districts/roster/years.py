"""Which school year a roster is of, and whether its district may have it now (W11). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from districts.roster.records import Session

STARTS_IN = 7  # a session that ends in July or earlier belongs to the school year that ends in that calendar year


@dataclass(frozen=True)
class Told:
    """A roster's school year such as "2026-27", "" if it cannot be told; `doubts` are sentences."""

    name: str
    doubts: tuple[str, ...] = ()


def name_of(ending: int) -> str:
    """The school year that ends in a calendar year: 2027 is "2026-27"."""
    return f"{ending - 1}-{ending % 100:02}"


def ending_of(name: str) -> int:
    """The calendar year in which a school year ends: "2026-27" is 2027."""
    return int(name[:4]) + 1


def told(sessions: Iterable[Session]) -> Told:
    """The school year of a roster by its sessions: the latest of type schoolYear, else of all the others.

    The column schoolYear says it; where it is blank, the last day does.
    """
    listed = list(sessions)
    years = [session for session in listed if session.type == "schoolYear"] or listed
    endings = [(ending, session) for session in years if (ending := _ending(session))]
    if not endings:
        return Told("")
    ending = max(year for year, _ in endings)
    lying = [session for year, session in endings if year == ending and _lies(session, ending)]
    return Told(name_of(ending), (_doubt(ending),) if lying else ())


def _ending(session: Session) -> int | None:
    if session.school_year is not None:
        return session.school_year
    return None if session.ends_on is None else _school_year_at(session.ends_on)


def _school_year_at(day: date) -> int:
    return day.year + (day.month > STARTS_IN)


def _lies(session: Session, ending: int) -> bool:
    """Whether a session's own days contradict its year: a year that does not end in it, a term outside of it."""
    if session.ends_on is None or session.school_year is None:
        return False
    if session.type == "schoolYear":
        return session.ends_on.year != ending
    return _school_year_at(session.ends_on) != ending


def _doubt(ending: int) -> str:
    return _("A session says that its school year is {ending}, but its days are of another.").format(
        ending=name_of(ending)
    )


@dataclass(frozen=True)
class Standing:
    """What a district's rosters are measured against, on `today` in its zone.

    `closing`: the school year whose reset is still to come, or whose data the district holds; `rostering_starts`:
    the first day of rostering after it; `is_pending`: a reset has a date; `closed`: the last school year that was
    reset, on `closed_on`. Names are "" and days None when there is no such thing.
    """

    today: date
    closing: str
    rostering_starts: date | None
    is_pending: bool
    closed: str
    closed_on: date | None


def early(standing: Standing) -> str:
    """Why no roster at all is applied today, or "" (W11): rostering has started and the reset is still to come."""
    starts = standing.rostering_starts
    if not standing.is_pending or starts is None or standing.today < starts:
        return ""
    return _(
        "W11: rostering of the next school year started on {starts}, and the reset of {closing} "
        "is still to come. Nothing was applied; the next sync after the reset brings the new "
        "accounts."
    ).format(starts=_spoken(starts), closing=standing.closing)


def ahead(year: str, standing: Standing) -> str:
    """Why a roster of `year` is put on hold, or "" (W11): it is of a year after the one that is to be reset."""
    if not (year and standing.closing and ending_of(year) > ending_of(standing.closing)):
        return ""
    return _(
        "W11: this roster is of {year}, and the data of {closing} has not been reset. Nothing "
        "was applied; the next sync after the reset brings the new accounts."
    ).format(year=year, closing=standing.closing)


def behind(year: str, standing: Standing) -> tuple[str, str] | None:
    """Reason and cure why a roster of `year` is refused after a reset, or None."""
    if not standing.closed:
        return None
    following = name_of(ending_of(standing.closed) + 1)
    if not year:
        return (
            _("It does not say of which school year it is, and {closed} was reset.").format(closed=standing.closed),
            _("Give academicSessions.csv a row of type schoolYear, such as that of {following}.").format(
                following=following
            ),
        )
    if ending_of(year) > ending_of(standing.closed):
        return None
    when = f" on {_spoken(standing.closed_on)}" if standing.closed_on and year == standing.closed else ""
    verb = (
        _("was reset{when}").format(when=when)
        if year == standing.closed
        else _("is before {closed}, which was reset").format(closed=standing.closed)
    )
    return _("This roster is of {year}, which {verb}.").format(year=year, verb=verb), _(
        "Send the roster of {following}."
    ).format(following=following)


def _spoken(day: date) -> str:
    return f"{day:%a, %B} {day.day}, {day.year}"

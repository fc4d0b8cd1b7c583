"""What a letter says of a district's dates: what is known, and a question where something is missing."""

from datetime import date

from django.utils.translation import gettext as _

from resets.policy import Calendar, spoken


def recommendation(calendar: Calendar, best: date | None) -> str:
    """The day that would do best; asks for the dates without which that is not known."""
    said = [_("From what we know of your dates, {day} would do best.").format(day=spoken(best))] if best else []
    if best is None and not calendar.missing:
        said = [_("As far as we know your dates, no day suits all of them: please write to me or call me.")]
    return " ".join([*said, *_asked(calendar)])


def known(calendar: Calendar) -> str:
    """When its sessions end and its rostering starts; asks for what is missing."""
    wrong = [_("If that is wrong, please tell me.")] if _told(calendar) else []
    return " ".join([*_told(calendar), *wrong, *_asked(calendar)])


def _told(calendar: Calendar) -> list[str]:
    ends = "" if calendar.sessions_unknown else spoken(max(end for _name, end in calendar.session_ends))
    starts = spoken(calendar.rostering_starts) if calendar.rostering_starts else ""
    if ends and starts:
        said = _("Your sessions end on {ends} and rostering starts on {starts}, as far as we know.")
    elif ends:
        said = _("Your sessions end on {ends}, as far as we know.")
    else:
        said = _("Rostering for the new year starts on {starts}, as far as we know.")
    return [said.format(ends=ends, starts=starts)] if ends or starts else []


def _asked(calendar: Calendar) -> list[str]:
    if calendar.sessions_unknown and calendar.rostering_starts is None:
        return [
            _("I do not know yet when your sessions end and when rostering for the new year starts: please tell me.")
        ]
    if calendar.sessions_unknown:
        return [_("I do not know yet when all of your sessions end: please tell me.")]
    if calendar.rostering_starts is None:
        return [_("I do not know yet when rostering for the new year starts: please tell me.")]
    return []

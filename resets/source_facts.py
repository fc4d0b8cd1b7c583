"""Where a district's rosters come from, and what puts one on hold, in words; never what opens the source."""

from django.utils.translation import gettext as _

from districts.models import RosterSource
from resetportal import clock
from resets import syncs


def source_facts(source: RosterSource) -> list[tuple[str, str]]:
    """The source in words, without what opens it."""
    if not source.is_fetched:
        return [(_("Rosters come"), _("By upload in the browser"))]
    place = {
        "sftp": _("{address}, folder {folder}").format(address=source.address, folder=source.folder),
        "rest": source.address,
        "folder": _("A folder of the portal’s server"),
    }
    said = [(_("Rosters come from"), place[source.kind]), (_("Every night at"), syncs.hour(source, at=clock.now()))]
    if source.kind == RosterSource.Kind.REST:
        said.append((_("Version"), source.get_version_display()))
    return said


def thresholds(source: RosterSource) -> list[tuple[str, str]]:
    """What puts a roster on hold, in words."""
    school = _("More than {school_percent}% and more than {school_students:,} of its students would leave").format(
        school_percent=source.school_percent, school_students=source.school_students
    )
    return [
        (
            _("Any kind"),
            _("More than {removal_percent}% would be removed").format(removal_percent=source.removal_percent),
        ),
        (_("One school"), school),
        (_("Always"), _("Everything of a kind would be removed, or the roster is older than the last one")),
    ]

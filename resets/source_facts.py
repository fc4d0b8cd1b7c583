"""Where a district's rosters come from, and what puts one on hold, in words; never what opens the source."""

from districts.models import RosterSource
from resetportal import clock
from resets import syncs


def source_facts(source: RosterSource) -> list[tuple[str, str]]:
    """The source in words, without what opens it."""
    if not source.is_fetched:
        return [("Rosters come", "By upload in the browser")]
    place = {
        "sftp": f"{source.address}, folder {source.folder}",
        "rest": source.address,
        "folder": "A folder of the portal’s server",
    }
    said = [("Rosters come from", place[source.kind]), ("Every night at", syncs.hour(source, at=clock.now()))]
    if source.kind == RosterSource.Kind.REST:
        said.append(("Version", source.get_version_display()))
    return said


def thresholds(source: RosterSource) -> list[tuple[str, str]]:
    """What puts a roster on hold, in words."""
    school = f"More than {source.school_percent}% and more than {source.school_students:,} of its students would leave"
    return [
        ("Any kind", f"More than {source.removal_percent}% would be removed"),
        ("One school", school),
        ("Always", "Everything of a kind would be removed, or the roster is older than the last one"),
    ]

"""OneRoster CSV, 1.1 and 1.2, into records: strict about form, patient with the harmless quirks of vendors.

Of a user only what the product needs is read: no password, no telephone, no relative; demographics are not opened.
"""

from collections.abc import Callable

from districts.roster import manifest
from districts.roster.archive import Archive
from districts.roster.classes import read_classes
from districts.roster.memberships import read_memberships
from districts.roster.organisations import read_orgs, read_sessions
from districts.roster.people import read_people
from districts.roster.problems import Warnings
from districts.roster.records import Known, Roster
from districts.roster.standings import read_roles
from districts.roster.tables import Source


def read(archive: Archive, warnings: Warnings, known: Callable[[], Known] | None = None) -> Roster:
    """The whole roster of an archive. Raises RosterRefused at the first fault that is not harmless.

    `known` answers what the district holds; it is asked at most once, when the roster tells changes only.
    """
    source = Source(archive, manifest.read(archive, warnings), warnings, known)
    roster = Roster(partial=source.manifest.partial)
    roster.sessions = read_sessions(source)
    orgs = read_orgs(source, roster)
    classes = read_classes(source, orgs, roster)
    roles, concerns = read_roles(source, orgs)
    people = read_people(source, orgs, roles, roster)
    roster.concerns += concerns
    read_memberships(source, classes, people, roster)
    roster.schools = orgs.schools()
    return roster

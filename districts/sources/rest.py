"""Fetches a district's roster from a OneRoster 1.1 or 1.2 REST server, and writes it as a OneRoster CSV zip."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext

from districts.models import RosterSource
from districts.sources.errors import NothingNew, SourceError
from districts.sources.fetched import Fetched
from districts.sources.rest_files import RosterWriter, written
from districts.sources.rest_pages import FilterRefused, NotThere, Record, Shifted, key_of, page_of, pages
from districts.sources.rest_server import Server
from districts.sources.web import Answer, Web

NEEDED = ("orgs", "classes", "users", "enrollments")
INSTEAD = {"orgs": ("schools",), "academicSessions": ("terms",), "users": ("students", "teachers")}
COLLECTIONS = ("academicSessions", "orgs", "courses", "classes", "users", "enrollments")
OVERLAP = timedelta(minutes=10)  # servers' clocks differ, and rows are stamped before they are seen
READINGS = 3  # of everything, when it changes while it is paged through
LONG_AGO, FAR_OFF = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


def fetch(source: RosterSource, folder: Path, *, at: datetime, full: bool) -> Fetched:
    """Brings a server's roster into `folder` as a zip; the changes since `changed_from`, unless `full`.

    Everything is asked for where the server does not take a filter by time. `at`: this moment, UTC. Raises
    SourceError, and NothingNew when there are no changes.
    """
    with Web() as web:
        server = Server(source, web)
        reaches = min(at, _clock_of(server, at))
        since = None if full or not source.takes_changes else source.changed_from
        if since and _takes_filters(server):
            with suppress(FilterRefused):
                return _read(source, server, folder, at=at, reaches=reaches, since=since - OVERLAP)
        return _read(source, server, folder, at=at, reaches=reaches, since=None)


def look(source: RosterSource, *, at: datetime) -> str:
    """Whether a server answers: is let in, asks for one organisation, and says in a sentence what was seen.

    Raises SourceError.
    """
    with Web() as web:
        server = Server(source, web)
        _, total, _ = page_of(_first(server), "orgs", server.host)
        number = "" if total is None else gettext(" It has {total:,} organizations.").format(total=total)
        takes = (
            gettext(" Changes can be asked for.") if _takes_filters(server) else gettext(" It gives full rosters only.")
        )
    return gettext("{host} answers as OneRoster {version}.{number}{takes}").format(
        host=server.host, version=source.version, number=number, takes=takes
    )


def _read(
    source: RosterSource, server: Server, folder: Path, *, at: datetime, reaches: datetime, since: datetime | None
) -> Fetched:
    """One state of the server's collections: read anew when they change while they are read."""
    name = f"{server.host}-{'changes' if since else 'full'}-{at:%Y-%m-%d}.zip"
    for _ in range(READINGS):
        with suppress(Shifted):
            _Reading(source, server, reaches, since).write(folder, folder / "roster.zip")
            return Fetched(folder / "roster.zip", name, as_of=at, reaches=reaches, is_changes=since is not None)
    sentence = gettext(
        "{host} gave {readings} times another number of records than it said, or other ones meanwhile."
    ).format(host=server.host, readings=READINGS)
    raise SourceError(
        gettext("{sentence} The portal tries again later; let the server finish its own import.").format(
            sentence=sentence
        ),
        can_retry=True,
    )


class _Reading:
    """One reading of all collections."""

    def __init__(self, source: RosterSource, server: Server, reaches: datetime, since: datetime | None) -> None:
        self.source, self.server, self.reaches, self.since = source, server, reaches, since
        self.chosen = f"dateLastModified>'{written(since)}'" if since else ""

    def write(self, folder: Path, path: Path) -> None:
        """Writes the zip; nothing else is left in the folder. Raises NothingNew for a roster without changes."""
        changed_at = self.reaches if self.since else None
        with (
            TemporaryDirectory(dir=folder) as scratch,
            RosterWriter(Path(scratch), self.source.version, changed_at) as writer,
        ):
            for collection in COLLECTIONS:
                self._collect(collection, writer)
            if self.since and not any(writer.rows(name) for name in NEEDED):
                raise NothingNew(self.reaches)
            writer.zip(path)

    def _collect(self, collection: str, writer: RosterWriter) -> None:
        """One collection as a file. Sessions always come in full: they say which school year the changes are of."""
        is_whole = not self.since or collection == "academicSessions"
        names = [collection, *(["roles"] if collection == "users" and self.source.version == "1.2" else [])]
        for name in names:
            writer.begin(name, is_whole)
        try:
            for records in self._pages(collection, "" if is_whole else self.chosen):
                writer.add(collection, records)
        except NotThere:
            self._check_can_do_without(collection)
        for name in names:
            if not writer.rows(name) and (self.since or collection not in NEEDED):
                writer.drop(name)

    def _pages(self, collection: str, chosen: str) -> Iterator[list[Record]]:
        """A collection's records, or those of the collections that some servers have instead."""
        try:
            yield from pages(self.server, collection, self.source.page_size, chosen)
        except NotThere:
            if collection not in INSTEAD:
                raise
            yield from self._others(collection, chosen)

    def _others(self, collection: str, chosen: str) -> Iterator[list[Record]]:
        seen: set[int] = set()
        for other in INSTEAD[collection]:
            for records in pages(self.server, other, self.source.page_size, chosen):
                yield [each for each in records if key_of(each) not in seen]
                seen |= {key_of(each) for each in records}

    def _check_can_do_without(self, collection: str) -> None:
        if collection in NEEDED:
            sentence = gettext("{host} has no {collection} (404). Check the base address and the version.").format(
                host=self.server.host, collection=collection
            )
            raise SourceError(sentence, can_retry=False)


def _takes_filters(server: Server) -> bool:
    """Whether a filter by time works: some servers refuse it, some answer nothing to it, some do not heed it."""
    return bool(_chosen(server, LONG_AGO)) and _chosen(server, FAR_OFF) == []


def _chosen(server: Server, since: datetime) -> list[Record] | None:
    """One organisation changed since then, None when the server does not take the filter."""
    answer = server.get("orgs", {"limit": 1, "offset": 0, "filter": f"dateLastModified>'{written(since)}'"})
    return page_of(answer, "orgs", server.host).records if answer.status == 200 else None


def _clock_of(server: Server, at: datetime) -> datetime:
    """What time it is at the server; ours, where it does not say."""
    try:
        told = parsedate_to_datetime(_first(server).headers.get("Date", ""))
    except ValueError:
        return at
    return told.replace(tzinfo=told.tzinfo or UTC)


def _first(server: Server) -> Answer:
    """The first organisation: the cheapest question that says whether we are let in. Raises SourceError."""
    answer = server.get("orgs", {"limit": 1, "offset": 0})
    if answer.status == 404:
        answer = server.get("schools", {"limit": 1, "offset": 0})
    if answer.status != 200:
        raise server.refusal("orgs", answer)
    return answer

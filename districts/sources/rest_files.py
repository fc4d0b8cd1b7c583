"""A OneRoster server's records as OneRoster CSV, so that one strict reader reads everything.

Of a user only what the reader knows is written: no password, no telephone, no relative's name. Line numbers follow the
server's order, so a refusal's line leads to the record.
"""

import csv
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from django.utils.translation import gettext

from districts.sources.errors import SourceError
from districts.sources.rest_shapes import SHAPES, Columns, Record, WrongValue, text

EPOCH = (1980, 1, 1, 0, 0, 0)  # equal answers make equal bytes
FIRST = ("sourcedId", "status", "dateLastModified")
FILES = ("academicSessions", "orgs", "courses", "classes", "users", "roles", "enrollments")
RELATIVES = frozenset({"guardian", "parent", "relative"})
KEPT = frozenset({"", "active"})


class RosterWriter:
    """Writes the files of one roster into `folder`, an empty folder of the caller's, who removes it.

    `changed_at`: for a roster of changes, the time of rows that do not say theirs, UTC; None for a full roster.
    A context manager: leaving it closes the files.
    """

    def __init__(self, folder: Path, version: str, changed_at: datetime | None) -> None:
        self.folder, self.version, self.changed_at = folder, version, changed_at
        self.files: dict[str, _File] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for file in self.files.values():
            file.close()

    def begin(self, name: str, is_whole: bool) -> None:
        """Begins a file (its name without .csv), in full or of changes."""
        changed_at = None if is_whole else self.changed_at
        self.files[name] = _File(self.folder / f"{name}.csv", SHAPES[self.version][name], changed_at)

    def add(self, name: str, records: Iterable[Record]) -> None:
        """Adds records in their order. Raises SourceError for one of another shape, by its number."""
        roles = self.files.get("roles") if name == "users" else None
        for record in map(_nameless, records) if name == "users" else records:
            self.files[name].add(record)
            if roles and roles.stands(record):
                for role in _roles(record):
                    roles.add(role)

    def rows(self, name: str) -> int:
        """How many rows a file has by now."""
        return self.files[name].rows if name in self.files else 0

    def drop(self, name: str) -> None:
        """Leaves a file out of the roster."""
        self.files.pop(name).close()

    def zip(self, path: Path) -> None:
        """Packs the files and their manifest. Equal files make equal bytes."""
        with zipfile.ZipFile(path, "w") as zipped:
            _pack(zipped, "manifest.csv", self._manifest().encode())
            for name in FILES:
                if name in self.files:
                    self.files[name].close()
                    _pack(zipped, f"{name}.csv", self.files[name].path)

    def _manifest(self) -> str:
        modes = {name: file.mode for name, file in self.files.items()}
        listed = "".join(f"file.{name},{modes.get(name, 'absent')}\r\n" for name in FILES)
        first = f"propertyName,value\r\nmanifest.version,1.0\r\noneroster.version,{self.version}\r\n"
        return f"{first}{listed}source.systemName,OneRoster REST\r\n"


class _File:
    """One CSV file while it is written. A full file has no deleted rows, and no status."""

    def __init__(self, path: Path, columns: Columns, changed_at: datetime | None) -> None:
        self.path, self.columns, self.changed_at = path, columns, changed_at
        self.mode = "delta" if changed_at else "bulk"
        self.met = self.rows = 0
        self.file: IO[str] = path.open("w", encoding="utf-8", newline="")
        self.write = csv.writer(self.file).writerow
        self.write((*FIRST, *(column for column, _, _ in columns)))

    def add(self, record: Record) -> None:
        self.met += 1
        if not self.stands(record) and not self.changed_at:
            return
        try:
            self.write((*self._first(record), *self._rest(record)))
        except UnicodeEncodeError:
            raise self._wrong("a value", gettext("is no text: half of a character stands alone")) from None
        self.rows += 1

    def stands(self, record: Record) -> bool:
        status = record.get("status")
        return status is None or (isinstance(status, str) and status.lower() in KEPT)

    def _first(self, record: Record) -> tuple[str, str, str]:
        try:
            key, status, modified = (text(record.get(name)) for name in FIRST)
        except WrongValue:
            raise self._wrong(
                gettext("sourcedId, status or dateLastModified"), gettext("is of another type than OneRoster's")
            ) from None
        if not self.changed_at:
            return key, "", ""
        return key, status or "active", modified or written(self.changed_at)

    def _rest(self, record: Record) -> Iterable[str]:
        for _, attribute, cell in self.columns:
            try:
                value = cell(record.get(attribute))
                value.encode()  # the file's own buffer would fail on a later row
                yield value
            except WrongValue:
                raise self._wrong(attribute, gettext("is of another type than OneRoster's")) from None

    def _wrong(self, attribute: str, what: str) -> SourceError:
        sentence = gettext("Record {met:,} of the server's {stem}: {attribute} {what}.").format(
            met=self.met, stem=self.path.stem, attribute=attribute, what=what
        )
        return SourceError(
            gettext("{sentence} Ask the server's operator to mend it.").format(sentence=sentence), can_retry=False
        )

    def close(self) -> None:
        self.file.close()


def written(at: datetime) -> str:
    """A moment as OneRoster writes it: 2027-08-12T09:30:00.000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _roles(user: Record) -> Iterable[Record]:
    """A user's roles as rows of their own, numbered within the user: JSON gives them no id."""
    roles = user.get("roles") or []
    if not isinstance(roles, list) or not all(isinstance(each, dict) for each in roles):
        raise SourceError(
            gettext("A user's roles are no list of roles. Ask the server's operator to mend it."), can_retry=False
        )
    key, modified = user.get("sourcedId"), user.get("dateLastModified")
    for number, role in enumerate(roles, 1):
        own = {"sourcedId": f"{key}-role-{number}", "dateLastModified": modified, "user": {"sourcedId": key}}
        yield {**role, **own, "status": "active"}


def _nameless(user: Record) -> Record:
    """A user; of one who is a relative only, what the reader counts by, and neither name nor address."""
    roles = user.get("roles")
    given = [each.get("role") for each in roles if isinstance(each, dict)] if isinstance(roles, list) else []
    own = given or [user.get("role")]
    if not all(isinstance(role, str) and role.lower() in RELATIVES for role in own):
        return user
    return {name: value for name, value in user.items() if name in (*FIRST, "role", "roles", "orgs", "enabledUser")}


def _pack(zipped: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
    with zipped.open(entry, "w") as packed:
        if isinstance(content, bytes):
            packed.write(content)
        else:
            with content.open("rb") as file:
                while block := file.read(1 << 20):
                    packed.write(block)

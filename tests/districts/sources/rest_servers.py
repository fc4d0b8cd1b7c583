"""OneRoster REST servers as processes of their own, with the records of a small roster, and sources that lead there."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from districts.models import RosterSource
from districts.roster import archive, oneroster
from districts.roster.problems import Warnings
from districts.roster.records import Known, Roster
from districts.sources import secrets
from districts.sources.fetched import Fetched
from tests.districts.roster.files import GOOD

PROGRAM = Path(__file__).parents[2] / "servers" / "oneroster_server.py"
CLIENT, SECRET = "portal-client", "s3cr3t/&=ä"
MODIFIED = "2027-01-05T08:00:00.000Z"

Records = dict[str, list[dict[str, Any]]]


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file of the good roster."""
    text = GOOD[f"{name}.csv"]
    assert isinstance(text, str)
    yield from csv.DictReader(io.StringIO(text))


def records(version: str = "1.1") -> Records:
    """The good roster as a server's records, written by the specification's names."""
    return {
        "academicSessions": [_record(row, parent=_ref(row["parentSourcedId"])) for row in rows("academicSessions")],
        "orgs": [_record(row, parent=_ref(row["parentSourcedId"])) for row in rows("orgs")],
        "courses": [_record(row, org=_ref(row["orgSourcedId"])) for row in rows("courses")],
        "classes": [_class(row) for row in rows("classes")],
        "users": [_user(row, version) for row in rows("users")],
        "enrollments": [_enrollment(row) for row in rows("enrollments")],
    }


def _record(row: dict[str, str], **more: Any) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if not name.endswith(("SourcedId", "SourcedIds"))}
    return {**kept, "status": "active", "dateLastModified": MODIFIED, **more}


def _ref(sourced_id: str) -> dict[str, str] | None:
    return {"href": f"https://sis.example/{sourced_id}", "sourcedId": sourced_id, "type": "x"} if sourced_id else None


def _refs(listed: str) -> list[dict[str, str] | None]:
    return [_ref(each) for each in listed.split(",") if each]


def _class(row: dict[str, str]) -> dict[str, Any]:
    grades, terms = row["grades"].split(","), _refs(row["termSourcedIds"])
    course, school = _ref(row["courseSourcedId"]), _ref(row["schoolSourcedId"])
    return _record(row, grades=grades, course=course, school=school, terms=terms, subjects=["Math"], periods=["1"])


def _user(row: dict[str, str], version: str) -> dict[str, Any]:
    orgs = _refs(row["orgSourcedIds"])
    user = _record(row, grades=[row["grades"]] if row["grades"] else [], agents=_refs(row["agentSourcedIds"]))
    user |= {"enabledUser": "true", "userIds": [{"type": "FED", "identifier": "x"}]}
    if version == "1.1":
        return {**user, "orgs": orgs}
    types = ("primary", *["secondary"] * (len(orgs) - 1))
    roles = [{"roleType": kind, "role": user["role"], "org": org} for kind, org in zip(types, orgs, strict=True)]
    return {**{name: value for name, value in user.items() if name != "role"}, "roles": roles, "pronouns": "they"}


def _enrollment(row: dict[str, str]) -> dict[str, Any]:
    references = {name: _ref(row[f"{name}SourcedId"]) for name in ("class", "school", "user")}
    return _record(row, **references, primary=row["primary"] or None)


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[str]:
    """A server with these oddities; its root address."""
    version = settings.setdefault("version", "1.1")
    path = folder / "settings.json"
    path.write_text(json.dumps({"records": records(version), **settings}))
    with subprocess.Popen([sys.executable, str(PROGRAM), str(path)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def source(address: str, **more: Any) -> RosterSource:
    """A source that is not saved, with the right credentials."""
    values = {"username": CLIENT, "secret": secrets.encrypt(SECRET), "token_address": f"{address}/oauth/token", **more}
    return RosterSource(kind=RosterSource.Kind.REST, **{"address": address, **values})


def read(path: Path, known: Known | None = None) -> Roster:
    """A roster by the one strict reader."""
    warnings = Warnings()
    with archive.opened(path, warnings) as files:
        return oneroster.read(files, warnings, lambda: known or Known())


def texts(fetched: Fetched) -> dict[str, str]:
    """The files of a roster by name."""
    warnings = Warnings()
    with archive.opened(fetched.path, warnings) as files:
        return {name: files.open(name).read().decode() for name in sorted(files.names)}

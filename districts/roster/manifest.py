"""The manifest: which files a roster has, and whether they are whole."""

from districts.roster.archive import MANIFEST, Archive
from districts.roster.csvfile import rows
from districts.roster.problems import Place, RosterRefused, Warnings

NEEDED = ("orgs", "classes", "users", "enrollments")
EXPECTED = ("academicSessions", "courses", "demographics")  # the vendor asks for them; a roster can do without
FILES = (*NEEDED, *EXPECTED)

Properties = dict[str, tuple[int, str]]


def read(archive: Archive, warnings: Warnings) -> frozenset[str]:
    """The files (names without .csv) that the manifest says are there in full. Raises RosterRefused."""
    if MANIFEST not in archive.names:
        raise _no_manifest(archive)
    properties = _properties(archive, warnings)
    _check_version(properties)
    whole = frozenset(name for name in FILES if _is_whole(name, properties))
    for name in NEEDED:
        if name not in whole:
            raise RosterRefused(
                Place(MANIFEST), f"It does not list {name}.csv, which is needed.", f"List it: file.{name},bulk."
            )
    for name in whole:
        if f"{name}.csv" not in archive.names:
            raise RosterRefused(
                Place(MANIFEST, properties[f"file.{name}"][0]),
                f"It lists {name}.csv, which is not there. Names are case-sensitive.",
                "Send all files that the manifest lists.",
            )
    for name in EXPECTED:
        if name not in whole:
            warnings.add(Place(MANIFEST), f"It says that there is no {name}.csv; what refers to it was not followed.")
    return whole


def _no_manifest(archive: Archive) -> RosterRefused:
    if any(name.endswith(".json") for name in archive.names):
        return RosterRefused(
            Place(MANIFEST),
            "It is missing. These are answers of a OneRoster REST server, not OneRoster 1.1 CSV.",
            "Send the CSV zip.",
        )
    old = " OneRoster 1.0 has none and is not supported." if "users.csv" in archive.names else ""
    return RosterRefused(Place(MANIFEST), f"It is missing.{old}", "Send OneRoster 1.1 CSV with its manifest.")


def _properties(archive: Archive, warnings: Warnings) -> Properties:
    found: Properties = {}
    with archive.open(MANIFEST) as file:
        for line, (name, value) in rows(file, MANIFEST, ("propertyName", "value"), warnings):
            if name in found:
                raise RosterRefused(Place(MANIFEST, line), "A property stands twice.", "Name each property once.")
            found[name] = line, value
    return found


def _check_version(properties: Properties) -> None:
    line, version = properties.get("oneroster.version", (0, ""))
    if version != "1.1":
        raise RosterRefused(
            Place(MANIFEST, line, "value"), "The oneroster.version is not 1.1.", "Send OneRoster 1.1 CSV."
        )


def _is_whole(name: str, properties: Properties) -> bool:
    line, mode = properties.get(f"file.{name}", (0, "absent"))
    if mode == "delta":
        raise RosterRefused(
            Place(MANIFEST, line, "value"),
            f"{name}.csv holds changes only (delta), and only full files are read.",
            "Send a full (bulk) roster.",
        )
    if mode not in ("bulk", "absent"):
        raise RosterRefused(
            Place(MANIFEST, line, "value"), f"file.{name} is none of absent, bulk, delta.", "Say bulk for a full file."
        )
    return mode == "bulk"

"""The manifest: of which version a roster is, which files it has, and of each whether it is full or tells changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts.roster.archive import MANIFEST, Archive
from districts.roster.csvfile import rows
from districts.roster.problems import Place, RosterRefused, Warnings

NEEDED = {
    "1.1": ("orgs", "classes", "users", "enrollments"),
    "1.2": ("orgs", "classes", "users", "roles", "enrollments"),
}
EXPECTED = ("academicSessions", "courses", "demographics")  # the vendor asks for them; a roster can do without
PROPERTIES = 1_000
CURE = gettext_noop("Send a manifest with the properties of OneRoster.")
MODES = ("bulk", "delta", "absent")
KINDS = {
    "orgs": ("school",),
    "classes": ("classroom",),
    "users": ("educator", "student"),
    "roles": ("role",),
    "enrollments": ("teacher", "enrollment"),
}

Properties = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Manifest:
    """`modes`: bulk or delta, of the files that are there (names without .csv). `version`: "1.1" or "1.2"."""

    version: str
    modes: Mapping[str, str]

    @property
    def is_of_changes(self) -> bool:
        return "delta" in self.modes.values()

    def is_whole(self, file: str) -> bool:
        """Whether a file is there in full."""
        return self.modes.get(file) == "bulk"

    @property
    def partial(self) -> frozenset[str]:
        """The kinds of records of which changes are told only."""
        files = {**KINDS, "roles": ()} if self.version == "1.1" else KINDS
        found = {kind for file, kinds in files.items() if not self.is_whole(file) for kind in kinds}
        if self.version == "1.1" and not self.is_whole("users"):
            found.add("role")
        return frozenset(found)


def read(archive: Archive, warnings: Warnings) -> Manifest:
    """What the manifest says of the files that are read here. Raises RosterRefused."""
    if MANIFEST not in archive.names:
        raise _no_manifest(archive)
    properties = _properties(archive, warnings)
    version = _version(properties)
    modes = {name: mode for name in (*NEEDED[version], *EXPECTED) if (mode := _mode(name, properties)) != "absent"}
    manifest = Manifest(version, modes)
    _check_needed(manifest, properties)
    _check_there(archive, manifest, properties)
    if not manifest.is_of_changes:
        _say_absent(manifest, warnings)
    return manifest


def _no_manifest(archive: Archive) -> RosterRefused:
    if any(name.endswith(".json") for name in archive.names):
        return RosterRefused(
            Place(MANIFEST),
            _("It is missing. These are answers of a OneRoster REST server, not OneRoster CSV."),
            _("Send the CSV zip."),
        )
    said = _("It is missing.")
    if "users.csv" in archive.names:
        said = _("It is missing. OneRoster 1.0 has none and is not supported.")
    return RosterRefused(Place(MANIFEST), said, _("Send OneRoster 1.1 or 1.2 CSV with its manifest."))


def _properties(archive: Archive, warnings: Warnings) -> Properties:
    found: Properties = {}
    with archive.open(MANIFEST) as file:
        for line, (name, value) in rows(file, MANIFEST, ("propertyName", "value"), warnings):
            if name in found:
                raise RosterRefused(Place(MANIFEST, line), _("A property stands twice."), _("Name each property once."))
            if len(found) == PROPERTIES:
                raise RosterRefused(
                    Place(MANIFEST, line),
                    _("There are more than {properties:,} properties.").format(properties=PROPERTIES),
                    _(CURE),
                )
            found[name] = line, value
    return found


def _version(properties: Properties) -> str:
    line, version = properties.get("oneroster.version", (0, ""))
    if version not in NEEDED:
        raise RosterRefused(
            Place(MANIFEST, line, "value"),
            _("The oneroster.version is neither 1.1 nor 1.2."),
            _("Send OneRoster 1.1 or 1.2 CSV."),
        )
    return version


def _mode(name: str, properties: Properties) -> str:
    line, mode = properties.get(f"file.{name}", (0, "absent"))
    if mode not in MODES:
        raise RosterRefused(
            Place(MANIFEST, line, "value"),
            _("file.{name} is none of absent, bulk, delta.").format(name=name),
            _("Say bulk for a full file, and delta for one of changes."),
        )
    return mode


def _check_needed(manifest: Manifest, properties: Properties) -> None:
    """A full roster has every file that is needed; users and roles, which 1.1 has in one, are told alike."""
    for name in NEEDED[manifest.version]:
        if name not in manifest.modes and not manifest.is_of_changes:
            raise RosterRefused(
                Place(MANIFEST),
                _("It does not list {name}.csv, which is needed.").format(name=name),
                _("List it: file.{name},bulk.").format(name=name),
            )
    if manifest.version != "1.1" and manifest.is_whole("users") is not manifest.is_whole("roles"):
        line = properties.get("file.roles", (0, ""))[0]
        raise RosterRefused(
            Place(MANIFEST, line, "value"),
            _("One of users.csv and roles.csv is full and the other is not."),
            _("Send both in full (bulk), or of both the changes (delta)."),
        )


def _check_there(archive: Archive, manifest: Manifest, properties: Properties) -> None:
    for name in manifest.modes:
        if f"{name}.csv" not in archive.names:
            raise RosterRefused(
                Place(MANIFEST, properties[f"file.{name}"][0]),
                _("It lists {name}.csv, which is not there. Names are case-sensitive.").format(name=name),
                _("Send all files that the manifest lists."),
            )


def _say_absent(manifest: Manifest, warnings: Warnings) -> None:
    for name in EXPECTED:
        if name not in manifest.modes:
            warnings.add(
                Place(MANIFEST),
                _("It says that there is no {name}.csv; what refers to it was not followed.").format(name=name),
            )

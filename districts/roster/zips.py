"""What makes a zip unsafe to read: asked of its table of contents, before anything in it is opened."""

import stat
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from districts.roster.problems import Place, RosterRefused

ENTRIES = 1_000
DIRECTORY_BYTES = 1_000_000
ZIPPED_BYTES = 200_000_000
BYTES = 500_000_000  # of all files that are read; a district of 500,000 students has about 250 million
RATIO = 100  # CSV is packed to a tenth, a bomb to a thousandth
RATIO_FROM = 10_000_000
END = b"PK\x05\x06"
END_SIZE = 22
COMMENT_LIMIT = 65_535


def check_directory(path: Path) -> None:
    """Looks at the zip's table of contents before anything reads it: its size is the first bomb."""
    end = _end_record(path)
    entries, size = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if path.stat().st_size > ZIPPED_BYTES or entries > ENTRIES or size > DIRECTORY_BYTES:
        raise RosterRefused(
            Place(path.name),
            _("The zip has more than {entries:,} files or {value} MB.").format(
                entries=ENTRIES, value=ZIPPED_BYTES // 1_000_000
            ),
            _("Send a roster's files only."),
        )


def check_entries(path: Path, zipped: zipfile.ZipFile) -> None:
    """Refuses a zip by what it lists: dangerous names, links, encryption, sizes, shared bytes."""
    entries, seen = zipped.infolist(), set()
    for entry in entries:
        reason = _danger(entry) or (_("The zip holds a name twice.") if entry.filename.lower() in seen else "")
        if reason:
            raise RosterRefused(
                Place(path.name),
                reason,
                _("Make it again, of the roster's files alone."),
            )
        seen.add(entry.filename.lower())
    if sum(entry.file_size for entry in entries) > BYTES:
        raise too_large(path.name)
    _check_overlap(path, entries)


def too_large(name: str) -> RosterRefused:
    return RosterRefused(
        Place(name),
        _("It unpacks to more than {value} MB.").format(value=BYTES // 1_000_000),
        _("Send a roster's files only."),
    )


def _end_record(path: Path) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - END_SIZE - COMMENT_LIMIT - 20))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise RosterRefused(Place(path.name), _("This is not a zip."), _("Send a zip or a folder of CSV files."))
    if b"PK\x06\x07" in tail[max(0, at - 20) : at]:
        raise RosterRefused(Place(path.name), _("The zip is of the kind for huge files."), _("Send an ordinary zip."))
    return tail[at:]


def _danger(entry: zipfile.ZipInfo) -> str:
    """What makes one entry unsafe, as a sentence, or nothing."""
    name = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in name:
        return _("The zip holds a file that wants to lie outside of it.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return _("The zip holds a link.")
    if entry.flag_bits & 0x1:
        return _("The zip is encrypted.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("The zip is packed in a way that is not read here.")
    if entry.file_size > RATIO_FROM and entry.file_size > RATIO * max(1, entry.compress_size):
        return _("The zip unpacks to more than {ratio} times its size.").format(ratio=RATIO)
    return ""


def _check_overlap(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """No two entries share bytes: one small block, listed many times, is a bomb."""
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise RosterRefused(
                Place(path.name), _("Files in the zip overlap."), _("Make it again, with another program.")
            )
        end = entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size

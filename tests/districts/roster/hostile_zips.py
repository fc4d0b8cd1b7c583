"""Zips that lie, hide, grow or are damaged."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.districts.roster.files import GOOD, RosterFiles
from tests.districts.roster.raw_zips import Entry, build, entries

Make = Callable[[Path], object]
good = RosterFiles()


def data(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def with_entry(name: bytes, content: bytes = b"x", **central: int) -> Make:
    """The good roster and one more entry."""
    return lambda path: path.write_bytes(build([*entries(dict(GOOD)), Entry(name, content, central=central)]))


def lying(file: str = "users.csv", *, local: bool = False, **told: int) -> Make:
    """The good roster, one of whose entries says what is not so."""

    def make(path: Path) -> None:
        listed = entries(dict(GOOD))
        entry = next(each for each in listed if each.name == file.encode())
        (entry.local if local else entry.central).update(told)
        path.write_bytes(build(listed))

    return make


def ending(**lies: int) -> Make:
    return lambda path: path.write_bytes(build(entries(dict(GOOD)), lies))


def cut(share: float) -> Make:
    """The good zip's first part; a negative share is a number of bytes from its end."""

    def make(path: Path) -> None:
        whole = good.zip(path).read_bytes()
        path.write_bytes(whole[: int(share)] if share < 0 else whole[: int(len(whole) * share)])

    return make


def flipped(seed: int) -> Make:
    def make(path: Path) -> None:
        whole = bytearray(good.zip(path).read_bytes())
        whole[random.Random(seed).randrange(len(whole))] ^= 1 << seed % 8
        path.write_bytes(bytes(whole))

    return make


def many(number: int, content: bytes = b"", times: int = 1) -> Make:
    def make(path: Path) -> None:
        one = Entry(b"", content, times=times)
        packed, truth = one.packed, one.truth
        told = {"method": 0 if times == 1 else 8, "crc": truth["crc"], "size": truth["size"], "packed": len(packed)}
        path.write_bytes(
            build([Entry(b"%d.csv" % each, packed, 0, local=told, central=told) for each in range(number)])
        )

    return make


def streamed(piece: bytes, times: int, file: str = "users.csv", first: bytes = b"") -> Make:
    """The good roster with one file that unpacks to a piece, many times over."""

    def make(path: Path) -> None:
        others = entries({name: GOOD[name] for name in GOOD if name != file})
        path.write_bytes(build([*others, Entry(file.encode(), first + piece, times=times)]))

    return make


def nested(depth: int) -> Make:
    def make(path: Path) -> None:
        streamed(b"\0" * 1_000_000, 20)(path)
        for _ in range(depth):
            inner = path.read_bytes()
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
                zipped.writestr("users.zip", inner)

    return make


def sharing(path: Path) -> None:
    """Every entry points at the same bytes."""
    listed = entries(dict(GOOD))
    for entry in listed:
        entry.central["at"] = 0
    path.write_bytes(build(listed))


def quoting(path: Path) -> None:
    """Each entry says that its bytes hold all entries after it as well."""
    listed = entries(dict(GOOD))
    for position, entry in enumerate(listed):
        entry.central["packed"] = sum(len(each.packed) + 60 for each in listed[position:])
    path.write_bytes(build(listed))


def small_by_its_word(path: Path) -> None:
    """100 MB that say they are one."""
    bomb = Entry(b"users.csv", bytes(1_000_000), times=100, central={"size": 1_000_000, "packed": 100_000})
    path.write_bytes(build([*entries({name: GOOD[name] for name in GOOD if name != "users.csv"}), bomb]))


def zip64(extra: bytes, **central: int) -> Make:
    def make(path: Path) -> None:
        listed = entries(dict(GOOD))
        listed[5].extra = extra
        listed[5].central.update(central)
        path.write_bytes(build(listed))

    return make


def located_in_zip64(path: Path) -> None:
    whole = build(entries(dict(GOOD)))
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(whole), 1)
    path.write_bytes(whole[:-22] + locator + whole[-22:])


def two_rosters(path: Path) -> None:
    listed = [
        Entry(f"{folder}/{each.name.decode()}".encode(), each.data) for folder in "ab" for each in entries(dict(GOOD))
    ]
    path.write_bytes(build(listed))


def spreadsheet(path: Path) -> None:
    path.write_bytes(build(entries({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})))


def gzipped(path: Path) -> None:
    import gzip

    path.write_bytes(gzip.compress(good.zip(path).read_bytes()))


def tarred(path: Path) -> None:
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo("users.csv")
        info.size = 4
        tar.addfile(info, io.BytesIO(b"a,b\n"))
    path.write_bytes(out.getvalue())


OUTSIDE = (
    *("../users.csv", "../../etc/passwd", "a/../../users.csv", "..\\users.csv", "a\\..\\..\\x.csv", "/etc/passwd"),
    *("\\users.csv", "//host/share/x.csv", "\\\\host\\share", "C:users.csv", "C:\\users.csv", "c:/users.csv", ".."),
    *("a/..", "users.csv\0.txt", "\0", "file:///etc/passwd", "users.csv:stream", "../" * 50 + "x"),
)
INSIDE = (
    *("__MACOSX/._users.csv", "__MACOSX/users.csv", "__MACOSX/manifest.csv", ".DS_Store", "Thumbs.db", "readme.txt"),
    *(
        "users.csv.bak",
        "./users.csv",
        "a/b/users.csv",
        "users.csv ",
        "%2e%2e/users.csv",
        "...",
        "..users.csv",
        "🌻.csv",
    ),
    *("empty/", "n" * 60_000, "users.csv/", "a/manifest.csv", "-rf", "$(id).csv", "orgs\u202evsc.csv"),
)
METHODS = (1, 6, 9, 12, 14, 20, 93, 95, 97, 98, 99)
BIG = 0xFFFFFFFF

REFUSED: dict[str, Make] = {
    **{f"a name outside, {name[:20]!r}": with_entry(name.encode()) for name in OUTSIDE},
    **{f"packing {method}": lying(method=method) for method in METHODS},
    **{f"the name twice, {name}": with_entry(name.encode()) for name in ("users.csv", "Users.csv", "MANIFEST.CSV")},
    "a name that is no text": with_entry(b"\xff\xfe.csv"),
    "a link": with_entry(b"link", b"/etc/passwd", mode=0o120777),
    "users as a link": lying(mode=0o120777),
    "encrypted": lying(flags=1),
    "encrypted strongly": lying(flags=0x41),
    "encrypted, the table of contents too": lying(flags=0x2041),
    "patched data": lying(flags=0x20),
    "too small by its word": lying(size=16),
    "of no size by its word": lying(size=0),
    "of two gigabytes by its word": lying(size=0x7FFFFFFF),
    "packed to nothing by its word": lying(packed=0),
    "packed to less by its word": lying(packed=20),
    "packed to more by its word": lying(packed=5_000_000),
    **{f"a wrong checksum of {file}": lying(file, crc=1) for file in GOOD if file != "courses.csv"},
    "bytes beyond the end": lying(at=0x7FFFFFFF),
    "bytes in the middle of others": lying(at=77),
    "bytes of another": lying(at=0),
    "stored by its word": lying(method=0),
    "one block for all": sharing,
    "blocks within blocks": quoting,
    "more entries by the end record": ending(count=65_535),
    "a table of contents of a gigabyte": ending(size=1_000_000_000),
    "a table of contents of nothing": ending(size=0, count=0),
    "a table of contents beyond the end": ending(at=0x7FFFFFFF),
    "the kind for huge files": located_in_zip64,
    "huge by an extra field": zip64(struct.pack("<HHQ", 1, 8, 1 << 60), size=BIG),
    "an extra field cut short": zip64(struct.pack("<HH", 1, 8), size=BIG),
    "an extra field without numbers": zip64(struct.pack("<HH", 1, 0), size=BIG, packed=BIG),
    "an extra field longer than it is": zip64(struct.pack("<HH", 1, 60_000)),
    "65,000 entries": many(65_000),
    "1,001 entries": many(1_001),
    "990 entries of half a megabyte": many(990, b"\0" * 10_000, 52),
    "a bomb of zeros": streamed(b"\0" * 1_000_000, 400),
    "a bomb of letters": streamed(b"a" * 1_000_000, 400),
    "a bomb of line breaks": streamed(b"\n" * 1_000_000, 9),
    "a bomb of empty rows": streamed(b'"",,,,,,,,,,,,,,,,,\n' * 10_000, 40, first=GOOD["users.csv"].encode()),
    "a bomb of one row": streamed(
        b"s1,,,true,north,student,a,,A,B,,,,,,,,\n" * 10_000, 20, first=GOOD["users.csv"].encode()
    ),
    "a bomb in the manifest": streamed(b"file.x,bulk\n" * 10_000, 70, "manifest.csv", GOOD["manifest.csv"].encode()),
    "a bomb that says it is small": small_by_its_word,
    "a zip in a zip": nested(1),
    "a zip in a zip, five deep": nested(5),
    "two rosters": two_rosters,
    **{f"the first {share:.0%}": cut(share) for share in (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)},
    **{f"without the last {count} bytes": cut(-count) for count in (1, 2, 10, 21, 22, 23, 60, 400)},
    "nothing": data(b""),
    "text": data(b"sourcedId,status\n"),
    "an empty zip": data(b"PK\x05\x06" + bytes(18)),
    "many empty zips": data((b"PK\x05\x06" + bytes(18)) * 5_000),
    "the mark of a zip alone": data(b"PK\x03\x04"),
    "an error page": data(b"<!doctype html><title>503</title>"),
    "a picture": data(b"\x89PNG\r\n\x1a\n" + bytes(200)),
    "a program": data(b"MZ" + bytes(500)),
    "another archive": data(b"7z\xbc\xaf\x27\x1c" + bytes(100)),
    "chance": data(random.Random(1).randbytes(100_000)),
    "gzip": gzipped,
    "tar": tarred,
    "a spreadsheet": spreadsheet,
}
HARMLESS: dict[str, Make] = {
    **{f"one more entry, {name[:20]!r}": with_entry(name.encode()) for name in INSIDE},
    "a bit larger by its word": lying(size=5_000),
    "a queue": with_entry(b"queue", mode=0o010644),
    "a device": with_entry(b"device", mode=0o020644),
    "a file for everybody's use": with_entry(b"tool", mode=0o104777),
    "another size in the entry's own record": lying(local=True, size=1, packed=1, crc=1),
    "something before the zip": lambda path: path.write_bytes(build(entries(dict(GOOD)), before=b"#!/bin/sh\n" * 9)),
    "a long comment": lambda path: path.write_bytes(build(entries(dict(GOOD)), comment=b"c" * 60_000)),
    "a file that is not listed and unpacks to much": with_entry(b"0.bin", bytes(9_000_000)),
    "stored, not packed": lambda path: path.write_bytes(build([Entry(e.name, e.data, 0) for e in entries(dict(GOOD))])),
}
EITHER: dict[str, Make] = {
    **{f"a bit flipped, {seed}": flipped(seed) for seed in range(30)},
    "another disk": ending(disk=7),
    "fewer entries by the end record": ending(count=1),
    "a comment longer than it is": ending(remark=500),
    "encrypted by the entry's own record": lying(local=True, flags=1),
    "packed otherwise by the entry's own record": lying(local=True, method=99),
}

"""Zips put together byte by byte, so that every field of them can lie."""

import struct
import zlib
from dataclasses import dataclass, field

Fields = dict[str, int]


@dataclass
class Entry:
    """One file of a zip, its data so many `times`. `central` and `local` say what the records claim instead."""

    name: bytes
    data: bytes = b""
    method: int = 8
    extra: bytes = b""
    times: int = 1
    central: Fields = field(default_factory=dict)
    local: Fields = field(default_factory=dict)

    @property
    def packed(self) -> bytes:
        """The packed bytes. A piece that repeats is packed once: pieces that end flushed can stand side by side."""
        if self.method != 8:
            return self.data
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        if self.times == 1:
            return packer.compress(self.data) + packer.flush()
        piece = packer.compress(self.data) + packer.flush(zlib.Z_FULL_FLUSH)
        return piece * self.times + b"\x03\x00"

    @property
    def truth(self) -> Fields:
        crc = 0
        for _ in range(self.times):
            crc = zlib.crc32(self.data, crc)
        sizes = {"packed": len(self.packed), "size": len(self.data) * self.times}
        return {"flags": 0x800, "method": self.method, "crc": crc, "mode": 0, **sizes}


def entries(files: dict[str, str | bytes]) -> list[Entry]:
    """The files of a roster as entries."""
    return [
        Entry(name.encode(), content.encode() if isinstance(content, str) else content)
        for name, content in files.items()
    ]


def build(listed: list[Entry], lies: Fields | None = None, *, before: bytes = b"", comment: bytes = b"") -> bytes:
    """A zip of the entries. `lies`: count, size, at, disk and remark (the comment's length) of the end record."""
    told, body, directory = lies or {}, bytearray(before), bytearray()
    for entry in listed:
        at = len(body)
        truth = entry.truth
        body += _local(entry, truth) + entry.packed
        directory += _central(entry, truth, at)
    start = len(body)
    counted = told.get("count", len(listed))
    end = struct.pack(
        "<4sHHHHLLH",
        b"PK\x05\x06",
        told.get("disk", 0),
        told.get("disk", 0),
        counted,
        counted,
        told.get("size", len(directory)),
        told.get("at", start),
        told.get("remark", len(comment)),
    )
    return bytes(body + directory) + end + comment


def _local(entry: Entry, truth: Fields) -> bytes:
    told = {**truth, **entry.local}
    fixed = struct.pack(
        *("<4sHHHHHLLLHH", b"PK\x03\x04", 20, told["flags"], told["method"], 0, 33),
        *(told["crc"], told["packed"], told["size"], len(entry.name), 0),
    )
    return fixed + entry.name


def _central(entry: Entry, truth: Fields, at: int) -> bytes:
    told = {**truth, **entry.central}
    fixed = struct.pack(
        *("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", 0x0314, 20, told["flags"], told["method"], 0, 33),
        *(told["crc"], told["packed"], told["size"], len(entry.name), len(entry.extra), 0, 0, 0),
        *(told["mode"] << 16, told.get("at", at)),
    )
    return fixed + entry.name + entry.extra

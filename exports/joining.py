"""Joins PDFs that Typst made of one template into one tagged PDF, part after part, at the memory of one part.

Libraries that join PDFs lose the tags that people who listen need, or hold everything at once. Typst writes plain
objects with a classic table, which is all that this reads; anything else raises NotTypst. What it writes packs its
objects (PDF 1.5 and later), since tags are most of a report.
"""

import re
import zlib
from collections.abc import Callable
from typing import BinaryIO

PACKED = 250  # objects in one stream
ENTRY = 8  # bytes of the table for one object: kind, place, index
CATALOG, PAGES, TREE, OUTLINES, INFO, METADATA, DOCUMENT = range(1, 8)  # numbers of what the parts share
FIRST = 8

PAREN = re.compile(rb"\\.|[()]", re.S)
REFERENCE = re.compile(rb"(?<![\d.])(\d+) 0 R|(/StructParents? )(\d+)")


class NotTypst(Exception):
    """A PDF is not as Typst writes it: another version of Typst may write another way."""


class Part:
    """One PDF, read whole."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offsets = _offsets(data)
        self.trailer = data[data.rindex(b"trailer") :]
        self.catalog = self.ref(self.trailer, b"Root")
        catalog = self.body(self.catalog)
        self.pages, self.tree = self.ref(catalog, b"Pages"), self.ref(catalog, b"StructTreeRoot")
        self.outlines, self.metadata = self.ref(catalog, b"Outlines"), self.ref(catalog, b"Metadata")
        self.info = self.ref(self.trailer, b"Info")
        self.shared = {
            self.catalog: CATALOG,
            self.pages: PAGES,
            self.tree: TREE,
            self.outlines: OUTLINES,
            self.info: INFO,
            self.metadata: METADATA,
        }

    def body(self, number: int) -> bytes:
        start, end = self.offsets[number]
        head = b"%d 0 obj\n" % number
        body = self.data[start:end]
        if not body.startswith(head) or b"endobj" not in body[-12:]:
            raise NotTypst(f"object {number}")
        return body[len(head) : body.rindex(b"\nendobj")]

    @staticmethod
    def ref(text: bytes, key: bytes) -> int:
        found = re.search(rb"/%s (\d+) 0 R" % key, text)
        if not found:
            raise NotTypst(key.decode())
        return int(found[1])


class Joined:
    """One PDF of several, written as they come; title and language are the first one's."""

    def __init__(self, file: BinaryIO) -> None:
        self.writer = _Writer(file)
        self.next = FIRST
        self.parts = 0
        self.kids: list[bytes] = []
        self.documents: list[bytes] = []
        self.parents: list[bytes] = []
        self.ids: list[bytes] = []
        self.bookmarks = 0
        self.first_bookmark = self.last_bookmark = 0
        self.waiting: bytes | None = None  # the last bookmark, until the next part says what comes after it
        self.roles = b""

    def add(self, data: bytes, *, is_front: bool = False) -> None:
        """Adds a PDF behind the others, or in front of them all; its bookmark comes last in any case."""
        part = Part(data)
        change = self._changer(part)
        outlines, tree = part.body(part.outlines), part.body(part.tree)
        first, last = part.ref(outlines, b"First"), part.ref(outlines, b"Last")
        [document] = _list(tree, rb"/K\[(.*?)\]")
        kids = change(_inside(part.body(part.pages), rb"/Kids\[(.*?)\]")).split(b" R")[:-1]
        self.kids = kids + self.kids if is_front else self.kids + kids
        self._note_tree(tree, change)
        self._link(first)
        for number in part.offsets:
            if number in part.shared:
                continue
            body = self._body(part, number, change)
            if number == document:
                body = body.replace(b"/S/Document", b"/S/Part").replace(b"/P %d 0 R" % TREE, b"/P %d 0 R" % DOCUMENT, 1)
                self.documents.insert(0 if is_front else self.parts, b"%d 0 R" % (self.next + number))
            if number == first and self.last_bookmark:
                body = body[:-2] + b"/Prev %d 0 R>>" % self.last_bookmark
            if number == last:
                self.waiting = body
            else:
                self.writer.add(self.next + number, body)
        self.last_bookmark = self.next + last
        self.bookmarks += int(_inside(outlines, rb"/Count (\d+)"))
        if not self.parts:
            self._begin(part, change)
        self.next = self.writer.pack(self.next + max(part.offsets) + 1)
        self.parts += 1

    def _body(self, part: Part, number: int, change: Callable[[bytes], bytes]) -> bytes:
        """An object's changed description, with its stream as it was."""
        body = part.body(number)
        head, mark, stream = body.partition(b"\nstream\n")
        return change(head) + mark + stream

    def _begin(self, part: Part, change: Callable[[bytes], bytes]) -> None:
        """The first part gives its title, its language and what it says of itself."""
        self.roles = _inside(part.body(part.tree), rb"(/RoleMap<<.*?>>)")
        for number, place in ((part.catalog, CATALOG), (part.info, INFO), (part.metadata, METADATA)):
            self.writer.add(place, self._body(part, number, change))

    def _link(self, first: int) -> None:
        """Chains the bookmarks of one part to those of the next."""
        if self.waiting is None:
            self.first_bookmark = self.next + first
        else:
            self.writer.add(self.last_bookmark, self.waiting[:-2] + b"/Next %d 0 R>>" % (self.next + first))

    def _note_tree(self, tree: bytes, change: Callable[[bytes], bytes]) -> None:
        """Which object stands for which page, and the names by which table cells know their headers."""
        nums = _inside(tree, rb"/Nums\[(.*?)\]")
        self.parents += [change(b"%s 0 R" % ref) for ref in re.findall(rb"\d+ (\d+) 0 R", nums)]
        if b"/IDTree" in tree:
            for name, ref in re.findall(rb"\((.*?)\)(\d+ 0 R)", _inside(tree, rb"/IDTree<</Names\[(.*?)\]")):
                self.ids.append(b"(%s%s)%s" % (self._prefix, name, change(ref)))

    @property
    def _prefix(self) -> bytes:
        return b"P%05d" % self.parts

    def _changer(self, part: Part) -> Callable[[bytes], bytes]:
        """Gives references and names in an object's description their new numbers; texts stay as they are."""
        shared, start, places, prefix = part.shared, self.next, len(self.parents), self._prefix

        def renumbered(found: re.Match[bytes]) -> bytes:
            if found[2]:
                return b"%s%d" % (found[2], places + int(found[3]))
            number = int(found[1])
            return b"%d 0 R" % shared.get(number, start + number)

        def changed(description: bytes) -> bytes:
            pieces, names = [], False
            for index, piece in enumerate(_texts(description)):
                if index % 2:
                    pieces.append(b"(" + prefix + piece[1:] if names else piece)
                else:
                    names = piece.endswith((b"/ID", b"/Headers[")) or (names and not piece)
                    pieces.append(REFERENCE.sub(renumbered, piece))
            return b"".join(pieces)

        return changed

    def end(self) -> None:
        """Writes what the parts share."""
        if self.waiting is None:
            raise NotTypst("nothing to join")
        add = self.writer.add
        add(self.last_bookmark, self.waiting)
        kids = b" R ".join(self.kids) + b" R"
        add(PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self.kids), kids))
        ends = (self.first_bookmark, self.last_bookmark, self.bookmarks)
        add(OUTLINES, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % ends)
        parts = b" ".join(self.documents)
        add(DOCUMENT, b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % (TREE, parts))
        add(TREE, self._tree())
        self.writer.end(self.writer.pack(self.next))

    def _tree(self) -> bytes:
        nums = b" ".join(b"%d %s" % each for each in enumerate(self.parents))
        ids = b"/IDTree<</Names[%s]>>" % b"".join(self.ids) if self.ids else b""
        return b"<</Type/StructTreeRoot%s/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d%s>>" % (
            self.roles,
            DOCUMENT,
            nums,
            len(self.parents),
            ids,
        )


class _Writer:
    """Writes objects as they come, and the table of where they are."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.table = bytearray()
        self.waiting: list[tuple[int, bytes]] = []
        self.file.write(b"%PDF-1.7\n%\x80\x80\x80\x80\n")

    def add(self, number: int, body: bytes) -> None:
        """Writes an object; one without a stream waits to be packed with others."""
        if body.endswith(b"endstream"):
            self._write(number, body)
        else:
            self.waiting.append((number, body))

    def pack(self, number: int) -> int:
        """Writes what waits in streams of objects, numbered from `number` on; the first number that is free then."""
        for start in range(0, len(self.waiting), PACKED):
            self._pack(number, self.waiting[start : start + PACKED])
            number += 1
        self.waiting = []
        return number

    def end(self, number: int) -> None:
        """Writes the table, as object `number`."""
        start = self.file.tell()
        self._note(number, b"\x01", start, 0)
        words = b"/Type/XRef/Size %d/W[1 5 2]/Root %d 0 R/Info %d 0 R" % (number + 1, CATALOG, INFO)
        self.file.write(b"%d 0 obj\n%s\nendobj\n" % (number, _stream(words, bytes(self.table))))
        self.file.write(b"startxref\n%d\n%%%%EOF" % start)

    def _write(self, number: int, body: bytes) -> None:
        self._note(number, b"\x01", self.file.tell(), 0)
        self.file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _pack(self, number: int, objects: list[tuple[int, bytes]]) -> None:
        starts, at = [], 0
        for index, (each, body) in enumerate(objects):
            starts.append(b"%d %d" % (each, at))
            self._note(each, b"\x02", number, index)
            at += len(body) + 1
        head = b" ".join(starts) + b"\n"
        words = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head))
        self._write(number, _stream(words, head + b"\n".join(body for _, body in objects)))

    def _note(self, number: int, kind: bytes, place: int, index: int) -> None:
        missing = (number + 1) * ENTRY - len(self.table)
        if missing > 0:
            self.table += bytes(missing)
        entry = kind + place.to_bytes(5, "big") + index.to_bytes(2, "big")
        self.table[number * ENTRY : (number + 1) * ENTRY] = entry


def _stream(words: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, 6)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (words, len(packed), packed)


def _offsets(data: bytes) -> dict[int, tuple[int, int]]:
    """Where each object begins and ends."""
    table = int(data[data.rindex(b"startxref") + 9 : -5])
    found = re.compile(rb"xref\n0 (\d+)\n").match(data, table)
    if not found:
        raise NotTypst("its table")
    rows = (data[start : start + 20] for start in range(found.end(), found.end() + 20 * int(found[1]), 20))
    starts = [(int(row[:10]), number) for number, row in enumerate(rows) if row[17:18] == b"n"]
    starts.sort()
    ends = [start for start, _ in starts[1:]] + [table]
    return {number: (start, end) for (start, number), end in zip(starts, ends, strict=True)}


def _inside(text: bytes, pattern: bytes) -> bytes:
    found = re.search(pattern, text, re.S)
    if not found:
        raise NotTypst(pattern.decode())
    return found[1]


def _list(text: bytes, pattern: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"(\d+) 0 R", _inside(text, pattern))]


def _texts(description: bytes) -> list[bytes]:
    """An object's description in pieces, every second of which is a text with its parentheses."""
    if b"(" not in description:
        return [description]
    pieces, depth, at = [], 0, 0
    for found in PAREN.finditer(description):
        if found[0] == b"(":
            if not depth:
                pieces.append(description[at : found.start()])
                at = found.start()
            depth += 1
        elif found[0] == b")":
            depth -= 1
            if not depth:
                pieces.append(description[at : found.end()])
                at = found.end()
    return [*pieces, description[at:]]

"""The records of one collection, page by page, of servers that clamp the limit or say nothing of their pages.

An empty page ends a collection. A short one alone does not: it may be a limit that the server clamps.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from districts.sources.errors import SourceError
from districts.sources.rest_server import Server
from districts.sources.web import NUMBER, Answer

WRAPPERS = {
    "orgs": ("orgs", "schools"),
    "schools": ("orgs", "schools"),
    "academicSessions": ("academicSessions",),
    "terms": ("academicSessions", "terms"),
    "courses": ("courses",),
    "classes": ("classes",),
    "users": ("users",),
    "students": ("users", "students"),
    "teachers": ("users", "teachers"),
    "enrollments": ("enrollments",),
}
USUAL_LIMIT = 100
STALE = 3  # pages in a row without anything new: some rows come twice when others come in before them
ROWS = 5_000_000  # of one collection, as many as a roster's file may have
BAD_REQUEST = frozenset({400, 422})

Record = dict[str, Any]


class NotThere(Exception):
    """The server has no such collection (404)."""


class FilterRefused(Exception):
    """The server does not take the filter (400, 422)."""


class Shifted(Exception):
    """The collection changed while it was paged through, so what was read is not one state of it."""


class Page(NamedTuple):
    """`total`: of the collection, None when the server does not say; `is_last`: by its Link header, None likewise."""

    records: list[Record]
    total: int | None
    is_last: bool | None


def pages(server: Server, collection: str, size: int, chosen: str = "") -> Iterator[list[Record]]:
    """Every record once, in pages. Raises NotThere, FilterRefused, Shifted and SourceError."""
    return _Paging(server, collection, size, chosen).pages()


class _Paging:
    def __init__(self, server: Server, collection: str, size: int, chosen: str) -> None:
        self.server, self.collection, self.size, self.chosen = server, collection, size, chosen
        self.seen: dict[int, int] = {}  # the record's hash by its sourcedId's: a district's fit into memory
        self.offset, self.total, self.stale = 0, -1, 0
        self.sizes: list[int] = []
        self.last = 0  # stands for the last record that came

    def pages(self) -> Iterator[list[Record]]:
        while page := self._next():
            self._note_total(page)
            fresh = [record for record in page.records if self._is_fresh(record)]
            if self.total < 0 and fresh and self._has_come_before(page.records[-1], fresh):
                raise Shifted  # it moved behind others, which then moved to where nobody asks for them any more
            yield fresh
            self.last = key_of(page.records[-1])
            self.offset += len(page.records)
            self.sizes.append(len(page.records))
            if self._is_over(page, len(fresh)):
                break
        else:
            self._check_end()
        self._check_all_came()

    def _next(self) -> Page | None:
        """The page at the offset, None past the end."""
        answer = self.server.get(self.collection, self._params())
        if answer.status in BAD_REQUEST and not self.offset and self.size > USUAL_LIMIT and not self.chosen:
            self.size = USUAL_LIMIT
            answer = self.server.get(self.collection, self._params())
        if answer.status != 200:
            self._check_is_past(answer)
            return None
        page = self._page(answer)
        return page if page.records else None

    def _params(self) -> dict[str, str | int]:
        params: dict[str, str | int] = {"limit": self.size, "offset": self.offset}
        return {**params, "filter": self.chosen} if self.chosen else params

    def _check_is_past(self, answer: Answer) -> None:
        """Some servers refuse an offset past the end; the first page says whether there is such a collection."""
        if self._may_be_past() and answer.status in (*BAD_REQUEST, 404):
            return
        if answer.status == 404 and not self.offset:
            raise NotThere(self.collection)
        if answer.status in BAD_REQUEST and self.chosen:
            raise FilterRefused
        raise self.server.refusal(self.collection, answer)

    def _may_be_past(self) -> bool:
        """Whether the pages before were all: by their total, or as the last was shorter than a page is."""
        whole = max(self.sizes[:-1], default=min(self.size, USUAL_LIMIT))
        return bool(self.sizes) and (self.offset >= self.total >= 0 or self.sizes[-1] < whole)

    def _note_total(self, page: Page) -> None:
        if page.total is not None:
            if self.total >= 0 and page.total != self.total:
                raise Shifted
            self.total = page.total

    def _is_fresh(self, record: Record) -> bool:
        """Whether it was not met yet. Raises Shifted when it was, and was another."""
        key, content = key_of(record), hash(json.dumps(record, sort_keys=True))
        if key in self.seen:
            if self.seen[key] != content:
                raise Shifted
            return False
        self.seen[key] = content
        return True

    def _has_come_before(self, record: Record, fresh: list[Record]) -> bool:
        """Whether a record came with an earlier page than that of the `fresh` ones."""
        return key_of(record) not in {key_of(each) for each in fresh}

    def _is_over(self, page: Page, fresh: int) -> bool:
        """Whether the server says so in both ways. Said in one way only, another page is asked for, to be sure."""
        if len(self.seen) > ROWS:
            raise SourceError(
                _("{host} has more than {rows:,} {collection}.").format(
                    host=self.server.host, rows=ROWS, collection=self.collection
                ),
                can_retry=False,
            )
        self.stale = 0 if fresh else self.stale + 1
        if self.stale and key_of(page.records[0]) == next(iter(self.seen)):
            return self._is_unpaged()
        if self.stale >= STALE:
            raise self._circle()
        return self.offset >= self.total >= 0 and page.is_last is True

    def _is_unpaged(self) -> bool:
        """After the first page came again: whether the server gives all at once, whatever it is asked for."""
        answer = self.server.get(self.collection, {**self._params(), "limit": 1, "offset": 0})
        if len(self.seen) == 1 or (answer.status == 200 and len(self._page(answer).records) > 1):
            return True
        raise self._circle()

    def _circle(self) -> SourceError:
        sentence = _("{host} gives the same page of {collection} again and again.").format(
            host=self.server.host, collection=self.collection
        )
        return SourceError(
            _("{sentence} Its operator must let it take the parameter offset.").format(sentence=sentence),
            can_retry=False,
        )

    def _page(self, answer: Answer) -> Page:
        return page_of(answer, self.collection, self.server.host)

    def _check_end(self) -> None:
        """Without a total, whether nothing follows the last record: asked from that one on, it ends the page."""
        if self.total >= 0 or not self.offset:
            return
        answer = self.server.get(self.collection, {**self._params(), "offset": self.offset - 1})
        records = self._page(answer).records if answer.status == 200 else []
        if not records or key_of(records[-1]) != self.last:
            raise Shifted

    def _check_all_came(self) -> None:
        """A full collection has as many records as it said; one of changes may say the number of all."""
        if not self.chosen and len(self.seen) < self.total:
            raise Shifted


def key_of(record: Record) -> int:
    """What stands for a record's sourcedId in memory."""
    return hash(repr(record.get("sourcedId")))


def page_of(answer: Answer, collection: str, host: str) -> Page:
    """One answer of 200. Raises SourceError, which never quotes it."""
    try:
        told = json.loads(answer.body.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        sentence = _(
            "{host} answers {collection} with something else than JSON, or broke off. Check the base address."
        ).format(host=host, collection=collection)
        raise SourceError(sentence, can_retry=True) from None
    found = [told[name] for name in WRAPPERS[collection] if name in told] if isinstance(told, dict) else []
    if len(found) != 1 or not isinstance(found[0], list) or not all(isinstance(each, dict) for each in found[0]):
        names = " or ".join(WRAPPERS[collection])
        raise SourceError(
            _("{host} answers {collection} without a list called {names}. Check the version.").format(
                host=host, collection=collection, names=names
            ),
            False,
        )
    total = answer.headers.get("X-Total-Count", "").strip()
    link = answer.headers.get("Link")
    is_last = None if link is None else 'rel="next"' not in link and "rel=next" not in link
    return Page(found[0], int(total) if NUMBER.fullmatch(total) else None, is_last)


def _refuse(constant: str) -> None:
    raise ValueError(_("JSON has no NaN and no Infinity"))


def _once(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError(_("a name stands twice"))
    return record

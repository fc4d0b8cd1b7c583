"""Paging that would end early, or miss who moved: better no roster than one that lacks students."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from districts.sources import rest_pages
from districts.sources.web import Answer

Rows = list[dict[str, Any]]


class Server:
    """A server in memory that says no totals. `answer` changes what it says of an offset."""

    host = "sis.example"

    def __init__(self, rows: int, clamp: int = 100) -> None:
        self.rows: Rows = [{"sourcedId": str(number)} for number in range(rows)]
        self.clamp, self.asked = clamp, 0
        self.answer: Callable[[int, Rows], Answer | None] = lambda offset, rows: None

    def get(self, collection: str, params: dict[str, Any]) -> Answer:
        self.asked += 1
        found = self.rows[params["offset"] :][: min(self.clamp, params["limit"])]
        return self.answer(params["offset"], self.rows) or said(200, found)

    def refusal(self, collection: str, answer: Answer) -> Exception:
        return AssertionError(f"{answer.status} was not the end")


def said(status: int, rows: Rows) -> Answer:
    return Answer(status, httpx.Headers(), json.dumps({"users": rows}).encode())


def everyone(server: Server) -> set[str]:
    pages = rest_pages.pages(server, "users", 100)  # type: ignore[arg-type]
    return {record["sourcedId"] for page in pages for record in page}


@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 250])
@pytest.mark.parametrize("clamp", [7, 50, 100])
def test_everyone_comes_however_small_the_pages_are(rows: int, clamp: int) -> None:
    assert len(everyone(Server(rows, clamp))) == rows


def test_an_empty_page_in_the_middle_is_not_the_end() -> None:
    server = Server(300)
    server.answer = lambda offset, rows: said(200, []) if offset == 200 else None
    with pytest.raises(rest_pages.Shifted):
        everyone(server)


def test_a_second_page_that_is_not_there_is_not_the_end_of_a_full_first() -> None:
    server = Server(300, clamp=50)
    server.answer = lambda offset, rows: said(404, []) if offset else None
    with pytest.raises(rest_pages.Shifted):
        everyone(server)


def test_rows_that_move_to_where_nobody_asks_any_more_are_noticed() -> None:
    server = Server(300)

    def turn(offset: int, rows: Rows) -> None:
        if server.asked == 2:
            rows[:] = rows[50:] + rows[:50]
            server.rows = rows

    def answer(offset: int, rows: Rows) -> Answer | None:
        turn(offset, rows)
        return said(200, server.rows[offset : offset + 100])

    server.answer = answer
    with pytest.raises(rest_pages.Shifted):
        everyone(server)

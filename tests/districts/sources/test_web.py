"""What a server may answer that no server should: each is a sentence, never an error that nobody foresaw."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from districts.sources import rest, web
from districts.sources.errors import SourceError
from tests.districts.sources.rest_servers import serving, source
from tests.districts.sources.test_rest import AT, hurried

__all__ = ("hurried",)

GIANT = "9" * 5_000


def fetch(folder: Path, **settings: Any) -> None:
    with serving(folder, **settings) as address:
        rest.fetch(source(address), folder, at=AT, full=True)


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_answers_that_cannot_be_unpacked_are_tried_again_later(packing: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="packs its answers in a way that cannot be unpacked") as refused:
        fetch(tmp_path, headers={"Content-Encoding": packing})
    assert refused.value.can_retry


def test_an_answer_that_trickles_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ANSWER_SECONDS", 0.3)
    with pytest.raises(SourceError, match="answers too slowly") as refused:
        fetch(tmp_path, trickles=0.02)
    assert refused.value.can_retry


@pytest.mark.parametrize("asked", [GIANT, "-1", "soon", ""], ids=("giant", "past", "word", "none"))
def test_a_pause_that_is_no_number_of_seconds_is_not_heeded(asked: str) -> None:
    answer = web.Answer(429, httpx.Headers({"Retry-After": asked}), b"")
    assert web._asked_pause(answer, 2.0, "Busy.") == 2.0


@pytest.mark.parametrize("asked", ["3600", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_long_pause_is_left_to_the_night(asked: str) -> None:
    answer = web.Answer(429, httpx.Headers({"Retry-After": asked}), b"")
    with pytest.raises(SourceError, match=r"Busy\. It asks to wait [0-9,]+ seconds") as refused:
        web._asked_pause(answer, 2.0, "Busy.")
    assert refused.value.can_retry


def test_a_number_of_records_without_end_is_not_heeded(tmp_path: Path) -> None:
    fetch(tmp_path, headers={"X-Total-Count": GIANT})


@pytest.mark.parametrize(
    "lasts", [10**400, "9" * 4_000, -5, "long", True], ids=("giant", "giant text", "past", "word", "yes")
)
def test_a_token_that_says_nonsense_of_its_end_is_used_until_it_is_refused(lasts: object, tmp_path: Path) -> None:
    fetch(tmp_path, lasts=lasts, token_requests=2)

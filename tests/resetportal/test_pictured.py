"""`make screenshots` takes a picture of every page that a reader opens by name."""

from collections.abc import Iterator, Mapping

from django.urls import resolve

from resetportal.demo_people import PASSWORD
from tests import pictured, screenshots
from tests.access import TABLE

FILES = ("_file", "_xlsx", "_download", "_pdf", "_json")
NAMELESS = ("/no-such-page/", "/style/")  # no address, and one of the demo alone
FRAGMENTS = ("board", "_board", "progress", "_waiting", "last_export")


def test_every_page_is_pictured_or_is_said_to_be_none() -> None:
    pages = {row.name for row in TABLE if row.method == "get" and is_a_page(row.name)}
    assert pages - shown() - set(pictured.NOT_PICTURED) == set()


def test_no_excuse_is_left_of_a_page_that_is_gone_or_pictured() -> None:
    assert set(pictured.NOT_PICTURED) <= {row.name for row in TABLE}
    assert set(pictured.NOT_PICTURED) & shown() == set()


def test_no_two_pictures_have_a_name_in_common() -> None:
    names = [name for pages in casts() for name in pages]
    assert len(set(names)) == len(names)


def test_the_pictures_know_the_demo_s_password() -> None:
    assert screenshots.PASSWORD == PASSWORD


def is_a_page(name: str) -> bool:
    return not name.endswith(FILES + FRAGMENTS) and not name.startswith(("admin:", "resets:api_"))


def casts() -> Iterator[Mapping[str, pictured.Way]]:
    for cast in (pictured.PAGES, pictured.AFTER_A_DEED, pictured.AFTER_THE_NIGHT):
        yield from cast.values()


def shown() -> set[str]:
    """The addresses' names that some picture shows."""
    return {name_of(way) for pages in casts() for way in pages.values()}


def name_of(way: pictured.Way) -> str:
    if not isinstance(way, str):
        return way.shows
    path = way.partition("?")[0]
    return "" if path in NAMELESS else resolve(path).view_name

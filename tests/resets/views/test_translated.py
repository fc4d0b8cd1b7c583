"""Every page, as each person who sees it, in a language that marks every text: what is left says no other language."""

from collections.abc import Mapping

import pytest

from tests.access import TABLE, WHO, Row
from tests.resets.views.marked import left_in_english, marked  # noqa: F401  (fixture)
from tests.test_access import page_of, path_of, sessions, values  # noqa: F401  (fixtures)

READERS = ("carmen", "maya", "dana", "sam")
SEEN = {"200", "286", "403", "409", "422"}
LEFT: frozenset[tuple[str, str, str]] = frozenset()
"""What is known to be left: who reads it, the address's name, the line. An entry that is mended has to go."""


def reads(who: str) -> list[Row]:
    """The addresses that show this person something."""
    return [row for row in TABLE if row.method == "get" and row.answers.split()[WHO.index(who)] in SEEN]


@pytest.mark.parametrize("who", READERS)
def test_every_text_of_every_page_is_asked_of_the_catalogue(
    who: str,
    marked: None,  # noqa: F811
    sessions: Mapping[str, str],  # noqa: F811
    values: dict[str, object],  # noqa: F811
) -> None:
    found = set()
    for row in reads(who):
        page = page_of(sessions[who], path_of(row.name, values), row.data)
        found |= {(who, row.name, line) for line in left_in_english(page)}
    assert found == {each for each in LEFT if each[0] == who}

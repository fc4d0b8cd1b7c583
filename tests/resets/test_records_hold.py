"""A records hold by hand."""

import io

import pytest
from django.core.management import CommandError, call_command

from resets import engine
from resets.models import HeldFor, Hold, Reset
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("night")


def hold(*words: str) -> str:
    said = io.StringIO()
    call_command("records_hold", "0620810", "--by", "Dana Whitfield", *words, stdout=said)
    return said.getvalue()


def test_a_held_district_is_not_reset(reset: Reset) -> None:
    assert "not reset until the hold is ended" in hold("--reason", "A request to inspect is open.")
    engine.run(reset.pk, worker="w1")
    reset.refresh_from_db()
    assert reset.held_for == HeldFor.RECORDS


def test_it_is_ended(cast: Cast) -> None:
    hold("--reason", "A request to inspect is open.")
    assert "is ended" in hold("--end")
    assert Hold.objects.get(district=cast.lakeside).ended_by == "Dana Whitfield"


def test_there_is_one_at_a_time(cast: Cast) -> None:
    hold("--reason", "A request to inspect is open.")
    with pytest.raises(CommandError, match="already"):
        hold("--reason", "Another one.")


@pytest.mark.parametrize(("words", "why"), [(("--end",), "on no records hold"), (("--reason", " "), "Say why")])
def test_it_says_what_is_wrong(cast: Cast, words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        hold(*words)

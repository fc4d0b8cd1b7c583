"""Names in every script: printed as they are, or named letter by letter, and never blank."""

import pytest

from exports import letters
from exports.letters import printable


@pytest.fixture
def pinned_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any font of its own."""
    monkeypatch.setattr(letters, "_machine", tuple)
    printable.cache_clear()


@pytest.mark.usefixtures("pinned_alone")
@pytest.mark.parametrize("name", ["O'Brien", "Siobhán", "Nguyễn Thảo", "Кузнецова", "Παπαδάκη", "Zoe\u0308", "Łódź"])
def test_the_pinned_fonts_print_latin_greek_and_cyrillic(name: str) -> None:
    assert printable(name) == (name, ())


@pytest.mark.usefixtures("pinned_alone")
@pytest.mark.parametrize(("name", "shown"), [("山田", "[U+5C71][U+7530]"), ("Robin 🌻", "Robin [U+1F33B]")])
def test_a_letter_that_no_font_has_is_named(name: str, shown: str) -> None:
    assert printable(name).text == shown
    assert "".join(printable(name).missing) in name


def test_a_mark_that_no_font_has_with_its_letter_is_named_beside_it(pinned_alone: None) -> None:
    assert printable("a\u0915") == ("a[U+0915]", ("\u0915",))


@pytest.mark.parametrize("letter", ["\x01", "\x7f", "\ue000", "\ufffe", "\u0378"])
def test_what_is_no_letter_is_named_whatever_a_font_shows_for_it(letter: str) -> None:
    assert printable(f"a{letter}b") == (f"a[{letters.named(letter)}]b", (letter,))


@pytest.mark.parametrize("command", ["\u202e", "\u2066", "\ufeff", "\u200b", "\u00ad", "\U000e0041"])
def test_commands_to_the_layout_are_left_out(command: str) -> None:
    assert printable(f"a{command}b") == ("ab", ())


def test_line_breaks_become_blanks() -> None:
    assert printable("a\nb\tc\u2028d").text == "a b c d"


def test_text_from_right_to_left_keeps_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_machine", lambda: (frozenset(range(0x5D0, 0x5EB)),))
    printable.cache_clear()
    assert printable("שירה (כהן)").text == "\u2068שירה (כהן)\u2069"
    printable.cache_clear()


def test_a_word_without_end_can_break() -> None:
    shown = printable("Kalanikapumanuolaokamanawa" * 12).text
    assert max(map(len, shown.split("\u200b"))) <= letters.LONGEST
    assert shown.replace("\u200b", "") == "Kalanikapumanuolaokamanawa" * 12


@pytest.mark.usefixtures("pinned_alone")
def test_of_very_many_missing_letters_the_first_are_named_and_all_counted() -> None:
    shown = printable("山" * 300)
    assert (shown.text.count("[U+5C71]"), shown.text.endswith("…"), len(shown.missing)) == (letters.AT_MOST, True, 300)


def test_a_letter_that_could_not_be_printed_after_all_is_named_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_FORBIDDEN", set())
    assert printable("Zoë").text == "Zoë"
    assert letters.forbid("ë")
    assert printable("Zoë").text == "Zo[U+00EB]"
    assert not letters.forbid("ë")
    letters._FORBIDDEN.clear()
    printable.cache_clear()

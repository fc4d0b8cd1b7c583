"""Which letters the fonts of this machine can print, and what stands in the place of one that they cannot.

A letter is printed when one font has all of its parts, or those of its composed or decomposed form. What no font has is
written as `[U+5C71]`, so that it is never printed blank.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import font_source_sans_pro
import typst

WEIGHTS = ("Regular", "Semibold", "Bold")
AT_MOST = 40  # placeholders of one text
ISOLATED = "\u2068{}\u2069"  # text from right to left, so that its neighbours stay where they are
LONGEST = 30  # letters of a word, before it may break anywhere
STEP = 5  # of such a word, from one place to break to the next
BREAK = "\u200b"
BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
COMMANDS = frozenset(  # to layout: invisible where it is not turned around by them
    map(chr, (0xAD, 0x180E, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x2070)))
) | frozenset(map(chr, (*range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))))
JOINERS = frozenset("\u200c\u200d")
UNSEEN = JOINERS | frozenset("\u200e\u200f\u061c") | frozenset(map(chr, range(0xFE00, 0xFE10)))


class Text(NamedTuple):
    """A text that can be printed, and the letters that it could not keep, each as often as it stood there."""

    text: str
    missing: tuple[str, ...] = ()


def files() -> list[Path]:
    """The pinned fonts: Latin, Greek and Cyrillic, the same on every machine."""
    folder = Path(font_source_sans_pro.font_directory)
    return [folder / f"SourceSansPro-{weight}.otf" for weight in WEIGHTS]


@lru_cache(maxsize=20_000)
def printable(text: str) -> Text:
    """A text as it can be printed, in one line."""
    if text.isascii() and text.isprintable() and len(text) <= LONGEST:
        return Text(text)
    missing: list[str] = []
    shown = "".join(_broken(_shown(cluster, missing) for cluster in _clusters(_plain(text))))
    if any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in shown):
        shown = ISOLATED.format(shown)
    return Text(shown, tuple(missing))


def named(letter: str) -> str:
    """A letter by its number: U+5C71."""
    return f"U+{ord(letter):04X}"


def forbid(text: str) -> bool:
    """Notes letters that could not be printed after all; whether that is news.

    Never a letter of ASCII, which every font has: such a one is named in the place of a mark on it.
    """
    new = {letter for letter in text if letter not in UNSEEN and not letter.isascii()} - _FORBIDDEN
    _FORBIDDEN.update(new)
    printable.cache_clear()
    return bool(new)


_FORBIDDEN: set[str] = set()


def _plain(text: str) -> str:
    spaced = "".join(" " if letter in BREAKS else letter for letter in text)
    return "".join(letter for letter in spaced if letter not in COMMANDS)


def _clusters(text: str) -> Iterator[str]:
    """A letter with the marks on it, and what is joined to it."""
    cluster = ""
    for letter in text:
        is_joined = letter in UNSEEN or unicodedata.category(letter).startswith("M") or cluster.endswith("\u200d")
        if cluster and not is_joined:
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def _shown(cluster: str, missing: list[str]) -> str:
    """The cluster, or as much of it as one font can print, with placeholders for the rest."""
    if _is_printable(cluster):
        return cluster
    kept = ""
    lost: list[str] = []
    for letter in cluster:
        if letter in UNSEEN:
            continue
        if not (lost and not kept) and _is_printable(kept + letter):  # marks go with a letter that is lost
            kept += letter
        else:
            lost.append(letter)
    before = len(missing)
    missing += lost
    places = [f"[{named(letter)}]" for letter in lost]
    return kept + "".join(places[: max(0, AT_MOST - before)]) + ("…" if before <= AT_MOST < len(missing) else "")


def _broken(clusters: Iterable[str]) -> Iterator[str]:
    """The same clusters, with places where a very long word may break."""
    for is_space, word in groupby(filter(None, clusters), str.isspace):
        listed = list(word)
        is_long = not is_space and sum(map(len, listed)) > LONGEST
        for place, cluster in enumerate(listed):
            yield BREAK + cluster if is_long and place and place % STEP == 0 else cluster


def _is_printable(cluster: str) -> bool:
    if any(letter in _FORBIDDEN or _has_no_shape(letter) for letter in cluster):
        return False
    if any(unicodedata.category(letter) == "Me" for letter in cluster):  # keycaps and rings, in no font with a base
        return False
    spellings = [set(_seen(unicodedata.normalize(form, cluster))) for form in ("NFC", "NFD")]
    spellings.append(set(_seen(cluster)))
    return any(spelling <= font for font in (_pinned(), *_others(cluster)) for spelling in spellings)


def _seen(text: str) -> Iterator[int]:
    return (ord(letter) for letter in text if letter not in UNSEEN)


def _has_no_shape(letter: str) -> bool:
    """Control characters, halves of pairs, private and unassigned ones: what a font shows for them is no letter."""
    return letter not in UNSEEN and unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"}


@cache
def _pinned() -> frozenset[int]:
    return frozenset.intersection(*map(_letters_of, files()))


def _others(cluster: str) -> tuple[frozenset[int], ...]:
    """The machine's fonts, which are opened when a letter needs them."""
    return () if set(_seen(cluster)) <= _pinned() else _machine()


@cache
def _machine() -> tuple[frozenset[int], ...]:
    fonts = typst.Fonts(include_embedded_fonts=False)
    found = dict.fromkeys((font.path, font.index) for font in fonts.fonts() if font.path)
    return tuple(dict.fromkeys(_letters_of(path, index) for path, index in found))


def _letters_of(path: str | Path, index: int = 0) -> frozenset[int]:
    from fontTools.ttLib import TTFont, TTLibError  # slow to load, and not needed by who only sets

    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError):
        return frozenset()

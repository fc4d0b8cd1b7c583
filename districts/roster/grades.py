"""Grades, from every spelling that rosters use to the product's own: PK, K, 1 to 12."""

import re
from functools import lru_cache

from districts.models import LearningEnvironment

GRADES = ("PK", "K", *map(str, range(1, 13)))  # as students move up
# CEDS: infant and toddler, preschool, prekindergarten, transitional kindergarten; PS is the years after school.
BEFORE_KINDERGARTEN = frozenset(
    {"it", "pr", "pk", "tk", "prek", "pre-k", "pre k", "prekindergarten", "pre-kindergarten", "preschool"}
)
KINDERGARTEN = frozenset({"k", "kg", "kindergarten", "grade k"})
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
WORDS = {word: str(number) for number, word in enumerate(ORDINALS.split(), 1)}
YOUNGER = frozenset({"PK", "K", "1", "2"})
NUMBERED = re.compile(r"(?:grade )?(0?[1-9]|1[0-2])(?:st|nd|rd|th)?(?: grade)?")


@lru_cache(maxsize=1000)
def grade(spelling: str) -> str:
    """The grade that a roster means: "KG" is K, "03" is 3; "" for none and for those past or outside school."""
    text = spelling.strip().lower()
    if text in BEFORE_KINDERGARTEN:
        return "PK"
    if text in KINDERGARTEN:
        return "K"
    if word := WORDS.get(text.removesuffix(" grade")):
        return word
    numbered = NUMBERED.fullmatch(text)
    return numbered.group(1).lstrip("0") if numbered else ""


def learning_environment(grade: str) -> str:
    """PreK-2 or 3+ by grade (PK, K, 1 to 12); "" for a student without a grade."""
    if not grade:
        return ""
    return str(LearningEnvironment.PREK_2 if grade in YOUNGER else LearningEnvironment.THREE_PLUS)

"""Words at the top of modules: each is asked of a catalogue, or stands here with the reason why not."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from districts.models import RosterFile, Rostering, RosterSync
from exports.models import ExportFile
from resets import bulk, bulk_page, dates, exports_page, permitted, syncs
from resets.models import Status
from resets.views import roster_verbs

ROOT = Path(__file__).parent.parent
APPS = ("resets", "exports", "districts")
MARKS = frozenset({"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "format_lazy"})
FOR_PROGRAMMERS = frozenset({"help_text", "verbose_name", "verbose_name_plural", "related_name", "name", "caption"})
SEVERAL_WORDS = re.compile(r"[A-Za-z]{2,}[,;.:]? [A-Za-z({]")
ONE_WORD = re.compile(r"[A-Z][a-z]{2,}(-[a-z]+)*\.?")
SQL = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|DO NOTHING|AT TIME ZONE|SET LOCAL|LEFT JOIN|WHEN|AND|ACCESS|WITHIN)\b"
    r"|pg_temp|, [a-z]\.| AS "
)

STAYS_ENGLISH = {
    "resets/certificate_": "Certificates: one signed text for whoever checks them.",
    "resets/management/": "The command line: read by engineers.",
    "resets/policy/speech.py": "What the rules speak by themselves, without a catalogue.",
    "exports/columns.py": "Headings of the Student Data Export are a format, which other programs read.",
    "exports/report_": "Student Progress reports are printed by a worker, the same for everybody.",
    "districts/activity/": "The API: read by programs.",
    "districts/api.py": "The API: read by programs.",
    "districts/management/": "The command line: read by engineers.",
    "districts/models/learning.py": "Said by Student Progress reports alone.",
    "districts/sample/": "Names of invented districts and people.",
}
"""Modules whose names begin so say nothing in the reader's language, and why."""

BY = "Stored: who did it."
KEPT = {
    "resets/bounces.py": (BY, {"the mail server"}),
    "resets/claims.py": ("Stored in the history.", {"Beginning", "Counting", "Deleting", "Counting again"}),
    "resets/correspondence.py": (BY, {"the portal"}),
    "resets/last_export.py": ("Stored: why.", {"Retry it, or have the district take back its last export."}),
    "resets/letter_fields.py": ("Filled into letters, which are a lead's words.", {"a day we do not know yet"}),
    "resets/people.py": ("Stored: what was done.", {"invitation sent"}),
    "resets/policy/guards.py": ("Callers name the CSM.", {"the district's CSM"}),
    "resets/telling.py": (BY, {"the portal"}),
    "resets/views/exports.py": ("A type of files.", {"text/csv; charset=utf-8"}),
    "exports/letters.py": ("Files of a font.", {"Bold", "Regular", "Semibold"}),
    "exports/typesetting.py": ("What a program says.", {'PDF/UA-1 error: the text .*?`"(.*?)"`'}),
    "exports/writers.py": (
        "Of the Student Data Export, which is a format; and what a program says.",
        {
            "About",
            "About this export",
            "Students",
            "The spreadsheet could not be written",
            r"(?:os error |code: )(\d+)",
        },
    ),
    "districts/letters.py": ("Mails are English.", {"See its rosters"}),
    "districts/models/organisations.py": ("Names of products.", {"Imagine Math", "Imagine Math Facts"}),
    "districts/models/sources.py": ("A name of OAuth's.", {"OAuth 2 client credentials"}),
    "districts/nightly.py": (
        "Stored: who did it, and why.",
        {
            "the nightly roster sync",
            "Reading it was cut short ",
            " times. An engineer should look why the worker ended.",
        },
    ),
    "districts/notices.py": (BY, {"the portal's mail"}),
    "districts/quantities.py": (
        "Keys: a noun by which its phrase is found.",
        {"pathway definition", "student account"},
    ),
    "districts/roster/grades.py": (
        "Words that rosters write for grades.",
        {"first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", "grade k", "pre k"},
    ),
    "districts/turns.py": ("For an engineer.", {"the turn that this worker has"}),
}
"""What else stays English: by module the reason, and the texts."""


def english(path: Path) -> list[str]:
    """Words at the top of a module, in its classes' bodies too, that no function of a catalogue is asked for."""
    tree = ast.parse(path.read_text())
    marks = {name.asname or name.name for name in imported(tree) if name.name in MARKS}
    return [text for text in said(tree, marks) if is_english(text)]


def imported(tree: ast.Module) -> Iterator[ast.alias]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from node.names


def said(node: ast.AST, marks: set[str]) -> Iterator[str]:
    """Every text that is made when the module is imported; of a function only what its arguments default to."""
    for child in heard(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id in marks:
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        yield from said(child, marks)


def heard(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not is_unheard(node, name, child):
                yield child


def is_unheard(node: ast.AST, name: str, child: ast.AST) -> bool:
    """Bodies of functions, annotations, captions, and what a model tells programmers alone."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return name != "args"
    if isinstance(node, ast.arguments):
        return name not in ("defaults", "kw_defaults")
    if is_of_programmers(node) or isinstance(node, ast.Subscript):
        return True
    if isinstance(child, ast.keyword):
        return child.arg in FOR_PROGRAMMERS
    return name == "annotation" or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant))


def is_of_programmers(node: ast.AST) -> bool:
    """`__all__`, or a name of a model that programmers alone see."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"__all__", *FOR_PROGRAMMERS}


def is_english(text: str) -> bool:
    return bool(SEVERAL_WORDS.search(text) or ONE_WORD.fullmatch(text)) and not SQL.search(text)


def modules() -> list[Path]:
    found = (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_top_of_a_module_says_nothing_that_is_not_of_the_catalogue() -> None:
    read = [path for path in modules() if not name_of(path).startswith(tuple(STAYS_ENGLISH))]
    found = {name_of(path): set(english(path)) for path in read}
    assert {name: texts for name, texts in found.items() if texts} == {name: texts for name, (_, texts) in KEPT.items()}


def test_no_text_of_the_catalogue_stands_in_an_f_string_where_makemessages_does_not_look() -> None:
    parts = (
        (path, part)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
    )
    asked = [(name_of(path), ast.unparse(part)) for path, part in parts if isinstance(part, ast.Call) and asks(part)]
    assert asked == []


def asks(call: ast.Call) -> bool:
    is_mark = isinstance(call.func, ast.Name) and call.func.id in MARKS | {"_"}
    return is_mark and any(isinstance(each, ast.Constant) for each in call.args)


def test_a_function_of_the_catalogue_has_a_name_that_makemessages_looks_for() -> None:
    names = {
        (name_of(path), alias.asname)
        for path in modules()
        for alias in imported(ast.parse(path.read_text()))
        if alias.name in MARKS and alias.asname not in (None, "_")
    }
    assert names == set()


@pytest.mark.parametrize("begins", STAYS_ENGLISH)
def test_what_stays_english_is_there(begins: str) -> None:
    assert any(english(path) for path in modules() if name_of(path).startswith(begins))


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ('WORDS = {"a": "Not known yet"}', ["Not known yet"]),
        ('WORDS = {"a": gettext_noop("Not known yet")}', []),
        ('WORDS = ("held", "Held")', ["Held"]),
        ('class Kind(TextChoices):\n    HELD = "held", "Held"', ["Held"]),
        ('class Kind(TextChoices):\n    HELD = "held", _lazy("Held")', []),
        (
            'class Form:\n    """Its caption is long."""\n    day = Field(label="The day", help_text="Of a model")',
            ["The day"],
        ),
        ('def say(words: "A type" = "By default") -> "A type":\n    return "Said when it is called"', ["By default"]),
        ('QUERY = "SELECT a day FROM them"\nKEY, FIELD = "a_key", "classSourcedId"', []),
        ('NOTES = (f"Not for {DAYS} days, or never",)', ["Not for ", " days, or never"]),
        ('__all__ = ["Advice", "Calendar"]', []),
    ],
)
def test_it_finds_what_no_catalogue_is_asked_for(source: str, left: list[str], tmp_path: Path) -> None:
    imports = "from django.utils.translation import gettext_lazy as _lazy, gettext_noop\n"
    module = tmp_path / "module.py"
    module.write_text(imports + source)
    assert english(module) == left


@pytest.mark.parametrize(
    ("table", "choices"),
    [
        (syncs._ENDED, RosterSync.Outcome),
        (permitted._STANDING, Status),
        (dates._ROSTERED, Rostering),
        (roster_verbs.STATES, RosterFile.State),
        (bulk_page.KINDS_OF_STATE, bulk.Outcome),
        (exports_page.STATES, ExportFile.State),
    ],
)
def test_a_table_of_words_has_one_for_every_choice(table: dict[Any, Any], choices: Iterable[Any]) -> None:
    assert set(table) == set(choices)

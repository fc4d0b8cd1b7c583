"""Watches the SQL of every test: a query on student data names its district, so that it stays in one leaf.

A plugin of pytest. Statements are watched from the first database fixture of a test to its end, on every connection
of this process; a test that sent an unkeyed one fails and shows it. Leaf tables, by their own names, are free.
"""

import re
from collections.abc import Callable, Generator
from functools import cache
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.signals import connection_created

VERBS = re.compile(r"\s*\(?\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|COPY|TRUNCATE|EXPLAIN|DECLARE|LOCK)\b", re.I)
KEY = r'"?district_id"?'
VALUE = r"(%s|%\(\w+\)s|\$\d+|'?\d+'?(::\w+)?)"
PAIR = re.compile(rf'\(((?:"?\w+"?\.)?){KEY},[^()]*\)\s*=\s*\({VALUE},', re.I)  # (district_id, id) = (7, 12)
CONSTANT = re.compile(rf"{KEY}\s*=\s*\(?{VALUE}|{VALUE}\)?\s*=\s*(\S+\.)?{KEY}", re.I)


class Watch:
    """The unkeyed statements of the test that runs now."""

    def __init__(self) -> None:
        self.is_on = False
        self.found: list[str] = []

    def __call__(self, execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: Any) -> Any:
        if self.is_on:
            words = statement if isinstance(statement, str) else statement.as_string(context["cursor"].cursor)
            if fault := unkeyed(words):
                self.found.append(f"{fault} in: {words[:500]}")
        return execute(statement, params, many, context)


WATCH = Watch()


@cache
def parents() -> re.Pattern[str]:
    """A partitioned table of student data as a statement names it, with its alias: districts_student, never _d7."""
    from districts import shards

    names = "|".join(shards.parent(model) for model in shards.MODELS)
    return re.compile(
        rf'(?P<before>\bFROM|\bJOIN|\bUPDATE|\bINTO|\bUSING|\bONLY|\bTABLE|\bTRUNCATE|\bCOPY|,)\s+(?:"?public"?\.)?'
        rf'"?(?P<table>{names})"?(?![\w"])(?:\s+(?:AS\s+)?"?(?P<alias>(?!WHERE|ON|SET|USING|INNER|LEFT|JOIN|GROUP'
        rf'|ORDER|LIMIT|VALUES|IN|FOR|CROSS|FULL|RIGHT|DEFAULT|RETURNING|UNION|TO\b)\w+)"?)?',
        re.I,
    )


def unkeyed(statement: str) -> str:
    """What is wrong with a statement, or an empty string: a table of student data without its district's equality."""
    if not VERBS.match(statement):
        return ""
    statement = PAIR.sub(r"\1district_id = \2 AND (", statement)
    tables = list(parents().finditer(statement))
    conditions = _after_set(statement)
    for each in tables:
        named = _names_its_key(each, statement) if _inserts(each) else _is_keyed(each, conditions, len(tables) == 1)
        if not named:
            return f"{each['table']} without its district_id"
    if tables and not CONSTANT.search(conditions) and not _inserts(tables[0]):
        return f"{tables[0]['table']} without one district's district_id"
    return ""


def _after_set(statement: str) -> str:
    """An UPDATE from its WHERE on: what it sets is no condition."""
    if not re.match(r"\s*UPDATE\b", statement, re.I):
        return statement
    where = re.search(r"\bWHERE\b", statement, re.I)
    return statement[where.end() :] if where else ""


def _inserts(table: re.Match[str]) -> bool:
    return table["before"].upper() == "INTO"


def _names_its_key(table: re.Match[str], statement: str) -> bool:
    return bool(re.match(rf"\s*\([^)]*{KEY}", statement[table.end() :]))


def _is_keyed(table: re.Match[str], conditions: str, alone: bool) -> bool:
    name = re.escape(table["alias"] or table["table"])
    own = rf'"?{name}"?\.{KEY}'
    if re.search(rf"{own}\s*=|=\s*\(?{own}", conditions, re.I):
        return True
    return alone and bool(re.search(rf"(?<![.\w\"]){KEY}\s*=", conditions, re.I))


def _watch_new(sender: object, connection: Any, **more: object) -> None:
    if WATCH not in connection.execute_wrappers:
        connection.execute_wrappers.append(WATCH)


connection_created.connect(_watch_new, dispatch_uid="keyed queries")


@pytest.fixture(autouse=True)
def keyed_queries() -> None:
    """Starts the watch, after the test database was made."""
    for each in connections.all(initialized_only=True):
        _watch_new(None, each)
    _watch_new(None, connection)
    WATCH.found, WATCH.is_on = [], True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fails a test that sent an unkeyed query, in its fixtures or itself."""
    result = yield
    if WATCH.found:
        pytest.fail("Student data was asked without its district:\n" + "\n".join(WATCH.found), pytrace=False)
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Ends the watch, before Django empties the tables."""
    WATCH.is_on = False

"""A reader: a process with a connection of its own that asks and notes how long each answer took.

Knows no Django, so that its process is light.
"""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import psycopg2

PAUSE_SECONDS = 0.002  # between two questions, so that the reader is a person's page and not a load

Question = tuple[str, Sequence[Any]]


class Answer(NamedTuple):
    """When a question was asked, by `time.monotonic`, and how long its answer took, in seconds."""

    asked: float
    seconds: float


class Reader:
    """The process's answers so far, once it has been told to stop."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []

    def between(self, begun: float, ended: float) -> list[float]:
        """Seconds of the answers that were waited for at some time between two moments."""
        return [each.seconds for each in self.answers if each.asked < ended and each.asked + each.seconds > begun]


@contextmanager
def reading(parameters: dict[str, Any], questions: Sequence[Question]) -> Iterator[Reader]:
    """Somebody asks these questions meanwhile; the reader's answers are there at the end."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=ask, args=(parameters, questions, there), daemon=True)
    process.start()
    here.recv()
    reader = Reader()
    try:
        yield reader
    finally:
        here.send("stop")
        reader.answers = here.recv()
        process.join()


def ask(parameters: dict[str, Any], questions: Sequence[Question], parent: Connection) -> None:
    """Asks again and again until told to stop. Runs in the reader's process."""
    answers: list[Answer] = []
    with psycopg2.connect(**parameters) as own, own.cursor() as cursor:
        own.autocommit = True
        _all(cursor, questions)
        parent.send("ready")
        while not parent.poll():
            answers += _all(cursor, questions, until=parent)
    parent.recv()
    parent.send(answers)


def _all(cursor: Any, questions: Sequence[Question], until: Connection | None = None) -> list[Answer]:
    """One round of questions, broken off when `until` has something to say."""
    answers = []
    for sql, parameters in questions:
        begun = time.monotonic()
        cursor.execute(sql, parameters)
        cursor.fetchall()
        answers.append(Answer(begun, time.monotonic() - begun))
        if until and until.poll(PAUSE_SECONDS):
            break
    return answers

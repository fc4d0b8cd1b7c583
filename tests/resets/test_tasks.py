"""Celery only wakes code up: what its messages hold, and what its absence costs."""

import inspect
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from districts import tasks as roster_tasks
from exports import tasks as file_tasks
from resetportal.celery import app
from resets import tasks
from resets.models import Reset, Status

OTHERS = (
    roster_tasks.sync_due_rosters,
    roster_tasks.sweep,
    roster_tasks.send_notices,
    file_tasks.tick,
    file_tasks.sweep,
    tasks.send_letters,
)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What would be sent to workers, instead of sending it."""
    messages: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks.run, "delay", lambda *args: messages.append(args))
    return messages


@pytest.mark.usefixtures("night")
def test_the_tick_sends_ids_and_nothing_else(reset: Reset, sent: list[tuple[Any, ...]]) -> None:
    tasks.tick()
    due = Reset.objects.order_by("due_from").values_list("pk", flat=True)
    assert sent == [(pk,) for pk in due]


def test_a_tick_before_the_hour_wakes_nobody(reset: Reset, sent: list[tuple[Any, ...]]) -> None:
    tasks.tick()
    assert sent == []


@pytest.mark.usefixtures("night")
def test_a_tick_that_finds_redis_gone_loses_nothing(reset: Reset, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.run, "delay", gone)
    with pytest.raises(OperationalError):
        tasks.tick()
    found: list[int] = []
    monkeypatch.setattr(tasks.run, "delay", found.append)
    tasks.tick()
    assert reset.pk in found


@pytest.mark.usefixtures("night")
def test_a_finished_run_wakes_what_has_a_place_now(reset: Reset, sent: list[tuple[Any, ...]]) -> None:
    reset.season.first_wave = reset.season.runs_at_once = 1
    reset.season.save()
    first = Reset.objects.order_by("due_from").first()
    assert first is not None
    tasks.run(first.pk)
    assert sent == [(reset.pk,)]


@pytest.mark.usefixtures("night")
def test_a_message_delivered_twice_runs_once(reset: Reset, sent: list[tuple[Any, ...]]) -> None:
    tasks.run(reset.pk)
    reset.refresh_from_db()
    once = reset.claim
    tasks.run(reset.pk)
    reset.refresh_from_db()
    assert (reset.status, reset.claim) == (Status.COMPLETED, once)


@pytest.mark.django_db
def test_a_message_for_a_reset_that_is_not_there_does_nothing(sent: list[tuple[Any, ...]]) -> None:
    tasks.run(2**62)
    assert sent == []


def test_tasks_take_ids_alone() -> None:
    taken = {task.name: list(inspect.signature(task.run).parameters) for task in (tasks.tick, tasks.run)}
    assert taken == {"resets.tasks.tick": [], "resets.tasks.run": ["reset_id"]}


def test_celery_keeps_no_results_and_promises_nothing() -> None:
    kept = {name: app.conf[name] for name in ("result_backend", "task_ignore_result", "task_acks_late")}
    assert kept == {"result_backend": None, "task_ignore_result": True, "task_acks_late": False}
    assert list(app.conf.accept_content) == ["json"]


def test_beat_asks_what_is_due_and_sends_nothing_along() -> None:
    schedule = app.conf.beat_schedule
    known = {tasks.tick.name, *(task.name for task in OTHERS)}
    assert {entry["task"] for entry in schedule.values()} == known
    assert not any(entry.get("args") or entry.get("kwargs") or entry.get("options") for entry in schedule.values())

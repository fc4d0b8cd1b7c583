"""manage.py run_due_resets: the nightly job by hand."""

from io import StringIO

import pytest
from celery.app.task import Task
from django.core.management import CommandError, call_command
from pytest_django import Settings

from resets.models import Reset, Status
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("night")


def run_due_resets(*arguments: str) -> str:
    out = StringIO()
    call_command("run_due_resets", *arguments, stdout=out)
    return out.getvalue().strip()


def status(reset: Reset) -> str:
    reset.refresh_from_db()
    return str(reset.status)


def test_it_runs_what_is_due(reset: Reset) -> None:
    assert run_due_resets() == "2 completed, 0 held, 0 still to do."
    assert status(reset) == Status.COMPLETED


def test_it_drains_a_night_that_has_a_first_wave(reset: Reset) -> None:
    reset.season.first_wave = reset.season.runs_at_once = 1
    reset.season.save()
    assert run_due_resets("--drain") == "2 completed, 0 held, 0 still to do."


def test_without_drain_it_leaves_what_has_no_place_yet(reset: Reset) -> None:
    reset.season.first_wave = reset.season.runs_at_once = 1
    reset.season.save()
    assert run_due_resets() == "1 completed, 0 held, 0 still to do."
    assert Reset.objects.filter(status=Status.SCHEDULED).count() == 1


def test_it_runs_what_was_due_at_a_time_that_has_passed(reset: Reset, cast: Cast) -> None:
    assert run_due_resets("--at", "2027-07-28T05:30:00+00:00") == "1 completed, 0 held, 0 still to do."
    assert status(reset) == Status.SCHEDULED
    assert Reset.objects.get(district=cast.quarry).status == Status.COMPLETED


def test_it_refuses_a_time_that_lies_ahead(reset: Reset) -> None:
    with pytest.raises(CommandError, match="W10"):
        run_due_resets("--at", "2027-07-28T08:06:00+00:00")
    assert status(reset) == Status.SCHEDULED


def test_the_demo_may_look_ahead(reset: Reset, settings: Settings) -> None:
    settings.DEMO = True
    assert run_due_resets("--at", "2027-08-01T00:00:00+00:00") == "2 completed, 0 held, 0 still to do."


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("tonight", "is no time"),
        ("2027-07-28", "has no offset"),
        ("2027-07-28T08:00:00", "has no offset"),
        ("2027-02-30T08:00:00+00:00", "is no time"),
    ],
)
def test_it_refuses_what_is_no_moment(reset: Reset, given: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run_due_resets("--at", given)


def test_it_refuses_to_reset_one_school(reset: Reset) -> None:
    with pytest.raises(CommandError, match="W7"):
        run_due_resets("--school", "School 1")
    assert status(reset) == Status.SCHEDULED


def test_it_needs_no_redis(reset: Reset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Task, "apply_async", lambda *args, **options: pytest.fail("A message was sent."))
    run_due_resets("--drain")
    assert status(reset) == Status.COMPLETED

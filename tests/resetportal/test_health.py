"""Health: a process that is up says so without a database; readiness names what is missing."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from resets.models import Tick


def tick(*, seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - make_interval(secs => %s)", [seconds_ago])
        Tick.objects.create(ticked_at=cursor.fetchone()[0], ticked_by="worker-1")


def test_it_is_up_without_a_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_it_is_ready_when_everything_works(client: Client) -> None:
    tick(seconds_ago=60)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok", "scheduler": "ok"})


@pytest.mark.django_db
def test_it_is_not_ready_when_nobody_looked_for_three_ticks(client: Client) -> None:
    tick(seconds_ago=182)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["scheduler"].startswith("last ran 182 s ago")


@pytest.mark.django_db
def test_it_is_not_ready_before_the_first_tick(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["scheduler"]) == (503, "never ran")


@pytest.mark.django_db
def test_it_is_not_ready_without_a_broker(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (503, "unreachable")


@pytest.mark.django_db
def test_no_answer_is_stored(client: Client) -> None:
    assert client.get("/readyz")["Cache-Control"] == "no-store"

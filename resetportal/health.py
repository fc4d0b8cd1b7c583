"""Answers for those who watch over the portal: is this process up, and can the whole do its work?"""

import redis
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.backoff import NoBackoff
from redis.retry import Retry

LATE_TICKS = 3  # so many may be missed before somebody should look
BROKER_PATIENCE_SECONDS = 1


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers as long as the process does.

    It asks no database, so that a slow one does not get every web process restarted.
    """
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Whether database, broker and scheduler work: 200 when all do, else 503 with what does not.

    Pages need neither broker nor scheduler, so do not take web out of service by this answer: wake a person.
    """
    findings = {"database": database(), "broker": broker()}
    findings["scheduler"] = scheduler() if findings["database"] == "ok" else "unknown"
    well = all(finding == "ok" for finding in findings.values())
    return JsonResponse(findings, status=200 if well else 503)


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def broker() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_PATIENCE_SECONDS,
        socket_timeout=BROKER_PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),  # the client's own patience is four seconds of retries
    )
    try:
        with client:
            client.ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"


def scheduler() -> str:
    """Whether somebody looked for due resets in the last few ticks, by the database's clock."""
    table = connection.ops.quote_name(apps.get_model("resets", "Tick")._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT extract(epoch FROM statement_timestamp() - ticked_at) FROM {table}")  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        return "never ran"
    age = int(row[0])
    return "ok" if age <= LATE_TICKS * settings.TICK_SECONDS else f"last ran {age} s ago"

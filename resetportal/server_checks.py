"""System checks of the database server: `manage.py check --database default`, and each time migrate runs.

A server that logs statements would keep the names of children whom the portal has deleted.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.apps import apps as all_apps
from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from resetportal.checks import wrong

Apps = Sequence[AppConfig] | None

# What a server must answer to SHOW, and what to write into its configuration
SILENCE = {
    "log_statement": ({"none"}, "none"),
    "log_min_duration_statement": ({"-1"}, "-1"),
    "log_min_duration_sample": ({"-1"}, "-1"),
    "log_transaction_sample_rate": ({"0"}, "0"),
    "log_min_error_statement": ({"fatal", "panic"}, "panic"),
    "log_error_verbosity": ({"terse"}, "terse"),
    "log_parameter_max_length_on_error": ({"0"}, "0"),
}
PRELOADS = ("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries")
FEWEST_LOCKS = 1024
OLDEST_VERSION = 180000


def show(connection: BaseDatabaseWrapper, name: str) -> str:
    """A setting of the server, as this connection has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


@register(Tags.database)
def check_silence(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The server's log never holds a statement, and so no child's name."""
    return [
        wrong(
            20,
            f"{name} = {value}: the server's log may hold students' names.",
            f"Set {name} = {cure} in postgresql.conf and reload it.",
        )
        for alias in databases or []
        for name, (allowed, cure) in SILENCE.items()
        if (value := show(connections[alias], name)) not in allowed
    ]


@register(Tags.database)
def check_explain(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """auto_explain writes whole statements into the log."""
    return [
        wrong(
            21,
            f"{name} loads auto_explain, which logs statements and the names in them.",
            f"Take auto_explain out of {name} and restart the server.",
        )
        for alias in databases or []
        for name in PRELOADS
        if "auto_explain" in show(connections[alias], name)
    ]


@register(Tags.database)
def check_locks(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A query that meets many districts' leaf tables takes a lock on each."""
    return [
        wrong(
            22,
            f"max_locks_per_transaction = {value}: too few for a night of many districts.",
            f"Set max_locks_per_transaction = {FEWEST_LOCKS} or more and restart the server.",
        )
        for alias in databases or []
        if (value := int(show(connections[alias], "max_locks_per_transaction"))) < FEWEST_LOCKS
    ]


@register(Tags.database)
def check_deadlocks(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A reset that waits for a table must outwait deadlock_timeout, after which autovacuum gives way."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'deadlock_timeout'")
            if cursor.fetchone()[0] >= settings.LOCK_TIMEOUT_MS:
                cure = "Set LOCK_TIMEOUT_MS above the server's deadlock_timeout (1000 unless changed)."
                found.append(wrong(23, "A reset gives up waiting before autovacuum gives way.", cure))
    return found


@register(Tags.database)
def check_version(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What the portal does with partitions is tried on PostgreSQL 18."""
    return [
        wrong(
            24,
            f"The server is PostgreSQL {show(connections[alias], 'server_version')}.",
            "Use PostgreSQL 18 or later.",
        )
        for alias in databases or []
        if int(show(connections[alias], "server_version_num")) < OLDEST_VERSION
    ]


@register(Tags.database)
def check_clock(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A database whose clock was moved is a demo's, and no real districts belong into it."""
    clock = all_apps.get_model("resetportal", "DemoClock")
    table = clock._meta.db_table
    for alias in databases or []:
        exists = table in connections[alias].introspection.table_names()
        if not settings.DEMO and exists and clock.objects.using(alias).exclude(offset_seconds=0).exists():
            return [
                wrong(
                    2,
                    "This database is a demo's: its clock was moved.",
                    "Use another DATABASE_URL, or DEMO=True.",
                )
            ]
    return []

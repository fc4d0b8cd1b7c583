"""System checks of this machine's settings. Each says what is wrong; its hint is the cure.

What is asked of the database server is in `server_checks`.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from resets import signing

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
SHORTEST_KEY = 50
MOST_SECONDS_OF_A_TICK = 60

Apps = Sequence[AppConfig] | None


def wrong(number: int, sentence: str, cure: str) -> Error:
    return Error(sentence, hint=cure, id=f"resetportal.E{number:03}")


@register
def check_demo(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A clock that anybody can move must not decide when real districts lose their data."""
    if settings.DEMO and not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        return [
            wrong(
                1,
                "The demo, whose clock anybody can move, is served to other machines.",
                "Set DEMO=False, or ALLOWED_HOSTS=localhost,127.0.0.1.",
            ),
        ]
    return []


@register
def check_failpoints(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Named points where a run can be made to fail are for tests."""
    if settings.FAILPOINTS and not (settings.EMBEDDED or settings.DEBUG):
        return [wrong(3, "FAILPOINTS would make resets fail on purpose.", "Remove FAILPOINTS from the environment.")]
    return []


@register
def check_rhythm(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Tick, lease and lock time-out fit each other."""
    found: list[CheckMessage] = []
    if settings.TICK_SECONDS <= 0 or settings.LEASE_SECONDS < settings.TICK_SECONDS:
        found.append(
            wrong(
                4,
                "A lease ends before the next tick: a step that still works would be taken over.",
                "Set LEASE_SECONDS to TICK_SECONDS or more, and both above 0.",
            ),
        )
    if settings.LOCK_TIMEOUT_MS > settings.LEASE_SECONDS * 1000:
        found.append(
            wrong(
                5,
                "A step may wait for a lock longer than its lease holds.",
                "Set LOCK_TIMEOUT_MS to no more than LEASE_SECONDS x 1000.",
            ),
        )
    if settings.TICK_SECONDS > MOST_SECONDS_OF_A_TICK:
        found.append(
            checks.Warning(
                "Resets start late: the portal looks less than once a minute for what is due.",
                hint="Set TICK_SECONDS to 60 or less.",
                id="resetportal.W001",
            ),
        )
    return found


@register
def check_ledger(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The record outside the database can be written, else no reset could prove that it happened."""
    path = Path(settings.LEDGER_PATH)
    writable = os.access(path if path.exists() else path.parent, os.W_OK)
    if not path.is_absolute() or path.is_dir() or not writable:
        return [
            wrong(
                6,
                f"The ledger {path} cannot be written.",
                "Set LEDGER_PATH to the full path of a file in a folder that the portal may write.",
            ),
        ]
    return []


@register
def check_folders(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Rosters, and the files that districts keep, have a folder until they end."""
    folders = ((15, "ROSTER_FILES", "Rosters"), (19, "EXPORT_FILES", "Districts' files"))
    return [found for each in folders for found in _folder(*each)]


def _folder(number: int, name: str, what: str) -> list[CheckMessage]:
    """Made where it is missing, for nobody else to enter."""
    path = Path(getattr(settings, name))
    if path.is_absolute():
        with suppress(OSError):
            path.mkdir(mode=0o700, exist_ok=True)
    if path.is_absolute() and path.is_dir() and os.access(path, os.W_OK | os.X_OK):
        return []
    cure = f"Set {name} to the full path of a folder that web and workers share and may write."
    return [wrong(number, f"{what} cannot be kept in {path}.", cure)]


@register
def check_secrets_keys(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """What opens districts' roster sources can be encrypted, and read again."""
    try:
        keys = [Fernet(key.strip()) for key in settings.SECRETS_KEYS]
    except ValueError:
        keys = []
    if not keys:
        return [
            wrong(
                16,
                "One of SECRETS_KEYS is not a key.",
                "Make one: python -c 'from cryptography.fernet import Fernet; "
                "print(Fernet.generate_key().decode())', and keep the old ones after it, separated by commas.",
            ),
        ]
    return []


@register
def check_certificates(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Certificates can be signed, and say truly for how long backups are kept: without one no reset completes."""
    found: list[CheckMessage] = []
    try:
        signing.listed()
    except signing.BadKey as bad:
        make = "import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())"
        found.append(wrong(17, str(bad), f"Make one: python -c '{make}', and keep the old ones after it."))
    if settings.BACKUP_DAYS < 1:
        found.append(
            wrong(
                18,
                "Certificates would say that backups are kept for no day.",
                "Set BACKUP_DAYS to the number of days for which backups of the database are kept, 1 or more.",
            ),
        )
    return found


@register
def check_secret_key(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Sessions and links are signed with a key that nobody can guess."""
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < 10 or key.startswith("django-insecure"):
        return [
            wrong(
                7,
                "SECRET_KEY can be guessed.",
                "Make one: python -c 'import secrets; print(secrets.token_urlsafe(64))'",
            ),
        ]
    return []


@register
def check_celery(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Celery wakes code up and keeps nothing: late acknowledgement loses work or does it three times."""
    from resetportal.celery import app

    conf = app.conf
    if (
        conf.result_backend
        or conf.task_acks_late
        or set(conf.accept_content) != {"json"}
        or not conf.task_ignore_result
    ):
        return [
            wrong(
                8,
                "Celery keeps results, acknowledges late or reads more than JSON.",
                "Leave the configuration as resetportal/celery.py has it.",
            ),
        ]
    return []


@register
def check_time(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Moments are UTC everywhere; a date is a district's own."""
    from resetportal.celery import app

    if not settings.USE_TZ or settings.TIME_ZONE != "UTC" or str(app.conf.timezone) != "UTC":
        return [wrong(9, "The portal's time is not UTC.", 'Set USE_TZ = True and TIME_ZONE = "UTC", for Celery too.')]
    return []


@register
def check_hosts(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Links in mail lead to this portal, and it answers to its own names alone."""
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS or not all(settings.ALLOWED_HOSTS):
        found.append(wrong(10, "The portal answers to any name.", "List its names in ALLOWED_HOSTS, without a star."))
    if (urlsplit(settings.BASE_URL).hostname or "") not in {host.strip("[]") for host in settings.ALLOWED_HOSTS}:
        found.append(
            wrong(
                11,
                "BASE_URL names a host that the portal does not answer to.",
                "Set BASE_URL to its address (https://resets.example), with the same name in ALLOWED_HOSTS.",
            ),
        )
    return found


@register
def check_real_installation(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Served to other machines, the portal shows no debugging pages and speaks https."""
    found: list[CheckMessage] = []
    if set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        return found
    if settings.DEBUG:
        found.append(wrong(12, "DEBUG shows settings and rows to anybody who meets an error.", "Set DEBUG=False."))
    if not settings.BASE_URL.startswith("https://"):
        found.append(wrong(13, "Passwords would travel in the clear.", "Set BASE_URL to an https:// address."))
    return found


@register
def check_limits(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Limits on guessing passwords hold for all processes, and when Redis is away."""
    if not settings.CACHES["default"]["BACKEND"].endswith("db.DatabaseCache"):
        return [
            wrong(
                14,
                "Limits on guessing passwords are not kept in the database.",
                'Set the default cache to "django.core.cache.backends.db.DatabaseCache".',
            ),
        ]
    return []

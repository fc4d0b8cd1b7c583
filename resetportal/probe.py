"""`python -m resetportal.probe web|worker|scheduler`: what docker-compose.yml asks of a container's health.

Exits 0 when well. A worker is well when it answers; the scheduler when due resets were looked for in the last
ticks, whoever did it: liveness is judged by progress in the database.
"""

import os
import socket
import sys
import urllib.request
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resetportal.settings")


def web() -> bool:
    """Whether the page's own process answers, under its own name, as it would from outside."""
    from django.conf import settings

    headers = {"Host": settings.ALLOWED_HOSTS[0], "X-Forwarded-Proto": "https"}
    request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers=headers)
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
        return bool(answer.status == 200)


def worker() -> bool:
    """Whether this machine's worker answers over the broker."""
    from resetportal.celery import app

    name = f"celery@{socket.gethostname()}"
    return bool(app.control.ping(destination=[name], timeout=5))


def scheduler() -> bool:
    import django

    django.setup()
    from resetportal import health

    return health.scheduler() == "ok"


PROBES: dict[str, Callable[[], bool]] = {"web": web, "worker": worker, "scheduler": scheduler}

if __name__ == "__main__":
    sys.exit(0 if PROBES[sys.argv[1]]() else 1)

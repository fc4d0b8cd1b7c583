"""The Celery app and beat's schedule: Celery wakes code up, PostgreSQL knows what is due.

Messages carry ids only and are acknowledged early. There is no result backend, no countdown and no chord,
so that losing Redis delays a reset by one tick and loses nothing.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resetportal.settings")

from django.conf import settings

app = Celery("resetportal")
app.conf.update(
    accept_content=["json"],
    beat_max_loop_interval=min(settings.TICK_SECONDS, 60),
    beat_schedule={
        "tick": {"task": "resets.tasks.tick", "schedule": settings.TICK_SECONDS},
        "rosters": {"task": "districts.tasks.sync_due_rosters", "schedule": settings.TICK_SECONDS},
        "sweep": {"task": "districts.tasks.sweep", "schedule": 3600.0},
        "exports": {"task": "exports.tasks.tick", "schedule": settings.TICK_SECONDS},
        "exports_sweep": {"task": "exports.tasks.sweep", "schedule": 300.0},
        "letters": {"task": "resets.tasks.send_letters", "schedule": settings.TICK_SECONDS},
        "notices": {"task": "districts.tasks.send_notices", "schedule": settings.TICK_SECONDS},
    },
    beat_scheduler="celery.beat:Scheduler",  # in memory: PostgreSQL knows what is due, not a file
    broker_connection_max_retries=None,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    broker_transport_options={"max_retries": 0, "socket_connect_timeout": 2, "socket_timeout": 5},
    broker_url=settings.CELERY_BROKER_URL,
    enable_utc=True,
    result_backend=None,
    task_acks_late=False,
    task_ignore_result=True,
    task_publish_retry=False,
    task_serializer="json",
    timezone="UTC",
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
)
app.autodiscover_tasks()

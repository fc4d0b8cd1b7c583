"""Who and when: every `..._at` has its `..._by`, a name that outlives the person."""

from datetime import datetime

from django.db import models
from django.db.models import Q


def both_or_neither(stem: str) -> models.CheckConstraint:
    """Who and when belong together: `<stem>_at` and `<stem>_by` are both set or both null."""
    at, by = f"{stem}_at__isnull", f"{stem}_by__isnull"
    return models.CheckConstraint(
        condition=Q(**{at: True, by: True}) | Q(**{at: False, by: False}),
        name=f"%(class)s_{stem}_at_and_by",
    )


def who() -> "models.CharField[str | None, str | None]":
    """A person or a job, by the name it had then."""
    return models.CharField(max_length=200, null=True, blank=True)


def when() -> "models.DateTimeField[datetime | str | None, datetime | None]":
    return models.DateTimeField(null=True, blank=True)

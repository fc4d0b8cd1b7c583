"""Setting the way in which a district's rosters come: one verb, which knows who, and keeps what is secret so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts import nights
from districts.models import RosterSource
from districts.sources import secrets

Kind = RosterSource.Kind
PLACE = ("kind", "address", "username", "host_key", "token_address", "signing")
"""Where a secret is sent, and as whose: another place needs it entered again, else it would be sent to whoever asks."""

WAY = (
    "kind", "address", "folder", "username", "host_key", "version", "signing", "token_address", "scopes",
    "page_size", "takes_changes",
)  # fmt: skip
NIGHT = ("sync_hour",)
THRESHOLDS = ("removal_percent", "school_percent", "school_students")
NEEDS_SECRET = (Kind.SFTP, Kind.REST)


class SecretNeeded(Exception):
    """The place changed, or there is no secret yet: it must be entered. The message says so."""


@transaction.atomic
def set_source(*, source: RosterSource, way: Mapping[str, Any], secret: str, by: object, at: datetime) -> RosterSource:
    """Sets where rosters come from, when, and the safeguards' thresholds.

    `way`: any of WAY, NIGHT and THRESHOLDS; what does not belong to its kind is emptied by the caller. `secret`: plain,
    "" keeps the one that is there. Raises SecretNeeded; nothing is changed then.
    """
    source = RosterSource.objects.select_for_update(of=("self",)).select_related("district").get(pk=source.pk)
    before = {name: getattr(source, name) for name in (*WAY, *NIGHT)}
    for name in (*WAY, *NIGHT, *THRESHOLDS):
        setattr(source, name, way.get(name, getattr(source, name)))
    _set_secret(source, secret, has_moved=any(before[name] != getattr(source, name) for name in PLACE))
    if any(before[name] != getattr(source, name) for name in WAY):
        source.changed_from = None  # what another place, or another way, had given says nothing about this one
    source.set_at, source.set_by = at, str(by)[:200]
    changed = any(before[name] != getattr(source, name) for name in ("kind", *NIGHT))
    source.save(update_fields=[*WAY, *NIGHT, *THRESHOLDS, "secret", "changed_from", "set_at", "set_by"])
    if changed:
        nights.schedule(source, at=at)
    return source


def _set_secret(source: RosterSource, secret: str, *, has_moved: bool) -> None:
    if source.kind not in NEEDS_SECRET:
        source.secret = ""
    elif secret:
        source.secret = secrets.encrypt(secret)
    elif has_moved or not source.secret:
        raise SecretNeeded(_("Enter the secret again: it is kept for the address and the user it was entered with."))

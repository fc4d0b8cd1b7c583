"""Tokens of the learning platform: random, kept as a hash, expiring, each under a name of its own."""

import re
from datetime import datetime, timedelta

from django.db import transaction
from knox.models import AuthToken

from resetportal.models import Role, User

NAME = re.compile(r"[a-z0-9](-?[a-z0-9]){0,39}")
NOWHERE = "platform.invalid"  # accounts are known by an address; no mail reaches this one
MOST_DAYS = 730


class NameRefused(Exception):
    """A token cannot have this name; the message says why and what to do."""


@transaction.atomic
def issue(name: str, *, days: int) -> tuple[str, datetime]:
    """A new token under a name, and the moment (UTC) at which it expires. Those already issued stay in use.

    Raises NameRefused. The token itself is kept nowhere.
    """
    if not NAME.fullmatch(name):
        raise NameRefused("Name a token in up to 40 small letters, digits and single hyphens, such as platform-2027.")
    holder, _ = User.objects.get_or_create(
        email=_address(name), defaults={"name": name, "role": Role.PLATFORM, "password": "!"}
    )
    User.objects.filter(pk=holder.pk, is_active=False).update(is_active=True)
    made, token = AuthToken.objects.create(user=holder, expiry=timedelta(days=days))
    return str(token), made.expiry


@transaction.atomic
def revoke(name: str) -> int:
    """How many tokens of a name are no longer good, from now on. Raises NameRefused if there never was one."""
    holder = User.objects.filter(email=_address(name), role=Role.PLATFORM).first()
    if holder is None:
        raise NameRefused("No token was ever issued under this name.")
    User.objects.filter(pk=holder.pk).update(is_active=False)
    _, deleted = AuthToken.objects.filter(user=holder).delete()
    return int(deleted.get("knox.AuthToken", 0))


def _address(name: str) -> str:
    return f"{name}@{NOWHERE}"

"""When somebody signed in last, by the portal's clock: Django's own does not know the demo's."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from resetportal import clock
from resetportal.models import User

DJANGOS = "update_last_login"  # of two receivers with this name Django keeps one
user_logged_in.disconnect(dispatch_uid=DJANGOS)


@receiver(user_logged_in, dispatch_uid=DJANGOS)
def note_last_sign_in(sender: Any, user: User, **about: Any) -> None:
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])

"""Accounts of people, as a CSM lead deals with them: invited by mail, disabled, enabled. Nobody is ever deleted."""

from datetime import datetime
from typing import Any

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import District
from resets import letter_mail, typed
from resets.services import NotPossible

LEADS = "csm_lead"
INVITED = ("csm", "csm_lead", "district_admin")  # an engineer is added by an engineer, with `manage.py add_person`
WAS_INVITED, WAS_DISABLED, WAS_ENABLED, WAS_SENT = "invited", "disabled", "enabled", "invitation sent"


@transaction.atomic
def invite(
    *, email: str, name: str, role: str, district: District | None, phone: str = "", by: Any, at: datetime
) -> Any:
    """An account without a password, whose owner sets one by the link of `send_invitation`. Raises NotPossible."""
    _only_a_lead(by)
    if role not in INVITED:
        raise NotPossible(_("An engineer adds engineers."))
    if (role == "district_admin") != (district is not None):
        raise NotPossible(_("A district admin belongs to one district; nobody else does."))
    if not typed.is_line(name):
        raise NotPossible(_("A name is one line, without letters that nobody sees."))
    people = get_user_model().objects
    if people.filter(email__iexact=email).exists():
        raise NotPossible(_("Somebody signs in with that address already."))
    person = people.create_user(email, None, name=name, role=role, district=district, phone=phone)
    _note(person, WAS_INVITED, by, at, flag=ADDITION)
    return person


def send_invitation(*, person: Any, by: Any, again_at: datetime | None = None) -> None:
    """Mails the link by which somebody sets a password; it works once, for some days. Raises NotPossible, OSError.

    `again_at`: now, where it is not the first one, which the invitation itself tells.
    """
    if obstacle := obstacle_to("invite", person, by):
        raise NotPossible(obstacle)
    tokens = app_settings.PASSWORD_RESET_TOKEN_GENERATOR()
    key = {"uidb36": user_pk_to_url_str(person), "key": tokens.make_token(person)}
    path = reverse("account_reset_password_from_key", kwargs=key)
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    context = {"person": person, "by": by, "url": f"{settings.BASE_URL}{path}", "days": days}
    mail = EmailMultiAlternatives(
        subject=letter_mail.one_line(_("%(by)s invites you to Reset Portal") % {"by": by}),
        body=render_to_string("emails/invitation.txt", context),
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("emails/invitation.html", context), "text/html")
    mail.send()
    if again_at:
        _note(person, WAS_SENT, by, again_at)


@transaction.atomic
def disable(*, person: Any, by: Any, at: datetime) -> None:
    """Keeps somebody from signing in, and ends the sessions that they have. Raises NotPossible."""
    _change(person, "disable", by, at, is_active=False, words=WAS_DISABLED)


@transaction.atomic
def enable(*, person: Any, by: Any, at: datetime) -> None:
    """Lets somebody sign in again, with the password that they had. Raises NotPossible."""
    _change(person, "enable", by, at, is_active=True, words=WAS_ENABLED)


def _change(person: Any, verb: str, by: Any, at: datetime, *, is_active: bool, words: str) -> None:
    person = _locked_with_the_leads(person, by)
    if obstacle := obstacle_to(verb, person, by):
        raise NotPossible(obstacle)
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    _note(person, words, by, at)


def _locked_with_the_leads(person: Any, by: Any) -> Any:
    """The row, locked with every lead's: of two leads who disable each other at one moment, the second is refused.

    So whoever disables somebody is an active lead still, and one is left who opens a season and lets people in.
    Whoever gives districts to a CSM locks her row too (`bulk_csm`), so that no disabled one looks after any.
    """
    people = get_user_model().objects.select_for_update(no_key=True)  # so that rows that name them can be written
    rows = people.filter(Q(pk=person.pk) | Q(role=LEADS)).order_by("pk")
    locked = {row.pk: row for row in rows}
    doer = locked.get(by.pk)
    if doer and not doer.is_active:
        raise NotPossible(_("Your own account was disabled meanwhile."))
    return locked[person.pk]


def obstacle_to(verb: str, person: Any, by: Any, *, districts: int | None = None) -> str:
    """Why this cannot be done with somebody's account; empty when it can. `districts`: how many she looks after."""
    if getattr(by, "role", "") != LEADS:
        return _("A CSM lead invites and disables people.")
    if person.role not in INVITED:
        return _("An engineer’s account is an engineer’s to change.")
    if verb == "invite":
        return _to_invite(person)
    if verb == "enable":
        return _("It is not disabled.") if person.is_active else ""
    return _to_disable(person, by, person.districts.count() if districts is None else districts)


def _to_invite(person: Any) -> str:
    if not person.is_active:
        return _("The account is disabled: enable it first.")
    if person.has_usable_password():
        return _("%(person)s has a password already: “Forgot your password?” makes another.") % {"person": person}
    return ""


def _to_disable(person: Any, by: Any, districts: int) -> str:
    if not person.is_active:
        return _("It is disabled already.")
    if person.pk == by.pk:
        return _("Nobody disables their own account.")
    if districts:
        said = _("%(person)s looks after %(districts)s. Give them to somebody else first.")
        return said % {"person": person, "districts": _counted(districts)}
    return ""


def _counted(districts: int) -> str:
    return _("1 district") if districts == 1 else _("%(number)s districts") % {"number": f"{districts:,}"}


def _only_a_lead(by: Any) -> None:
    if getattr(by, "role", "") != LEADS:
        raise NotPossible(_("A CSM lead invites and disables people."))


def _note(person: Any, words: str, by: Any, at: datetime, *, flag: int = CHANGE) -> None:
    """Who did it and when, in the log of the admin pages."""
    kind = ContentType.objects.get_for_model(get_user_model())
    LogEntry.objects.create(
        user=by, content_type=kind, object_id=str(person.pk), object_repr=str(person)[:200],
        action_flag=flag, change_message=words, action_time=at,
    )  # fmt: skip

"""Who gets a district's letters."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from districts.models import District

NOBODY = _("Nobody in the district gets letters. Add a contact on its page.")


def of(district: District) -> list[dict[str, Any]]:
    """The district's admins who can sign in, and its contacts that get letters; an address once."""
    people: dict[str, dict[str, Any]] = {}
    for admin in district.admins.filter(is_active=True).order_by("pk"):
        people.setdefault(admin.email.lower(), {"person": admin, "name": admin.name, "address": admin.email})
    for contact in district.contacts.filter(gets_letters=True):
        people.setdefault(contact.email.lower(), {"name": contact.name, "address": contact.email})
    return list(people.values())

"""A person's saved views of My districts: a filter, words and an order under a name, opened with one press."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from resets import board_order, typed
from resets.models import SavedView
from resets.services import NotPossible

MOST = 30
KNOWN = ("show", "q", "sort")


def query_of(asked: QueryDict) -> str:
    """What of an address makes a view: known filters and orders, and words; never a page."""
    kept = {key: asked.get(key, "").replace("\x00", "").strip() for key in KNOWN}
    kept["show"] = kept["show"] if kept["show"] in board_order.KEYS else ""
    kept["sort"] = kept["sort"] if kept["sort"] in board_order.ORDERS else ""
    return urlencode({key: value for key, value in kept.items() if value})


def save(*, person: Any, name: str, query: str) -> SavedView:
    """Saves a view; one of the same name is replaced. Raises NotPossible, saying why."""
    name = " ".join(typed.clean(name).replace("\x00", "").split())
    if not name:
        raise NotPossible(_("Give the view a name."))
    if len(name) > 60:
        raise NotPossible(_("Give the view a shorter name: at most 60 characters."))
    if len(query) > 400:
        raise NotPossible(_("These words are too long for a saved view."))
    others = SavedView.objects.filter(person=person).exclude(name=name)
    if others.count() >= MOST:
        raise NotPossible(_("You have %(most)d views. Remove one first.") % {"most": MOST})
    view, _made = SavedView.objects.update_or_create(person=person, name=name, defaults={"query": query})
    return view


def shown(person: Any, here: str) -> list[dict[str, Any]]:
    """A person's views by name, each with its address; one query."""
    views = SavedView.objects.filter(person=person)
    return [{"pk": view.pk, "name": view.name, "url": f"?{view.query}", "here": view.query == here} for view in views]

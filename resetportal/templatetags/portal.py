"""The words, shapes and colours that every page shares. Load with `{% load portal %}`."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from resetportal import icons, words
from resets import rules_page

register = template.Library()

_WOULD_DO: Final = re.compile(r"(Nearest day[^:.]*: |to start on )([A-Z][a-z]{2}, [A-Z][a-z]+ \d{1,2}(?:, \d{4})?)")


@register.filter
def spoken(value: date | datetime | None, zone: str = "") -> str:
    """`Tue, July 27, 2027`; a moment needs its zone. Nothing for nothing."""
    return words.spoken(_local(value, zone)) if value else ""


@register.filter
def spoken_day(value: date | datetime | None, zone: str = "") -> str:
    """`Tue, July 27`, for a year that the page has named."""
    return words.spoken_day(_local(value, zone)) if value else ""


@register.filter
def brief_day(value: date | datetime | None, zone: str = "") -> str:
    """`Mon, Aug 9`, for a table's column."""
    return words.brief_day(_local(value, zone)) if value else ""


@register.filter
def month_day(value: date | datetime | None, zone: str = "") -> str:
    """`August 3`, without a weekday."""
    return words.month_day(_local(value, zone)) if value else ""


@register.filter
def clock_time(value: datetime | None, zone: str) -> str:
    """`1:00 AM PDT` on the clock of an IANA zone."""
    return words.clock_time(value, zone) if value else ""


@register.filter
def clock_time_exact(value: datetime | None, zone: str) -> str:
    """`1:00:31 AM PDT`, to the second."""
    return words.clock_time(value, zone, seconds=True) if value else ""


@register.filter
def clock_time_bare(value: datetime | None, zone: str) -> str:
    """`1:00 AM`, where the zone stands close by."""
    return words.clock_time(value, zone, named=False) if value else ""


@register.filter
def moment(value: datetime | None, zone: str) -> str:
    """`Tue, July 27, 2027, 4:12 PM PDT` on the clock of an IANA zone."""
    return words.moment(value, zone) if value else ""


@register.filter
def zone_name(zone: str) -> str:
    """`Pacific` for `America/Los_Angeles`."""
    return words.zone_name(zone)


@register.filter
def elapsed(value: timedelta | float | None) -> str:
    """`0:41`; a number is seconds."""
    return words.elapsed(value) if value is not None else ""


@register.filter
def numbers(value: int | float | None) -> str:
    """`9,412`; a dash for None."""
    return words.numbers(value)


@register.filter
def counted(value: int, noun: str) -> str:
    """`{{ 14|counted:"school" }}` is `14 schools`; the nouns stand in `districts/quantities.py`."""
    return words.counted(value, noun)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, css: str = "") -> SafeString:
    """A drawing beside a word; it is never read aloud, since the word says it."""
    drawing = mark_safe(icons.DRAWINGS[name])  # noqa: S308 -- our own drawings, no input
    return format_html(
        '<svg class="icon {}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>', css, drawing
    )


@register.simple_tag
def state(kind: str, word: str, tag: bool = False) -> SafeString:
    """Shape, word and colour of a state, in this order; `tag=True` for a state alone in a heading.

    `kind` is a key of `icons.STATES`: risk, wait, reason, asks, done, allowed, held, now, next, refused, quiet.
    """
    return _state(kind, word if isinstance(word, SafeString) else str(word), tag)  # a lazy word in today's language


@lru_cache(maxsize=4096, typed=True)
def _state(kind: str, word: str, tag: bool) -> SafeString:
    shape, tone = icons.STATES[kind]
    drawing = icon(shape) if shape else ""
    return format_html('<span class="{} is-{}">{}{}</span>', "tag" if tag else "state", tone, drawing, word)


@register.simple_tag
def verdict(name: str, tag: bool = False) -> SafeString:
    """The adviser's verdict on a day (`recommended`, `allowed`, `acknowledge`, `refused`) as a state."""
    kind, word = icons.VERDICTS[str(name)]
    return state(kind, gettext(word), tag)


@register.simple_tag
def reset_state(status: str, tag: bool = False) -> SafeString:
    """A reset's status (`scheduled` to `completed`, `held`) as a state."""
    kind, word = icons.RESETS[str(status)]
    return state(kind, gettext(word), tag)


@register.simple_tag
def date_mark(chosen: bool) -> SafeString:
    """Whose day it is: a ring and *default*, or a dot and *chosen*."""
    return _mark("is-chosen", "dot", _("chosen")) if chosen else _mark("is-default", "ring", _("default"))


@lru_cache(maxsize=64)
def _mark(css: str, shape: str, word: str) -> SafeString:
    return format_html('<span class="mark {}">{}{}</span>', css, icon(shape), word)


@register.simple_tag
def bar(part: float, whole: float = 100, tone: str = "ink", label: str = "") -> SafeString:
    """A bar filled by `part` of `whole`. The same number must stand in text near it; `label` names it if not."""
    name = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="bar is-{}" {}><rect class="bar-ground" width="100%" height="100%"/>'
        '<rect class="bar-fill" width="{}%" height="100%"/></svg>',
        tone, name, words.share(part, whole),
    )  # fmt: skip


@register.simple_tag
def school_bar(rows: int, largest: int, counted_again: int = 0, running: bool = False) -> SafeString:
    """A school's bar: as long as its rows beside the largest school's, filled as they are counted again."""
    length, filled = words.share(rows, largest), words.share(counted_again, rows)
    return format_html(
        '<svg class="school-bar" aria-hidden="true"><svg width="{}%" height="100%">'
        '<rect class="bar-rest" width="100%" height="100%" rx="2"/>'
        '<rect class="{}" width="{}%" height="100%" rx="2"/></svg></svg>',
        length, "bar-now" if running else "bar-done", filled,
    )  # fmt: skip


@register.inclusion_tag("components/note.html")
def note(kind: str, title: str = "", text: str = "", detail: str = "") -> Mapping[str, Any]:
    """A note in a page: stop (at risk), wait, done, hold, now or info. See `components/note.html`."""
    return {"kind": kind, "icon": icons.NOTES[kind], "title": title, "text": text, "detail": detail}


@register.filter
def stressed(sentence: str) -> SafeString:
    """A rule's sentence with the day that would do in bold: `Nearest day: <b>Sun, August 8</b>.`"""
    return mark_safe(_WOULD_DO.sub(r"\1<b>\2</b>", conditional_escape(sentence)))  # noqa: S308 -- escaped first


@register.filter
def shape(kind: str) -> str:
    """The drawing of a kind of state, for `{% icon %}`; a ring for one that asks for nothing."""
    return icons.STATES[kind][0] or "ring"


@register.filter
def tone(kind: str) -> str:
    """The colour of a kind of state, for a class `is-...`."""
    return icons.STATES[kind][1]


@register.filter
def kind_word(kind: str) -> str:
    """A kind of state read aloud where only its shape is drawn: `done`, `in progress`."""
    return gettext(icons.KIND_WORDS[kind])


@register.filter
def pips(limit: int, held: int) -> list[bool]:
    """So many places, the first `held` of them taken."""
    return [number < held for number in range(max(limit, held))]


@register.simple_tag
def rules(ids: Any) -> SafeString:
    """Ids of rules, `W1, W10` or a list of them, each a link to what it says."""
    keys = ids.split(", ") if isinstance(ids, str) else [str(each) for each in ids or ()]
    page = reverse("resets:rules") if keys else ""
    link = '<a class="rule" href="{}#{}" title="{}">{}</a>'
    return format_html_join(" ", link, ((page, key, rules_page.title(key), key) for key in keys if key))


def _local(value: date | datetime, zone: str) -> date:
    if not isinstance(value, datetime):
        return value
    if not zone:
        raise template.TemplateSyntaxError("A moment is a date only in a zone: pass the zone to the filter.")
    return value.astimezone(ZoneInfo(zone)).date()

"""The season timeline of a district: five lanes, and the small one of the date adviser."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resetportal import words
from resetportal.drawing.scale import Scale, place_labels

WIDTH: Final = 1040  # px, the least width of the plot; below it the drawing scrolls
_LANE: Final = 42
_ROW: Final = 34
_TOP: Final = 36


def timeline(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Positions of a season's facts. `facts` holds plain data, dates in the district's zone:

    first, last, today: date. sessions: list of {label, detail, first, last}. records: list of {at, label, detail,
    tone}, tone being wait, done or quiet. reset: {at, label, detail} or None. default: date or None, drawn where it
    is not the reset's day. paused: {first, last (None: open), label} or None. new_year: list of {at, label, detail}.
    Without `records` their lane is left out.
    """
    scale = Scale(facts["first"], facts["last"] + timedelta(days=1))
    today = scale.at(facts["today"]) if scale.holds(facts["today"]) else None
    top, lanes = _TOP, []
    for name, build in _LANES:
        if build is _records and "records" not in facts:
            continue
        lane = build(facts, scale, today)
        lane |= {"name": name, "top": top, "height": _LANE + lane.get("extra", 0)}
        top += lane["height"]
        lanes.append(lane)
    return {
        "lanes": lanes, "bottom": top, "height": top + 28, "months": _months(facts, scale),
        "weeks": _weeks(facts, scale), "today": today, "today_at": facts["today"], "side": _pill_side(today),
        "points": points(facts),
    }  # fmt: skip


def points(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same facts in order of their dates, for readers and for a telephone: dicts of at, label, detail and kind."""
    reset, default, paused = facts.get("reset"), facts.get("default"), facts.get("paused")
    found = [
        {"kind": "today", "at": facts["today"], "label": _("Today, {day}").format(day=words.brief_day(facts["today"]))}
    ]
    found += [{"kind": "session", "at": one["last"], **_said(one)} for one in facts.get("sessions", ())]
    found += [
        {"kind": "record", "tone": one.get("tone"), "at": one["at"], **_said(one)} for one in facts.get("records", ())
    ]
    found += (
        [{"kind": "default", "at": default, "label": _("Default, {day}").format(day=words.month_day(default))}]
        if default
        else []
    )
    found += [{"kind": "reset", "at": reset["at"], **_said(reset)}] if reset else []
    if paused:
        label = _("Syncs: {state}").format(state=f"{paused['label'][0].lower()}{paused['label'][1:]}")
        found.append(
            {
                "kind": "paused",
                "at": paused["first"],
                "label": label,
                "detail": _("from {day}").format(day=words.month_day(paused["first"])),
            }
        )
    found += [{"kind": "plain", "at": one["at"], **_said(one)} for one in facts.get("new_year", ())]
    if reset and reset["at"] == default:
        found = [one for one in found if one["kind"] != "default"]
    return sorted(found, key=lambda one: one["at"])


def _said(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"label": one["label"], "detail": one.get("detail", "")}


def _months(facts: Mapping[str, Any], scale: Scale) -> list[dict[str, Any]]:
    found, day = [], facts["first"].replace(day=1)
    while day <= facts["last"]:
        shown = max(day, facts["first"])
        found.append({"at": scale.at(shown), "label": date_format(shown, "F")})
        day = (day + timedelta(days=32)).replace(day=1)
    return found


def _weeks(facts: Mapping[str, Any], scale: Scale) -> list[dict[str, Any]]:
    sunday = facts["first"] + timedelta(days=(6 - facts["first"].weekday()) % 7)
    count = (facts["last"] - sunday).days // 7 + 1
    days = [sunday + timedelta(weeks=number) for number in range(count)]
    return [{"at": scale.at(day), "label": day.day} for day in days]


def _sessions(facts: Mapping[str, Any], scale: Scale, today: float | None) -> dict[str, Any]:
    bars = []
    for one in facts.get("sessions", ()):
        left = scale.at(one["first"] or facts["first"])
        right = scale.at(one["last"] + timedelta(days=1))
        letters = len(f"{one['label']}, {one['detail']}") * 6 / WIDTH * 100
        width = round(right - left, 2)
        bars.append({"left": left, "width": width, "inside": width > letters, "end": right, **one})
    return {"kind": "sessions", "bars": bars}


def _marks(items: Sequence[Mapping[str, Any]], scale: Scale, today: float | None) -> dict[str, Any]:
    spots = [(scale.at(one["at"]), max(len(one["label"]), len(one.get("detail", "")))) for one in items]
    places = place_labels(spots, width=WIDTH, walls=() if today is None else (today,))
    rows = max((place.row for place in places), default=0)
    marks = [
        {"at": at, "shift": place.row * _ROW, "side": place.side, "gap": place.gap, "fact": one}
        for one, (at, _), place in zip(items, spots, places, strict=True)
    ]
    return {"marks": marks, "extra": rows * _ROW}


def _records(facts: Mapping[str, Any], scale: Scale, today: float | None) -> dict[str, Any]:
    return {"kind": "records", **_marks(facts.get("records", ()), scale, today)}


def _reset(facts: Mapping[str, Any], scale: Scale, today: float | None) -> dict[str, Any]:
    reset, default = facts.get("reset"), facts.get("default")
    items = [{"kind": "reset", **reset}] if reset else []
    if default and (not reset or reset["at"] != default):
        items.append(
            {"kind": "default", "at": default, "label": _("default, {day}").format(day=words.month_day(default))}
        )
    lane = {"kind": "reset", **_marks(items, scale, today)}
    if reset and default and len(items) == 2:
        lane["arrow"] = sorted((scale.at(default), scale.at(reset["at"])))
    return lane


def _syncs(facts: Mapping[str, Any], scale: Scale, today: float | None) -> dict[str, Any]:
    paused = facts.get("paused")
    if not paused:
        return {"kind": "syncs", "left": 100.0, "right": 100.0, "paused": None}
    left = scale.at(paused["first"])
    right = scale.at(paused.get("last") or facts["last"] + timedelta(days=1))
    fits = right - left > len(paused["label"]) * 6.6 / WIDTH * 100 + 2
    spot = {"label_at": (left + right) / 2, "side": "middle"} if fits else {"label_at": left, "side": "left"}
    return {"kind": "syncs", "left": left, "right": right, "width": round(right - left, 2), "paused": paused, **spot}


def _new_year(facts: Mapping[str, Any], scale: Scale, today: float | None) -> dict[str, Any]:
    return {"kind": "new_year", **_marks(facts.get("new_year", ()), scale, today)}


_LANES: Final = (
    (gettext_lazy("Sessions"), _sessions), (gettext_lazy("Records"), _records), (gettext_lazy("Reset"), _reset),
    (gettext_lazy("Syncs"), _syncs), (gettext_lazy("New year"), _new_year),
)  # fmt: skip


def _pill_side(today: float | None) -> str:
    if today is None or 8 < today < 92:
        return "middle"
    return "start" if today <= 8 else "end"


ROSTERING_WORDS = 70
"""Where the words of rostering begin in the adviser's small timeline, as a share of its width."""


def small_timeline(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Positions of the adviser's small timeline. `facts`: chosen: date; session_ends, session_label,
    rostering_starts, recommended: date or None, str, date or None, date or None."""
    known = [facts[key] for key in ("session_ends", "rostering_starts", "recommended") if facts.get(key)]
    days = [facts["chosen"], *known]
    margin = timedelta(days=max(3, (max(days) - min(days)).days // 4))
    first, last = min(days) - margin, max(days) + margin
    scale = Scale(first, last)
    chosen, best, rostering = facts["chosen"], facts.get("recommended"), facts.get("rostering_starts")
    # The words of the session and of rostering stand at the ends; those of the choice must not run into them.
    left, right = 43 if facts.get("session_ends") else 13, 57 if rostering else 87
    label_at = min(max(scale.at(chosen), left), right)
    drawn: dict[str, Any] = {"facts": facts, "chosen": scale.at(chosen), "label_at": label_at}
    drawn["leads"] = [(label_at, drawn["chosen"])] if abs(label_at - drawn["chosen"]) > 1 else []
    if rostering and scale.at(rostering) < ROSTERING_WORDS:
        drawn["leads"].append((ROSTERING_WORDS, scale.at(rostering)))  # a line from words to their mark
    drawn["ticks"] = _ticks(first, last, scale)
    drawn["session"] = scale.at(facts["session_ends"] + timedelta(days=1)) if facts.get("session_ends") else None
    drawn["rostering"] = scale.at(rostering) if rostering else None
    drawn["rostering_width"] = round(100 - (drawn["rostering"] or 0), 2)
    drawn["best"] = scale.at(best) if best and best != chosen else None
    drawn["best_label"] = None if drawn["best"] is None else min(max(drawn["best"], 24), 76)
    clear = _clear(chosen, rostering, scale)
    room = drawn["best_label"] is None or (clear is not None and clear["left"] > drawn["best_label"] + 20)
    drawn["clear"] = clear if room else None
    return drawn


def _ticks(first: date, last: date, scale: Scale) -> list[float]:
    step = max(1, (last - first).days // 17)
    return [scale.at(first + timedelta(days=number)) for number in range(0, (last - first).days + 1, step)]


def _clear(chosen: date, rostering: date | None, scale: Scale) -> dict[str, Any] | None:
    """The days between the reset and rostering, drawn where there is room to say them."""
    if not rostering or (rostering - chosen).days < 2:
        return None
    left, right = scale.at(chosen + timedelta(days=1)), scale.at(rostering)
    days = (rostering - chosen).days - 1
    return {"left": left, "right": right, "middle": (left + right) / 2, "days": days} if right - left > 12 else None

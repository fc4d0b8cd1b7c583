"""The wave board: when each zone's districts start on one night, and how far they are."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from resetportal import words
from resetportal.drawing.scale import Scale

A_WHILE: Final = timedelta(hours=12)
_STARTED: Final = {"running": gettext_noop("{number} running"), "held": gettext_noop("{number} held")}
PARTS: Final = ("completed", "running", "held", "due")


def wave_board(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Positions of a night's waves. `facts`: now: aware datetime; zone: the IANA zone that the board is read in;
    waves: list of {name, abbreviation, starts_at (aware), completed, running, held, due}, each a number of districts.
    """
    waves, zone = list(facts["waves"]), ZoneInfo(facts["zone"])
    starts = [wave["starts_at"].astimezone(zone) for wave in waves]
    moments = starts + ([facts["now"].astimezone(zone)] if _is_near(facts["now"], starts) else [])
    scale = Scale(_hour(min(moments)) - timedelta(minutes=30), _hour(max(moments)) + timedelta(minutes=90))
    largest = max((_whole(wave) for wave in waves), default=0)
    now = scale.at(facts["now"])
    is_near = _is_near(facts["now"], starts)
    return {
        "zone": facts["zone"], "is_near": is_near, "now": now, "now_at": facts["now"], "hours": _hours(scale, zone),
        "side": "start" if now < 14 else "end" if now > 86 else "middle",
        "waves": [_wave(wave, scale, largest) for wave in waves],
    }  # fmt: skip


def _is_near(now: datetime, starts: list[datetime]) -> bool:
    """Whether now lies in the night: a board of another night would shrink its hours to nothing to hold it."""
    return not starts or min(starts) - A_WHILE <= now <= max(starts) + A_WHILE


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _hours(scale: Scale, zone: ZoneInfo) -> list[dict[str, Any]]:
    span = scale.whole
    step = max(1, round(span / timedelta(hours=10)))
    start = scale.first + timedelta(minutes=30)
    hours = [start + timedelta(hours=number) for number in range(0, int(span / timedelta(hours=1)) + 1, step)]
    return [{"at": scale.at(hour), "label": _clock(hour, zone)} for hour in hours if scale.holds(hour)]


def _clock(moment: Any, zone: ZoneInfo) -> str:
    return words.full_hour(moment.astimezone(zone))


def _whole(wave: Mapping[str, Any]) -> int:
    return sum(int(wave.get(part, 0)) for part in PARTS)


def _wave(wave: Mapping[str, Any], scale: Scale, largest: int) -> dict[str, Any]:
    left, parts = 0.0, []
    for part in PARTS:
        width = round(wave.get(part, 0) / largest * 100, 2) if largest else 0.0
        parts.append({"kind": part, "left": round(left, 2), "width": width})
        left += width
    at = scale.at(wave["starts_at"])
    return {"facts": wave, "at": at, "side": "left" if at > 82 else "right", "parts": parts, "length": left,
            "whole": _whole(wave), "state": _state(wave), "words": _words(wave)}  # fmt: skip


def _state(wave: Mapping[str, Any]) -> str:
    if wave.get("running") or (wave.get("completed") and wave.get("due")):
        return "now"
    return "next" if wave.get("due") else "done"


def _words(wave: Mapping[str, Any]) -> str:
    """What stands beside the bar: `134 of 241 completed, 4 running, 2 held`, or `214 due`."""
    whole, done = _whole(wave), int(wave.get("completed", 0))
    if done == whole and whole:
        return _("{number} completed").format(number=words.numbers(done))
    started = [_(said).format(number=words.numbers(wave[part])) for part, said in _STARTED.items() if wave.get(part)]
    if not done and not started:
        return _("{number} due").format(number=words.numbers(whole))
    of_all = _("{number} of {all} completed").format(number=words.numbers(done), all=words.numbers(whole))
    return ", ".join([of_all, *started])

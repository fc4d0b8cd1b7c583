"""What the page of a season's policy shows: what rules do to the districts, before anything is saved."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from districts.models import District
from districts.quantities import counted
from resets import opening, policy
from resets.models import Season
from resets.policy import Move, Policy, Row, spoken
from resets.policy_words import differences

SHOWN = 10  # districts of each sort named on the page

Named = tuple[District, str]


@dataclass(frozen=True)
class Effect:
    """One sort of what the rules do: how many districts, and the first of them with a sentence each."""

    kind: str
    words: str
    count: int
    named: tuple[Named, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.named)


@dataclass(frozen=True)
class Outlook:
    """What rules do to a season: `total` districts looked at, `effects`, and for an open season its `moves`."""

    total: int
    effects: tuple[Effect, ...]
    changes: tuple[tuple[str, str, str], ...]
    moves: tuple[Move, ...]
    moving: tuple[Named, ...]

    @property
    def words(self) -> str:
        """How many districts, in words: `96 districts`."""
        return counted(self.total, "district")

    @property
    def moved(self) -> int:
        return sum(move.moves for move in self.moves)

    @property
    def stays(self) -> dict[str, int]:
        """Why defaults stay, with how many each, for those that the change was about."""
        found: dict[str, int] = {}
        for move in self.moves:
            if move.stays and not move.is_same:
                found[move.stays] = found.get(move.stays, 0) + 1
        return found


def outlook(season: Season, after: Policy, *, at: datetime) -> Outlook:
    """What `after` would do to the season's districts: to their dates, or to the defaults that a draft gives them."""
    standing = opening.standing(season)
    rows = {row.key: row for row, _ in standing}
    districts = {row.key: district for row, district in standing}
    moves = policy.moves(season.rules, after, rows.values(), now=at) if season.opened_at else ()
    rows |= {move.key: rows[move.key]._replace(day=move.after) for move in moves if move.moves}
    return Outlook(
        total=len(rows),
        effects=tuple(_effects(after, rows, districts, at)),
        changes=tuple(differences(season.rules, after)),
        moves=tuple(moves),
        moving=tuple((districts[move.key], _move(move, after)) for move in moves if move.moves)[:SHOWN],
    )


def _move(move: Move, rules: Policy) -> str:
    days = [spoken(day, rules.year) for day in (move.before, move.after) if day]
    said = _("{days}, and at risk there") if move.at_risk else "{days}"
    return said.format(days=_("{before} to {after}").format(before=days[0], after=days[1]) if days[1:] else days[0])


def _effects(rules: Policy, rows: dict[object, Row], districts: dict[object, District], at: datetime) -> list[Effect]:
    found = policy.consequences_of_policy(rules, rows.values(), now=at)

    def why(key: object, kind: str) -> str:
        row = rows[key]
        day = row.day or policy.assigned_default(rules, row.calendar)
        if kind == "risk":
            asked: dict[str, Any] = {"policy": rules, "calendar": row.calendar, "now": at}
            return policy.risks(day, row.is_default or row.day is None, **asked)[0].sentence
        if kind == "quiet":
            return _("Its default, {day}, is too soon or past.").format(day=spoken(day, rules.year))
        judged = policy.judge(day, policy=rules, calendar=row.calendar, now=at)
        return f"{spoken(day, rules.year)}: {judged.sentence} ({', '.join(judged.rules)})"

    def effect(kind: str, words: str, keys: Iterable[object]) -> Effect:
        all_of_them = list(keys)
        named = tuple((districts[key], why(key, kind)) for key in all_of_them[:SHOWN])
        return Effect(kind, words, len(all_of_them), named)

    return [
        effect("refused", _("Would be refused"), found.refused),
        effect("reason", _("Would ask for a reason"), found.needing_reason),
        effect("risk", _("At risk"), found.at_risk),
        effect("quiet", _("Default too soon or past"), found.without_date),
    ]


def digest(rules: Policy, moves: Iterable[Move] = ()) -> str:
    """A mark of what a person has looked at: the rules, and what they move."""
    told = [rules.to_data(), [(str(move.key), str(move.after)) for move in moves if move.moves]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]

"""The sample's activity: what its students did from August until a day, and who signed in, as lines of the feed."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from districts.sample.children import GRADES, Child
from districts.sample.places import Place, chance
from districts.sample.words import CUSTOM, LESSONS

ACTIVE = 0.88
NEVER = 1 / 30
STANDARD = ("prek", "k", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "algebra-1", "geometry")
HIGH = ("integrated-1", "integrated-2")
OPERATIONS = (("addition", "+"), ("subtraction", "-"), ("multiplication", "x"), ("division", "÷"))
LEVELS = ("on_grade", "on_grade", "on_grade", "below_grade")
PERFORMANCE = ("Far below", "Below", "Near", "Met", "Exceeded")

Line = dict[str, Any]


class SampleActivity:
    """Events of one district's people between two days, both included. The same seed makes the same lines."""

    def __init__(self, place: Place, first: date, last: date, seed: int) -> None:
        self.place, self.first, self.days, self.seed = place, first, (last - first).days, seed
        self.zone, self.rng = ZoneInfo(place.zone), chance(seed, place.site_code, "activity")

    def write(self, path: Path, children: list[Child], staff: list[str]) -> None:
        """Writes the feed, gzipped without a time stamp in it."""
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed, TextIOWrapper(packed) as text:
            for line in chain(*map(self.lines, children), *map(self.sign_ins, staff)):
                text.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")

    def lines(self, child: Child) -> Iterator[Line]:
        """Everything that one student did; one in eight was rostered and never came."""
        pathways = self._pathways(child)
        for code, more in pathways:
            day = self.first + timedelta(days=self.rng.randrange(max(1, min(30, self.days))))
            yield self._event("pathway", child, day, pathway=code, assigned_on=day.isoformat(), **more)
        if self.rng.random() > ACTIVE:
            return
        for day in sorted(self._day() for _ in range(self.rng.randint(6, 18))):
            yield from self._visit(child, day, self.rng.choice(pathways)[0])
        yield from self._benchmarks(child)
        if child.grade > GRADES.index("2"):
            yield self._event("avatar", child, self._day(), parts=self._avatar())
        if self.place.uses_math_facts:
            yield from self._facts(child)

    def sign_ins(self, educator: str) -> Iterator[Line]:
        """Some of an educator's sign-ins; one in thirty never came, another left off in the first half of the year."""
        rng = chance(self.seed, self.place.site_code, educator, "sign-ins")
        luck = rng.random()
        if luck < NEVER or educator.endswith("-old"):
            return
        until = self.days // 2 if luck < 2 * NEVER else self.days
        for day in sorted(rng.randrange(max(0, until - 60), until + 1) for _ in range(3)):
            on = datetime.combine(self.first + timedelta(days=day), time(8, rng.randrange(60)), self.zone)
            yield {
                "kind": "educator_sign_in",
                "event_id": str(UUID(int=rng.getrandbits(128), version=4)),
                "educator": educator,
                "happened": on.astimezone(UTC).isoformat(timespec="seconds"),
            }

    def _pathways(self, child: Child) -> list[tuple[str, Line]]:
        """PreK-2 has one pathway; 3+ may have several, custom ones among them."""
        codes = [(STANDARD[min(child.grade, len(STANDARD) - 1)], Line())]
        if child.grade > GRADES.index("2") and self.rng.random() < 0.3:
            code, name = self.rng.choice(CUSTOM)
            codes.append((f"custom:{code}", {"name": name, "learning_environment": "three_plus"}))
        if child.grade > GRADES.index("8") and self.rng.random() < 0.4:
            codes.append((self.rng.choice(HIGH), Line()))
        return codes

    def _visit(self, child: Child, day: date, pathway: str) -> Iterator[Line]:
        """A day of use: minutes, a lesson or two, what they earned and now and then what they spent."""
        younger = child.grade <= GRADES.index("2")
        at_school, at_home = self._minutes(day)
        yield self._event(
            "usage",
            child,
            day,
            day=day.isoformat(),
            product="imagine_math",
            school_minutes=at_school,
            home_minutes=at_home,
        )
        for _ in range(self.rng.randint(1, 2)):
            passed = self.rng.random() < 0.72
            yield self._event(
                "lesson",
                child,
                day,
                lesson=f"{pathway.removeprefix('custom:')}-{self.rng.randint(1, 60):02}",
                title=self.rng.choice(LESSONS),
                pathway=pathway,
                level="prerequisite" if younger and self.rng.random() < 0.2 else self.rng.choice(LEVELS),
                passed=passed,
                minutes=self.rng.randint(4, 25),
            )
        currency, earned = ("tokens", 5) if younger else ("think_points", 25)
        yield self._event(
            "points", child, day, currency=currency, amount=earned * self.rng.randint(1, 6), cause="lesson"
        )
        if self.rng.random() < 0.15:
            yield self._event("points", child, day, currency=currency, amount=-earned, cause="shop")

    def _minutes(self, day: date) -> tuple[int, int]:
        """Minutes at school and at home; no school on a weekend."""
        minutes = self.rng.randint(8, 55)
        if day.weekday() > 4:
            return 0, minutes
        at_home = self.rng.randint(0, minutes) if self.rng.random() < 0.2 else 0
        return minutes - at_home, at_home

    def _benchmarks(self, child: Child) -> Iterator[Line]:
        measure = self.rng.randint(-120, 250) + child.grade * 75
        for number in range(1, self.rng.randint(1, 4)):
            day = self.first + timedelta(days=min(self.days, (number - 1) * 110 + self.rng.randrange(20)))
            measure += self.rng.randint(0, 90)
            is_last = number == 3 and self.rng.random() < 0.2
            result = Line() if is_last else self._result(measure, child)
            status = "in_progress" if is_last else "completed"
            yield self._event(
                "benchmark", child, day, number=number, status=status, minutes=self.rng.randint(15, 60), **result
            )

    def _result(self, measure: int, child: Child) -> Line:
        quantile = f"EM{-measure}Q" if measure < 0 else f"{measure}Q"
        grade = f"Grade {GRADES[max(0, child.grade - self.rng.randint(0, 2))]}"
        return {"quantile": quantile, "performance_level": self.rng.choice(PERFORMANCE), "grade_level_result": grade}

    def _avatar(self) -> Line:
        return {part: f"{part}-{self.rng.randint(1, 20)}" for part in ("hair", "face", "shirt", "background")}

    def _facts(self, child: Child) -> Iterator[Line]:
        operation, sign = OPERATIONS[min(3, child.grade // 3)]
        for test in ("pre", "post")[: self.rng.randint(1, 2)]:
            score = self.rng.randint(30, 70) + (test == "post") * 25
            yield self._event("facts_test", child, self._day(), test=test, operation=operation, score=score)
        for _ in range(self.rng.randint(3, 8)):
            fact = f"{self.rng.randint(2, 12)}{sign}{self.rng.randint(2, 12)}"
            passed = self.rng.random() < 0.7
            yield self._event("facts_progress", child, self._day(), operation=operation, fact=fact, passed=passed)
        day = self._day()
        minutes = self.rng.randint(5, 20)
        yield self._event(
            "usage", child, day, day=day.isoformat(), product="math_facts", school_minutes=minutes, home_minutes=0
        )

    def _day(self) -> date:
        return self.first + timedelta(days=self.rng.randrange(self.days + 1))

    def _event(self, kind: str, child: Child, on: date, /, **fields: Any) -> Line:
        local = datetime.combine(on, time(8 + self.rng.randrange(7), self.rng.randrange(60)), self.zone)
        return {
            "kind": kind,
            "event_id": str(UUID(int=self.rng.getrandbits(128), version=4)),
            "student": child.sourced_id,
            "happened": local.astimezone(UTC).isoformat(timespec="seconds"),
            **fields,
        }

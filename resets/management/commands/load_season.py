"""manage.py load_season: a season from data, without a line of code; opened at once if asked."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from resetportal import clock
from resets import opening, seasons
from resets.models import Season
from resets.policy import Policy, PolicyError
from resets.services import NotPossible, Refused

OPENERS = ("csm_lead", "engineer")


class Command(BaseCommand):
    help = "Loads a season's policy from a file or by name, and opens it if asked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help=f"A JSON file, or one of {', '.join(seasons.names())}.")
        parser.add_argument(
            "--year", type=int, help="The year of the resets, 2027 for 2026-27; the file's own if left out."
        )
        parser.add_argument("--open", action="store_true", help="Give every district its default (W2).")
        parser.add_argument("--by", help="The email address of the lead or engineer who opens it.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self.person(options["by"]) if options["open"] else options["by"] or "load_season"
        policy = read(options["source"], options["year"])
        season = self.draft(policy, by, options["source"])
        self.stdout.write(f"The season of {season} is drafted with the rules of {options['source']}.")
        if options["open"]:
            self.stdout.write(self.opened(season, by))

    def person(self, email: str | None) -> Any:
        found = get_user_model().objects.filter(email__iexact=email or "", role__in=OPENERS, is_active=True).first()
        if found is None:
            raise CommandError("--open needs --by EMAIL: the address of a CSM lead or an engineer.")
        return found

    def draft(self, policy: Policy, by: Any, source: str) -> Season:
        try:
            return opening.draft_season(
                policy=policy, by=by, at=clock.now(), source=f"the rules of {Path(source).name}"
            )
        except opening.AlreadyOpen as error:
            raise CommandError(f"{error} Change its rules on the page Policy.") from None

    def opened(self, season: Season, by: Any) -> str:
        try:
            resets = opening.open_season(season=season, by=by, at=clock.now())
        except (NotPossible, Refused) as error:
            raise CommandError(f"The season stays a draft. {error}") from None
        return f"It is open. Districts that got their default: {len(resets)}."


def read(source: str, year: int | None) -> Policy:
    """The policy in a file or of that name, moved to `year`. Raises CommandError with the field and its cure."""
    try:
        policy = seasons.load(source) if source in seasons.names() else Policy.from_data(_data(Path(source)))
        return policy.moved_to(year) if year is not None else policy
    except PolicyError as error:
        raise CommandError(f"{source}: {error}") from None


def _data(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        known = ", ".join(seasons.names())
        raise CommandError(f"{path} cannot be read: {error.strerror}. Seasons known by name: {known}.") from None
    except ValueError:
        raise CommandError(f"{path} is no JSON. Start from one of resets/seasons.") from None
    if not isinstance(found, dict):
        raise CommandError(f"{path} holds no policy: it must be one JSON object.")
    return found

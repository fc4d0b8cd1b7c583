"""The policies of past seasons, as data to start a new one from: one JSON file each."""

import json
from importlib import resources

from resets.policy import Policy


def names() -> tuple[str, ...]:
    """The seasons that can be loaded, by name: `2023`, `2024-shaped`."""
    files = (each.name for each in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in files if name.endswith(".json")))


def load(name: str) -> Policy:
    """The policy of that name. Raises FileNotFoundError for an unknown one, PolicyError for a wrong one."""
    text = resources.files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return Policy.from_data(json.loads(text))


def starting_policy(year: int) -> Policy:
    """What the form of a new season starts from: the rules of 2023 with their dates moved to `year`."""
    return load("2023").moved_to(year)

"""The embedded servers by hand: what is stopped was named."""

import pytest

from resetportal import embedded
from resetportal.embedded.__main__ import main


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was stopped, of three instances that this checkout knows."""
    names: list[str] = []
    monkeypatch.setattr(embedded, "stop", names.append)
    monkeypatch.setattr(embedded, "known", lambda: ["demo", "journeys-1", "test"])
    return names


def test_only_what_was_named_is_stopped(stopped: list[str]) -> None:
    main("stop", "demo")
    assert stopped == ["demo"]


def test_nothing_is_stopped_without_a_name(stopped: list[str]) -> None:
    with pytest.raises(SystemExit, match="stop INSTANCE"):
        main("stop")
    assert stopped == []


def test_all_are_stopped_when_all_are_asked_for(stopped: list[str]) -> None:
    main("stop", "--all")
    assert stopped == ["demo", "journeys-1", "test"]

"""The files that describe a real installation agree with the code that they run."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from resetportal import processes, server_checks
from resetportal.celery import app
from resetportal.embedded import postgres

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
PORTAL = ("migrate", "web", "worker", "beat")
SETTINGS = (ROOT / "resetportal" / "settings.py").read_text()


def server_settings() -> dict[str, str]:
    return dict(word.split("=") for word in SERVICES["postgres"]["command"] if "=" in word)


def variables(pattern: str) -> set[str]:
    return set(re.findall(pattern, SETTINGS))


def test_it_runs_every_part() -> None:
    assert set(SERVICES) == {"postgres", "redis", *PORTAL}


@pytest.mark.parametrize("name", ["postgres", "redis", "web", "worker", "beat"])
def test_every_part_that_stays_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize(
    ("name", "command"),
    [("web", processes.web("0.0.0.0:8000")), ("worker", processes.worker()), ("beat", processes.beat())],
)
def test_it_runs_the_commands_that_the_tests_run(name: str, command: list[str]) -> None:
    assert SERVICES[name]["command"] == ["python", "-m", *command]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_part_starts_when_the_tables_are_made(name: str) -> None:
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", PORTAL)
def test_every_part_is_given_what_the_settings_need(name: str) -> None:
    assert variables(r'needed\("(\w+)"\)') <= set(SERVICES[name]["environment"])


@pytest.mark.parametrize("name", PORTAL)
def test_no_part_is_given_what_the_settings_do_not_read(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= variables(r'"([A-Z_]+)"')


def test_no_part_is_a_demo_or_fails_on_purpose() -> None:
    for name in PORTAL:
        assert not {"DEMO", "DEBUG", "FAILPOINTS"} & set(SERVICES[name]["environment"])


def test_its_database_server_passes_the_portals_checks() -> None:
    given = server_settings()
    for name in ("log_statement", "log_min_duration_statement", "log_min_error_statement", "log_error_verbosity"):
        assert given[name] in server_checks.SILENCE[name][0]
    assert int(given["max_locks_per_transaction"]) >= server_checks.FEWEST_LOCKS


def test_its_database_server_is_set_up_as_the_embedded_one() -> None:
    embedded = postgres.SETTINGS.items() - {("listen_addresses", ""), ("log_checkpoints", "off")}
    assert server_settings() == dict(embedded)
    assert SERVICES["postgres"]["image"] == f"postgres:{postgres.VERSION}"


def test_beat_wakes_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_every_variable_for_people_stands_in_the_example() -> None:
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    internal = {"DEMO", "DEBUG", "FAILPOINTS", "RESETPORTAL_SERVERS"}
    read = variables(r'(?:needed|env\.\w+)\("(\w+)"')
    assert read - internal <= example
    assert example <= read | {"POSTGRES_PASSWORD"}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_by_hash_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "//" not in text
    pins = re.split(r"\n(?=\S)", text.strip())
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)


def test_every_dependency_is_pinned_and_says_why() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = set(re.findall(r"^([\w.-]+)(?:\[.*\])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    for line in project["dependencies"]:
        assert re.match(r"[\w-]+", line)[0] in pinned  # type: ignore[index]


def test_the_image_copies_every_app() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert copied == {"resetportal", "districts", "exports", "resets", "templates"}

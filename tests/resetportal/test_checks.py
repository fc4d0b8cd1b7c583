"""The system checks: each finds its fault, says its cure, and is silent where all is well."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage, run_checks
from django.db import connection
from pytest_django import Settings

from resetportal import clock
from resetportal.celery import app

REAL = {"EMBEDDED": "", "ALLOWED_HOSTS": ["resets.example"], "BASE_URL": "https://resets.example"}


@pytest.fixture(autouse=True)
def _all_is_well(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]


def found(**options: Any) -> dict[str, CheckMessage]:
    """The portal's own findings by id."""
    return {str(one.id): one for one in run_checks(**options) if str(one.id).startswith("resetportal.")}


def change(settings: Settings, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def test_it_finds_nothing_on_this_machine() -> None:
    assert found() == {}


def test_it_finds_nothing_in_a_real_installation(settings: Settings) -> None:
    change(settings, REAL)
    assert found() == {}


@pytest.mark.parametrize(
    ("number", "values"),
    [
        ("E001", REAL | {"DEMO": True}),
        ("E003", REAL | {"FAILPOINTS": "destroy.before_commit=kill"}),
        ("E004", {"LEASE_SECONDS": 30.0}),
        ("E004", {"TICK_SECONDS": 0.0}),
        ("E005", {"LOCK_TIMEOUT_MS": 60_001}),
        ("W001", {"TICK_SECONDS": 61.0, "LEASE_SECONDS": 61.0}),
        ("E006", {"LEDGER_PATH": "/nowhere/ledger.jsonl"}),
        ("E006", {"LEDGER_PATH": "ledger.jsonl"}),
        ("E006", {"LEDGER_PATH": "/"}),
        ("E007", {"SECRET_KEY": "a" * 80}),
        ("E007", {"SECRET_KEY": "abcdefghijklmnopqrstuvwxyz"}),
        ("E007", {"SECRET_KEY": "django-insecure-abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"}),
        ("E009", {"TIME_ZONE": "America/Denver"}),
        ("E009", {"USE_TZ": False}),
        ("E010", REAL | {"ALLOWED_HOSTS": ["*", "resets.example"]}),
        ("E010", REAL | {"ALLOWED_HOSTS": ["", "resets.example"]}),
        ("E011", {"BASE_URL": "https://elsewhere.example"}),
        ("E012", REAL | {"DEBUG": True}),
        ("E013", REAL | {"BASE_URL": "http://resets.example"}),
        ("E015", {"ROSTER_FILES": "/nowhere/at/all"}),
        ("E015", {"ROSTER_FILES": "rosters"}),
        ("E015", {"ROSTER_FILES": "/dev/null"}),
        ("E019", {"EXPORT_FILES": "/nowhere/at/all"}),
        ("E019", {"EXPORT_FILES": "exports"}),
        ("E016", {"SECRETS_KEYS": [""]}),
        ("E016", {"SECRETS_KEYS": []}),
        ("E016", {"SECRETS_KEYS": ["bm90IHVzZWQsIG5vdCB1c2VkLCBub3QgdXNlZCwgbm8=", "too short"]}),
        ("E017", {"CERTIFICATE_KEYS": []}),
        ("E017", {"CERTIFICATE_KEYS": ["bm90IHVzZWQsIG5vdCB1c2VkLCBub3QgdXNlZCwgbm8=", "too short"]}),
        ("E018", {"BACKUP_DAYS": 0}),
        ("E014", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}),
    ],
)
def test_it_finds_a_fault_and_says_the_cure(settings: Settings, number: str, values: dict[str, Any]) -> None:
    change(settings, values)
    assert list(found()) == [f"resetportal.{number}"]
    assert found()[f"resetportal.{number}"].hint


@pytest.mark.parametrize(
    ("number", "name", "value"),
    [
        ("E008", "task_acks_late", True),
        ("E008", "accept_content", ["json", "pickle"]),
        ("E008", "task_ignore_result", False),
        ("E009", "timezone", "America/Denver"),
    ],
)
def test_it_finds_a_celery_that_keeps_too_much(
    monkeypatch: pytest.MonkeyPatch, number: str, name: str, value: object
) -> None:
    monkeypatch.setitem(app.conf, name, value)
    assert list(found()) == [f"resetportal.{number}"]


def test_it_finds_a_result_backend_given_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_RESULT_BACKEND", "redis://127.0.0.1")
    assert list(found()) == ["resetportal.E008"]


def test_the_demo_may_run_on_this_machine(settings: Settings) -> None:
    settings.DEMO = True
    assert found() == {}


def test_tests_may_use_failpoints(settings: Settings) -> None:
    settings.FAILPOINTS = "destroy.before_commit=kill"
    settings.EMBEDDED = "test"
    assert found() == {}


def test_a_ledger_that_exists_is_well(settings: Settings, tmp_path: Path) -> None:
    settings.LEDGER_PATH = str(tmp_path / "ledger.jsonl")
    (tmp_path / "ledger.jsonl").touch()
    assert found() == {}


@pytest.mark.parametrize("name", ["ROSTER_FILES", "EXPORT_FILES"])
def test_a_folder_for_files_is_made_for_nobody_else(settings: Settings, tmp_path: Path, name: str) -> None:
    setattr(settings, name, str(tmp_path / "files"))
    assert found() == {}
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
def test_it_finds_nothing_in_the_embedded_server() -> None:
    assert found(databases=["default"]) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "name", "value"),
    [
        ("E020", "log_statement", "all"),
        ("E020", "log_min_duration_statement", "0"),
        ("E020", "log_min_duration_sample", "100"),
        ("E020", "log_transaction_sample_rate", "0.5"),
        ("E020", "log_min_error_statement", "error"),
        ("E020", "log_error_verbosity", "default"),
        ("E020", "log_parameter_max_length_on_error", "-1"),
        ("E023", "deadlock_timeout", "5s"),
    ],
)
def test_it_finds_a_server_that_would_keep_names_or_give_up_early(number: str, name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    messages = found(databases=["default"])
    assert list(messages) == [f"resetportal.{number}"]
    assert messages[f"resetportal.{number}"].hint


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "name", "value"),
    [
        ("E021", "session_preload_libraries", "auto_explain"),
        ("E022", "max_locks_per_transaction", "64"),
        ("E024", "server_version_num", "170004"),
    ],
)
def test_it_finds_a_server_set_up_differently(
    monkeypatch: pytest.MonkeyPatch, number: str, name: str, value: str
) -> None:
    """These cannot be changed on a running server, so its answer is."""
    from resetportal import server_checks

    asked: Callable[[Any, str], str] = server_checks.show
    monkeypatch.setattr(server_checks, "show", lambda conn, one: value if one == name else asked(conn, one))
    assert list(found(databases=["default"])) == [f"resetportal.{number}"]


@pytest.mark.django_db
def test_it_finds_a_demos_database_outside_the_demo(settings: Settings) -> None:
    settings.DEMO = True
    clock.move_to(clock.now().replace(year=2031, day=1))
    assert found(databases=["default"]) == {}
    settings.DEMO = False
    assert list(found(databases=["default"])) == ["resetportal.E002"]

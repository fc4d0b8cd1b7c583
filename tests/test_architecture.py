"""Promises of the house that no single module can keep: who and when, dispositions, migrations, imports, captions."""

import ast
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.models import Q
from importlinter.cli import lint_imports

from districts.disposition import DISPOSITIONS

ROOT = Path(__file__).parent.parent
APPS = ("districts", "exports", "resets", "resetportal")
SIGNING_IN = {"resetportal.User_groups", "resetportal.User_user_permissions"}  # Django's, of its permissions


def models_of_the_project() -> list[type[models.Model]]:
    """Every model of our own apps, those that Django makes for many-to-many relations included."""
    found = (model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True))
    return [model for model in found if model._meta.label not in SIGNING_IN]


def moments() -> Iterator[tuple[type[models.Model], str]]:
    """Every field that says when something was done, by its stem: `held` of `held_at`."""
    for model in models_of_the_project():
        for field in model._meta.get_fields():
            if isinstance(field, models.DateTimeField) and field.name.endswith("_at"):
                yield model, field.name.removesuffix("_at")


def modules() -> list[Path]:
    """Every file of code of our own, migrations apart."""
    found = (path for folder in (*APPS, "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
    return [
        path for path in (*found, ROOT / "manage.py") if "migrations" not in path.parts and path.read_text().strip()
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def both_or_neither(stem: str) -> Q:
    at, by = f"{stem}_at__isnull", f"{stem}_by__isnull"
    return Q(**{at: True, by: True}) | Q(**{at: False, by: False})


def test_there_are_moments_to_look_at() -> None:
    assert ("Reset", "held") in {(model.__name__, stem) for model, stem in moments()}


@pytest.mark.parametrize(("model", "stem"), list(moments()), ids=lambda each: getattr(each, "__name__", each))
def test_a_moment_has_its_person(model: type[models.Model], stem: str) -> None:
    at, by = model._meta.get_field(f"{stem}_at"), model._meta.get_field(f"{stem}_by")
    promised = [each.condition for each in model._meta.constraints if isinstance(each, models.CheckConstraint)]
    assert isinstance(by, models.CharField)
    assert at.null == by.null
    assert not at.null or both_or_neither(stem) in promised


def test_every_model_has_its_disposition_and_nothing_else_has() -> None:
    assert set(DISPOSITIONS) == {model._meta.label for model in models_of_the_project()}


def test_no_change_of_a_model_lacks_its_migration(db: None) -> None:
    said = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said, stderr=said)
    assert "No changes detected" in said.getvalue()


def test_an_app_imports_only_to_its_right(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))

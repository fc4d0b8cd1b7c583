"""What a web worker does before its first request."""

import gc
from collections.abc import Iterator

import pytest
from django.template.loader import get_template
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import mark_safe

from resetportal import warm, words
from resetportal.templatetags.portal import state


@pytest.fixture
def usual_collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_every_template_can_be_read_and_what_was_loaded_is_set_aside(usual_collector: None) -> None:
    warm.up()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] == warm.A_LONG_LIST
    assert get_template("resets/season.html") is not None


@override_settings(USE_THOUSAND_SEPARATOR=True)
def test_a_number_that_is_kept_is_kept_by_its_language() -> None:
    said = {}
    for language in ("en", "de", "en"):
        with translation.override(language):
            said[language] = words.numbers(9412)
    assert said == {"en": "9,412", "de": "9.412"}


def test_a_word_that_is_kept_is_escaped_however_often_it_is_said() -> None:
    assert "<b>" in state("done", mark_safe("<b>Proven</b>"))
    assert "<b>" not in state("done", "<b>Proven</b>")

"""What a web worker does before its first request, so that nobody waits for it in one."""

import gc
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

A_LONG_LIST = 10_000
"""Objects after which garbage is looked for: a lead's list makes a hundred thousand that all die with the answer."""


def up() -> None:
    """Reads every template, then sets what was loaded aside: the collector need not walk through it in each list."""
    folder = Path(settings.ROOT) / "templates"
    for path in sorted(folder.rglob("*.html")):
        get_template(str(path.relative_to(folder)))
    gc.collect()
    gc.freeze()
    gc.set_threshold(A_LONG_LIST, 10, 10)

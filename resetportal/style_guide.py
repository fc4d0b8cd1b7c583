"""Every component in every state on one page, to look at and to test; shown in development and the demo only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from resetportal import icons, style_samples


def style_guide(request: HttpRequest) -> HttpResponse:
    """The style guide, of invented facts."""
    samples = (
        style_samples.frame() | style_samples.lists() | style_samples.adviser() | style_samples.district()
        | style_samples.run() | style_samples.grave()
    )  # fmt: skip
    states = [(kind, icons.KIND_WORDS[kind]) for kind in icons.STATES]
    return render(request, "style_guide.html", samples | {"states": states, "icons": icons.DRAWINGS, "tokens": TOKENS})


TOKENS = (
    ("Grounds", ("bg", "surface", "sunken", "raised")),
    ("Ink", ("ink", "ink-2", "ink-3")),
    ("Lines", ("line", "line-2", "control")),
    ("Pressable, selected, now", ("accent", "accent-tint", "accent-line")),
    ("At risk", ("stop", "stop-tint", "stop-line")),
    ("Somebody owes something", ("wait", "wait-tint", "wait-line")),
    ("Proven, counted, allowed", ("done", "done-tint", "done-line")),
    ("Stopped on purpose", ("hold", "hold-tint", "hold-line")),
    ("How many districts", ("h1", "h2", "h3", "h4", "h5")),
)

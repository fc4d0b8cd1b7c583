"""Named points of the engine at which a test may stop a run; off unless FAILPOINTS names one (a check forbids it).

FAILPOINTS holds `point=action` pairs, comma separated. Actions: `kill` sends SIGKILL to the process, `hang:PATH` makes
the file and waits for a signal, `raise` raises Injected.
"""

import os
import signal
from pathlib import Path

from django.conf import settings

POINTS = (
    "begin.before_commit",
    "begin.after_commit",
    "count.after_query",
    "count.after_export",
    "count.before_commit",
    "count.after_commit",
    "destroy.before_truncate",
    "destroy.before_commit",
    "destroy.after_commit",
    "verify.after_count",
    "ledger.after_append",
    "files.after_removal",
    "verify.before_commit",
    "verify.after_commit",
)


class Injected(Exception):
    """A failure that a test asked for."""


def failpoint(name: str) -> None:
    """Does what FAILPOINTS says for this point; in production, nothing."""
    if not settings.FAILPOINTS:
        return
    for pair in settings.FAILPOINTS.split(","):
        point, _, action = pair.partition("=")
        if point.strip() == name:
            _act(action.strip())


def _act(action: str) -> None:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action.startswith("hang:"):
        Path(action.removeprefix("hang:")).touch()
        signal.pause()
    else:
        raise Injected(action)

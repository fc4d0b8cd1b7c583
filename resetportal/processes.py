"""The portal's processes as children of one program: web, worker and beat, findable after a crash.

The demo runs them, and tests that kill them. Each is the leader of a process group of its own, and is
recorded in a file: whoever comes next can end what a killed parent left behind.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 10


def web(address: str) -> list[str]:
    """Serves the pages at `address`, such as 127.0.0.1:8000."""
    ending = ["--graceful-timeout", "8", "--no-control-socket"]
    return ["gunicorn", "resetportal.wsgi", "--bind", address, "--workers", "2", "--threads", "4", *ending]


def worker() -> list[str]:
    """Runs resets, syncs and exports, a process each. No gossip: what workers must know stands in PostgreSQL."""
    quiet = ["--without-gossip", "--without-mingle"]
    return ["celery", "--app", "resetportal", "worker", "--loglevel", "INFO", "--concurrency", "3", *quiet]


def beat() -> list[str]:
    """Asks every tick what is due. The empty pid file lets a new one start after a killed one."""
    return ["celery", "--app", "resetportal", "beat", "--loglevel", "INFO", "--pidfile", ""]


class Family:
    """Child processes by name, with their logs and their record in `folder`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment}
        self.record = folder / "processes.json"
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str]) -> int:
        """Start `command`, a program of this virtual environment, as `name`; returns its process id."""
        with (self.folder / f"{name}.log").open("a") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.children[name] = child
        self._write(self._read() | {name: (child.pid, psutil.Process(child.pid).create_time())})
        return child.pid

    def ended(self) -> list[str]:
        """Names of children that are no longer there."""
        return [name for name, (pid, born) in self._read().items() if not _alive(pid, born)]

    def pid(self, name: str) -> int:
        """The process id of the child `name`. Raises KeyError when it was never started."""
        return self._read()[name][0]

    def kill(self, name: str) -> None:
        """SIGKILL for a child and all of its own: no handler runs, nothing is put away."""
        os.killpg(self.pid(name), signal.SIGKILL)
        if name in self.children:
            self.children[name].wait(PATIENCE_SECONDS)

    def stop(self) -> list[str]:
        """End all children, and what a killed parent left; returns their names.

        Nothing is left after ten seconds.
        """
        family = self._read()
        for pid, born in family.values():
            if _alive(pid, born):
                os.kill(pid, signal.SIGTERM)
        for pid, born in family.values():
            _wait(pid, born)
            _end_group(pid, born)
        for child in self.children.values():
            child.wait(PATIENCE_SECONDS)
        self.record.unlink(missing_ok=True)
        return list(family)

    def _read(self) -> dict[str, tuple[int, float]]:
        if not self.record.exists():
            return {}
        return {name: (pid, born) for name, (pid, born) in json.loads(self.record.read_text()).items()}

    def _write(self, family: dict[str, tuple[int, float]]) -> None:
        fresh = self.record.with_suffix(".new")
        fresh.write_text(json.dumps(family))
        fresh.replace(self.record)


def _alive(pid: int, born: float) -> bool:
    """Whether the process is still the one that was started, and no other that took its number."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return abs(process.create_time() - born) < 1 and process.status() != psutil.STATUS_ZOMBIE
    return False


def _wait(pid: int, born: float) -> None:
    with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
        process = psutil.Process(pid)
        if abs(process.create_time() - born) < 1:
            process.wait(PATIENCE_SECONDS)


def _end_group(pid: int, born: float) -> None:
    """Kill what is left of the group. Its number cannot be another's while one of its members lives."""
    if psutil.pid_exists(pid) and not _alive(pid, born):
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)

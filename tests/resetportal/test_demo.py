"""`make demo`: says where to go, works again after a crash, mends itself, and leaves nothing running."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from resetportal.demo_people import PASSWORD, PEOPLE
from resetportal.processes import Family
from tests.resetportal.test_embedded import Home
from tests.resetportal.test_processes import eventually

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parent.parent.parent
ENDING = "Ctrl-C ends it."


class Demo(Home):
    """A demo of two small districts in a home of its own."""

    def begin(self, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "resetportal.demo", "--districts", "2", "--students", "40", *options],
            cwd=ROOT,
            env={**os.environ, "RESETPORTAL_HOME": str(self.folder), "RESETPORTAL_SERVERS": "demo"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def detached(self) -> str:
        output, _ = self.begin("--detach").communicate(timeout=240)
        return output

    def end(self) -> None:
        stopping = self.begin("--stop")
        output, _ = stopping.communicate(timeout=60)
        assert stopping.returncode == 0, output

    @property
    def family(self) -> Family:
        return Family(self.folder / "demo", {})


def read_until(running: subprocess.Popen[str], line: str) -> str:
    """What it says up to a line."""
    assert running.stdout
    said = ""
    while line not in said:
        new = running.stdout.readline()
        assert new, said
        said += new
    return said


def answers(said: str) -> bool:
    """Whether the page answers at the address that it said."""
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert address, said
    try:
        urllib.request.urlopen(f"{address[0]}healthz", timeout=2).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="portal-demo-") as folder:
        Path(folder).chmod(0o755)
        here = Demo(Path(folder))
        yield here
        here.end()


def test_it_says_where_to_go_and_works_again_after_everything_was_killed(demo: Demo) -> None:
    said = demo.detached()
    assert answers(said)
    assert PASSWORD in said
    assert all(person.email in said for person in PEOPLE)
    for name in ("web", "worker", "beat"):
        demo.family.kill(name)
    for pid in demo.pids():
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)
    again = demo.detached()
    assert "There already." in again
    assert answers(again)


def test_it_mends_itself_refuses_a_second_one_and_ends_on_ctrl_c(demo: Demo) -> None:
    running = demo.begin()
    said = read_until(running, ENDING)
    assert "The demo already runs here." in demo.detached()
    demo.family.kill("web")
    read_until(running, "web ended and is started again.")
    eventually(lambda: answers(said))
    members = [psutil.Process(demo.family.pid(name)) for name in ("web", "worker", "beat")]
    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=60)
    assert (running.returncode, "The demo is stopped." in rest) == (0, True)
    assert not any(member.is_running() for member in members)
    assert demo.pids() == set()


def test_one_that_runs_elsewhere_can_be_ended(demo: Demo) -> None:
    running = demo.begin()
    read_until(running, ENDING)
    demo.end()
    running.communicate(timeout=10)
    assert running.returncode == 0
    assert demo.pids() == set()

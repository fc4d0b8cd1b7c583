"""The embedded servers: there when asked for, once, after any crash, and gone when told to."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from resetportal.embedded import places, postgres

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "trial"

is_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")


class Home:
    """A home of embedded servers that a test has to itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, *words: str) -> subprocess.Popen[str]:
        """Begin `python -m resetportal.embedded` in this home."""
        return subprocess.Popen(
            [sys.executable, "-m", "resetportal.embedded", *words],
            cwd=ROOT,
            env=os.environ | {"RESETPORTAL_HOME": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def do(self, verb: str) -> str:
        asked = self.ask(verb, NAME)
        output, _ = asked.communicate(timeout=90)
        assert asked.returncode == 0, output
        return output

    def pids(self) -> set[int]:
        """Every server process of this home."""
        found = set()
        for process in psutil.process_iter():
            try:
                line = " ".join(process.cmdline())
            except psutil.NoSuchProcess:
                continue
            if ("postgres -D" in line or "postgres: " in line or "redis-server" in line) and self._owns(process, line):
                found.add(process.pid)
        return found

    def _owns(self, process: psutil.Process, line: str) -> bool:
        try:
            return str(self.folder) in line or str(process.cwd()).startswith(str(self.folder))
        except psutil.NoSuchProcess:
            return False

    @property
    def sockets(self) -> str:
        """The folder of sockets, as `start` says it."""
        address = re.search(r"@/(/.+)/portal", self.do("start"))
        assert address
        return address[1]

    def connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=self.sockets, user="postgres", dbname="portal")


@pytest.fixture
def home() -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="portal-home-"))
    folder.chmod(0o755)
    here = Home(folder)
    yield here
    here.do("stop")
    shutil.rmtree(folder)


@pytest.mark.processes
def test_it_starts_postgresql_18_and_redis(home: Home) -> None:
    connection = home.connect()
    assert connection.server_version // 10_000 == 18
    assert redis.Redis(unix_socket_path=f"{home.sockets}/redis.sock").ping()
    connection.close()


@pytest.mark.processes
def test_it_uses_the_servers_that_run(home: Home) -> None:
    home.do("start")
    before = home.pids()
    home.do("start")
    assert {pid for pid in before if psutil.pid_exists(pid)} <= home.pids()
    assert len(list((home.folder / NAME).glob("run/.s.PGSQL.*[0-9]"))) == 1


@pytest.mark.processes
def test_many_may_ask_at_once(home: Home) -> None:
    asked = [home.ask("start", NAME) for _ in range(4)]
    answers = [one.communicate(timeout=120)[0] for one in asked]
    assert [one.returncode for one in asked] == [0, 0, 0, 0], answers
    parents = {pid for pid in home.pids() if "postgres -D" in " ".join(psutil.Process(pid).cmdline())}
    assert len(parents) == 1


@pytest.mark.processes
def test_stopping_leaves_no_process_and_keeps_the_data(home: Home) -> None:
    with home.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 7 AS number")
    connection.close()
    home.do("stop")
    assert home.pids() == set()
    connection = home.connect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM kept")
        assert cursor.fetchone() == (7,)
    connection.close()


@pytest.mark.processes
def test_it_starts_after_everything_was_killed(home: Home) -> None:
    home.connect().close()
    for pid in home.pids():
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)
    home.connect().close()
    assert redis.Redis(unix_socket_path=f"{home.sockets}/redis.sock").ping()


@pytest.mark.processes
def test_it_starts_when_a_killed_servers_number_is_anothers(home: Home) -> None:
    home.do("start")
    home.do("stop")
    other = subprocess.Popen(
        [str(shutil.which("sleep")), "60"],
        text=True,
        user=places.owner().uid if os.geteuid() == 0 else None,
    )
    mark = home.folder / NAME / "postgres" / "postmaster.pid"
    mark.write_text(f"{other.pid}\n{mark.parent}\n{int(time.time())}\n5432\n{home.folder}\n\n0 0\nready\n")
    home.connect().close()
    assert other.poll() is None
    other.kill()
    other.wait()


@pytest.mark.processes
def test_it_starts_after_a_crash_in_the_middle_of_the_first_start(home: Home) -> None:
    half = home.folder / NAME / "postgres-unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    home.connect().close()


@pytest.mark.processes
def test_it_starts_in_a_folder_too_deep_for_a_socket(home: Home) -> None:
    deep = Home(home.folder / ("a folder's name " * 6) / "home")
    deep.folder.mkdir(parents=True)
    deep.connect().close()
    assert not deep.sockets.startswith(str(home.folder))
    deep.do("stop")


@pytest.mark.processes
@is_root
def test_it_runs_as_nobody_and_opens_no_folder(home: Home) -> None:
    modes = [stat.S_IMODE(folder.stat().st_mode) for folder in (home.folder, *home.folder.parents)]
    home.do("start")
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (home.folder, *home.folder.parents)] == modes
    assert stat.S_IMODE((home.folder / NAME / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((home.folder / NAME / "run").stat().st_mode) == 0o700


@is_root
def test_root_is_refused_a_private_home(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    asked = Home(tmp_path / "home").ask("start", NAME)
    output, _ = asked.communicate(timeout=60)
    assert asked.returncode == 1
    assert "Set RESETPORTAL_HOME to a folder that every user may enter" in output


@is_root
def test_roots_private_programs_are_copied_to_where_nobody_can_run_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(postgres, "reachable", lambda place: False)
        monkeypatch.setattr(postgres, "home", lambda: Path(folder))
        (Path(folder) / NAME).mkdir()
        assert str(postgres.programs()).startswith(folder)
        postgres._run(NAME, "initdb", "--version")
        postgres._run(NAME, "postgres", "--version")


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    somebody = places.Owner(os.geteuid() + 1, os.getegid())
    with pytest.raises(places.EmbeddedError, match="belongs to somebody else"):
        places.own_folder(tmp_path, 0o700, somebody)


def test_a_link_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(places.EmbeddedError, match="belongs to somebody else"):
        places.own_folder(tmp_path / "link", 0o700)

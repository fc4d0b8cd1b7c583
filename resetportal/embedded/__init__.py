"""PostgreSQL 18 and Redis for `make demo`, `make test` and development, where no DATABASE_URL is given.

An *instance* ("demo", "test") is a pair of servers with a folder of its own. They listen on unix sockets
only, outlive the process that started them, and are reused until `stop` ends them. Every address is known
before they run, so that settings can be read without starting anything.
"""

import base64
import secrets
from collections.abc import Callable
from urllib.parse import quote

from resetportal.embedded import broker, postgres
from resetportal.embedded.places import EmbeddedError, home, known, locked, run_folder

__all__ = ["EmbeddedError", "environment", "home", "known", "start", "stop"]


def environment(instance: str) -> dict[str, str]:
    """The variables that a real installation must be given, as they are for this machine's own servers."""
    sockets = quote(str(run_folder(instance)))
    return {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "BASE_URL": "http://127.0.0.1:8000",
        "DATABASE_URL": f"postgres://{postgres.ROLE}@/{sockets}/{postgres.DATABASE}",
        "LEDGER_PATH": str(home() / instance / "ledger.jsonl"),
        "ROSTER_FILES": str(home() / instance / "rosters"),
        "EXPORT_FILES": str(home() / instance / "exports"),
        "BACKUP_DAYS": "35",
        "SECRETS_KEYS": _kept("secrets-key", _thirty_two_bytes),
        "CERTIFICATE_KEYS": _kept("certificate-key", _thirty_two_bytes),
        "REDIS_URL": f"unix://{sockets}/{broker.SOCKET}?db=0",
        "SECRET_KEY": _kept("secret-key", lambda: secrets.token_urlsafe(64)),
    }


def start(instance: str) -> None:
    """Have both servers of `instance` running. Many processes may ask at once.

    Raises EmbeddedError with a sentence that names the cure.
    """
    with locked(instance):
        postgres.start(instance)
        broker.start(instance)


def stop(instance: str) -> None:
    """Stop both servers of `instance`; nothing happens where they do not run. Their data stays."""
    with locked(instance):
        broker.stop(instance)
        postgres.stop(instance)


def _thirty_two_bytes() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _kept(name: str, make: Callable[[], str]) -> str:
    """A key made once a checkout, readable by its owner alone."""
    path = home() / name
    if not path.exists():
        fresh = path.with_name(f"{name}-{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        fresh.rename(path)
    return path.read_text()

"""The portal's settings as benchmarks run them: no demo, a ledger that nobody can mistake for the real one.

Without DATABASE_URL the server is one of their own, named SERVER. With it, nothing else needs to be set.
"""

import base64
import os
import secrets

SERVER = "benchmark"
os.environ |= {"RESETPORTAL_SERVERS": SERVER, "DEBUG": "False", "DEMO": "False", "FAILPOINTS": ""}
os.environ |= {"LEDGER_PATH": os.devnull}  # servers.own_database gives a file that ends with the benchmark
if os.environ.get("DATABASE_URL"):
    for name in ("ALLOWED_HOSTS", "BASE_URL", "REDIS_URL"):
        os.environ.setdefault(name, "not-used-by-benchmarks")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))
    os.environ.setdefault("SECRETS_KEYS", "not-used-by-benchmarks")
    os.environ.setdefault("ROSTER_FILES", os.devnull)
    os.environ.setdefault("EXPORT_FILES", os.devnull)
    os.environ.setdefault("BACKUP_DAYS", "35")
    os.environ.setdefault("CERTIFICATE_KEYS", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())

from resetportal.settings import *  # noqa: E402, F403

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.plain_models"]  # noqa: F405
LOGGING["root"]["level"] = "WARNING"  # type: ignore[index]  # noqa: F405

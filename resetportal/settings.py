"""One settings file for every machine: what differs comes from the environment, and what is missing says
its cure.

Without DATABASE_URL the portal runs on its embedded servers, for `make demo`, development and tests. With
it, it is a real installation, and the settings that such a one needs have no defaults.
"""

from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

django_stubs_ext.monkeypatch()  # lets models.ForeignObject[A, B] stand in code as type checkers read it

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(ROOT / ".env")

EMBEDDED = "" if env.str("DATABASE_URL", "") else env.str("RESETPORTAL_SERVERS", "demo")
_own: dict[str, str] = {}
if EMBEDDED:  # a real installation has no need of the embedded servers' wheels
    from resetportal import embedded

    _own = embedded.environment(EMBEDDED)


def needed(name: str) -> str:
    """The variable `name`, or this machine's own value for it where the embedded servers run."""
    value = env.str(name, "") or _own.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Give it a value in the environment; .env.example tells which.")
    return value


def days(value: str) -> int:
    """A number of days, as BACKUP_DAYS says it."""
    if not value.strip().isdecimal():
        raise ImproperlyConfigured(f"BACKUP_DAYS is {value}. Set it to a number of days, such as 35.")
    return int(value)


# What differs from machine to machine

DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", bool(EMBEDDED) and not DEMO)
SECRET_KEY = needed("SECRET_KEY")
ALLOWED_HOSTS = needed("ALLOWED_HOSTS").split(",")
BASE_URL = needed("BASE_URL").rstrip("/")
REDIS_URL = needed("REDIS_URL")
LEDGER_PATH = needed("LEDGER_PATH")
ROSTER_FILES = needed("ROSTER_FILES")  # a folder that web and workers share; rosters lie in it until they end
EXPORT_FILES = needed("EXPORT_FILES")  # a folder for districts' files while they are made, and by default after
EXPORT_STORAGE = env.str("EXPORT_STORAGE", "")  # s3://bucket/folder keeps them in S3-compatible storage instead
EXPORTS_AT_ONCE = env.int("EXPORTS_AT_ONCE", 1)  # files in the making; a worker must stay free for resets
BACKUP_DAYS = days(needed("BACKUP_DAYS"))  # for how long backups of the database are kept; certificates say it
CERTIFICATE_KEYS = needed("CERTIFICATE_KEYS").split(",")  # Ed25519 seeds: the first signs, all of them verify
SECRETS_KEYS = needed("SECRETS_KEYS").split(",")  # Fernet keys: the first encrypts, all of them decrypt
TICK_SECONDS = env.float("TICK_SECONDS", 60.0)
LEASE_SECONDS = env.float("LEASE_SECONDS", 60.0)
MAX_ATTEMPTS = env.int("MAX_ATTEMPTS", 5)
LOCK_TIMEOUT_MS = env.int("LOCK_TIMEOUT_MS", 3000)
LOCK_PATIENCE_SECONDS = env.int("LOCK_PATIENCE_SECONDS", 600)
ROSTERS_AT_ONCE = env.int("ROSTERS_AT_ONCE", 1)  # syncs in progress; a worker must stay free for resets
FAILPOINTS = env.str("FAILPOINTS", "")

# The house

INSTALLED_APPS = [
    "resetportal",
    "resets",
    "exports",
    "districts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "knox",
    "rest_framework",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "resetportal.middleware.NeverStored",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "resetportal.urls"
WSGI_APPLICATION = "resetportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "resetportal.context.portal",
            ],
        },
    },
]

# The truth is in PostgreSQL. Limits on sign-in are kept there too, so that they hold when Redis is away.

DATABASES = {"default": env.db_url_config(needed("DATABASE_URL"))}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "resetportal_cache",
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Celery only wakes code up; see resetportal/celery.py. kombu spells a unix socket in a way of its own.

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")

# Time is UTC, shown in each district's zone

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "English")]  # another one is a catalogue in locale/ and a line here
LOCALE_PATHS = [ROOT / "locale"]

# People sign in by e-mail and password. Nobody signs up.

AUTH_USER_MODEL = "resetportal.User"
AUTHENTICATION_BACKENDS = ["resetportal.accounts.PeopleAlone"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "resetportal.accounts.NobodySignsUp"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# The browser

SECURE = BASE_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [SELF] if DEMO else [NONE],  # the demo's mail shows its HTML in a frame
        "img-src": [SELF, "data:"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
    },
}
FILE_UPLOAD_HANDLERS = ["districts.uploads.Unnamed"]  # a roster names children
STATIC_URL = "static/"
STATIC_ROOT = None if EMBEDDED else ROOT / "staticfiles"  # else files are found where they are written
WHITENOISE_USE_FINDERS = bool(EMBEDDED)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "exports": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": EXPORT_STORAGE.removeprefix("s3://").partition("/")[0],
                "location": EXPORT_STORAGE.removeprefix("s3://").partition("/")[2],
                "endpoint_url": env.str("EXPORT_ENDPOINT", "") or None,
                "access_key": env.str("EXPORT_ACCESS_KEY", "") or None,
                "secret_key": env.str("EXPORT_SECRET_KEY", "") or None,
                "default_acl": None,
                "file_overwrite": False,
            },
        }
        if EXPORT_STORAGE
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": Path(EXPORT_FILES) / "kept",
                "base_url": None,  # no address of its own: a file answers by the request, to its district's people
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if EMBEDDED
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}

# Mail of the demo is printed; logs are lines on standard error and never hold a student's name

EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_FILE_PATH = env.str("MAIL_FOLDER", "")  # of the backend that writes files
EMAIL_HOST = env.str("MAIL_HOST", "localhost")
EMAIL_PORT = env.int("MAIL_PORT", 25)
EMAIL_HOST_USER = env.str("MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("MAIL_PASSWORD", "")
EMAIL_USE_TLS = env.bool("MAIL_TLS", False)
EMAIL_TIMEOUT = 10  # seconds: a server that says nothing keeps no worker
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Reset Portal <portal@localhost>")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "resetportal.errors.problem",
}

# The learning platform sends its feed with a token, of which a hash is kept (knox)

REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "rp_", "AUTO_REFRESH": False}
ACTIVITY_RATE = env.str("ACTIVITY_RATE", "300/min")  # batches of up to 10,000 events, for each holder of tokens

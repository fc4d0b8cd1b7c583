"""The portal's settings as tests run them: the embedded servers of their own, no demo, nothing of a .env
file.
"""

import os

os.environ.setdefault("RESETPORTAL_SERVERS", "test")
os.environ |= {"DEBUG": "False", "DEMO": "False", "FAILPOINTS": ""}

from resetportal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resetportal.settings")

application = get_wsgi_application()

from resetportal import warm  # noqa: E402  # its templates need the settings

warm.up()

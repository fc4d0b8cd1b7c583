#!/usr/bin/env python
"""Django's command line, with the embedded servers started where no DATABASE_URL is given."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resetportal.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    if settings.EMBEDDED:
        from resetportal import embedded

        embedded.start(settings.EMBEDDED)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

"""python -m tests.exports.recalculating: LibreOffice opens an export, XLSX and CSV, recalculates it, and saves it anew.

No cell may have become a formula, and no dangerous name may have changed. Ends with 1 when one has, and when there is
no LibreOffice. What it makes of other odd names is told.
"""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.exports import recalculated

    sys.exit(recalculated.main())

"""Files of a district as a worker would have left them: ready, with content in the storage, or at another state."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from districts.models import District, Gate
from exports.models import Download, ExportFile
from resetportal.models import User

MADE = datetime(2027, 6, 1, 15, tzinfo=UTC)
CONTENT = b"first_name,last_name\r\nNoor,Canary-Whitcombe\r\n"
NAME = "Lakeside Unified - Imagine Math - Student Data Export 2026-27 through 2027-05-31.csv"


def wish(district: District, **more: Any) -> ExportFile:
    """A file that was asked for."""
    fields = {"kind": "student_data", "format": "csv", "product": "imagine_math", "school_year": "2026-27"}
    generation = Gate.objects.get(pk=district.pk).resets
    asked = {"asked_at": MADE, "asked_by": "Dana Whitfield", "generation": generation}
    return ExportFile.objects.create(district=district, **fields | asked | more)


def ready(district: District, content: bytes = CONTENT, **more: Any) -> ExportFile:
    """A file that can be downloaded."""
    stored = storages["exports"].save(f"d{district.pk}/1-{district.pk}", ContentFile(content))
    made = {"made_at": MADE, "made_by": "a worker", "lasts_until": MADE + timedelta(hours=24), "stored": stored}
    told = {"digest": hashlib.sha256(content).hexdigest(), "size": len(content), "name": NAME, "rows": 3}
    return wish(district, **{"state": "ready", "through": date(2027, 5, 31)} | made | told | more)


def reports(district: District, **more: Any) -> ExportFile:
    """Progress reports that can be downloaded."""
    of_reports = {"kind": "progress", "product": "", "format": "zip", "name": "Lakeside Unified - reports.zip"}
    return ready(district, b"PK", **of_reports | more)


def ended(file: ExportFile, why: str = "The district was reset.") -> ExportFile:
    """The same file, gone."""
    file.state, file.ended_at, file.ended_by, file.why = "ended", MADE + timedelta(hours=1), "the run", why
    file.save()
    return file


def taken(file: ExportFile, by: User, at: datetime = MADE) -> Download:
    """Somebody downloaded it."""
    return Download.objects.create(file=file, downloaded_at=at, downloaded_by=str(by), person=by, digest=file.digest)

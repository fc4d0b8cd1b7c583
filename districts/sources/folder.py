"""The drop folder of this server: zips named by day, such as 2027-08-12.zip."""

import re
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from districts.models import RosterSource
from districts.sources import days
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched
from resetportal import clock

NAMED_BY_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.zip")


def fetch(source: RosterSource, *, at: datetime) -> Fetched:
    """The roster of the latest day that has come in the district's zone, where it lies; of the day's beginning.

    Raises SourceError when there is none, or no such folder.
    """
    zone = source.district.zone
    name = days.newest(_names(source), clock.local_date(zone, at))
    if name is None:
        sentence = _("No roster has come: the folder has no YYYY-MM-DD.zip of today or earlier.")
        raise SourceError(sentence, can_retry=False)
    day = days.day_in(name)
    as_of = datetime.combine(day, time(), ZoneInfo(zone)) if day else None
    return Fetched(Path(source.folder) / name, name, as_of=as_of)


def look(source: RosterSource, *, at: datetime) -> str:
    """What lies in the folder, in a sentence. Raises SourceError."""
    names = _names(source)
    name = days.newest(names, clock.local_date(source.district.zone, at))
    if name is None:
        return _("The folder can be read. It holds no YYYY-MM-DD.zip of today or earlier yet.")
    return _("The folder can be read. Its newest roster is {name}.").format(name=name)


def _names(source: RosterSource) -> list[str]:
    try:
        found = [path for path in Path(source.folder).iterdir() if path.is_file()]
    except OSError:
        sentence = _("The folder {folder} cannot be read on this server. Write a folder that is there.").format(
            folder=source.folder
        )
        raise SourceError(sentence, can_retry=False) from None
    return [path.name for path in found if NAMED_BY_DAY.fullmatch(path.name)]

"""One door to every kind of source: fetch the newest roster, or ask whether the source answers."""

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts.models import RosterSource
from districts.sources import folder as drop_folder
from districts.sources import rest, sftp
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched

__all__ = ("Fetched", "fetch", "look")

Kind = RosterSource.Kind
NOTHING_TO_FETCH = gettext_noop(
    "This district's rosters come by upload, so there is nothing to fetch. Upload one on its page."
)


def fetch(source: RosterSource, folder: Path, *, at: datetime, full: bool) -> Fetched:
    """Brings a district's newest roster into `folder`, an empty folder of the caller's, who removes it.

    `at`: this moment, aware. `full`: everything is asked for, of a source that could give changes only. The roster of
    a folder of this server is left where it lies. Raises SourceError.
    """
    if source.kind == Kind.FOLDER:
        return drop_folder.fetch(source, at=at)
    if source.kind == Kind.SFTP:
        return sftp.fetch(source, folder, at=at)
    if source.kind == Kind.REST:
        return rest.fetch(source, folder, at=at, full=full)
    raise SourceError(_(NOTHING_TO_FETCH), can_retry=False)


def look(source: RosterSource, *, at: datetime) -> str:
    """Whether a source answers: signs in, looks for rosters, fetches none, and says in a sentence what is there.

    Takes a source that is not saved yet. Raises SourceError.
    """
    if source.kind == Kind.FOLDER:
        return drop_folder.look(source, at=at)
    if source.kind == Kind.SFTP:
        return sftp.look(source, at=at)
    if source.kind == Kind.REST:
        return rest.look(source, at=at)
    raise SourceError(_(NOTHING_TO_FETCH), can_retry=False)

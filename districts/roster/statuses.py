"""The status of rows: what a full file may say of it, and what a file of changes must."""

from django.utils.translation import gettext as _

from districts.roster.problems import Place, RosterRefused, Warnings

PRESENT = {"": True, "active": True, "inactive": False, "tobedeleted": False}


class Statuses:
    """The status column of one full file: blank throughout (as OneRoster wants), or set throughout."""

    def __init__(self, file: str, warnings: Warnings) -> None:
        self.file, self.warnings, self.are_set = file, warnings, None

    are_set: bool | None

    def keeps(self, status: str, line: int) -> bool:
        """Whether the row is part of the roster; `tobedeleted` and `inactive` rows are not."""
        if not status and self.are_set is False:
            return True
        place = Place(self.file, line, "status")
        is_present = _meaning(status, place, _("Leave it blank in a full file."))
        if self.are_set is None:
            self._note_first(bool(status))
        elif self.are_set is not bool(status):
            raise RosterRefused(
                place,
                _("Rows with a status and rows without are mixed, so this is neither a full file nor one of changes."),
                _("Leave every status blank in a full file."),
            )
        if not is_present:
            self.warnings.add(place, _("Rows to be deleted, or inactive, were left out."))
        return is_present

    def _note_first(self, is_set: bool) -> None:
        self.are_set = is_set
        if is_set:
            self.warnings.add(Place(self.file), _("It is a full file by the manifest, and its rows carry a status."))


class Changed:
    """The columns status and dateLastModified of one file of changes: both stand on every row."""

    def __init__(self, file: str) -> None:
        self.file = file

    def keeps(self, status: str, modified: str, line: int) -> bool:
        """Whether the row is new or changed; `tobedeleted` and `inactive` rows are deletions."""
        for column, value in (("status", status), ("dateLastModified", modified)):
            if not value:
                raise RosterRefused(
                    Place(self.file, line, column),
                    _("It is blank, and in a file of changes (delta) every row has its status and its time."),
                    _("Fill in both, or send the full file and say bulk in the manifest."),
                )
        return _meaning(status, Place(self.file, line, "status"), _("Write active or tobedeleted."))


def _meaning(status: str, place: Place, cure: str) -> bool:
    meant = PRESENT.get(status.lower())
    if meant is None:
        raise RosterRefused(place, _("The status is none of OneRoster's."), cure)
    return meant

"""Where a reset can stand, what a district can have answered, and why a reset can be held."""

from django.db import models


class Status(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    COUNTING = "counting", "Counting"
    DESTROYING = "destroying", "Destroying"
    VERIFYING = "verifying", "Verifying"
    COMPLETED = "completed", "Completed"
    HELD = "held", "Held"


WORKING = (Status.COUNTING, Status.DESTROYING, Status.VERIFYING)


class Answer(models.TextChoices):
    NONE = "none", "None yet"
    KEEPS = "keeps", "Keeps the default"
    ASKS = "asks", "Asks for another day"
    AGREED = "agreed", "Agreed on the date"
    TOLD = "told", "Asked, and was told why the date stays"


class HeldFor(models.TextChoices):
    """Why a reset waits for a person. The first four are expected and spend no error budget."""

    RECORDS = "records", "A records hold"
    STOPPED = "stopped", "Stopped by a person"
    EXPORT = "export", "Waiting for an export"
    NEW_YEAR = "new_year", "A roster of the new year came before the reset"
    SHARD = "shard", "The district's tables are not as they must be"
    COUNTS = "counts", "The counts did not add up"
    VERIFICATION = "verification", "The verification did not add up"
    ATTEMPTS = "attempts", "Too many attempts"
    LOCKS = "locks", "Somebody kept the data locked"


EXPECTED_HOLDS = (HeldFor.RECORDS, HeldFor.STOPPED, HeldFor.EXPORT, HeldFor.NEW_YEAR)

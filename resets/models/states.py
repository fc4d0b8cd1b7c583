"""Where a reset can stand, what a district can have answered, and why a reset can be held."""

from django.db import models
from django.utils.translation import gettext_lazy


class Status(models.TextChoices):
    SCHEDULED = "scheduled", gettext_lazy("Scheduled")
    COUNTING = "counting", gettext_lazy("Counting")
    DESTROYING = "destroying", gettext_lazy("Destroying")
    VERIFYING = "verifying", gettext_lazy("Verifying")
    COMPLETED = "completed", gettext_lazy("Completed")
    HELD = "held", gettext_lazy("Held")


WORKING = (Status.COUNTING, Status.DESTROYING, Status.VERIFYING)


class Answer(models.TextChoices):
    NONE = "none", gettext_lazy("None yet")
    KEEPS = "keeps", gettext_lazy("Keeps the default")
    ASKS = "asks", gettext_lazy("Asks for another day")
    AGREED = "agreed", gettext_lazy("Agreed on the date")
    TOLD = "told", gettext_lazy("Asked, and was told why the date stays")


class HeldFor(models.TextChoices):
    """Why a reset waits for a person. The first four are expected and spend no error budget."""

    RECORDS = "records", gettext_lazy("A records hold")
    STOPPED = "stopped", gettext_lazy("Stopped by a person")
    EXPORT = "export", gettext_lazy("Waiting for an export")
    NEW_YEAR = "new_year", gettext_lazy("A roster of the new year came before the reset")
    SHARD = "shard", gettext_lazy("The district's tables are not as they must be")
    COUNTS = "counts", gettext_lazy("The counts did not add up")
    VERIFICATION = "verification", gettext_lazy("The verification did not add up")
    ATTEMPTS = "attempts", gettext_lazy("Too many attempts")
    LOCKS = "locks", gettext_lazy("Somebody kept the data locked")


EXPECTED_HOLDS = (HeldFor.RECORDS, HeldFor.STOPPED, HeldFor.EXPORT, HeldFor.NEW_YEAR)

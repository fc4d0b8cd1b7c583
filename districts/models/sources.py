"""Where a district's rosters come from, when they are fetched, and what protects the district from them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from districts.models.organisations import District
from districts.models.pairs import both_or_neither, when, who


class RosterSource(models.Model):
    """The one way in which a district's rosters come, one row a district, with its turn in the night.

    `secret` is encrypted (`districts.sources.secrets`) and never shown again. `due_from` is when it is fetched next,
    None for a source that nobody fetches; `claim` fences off whoever held the turn before.
    """

    class Kind(models.TextChoices):
        UPLOAD = "upload", gettext_lazy("Upload in the browser")
        SFTP = "sftp", gettext_lazy("SFTP folder")
        REST = "rest", gettext_lazy("OneRoster REST server")
        FOLDER = "folder", gettext_lazy("Folder of this server")

    class Version(models.TextChoices):
        V1P1 = "1.1", "OneRoster 1.1"
        V1P2 = "1.2", "OneRoster 1.2"

    class Signing(models.TextChoices):
        OAUTH2 = "oauth2", "OAuth 2 client credentials"
        OAUTH1 = "oauth1", "OAuth 1.0a signature"

    district = models.OneToOneField(District, on_delete=models.CASCADE, primary_key=True, related_name="roster_source")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.UPLOAD)
    address = models.CharField(max_length=500, blank=True, help_text="SFTP: host or host:port. REST: the base address.")
    folder = models.CharField(max_length=500, blank=True, help_text="SFTP and folder: where the zips lie.")
    username = models.CharField(max_length=255, blank=True, help_text="SFTP: the user. REST: the client's id or key.")
    secret = models.TextField(blank=True, help_text="Encrypted: a password, a private key or a client's secret.")
    host_key = models.CharField(max_length=200, blank=True, help_text="SFTP: SHA256:... of the server's key.")
    version = models.CharField(max_length=3, choices=Version, default=Version.V1P1)
    signing = models.CharField(max_length=6, choices=Signing, default=Signing.OAUTH2)
    token_address = models.CharField(max_length=500, blank=True)
    scopes = models.CharField(max_length=500, blank=True, help_text="Separated by blanks; none for the server's own.")
    page_size = models.PositiveIntegerField(default=1000)
    takes_changes = models.BooleanField(default=False, help_text="REST: asks for changes only between full fetches.")
    set_at = when()
    set_by = who()

    sync_hour = models.PositiveSmallIntegerField(default=2, help_text="In the district's zone.")
    sync_minute = models.PositiveSmallIntegerField(default=0, help_text="Spreads the districts of one hour.")
    due_from = models.DateTimeField(null=True, blank=True, db_index=True, help_text="UTC: fetched next from then on.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Of the present night, failed ones.")
    claim = models.PositiveIntegerField(default=0, help_text="Fencing number of who has the district's turn.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="By the database's clock.")
    changed_from = models.DateTimeField(null=True, blank=True, help_text="REST: the next changes are those since then.")

    removal_percent = models.PositiveSmallIntegerField(default=10, help_text="More of a kind removed: on hold.")
    school_percent = models.PositiveSmallIntegerField(default=25, help_text="More of one school's students: on hold,")
    school_students = models.PositiveIntegerField(default=20, help_text="if they are more than so many.")

    class Meta:
        constraints = (
            both_or_neither("set"),
            models.CheckConstraint(
                condition=Q(sync_hour__lte=23, sync_minute__lte=59),
                name="a_sync_has_an_hour_of_the_day",
                violation_error_message=gettext_lazy("Write an hour from 0 to 23."),
            ),
            models.CheckConstraint(
                condition=Q(removal_percent__lte=100, school_percent__lte=100),
                name="a_share_is_at_most_all",
                violation_error_message=gettext_lazy("Write a percentage from 0 to 100."),
            ),
            models.CheckConstraint(
                condition=Q(page_size__gte=1, page_size__lte=10_000),
                name="a_page_has_rows",
                violation_error_message=gettext_lazy("Write a page size from 1 to 10,000."),
            ),
        )

    def __str__(self) -> str:
        return f"rosters of {self.district}"

    @property
    def is_fetched(self) -> bool:
        """Whether the portal goes and gets the rosters, night by night."""
        return self.kind != self.Kind.UPLOAD

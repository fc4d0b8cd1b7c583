"""The certificate of a completed reset, exactly as it was signed."""

from django.db import models

from resets.models.resets import Reset


class Certificate(models.Model):
    """What a reset did, as signed text that names no student. Written once, with the completion; never changed.

    `text` is the document as canonical JSON, `digest` its SHA-256 in hex, `signature` Ed25519 over the text in
    base64, `key` the id of the public key that verifies it.
    """

    reset = models.OneToOneField(Reset, on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=20, unique=True, help_text="Such as RP-2027-0417.")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=120)
    key = models.CharField(max_length=40)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("-issued_at", "-id")

    def __str__(self) -> str:
        return self.number

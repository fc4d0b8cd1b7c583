"""Resets: the season, its rules, and the run that ends a school year."""

from django.apps import AppConfig


class ResetsConfig(AppConfig):
    name = "resets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What rooms below may not look up is lent to them: to the rules their language, to mails why a reset waits."""
        from resets import standstill, tongue

        tongue.lend()
        standstill.lend()

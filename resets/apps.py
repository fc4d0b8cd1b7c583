"""Resets: the season, its rules, and the run that ends a school year."""

from django.apps import AppConfig


class ResetsConfig(AppConfig):
    name = "resets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The rules know no Django, so the language of their sentences is lent to them."""
        from resets import tongue

        tongue.lend()

"""Resets: the season, its rules, and the run that ends a school year."""

from django.apps import AppConfig


class ResetsConfig(AppConfig):
    name = "resets"
    default_auto_field = "django.db.models.BigAutoField"

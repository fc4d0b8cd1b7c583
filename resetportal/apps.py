"""Starts the wiring with Django: tasks find their broker, system checks are known, sign-ins noted."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "resetportal"
    verbose_name = "Reset Portal"

    def ready(self) -> None:
        import_module("resetportal.celery")
        import_module("resetportal.checks")
        import_module("resetportal.last_sign_in")
        import_module("resetportal.server_checks")

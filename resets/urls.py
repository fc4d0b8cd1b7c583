"""Addresses of the pages about resets; their names stand in the table of access in the tests."""

from django.urls import URLPattern, URLResolver

app_name = "resets"

urlpatterns: list[URLPattern | URLResolver] = []

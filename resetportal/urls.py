"""Every address of the portal; each app declares its own."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from resetportal.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    *[path("", include(urls)) for urls in ("districts.urls", "resets.urls") if find_spec(urls)],
]

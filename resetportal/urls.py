"""Every address of the portal; each app declares its own."""

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from allauth.account.views import email as own_address
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from resetportal.demo_clock import demo_clock
from resetportal.demo_mail import mail, mail_html, mailbox
from resetportal.health import healthz, readyz
from resetportal.home import home
from resetportal.style_guide import style_guide

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # one sign-in, with its limits

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("accounts/email/", require_safe(own_address), name="account_email"),  # the vendor gives addresses, nobody else
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("demo/clock/", demo_clock, name="demo_clock"),
    path("mail/", mailbox, name="demo_mailbox"),
    path("mail/<str:key>/", mail, name="demo_mail"),
    path("mail/<str:key>/html/", mail_html, name="demo_mail_html"),
    path("healthz", healthz),
    path("readyz", readyz),
    *([path("style/", style_guide)] if settings.DEBUG or settings.DEMO else []),
    *[path("", include(urls)) for urls in ("districts.urls", "resets.urls") if find_spec(urls)],
]

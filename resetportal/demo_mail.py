"""The demo's mail, readable in the portal: the files that its mail is written to. Outside the demo there is none."""

import email
import email.policy
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

from csp.decorators import csp_replace
from django.conf import settings
from django.core.mail import EmailMessage as Outgoing
from django.core.mail.backends.filebased import EmailBackend
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from resetportal import clock

BETWEEN = b"-" * 79 + b"\n"  # what Django's file backend writes under each message
SHOWN = 200
View = Callable[..., HttpResponseBase]


class ByTheDemosClock(EmailBackend):
    """Writes mail to files with the date that the demo's clock shows, which Django's own does not know."""

    def send_messages(self, email_messages: Sequence[Outgoing]) -> int:
        for message in email_messages:
            message.extra_headers.setdefault("Date", format_datetime(clock.now()))
        return super().send_messages(email_messages)


class Mail(NamedTuple):
    """One message: `key` names it in an address."""

    key: str
    message: EmailMessage

    @property
    def headers(self) -> dict[str, str]:
        return {name.lower(): str(value) for name, value in self.message.items()}

    @property
    def sent_at(self) -> datetime:
        return parsedate_to_datetime(str(self.message["date"]))

    @property
    def title(self) -> str:
        return f"{self.message['to']} {self.message['subject']}"

    def part(self, kind: str) -> str:
        body = self.message.get_body(preferencelist=(kind,))
        return str(body.get_content()) if body else ""


def messages() -> list[Mail]:
    """The newest messages first."""
    folder = Path(settings.EMAIL_FILE_PATH) if settings.EMAIL_FILE_PATH else None
    files = sorted(folder.glob("*.log"), reverse=True)[:SHOWN] if folder and folder.is_dir() else []
    return [mail for file in files for mail in _of(file)]


def _of(file: Path) -> Iterator[Mail]:
    parts = [part for part in file.read_bytes().split(BETWEEN) if part.strip()]
    for number in reversed(range(len(parts))):
        message = email.message_from_bytes(parts[number], policy=email.policy.default)
        yield Mail(f"{file.stem}-{number}", message)


def _in_the_demo(view: View) -> View:
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, **kwargs)

    return guarded


@_in_the_demo
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every message that the demo has sent. `?q=` looks for words in whom it is to and in its subject."""
    words = request.GET.get("q", "")
    found = [mail for mail in messages() if words.casefold() in mail.title.casefold()]
    return render(request, "resetportal/mailbox.html", {"mails": found[:SHOWN], "words": words})


@_in_the_demo
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One message, as text and as its reader sees it."""
    found = _found(key)
    return render(request, "resetportal/mail.html", {"mail": found, "text": found.part("plain")})


@_in_the_demo
@xframe_options_sameorigin
@csp_replace({"style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"], "script-src": ["'none'"]})  # type: ignore[arg-type]  # its stubs know views of one argument
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of one message, to be framed without scripts; its links open in the whole window."""
    html = _found(key).part("html")
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


def _found(key: str) -> Mail:
    found = next((mail for mail in messages() if mail.key == key), None)
    if found is None:
        raise Http404
    return found

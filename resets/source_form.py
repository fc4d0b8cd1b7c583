"""The form of the one way in which a district's rosters come, with the thresholds of its safeguards."""

import re
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import RosterSource
from districts.moments import full_hour
from districts.sources.setting import NEEDS_SECRET

Kind, Signing = RosterSource.Kind, RosterSource.Signing
HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:]{2,45}\])(?::[0-9]{1,5})?")
FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
WRITE_ONLY = gettext_lazy("Encrypted, and never shown again.")
KEPT = gettext_lazy("One is set. Leave it empty to keep it; a new address or user needs it entered again.")
NO_HOST = gettext_lazy("Write the server’s name alone, such as sftp.example.org or sftp.example.org:2222.")


def hours() -> list[tuple[int, str]]:
    """The hours of a night, on the clock of the reader's language."""
    return [(hour, full_hour(time(hour))) for hour in range(24)]


def _text(label: Any, help_text: Any = "", most: int = 500) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=most, required=False)


def _secret(label: Any, widget: type[forms.Widget]) -> forms.CharField:
    attrs = {"autocomplete": "new-password", "spellcheck": "false"}
    return forms.CharField(
        label=label, required=False, strip=False, max_length=20_000, widget=widget(attrs), help_text=WRITE_ONLY
    )


def _number(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    wrong = format_lazy(gettext_lazy("Write a whole number from 1 to {most:,}."), most=most)
    errors = {"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong}
    return forms.IntegerField(label=label, min_value=1, max_value=most, help_text=help_text, error_messages=errors)


class Unseen(forms.Textarea):
    """A field of several lines, such as for a private key, whose value is never sent back to the browser."""

    def format_value(self, value: Any) -> str | None:
        return None


class SourceForm(forms.Form):
    """Fields of every kind, each with its kind's prefix; only those of the chosen kind are asked and kept."""

    kind = forms.ChoiceField(label=gettext_lazy("How do rosters come?"), widget=forms.RadioSelect)
    sftp_address = _text(
        gettext_lazy("Server"),
        gettext_lazy("Its name, such as sftp.example.org, or with a port: sftp.example.org:2222."),
    )
    sftp_username = _text(gettext_lazy("User"), most=255)
    sftp_secret = _secret(gettext_lazy("Password or private key"), Unseen)
    sftp_folder = _text(gettext_lazy("Folder"), gettext_lazy("On that server, where the zips lie, such as /outgoing."))
    sftp_host_key = _text(
        gettext_lazy("The server’s key"),
        gettext_lazy(
            "SHA256:… as the server’s people tell it. Without one nothing is sent to it; “Try it” says which it shows."
        ),
        200,
    )
    rest_address = _text(
        gettext_lazy("Address"),
        gettext_lazy("https://… up to and with /ims/oneroster/v1p1 or /ims/oneroster/rostering/v1p2."),
    )
    rest_version = forms.ChoiceField(label=gettext_lazy("Version"), choices=RosterSource.Version, required=False)
    rest_signing = forms.ChoiceField(label=gettext_lazy("Signs in with"), choices=Signing, required=False)
    rest_token_address = _text(gettext_lazy("Token address"), gettext_lazy("https://… where OAuth 2 tokens come from."))
    rest_scopes = _text(gettext_lazy("Scopes"), gettext_lazy("Separated by blanks. Empty: the server’s own."))
    rest_username = _text(gettext_lazy("Client id or key"), most=255)
    rest_secret = _secret(gettext_lazy("Client secret"), forms.PasswordInput)
    rest_page_size = _number(gettext_lazy("Rows a page"), 10_000, gettext_lazy("Servers may give less."))
    rest_takes_changes = forms.BooleanField(
        label=gettext_lazy("Ask for changes only, and for everything once a week"), required=False
    )
    folder_folder = _text(
        gettext_lazy("Folder of this server"),
        gettext_lazy("Where zips named YYYY-MM-DD.zip are put, such as /srv/rosters/lakeside."),
    )
    sync_hour = forms.TypedChoiceField(label=gettext_lazy("Hour of the night"), choices=hours, coerce=int)
    removal_percent = _number(
        gettext_lazy("Any kind of rows, percent"), 100, gettext_lazy("More of them removed: on hold.")
    )
    school_percent = _number(
        gettext_lazy("One school’s students, percent"), 100, gettext_lazy("A school that would lose a larger share,")
    )
    school_students = _number(
        gettext_lazy("One school’s students, number"), 100_000, gettext_lazy("and more of them than this: on hold.")
    )

    def __init__(self, data: Any = None, *, source: RosterSource, is_engineer: bool = False) -> None:
        super().__init__(data, initial=_initial(source))
        self.source = source
        kinds = [each for each in Kind.choices if each[0] != Kind.FOLDER or is_engineer or source.kind == Kind.FOLDER]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField's
        self.fields["rest_page_size"].required = False
        self.is_engineer = is_engineer
        if source.secret and source.kind in NEEDS_SECRET:
            self.fields[f"{source.kind}_secret"].help_text = KEPT

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        check = {Kind.SFTP: self._sftp, Kind.REST: self._rest, Kind.FOLDER: self._folder}.get(given.get("kind", ""))
        if check:
            check(given)
        name = f"{given.get('kind')}_secret"
        if self.errors and given.get(name):
            self.add_error(name, _("Enter it again: a secret is never sent back to the browser."))
        return given

    def _sftp(self, given: dict[str, Any]) -> None:
        self._ask("sftp_username", _("Write the user’s name on that server."))
        self._ask("sftp_folder", _("Write the folder on that server where the zips lie; / for its first."))
        if not _is_host(given.get("sftp_address", "")):
            self.add_error("sftp_address", NO_HOST)
        key = given.get("sftp_host_key", "")
        if key and not FINGERPRINT.fullmatch(key):
            self.add_error("sftp_host_key", _("Write SHA256: and the 43 letters and digits that ssh-keygen -l shows."))

    def _rest(self, given: dict[str, Any]) -> None:
        self._ask("rest_username", _("Write the client’s id, or its key."))
        self._https("rest_address", given)
        if given.get("rest_signing") != Signing.OAUTH1:
            self._https("rest_token_address", given)
        if not given.get("rest_page_size") and "rest_page_size" not in self.errors:
            self.add_error("rest_page_size", _("Write a whole number from 1 to 10,000."))

    def _folder(self, given: dict[str, Any]) -> None:
        folder = given.get("folder_folder", "")
        if not self.is_engineer and folder != self.source.folder:
            self.add_error("folder_folder", _("A folder of this server is named by an engineer alone."))
        if not folder.startswith("/"):
            self.add_error("folder_folder", _("Write the folder from the root on, such as /srv/rosters/lakeside."))

    def _ask(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def _https(self, name: str, given: dict[str, Any]) -> None:
        if not _is_https(given.get(name, "")) and name not in self.errors:
            self.add_error(
                name, _("Write an address that begins with https://, without a user, a question mark or a #.")
            )

    def way(self) -> dict[str, Any]:
        """The source's fields as the chosen kind has them; those of other kinds are emptied."""
        given, kind = self.cleaned_data, self.cleaned_data["kind"]
        own = {name.removeprefix(f"{kind}_"): value for name, value in given.items() if name.startswith(f"{kind}_")}
        own.pop("secret", None)
        common = ("sync_hour", "removal_percent", "school_percent", "school_students")
        return _EMPTY | own | {"kind": kind} | {name: given[name] for name in common}

    def secret(self) -> str:
        """What was entered as the chosen kind's secret, "" for nothing."""
        return str(self.cleaned_data.get(f"{self.cleaned_data['kind']}_secret") or "")


_EMPTY = {
    "address": "", "folder": "", "username": "", "host_key": "", "token_address": "", "scopes": "",
    "takes_changes": False,
}  # fmt: skip


def _initial(source: RosterSource) -> dict[str, Any]:
    """What the form shows at first: never a secret."""
    own = (
        "address",
        "username",
        "folder",
        "host_key",
        "version",
        "signing",
        "token_address",
        "scopes",
        "takes_changes",
    )
    shown = {f"{source.kind}_{name}": getattr(source, name) for name in own}
    common = ("kind", "sync_hour", "removal_percent", "school_percent", "school_students")
    shown |= {"rest_page_size": source.page_size, "rest_version": source.version, "rest_signing": source.signing}
    return shown | {name: getattr(source, name) for name in common}


def _is_host(address: str) -> bool:
    if not HOST.fullmatch(address):
        return False
    port = address.rpartition(":")[2] if ":" in address.rpartition("]")[2] or address.count(":") == 1 else ""
    return not port.isdigit() or 0 < int(port) <= 65535


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment or port == 0)
    return parts.scheme == "https" and bool(parts.hostname) and plain and not re.search(r"[\s\\]", address)

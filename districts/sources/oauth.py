"""Who we are to a OneRoster server: an OAuth 2 token for a client's credentials, or an OAuth 1.0a signature."""

import hashlib
import hmac
import json
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
from django.utils.translation import gettext as _

from districts.sources.errors import SourceError
from districts.sources.web import NUMBER, Answer, Web, named

EARLY = 30  # seconds before its end a token is renewed, so that none ends on its way
FINAL = frozenset({"invalid_scope", "unsupported_grant_type"})  # that no other way to write the credentials cures

Params = Iterable[tuple[str, str]]


class Signing:
    """How requests are made ours. `worked`: the last one was accepted."""

    worked = False

    def header(self, method: str, address: str) -> str:
        """The Authorization header for a request. Raises SourceError."""
        raise NotImplementedError

    def renew(self) -> bool:
        """After a 401: whether another try, with something else, is worth it."""
        raise NotImplementedError


class OAuth2(Signing):
    """A bearer token, kept in memory until it ends or is refused."""

    def __init__(self, web: Web, address: str, client: str, secret: str, scopes: str) -> None:
        self.web, self.address, self.client, self.secret = web, address, client, secret
        self.scopes = " ".join(scopes.split())

    token, ends = "", 0.0

    def header(self, method: str, address: str) -> str:
        if not self.token or time.monotonic() > self.ends:
            self._get()
        return f"Bearer {self.token}"

    def renew(self) -> bool:
        self.token, worked = "", self.worked
        self.worked = False
        return worked

    def _get(self) -> None:
        """Basic first, as OAuth wants; in the body for servers that know only that."""
        answer = self._asked({}, httpx.BasicAuth(quote(self.client, safe=""), quote(self.secret, safe="")))
        if answer.status in (400, 401) and _error(answer) not in FINAL:
            answer = self._asked({"client_id": self.client, "client_secret": self.secret}, None)
        if answer.status != 200:
            raise _refused(self.address, answer)
        said = _object(answer)
        token = said.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise SourceError(
                _("{address} gave no token. Check the token address.").format(address=named(self.address)),
                can_retry=False,
            )
        self.token, self.ends = token, _end(said.get("expires_in"))

    def _asked(self, more: dict[str, str], auth: httpx.BasicAuth | None) -> Answer:
        form = {"grant_type": "client_credentials", **({"scope": self.scopes} if self.scopes else {}), **more}

        def build(address: str) -> httpx.Request:
            request = self.web.client.build_request("POST", address, data=form)
            return next(auth.auth_flow(request)) if auth else request

        return self.web.ask(self.address, build)


class OAuth1(Signing):
    """Signed requests without a token (RFC 5849), by HMAC-SHA256, or by HMAC-SHA1 where that is refused."""

    hashes = {"HMAC-SHA256": hashlib.sha256, "HMAC-SHA1": hashlib.sha1}
    method = "HMAC-SHA256"

    def __init__(self, key: str, secret: str) -> None:
        self.key, self.secret = key, secret

    def header(self, method: str, address: str) -> str:
        own = {
            "oauth_consumer_key": self.key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": self.method,
            "oauth_timestamp": str(int(time.time())),  # the server compares it with the real clock, not the demo's
            "oauth_version": "1.0",
        }
        text = base_string(method, address, own.items())
        own["oauth_signature"] = signature(text, self.secret, "", self.hashes[self.method])
        return "OAuth " + ", ".join(f'{name}="{escaped(value)}"' for name, value in own.items())

    def renew(self) -> bool:
        if self.worked:
            self.worked = False
            return True
        can_try, self.method = self.method != "HMAC-SHA1", "HMAC-SHA1"
        return can_try


def base_string(method: str, address: str, own: Params, form: Params = ()) -> str:
    """What is signed (RFC 5849, 3.4.1): the method, the address without its query, and all parameters, sorted."""
    parts = urlsplit(address)
    host, port = (parts.hostname or "").lower(), parts.port
    usual = port in (None, {"http": 80, "https": 443}.get(parts.scheme.lower()))
    bracketed = f"[{host}]" if ":" in host else host
    place = f"{parts.scheme.lower()}://{bracketed}{'' if usual else f':{port}'}{parts.path or '/'}"
    query = parse_qsl(parts.query, keep_blank_values=True)
    pairs = sorted((escaped(name), escaped(value)) for name, value in (*query, *own, *form))
    parameters = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join(map(escaped, (method.upper(), place, parameters)))


def signature(text: str, secret: str, token_secret: str, algorithm: Callable[..., Any]) -> str:
    """A base string's HMAC, in base 64."""
    key = f"{escaped(secret)}&{escaped(token_secret)}"
    return b64encode(hmac.new(key.encode(), text.encode(), algorithm).digest()).decode()


def escaped(text: str) -> str:
    """Percent-encoded as RFC 5849, 3.6, wants it: all but letters, digits, - . _ ~."""
    return quote(text, safe="~")


def _object(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body.decode())
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _error(answer: Answer) -> str:
    error = _object(answer).get("error")
    return error if isinstance(error, str) else ""


def _end(seconds: Any) -> float:
    """When a token ends, by the monotonic clock; one that does not say ends when it is refused."""
    lasts = int(seconds) if NUMBER.fullmatch(str(seconds)) else 0
    return time.monotonic() + max(lasts - EARLY, lasts / 2) if lasts > 0 else float("inf")


def _refused(address: str, answer: Answer) -> SourceError:
    host, error = named(address), _error(answer)
    if error == "invalid_scope":
        sentence = _("{host} does not accept the scopes (invalid_scope). Write those that its operator names.").format(
            host=host
        )
    elif error == "unsupported_grant_type":
        sentence = _("{host} gives no tokens for client credentials. Ask its operator to allow them.").format(host=host)
    elif answer.status in (400, 401, 403):
        sentence = _("{host} refuses the client's id and secret ({status}). Enter them again, and its scopes.").format(
            host=host, status=answer.status
        )
    else:
        sentence = _("{host} gives no token there ({status}). Check the token address.").format(
            host=host, status=answer.status
        )
    return SourceError(sentence, can_retry=False)

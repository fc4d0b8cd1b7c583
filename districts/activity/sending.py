"""Who may send events, how often, and how a body is read: the learning platform's token, its rate, capped JSON."""

import re
import zlib
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from districts.activity import feed
from districts.problems import Problem

BYTES = 10_000_000  # a kilobyte an event; of what is sent, and of what it unpacks to
CHUNK = 1 << 16
TOKEN = re.compile(rb"[\w-]{20,200}")


class PlatformToken(TokenAuthentication):  # type: ignore[misc]  # knox has no type hints
    """knox's tokens, but for what can be none, which knox would stumble over: bytes that are no text, a NUL."""

    def authenticate_credentials(self, token: bytes) -> Any:
        if not TOKEN.fullmatch(token):
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(token)


class IsPlatform(BasePermission):
    """The learning platform, by a token: never in a session, and no person whatever her role."""

    message = "Events are sent by the learning platform, with a token of its own."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.auth is not None and getattr(request.user, "role", "") == "platform"


class Rate(UserRateThrottle):
    """So many batches a minute for each holder of tokens, counted in the database's cache."""

    scope = "activity"

    def get_rate(self) -> str:
        return str(settings.ACTIVITY_RATE)


class CappedJSON(BaseParser):
    """JSON, plain or gzipped, of at most BYTES either way. Raises Malformed for what is no JSON, and Problem."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        headers = (parser_context or {})["request"].headers
        sent = _sent(stream, headers.get("Content-Length", "0"))
        return feed.strict(_unpacked(sent, headers.get("Content-Encoding", "")), "body", "Send one JSON object.")


def _sent(stream: IO[bytes], length: str) -> bytes:
    if length.isdecimal() and int(length) > BYTES:
        _too_large()
    return _capped(stream.read(BYTES + 1))


def _unpacked(sent: bytes, encoding: str) -> bytes:
    if encoding.lower() in ("", "identity"):
        return sent
    if encoding.lower() != "gzip":
        raise Problem(415, "encoding", "Send JSON", "Send the JSON as it is, or with Content-Encoding: gzip.")
    inflating = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        data = _capped(inflating.decompress(sent, BYTES + 1))
    except zlib.error:
        _damaged()
    if not inflating.eof or inflating.unused_data:
        _damaged()
    return data


def _capped(data: bytes) -> bytes:
    return data if len(data) <= BYTES else _too_large()


def _too_large() -> NoReturn:
    raise Problem(
        413, "too-large", "It is too large", f"A batch has up to {BYTES:,} bytes, unpacked. Send fewer events at once."
    )


def _damaged() -> NoReturn:
    raise Problem(
        400, "damaged", "The gzip is damaged", "Send one whole gzip, or the JSON as it is without Content-Encoding."
    )

"""The door to a district's web server: every request with a time-out, a cap on bytes, and a few tries.

What a server answered is never repeated in a sentence: any answer may hold a child's name, or a secret.
"""

import random
import re
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from types import TracebackType
from typing import NamedTuple, Self

import httpx
from django.utils.translation import gettext

from districts.sources.errors import SourceError

TIMEOUT = httpx.Timeout(60, connect=10)  # seconds; of silence, while an answer is read
ANSWER_SECONDS = 300  # for one answer as a whole: a server that trickles is down
FETCH_SECONDS = 2 * 60 * 60
ANSWER_BYTES = 50_000_000
FETCH_BYTES = 2_000_000_000  # 500,000 students with their enrollments, as JSON
TRIES = 5
PAUSE = 1.0  # seconds before the second try, doubled for each one after
LONGEST_PAUSE = 120.0
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
MOVED = frozenset({301, 302, 303, 307, 308})
REDIRECTS = 3
NUMBER = re.compile("[0-9]{1,9}")  # that a server may say; longer ones stop Python's int and float


class Answer(NamedTuple):
    """A server's answer, read to its end."""

    status: int
    headers: httpx.Headers
    body: bytes


Build = Callable[[str], httpx.Request]  # makes the request for an address anew: each try is signed by itself


class Web:
    """One conversation with a server, of at most FETCH_SECONDS and FETCH_BYTES. A context manager."""

    def __init__(self) -> None:
        self.client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, headers={"Accept": "application/json"})
        self.until, self.bytes_left = time.monotonic() + FETCH_SECONDS, FETCH_BYTES

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.close()

    def ask(self, address: str, build: Build) -> Answer:
        """The answer of a server that is neither busy nor elsewhere. Raises SourceError.

        A redirection is followed inside its own server only: credentials go nowhere else.
        """
        for _ in range(REDIRECTS + 1):
            answer = self._tried(address, build)
            if answer.status not in MOVED:
                return answer
            address = _moved(address, answer)
        raise SourceError(
            gettext("{address} redirects in a circle. Write the address that it leads to.").format(
                address=named(address)
            ),
            False,
        )

    def _tried(self, address: str, build: Build) -> Answer:
        said, pause = "", 0.0
        for attempt in range(TRIES):
            time.sleep(pause)
            pause = PAUSE * 2**attempt * random.uniform(0.8, 1.2)  # noqa: S311
            try:
                answer = self._once(build(address))
            except (httpx.TransportError, httpx.DecodingError) as error:
                said = _failure(address, error)
                continue
            if answer.status not in BUSY:
                return answer
            said = gettext("{address} is busy or broken (it answers {status}).").format(
                address=named(address), status=answer.status
            )
            pause = _asked_pause(answer, pause, said)
        raise SourceError(
            gettext("{said} The portal tried {tries} times and tries again later.").format(said=said, tries=TRIES),
            can_retry=True,
        )

    def _once(self, request: httpx.Request) -> Answer:
        until = min(self.until, time.monotonic() + ANSWER_SECONDS)
        response = self.client.send(request, stream=True)
        try:
            body = bytearray()
            for chunk in response.iter_bytes():  # as they come: one that trickles is noticed
                body += chunk
                self._check(len(body), until)
        finally:
            response.close()
        self.bytes_left -= len(body)
        return Answer(response.status_code, response.headers, bytes(body))

    def _check(self, size: int, until: float) -> None:
        """Raises SourceError when an answer is too large or too slow."""
        if size > ANSWER_BYTES:
            sentence = gettext("An answer of the server has over {value} MB. Set a smaller page size.").format(
                value=ANSWER_BYTES // 1_000_000
            )
            raise SourceError(sentence, can_retry=False)
        if size > self.bytes_left:
            sentence = gettext("The server's answers have over {value} MB in all, more than a district's.").format(
                value=FETCH_BYTES // 1_000_000
            )
            raise SourceError(
                gettext("{sentence} Let it give this client one district only.").format(sentence=sentence),
                can_retry=False,
            )
        if time.monotonic() > until:
            raise SourceError(gettext("The server answers too slowly. The portal tries again later."), can_retry=True)


def checked(address: str, what: str) -> httpx.URL:
    """An address that credentials may be sent to: https, or this machine itself. Raises SourceError.

    Only TLS proves who answers, so no name can be bent to a service inside of our own network. Private networks are
    not refused as such: many districts' servers lie in one.
    """
    try:
        url = httpx.URL(address.strip())
    except httpx.InvalidURL:
        url = httpx.URL("")
    if not url.host or url.scheme not in ("http", "https"):
        raise SourceError(
            gettext("The {what} is no web address. Write one such as https://sis.example.org.").format(what=what), False
        )
    if url.userinfo or url.query or url.fragment:
        raise SourceError(
            gettext("The {what} holds more than an address. Leave out what follows ? or #, and any @.").format(
                what=what
            ),
            False,
        )
    if url.scheme != "https" and not _is_loopback(url.host):
        raise SourceError(
            gettext("The {what} begins with http, which anybody can listen to. Write https.").format(what=what),
            can_retry=False,
        )
    return url


def named(address: str) -> str:
    """How a sentence names a server: by its host."""
    return httpx.URL(address).host


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _moved(address: str, answer: Answer) -> str:
    here = httpx.URL(address)
    try:
        there = here.join(answer.headers.get("Location", ""))
    except httpx.InvalidURL:
        there = httpx.URL("")
    if (here.scheme, here.host, here.port) != (there.scheme, there.host, there.port):
        sentence = gettext(
            "{host} redirects to another server, which is not followed. Write the server's own address."
        ).format(host=here.host)
        raise SourceError(sentence, can_retry=False)
    return str(there)


def _failure(address: str, error: httpx.RequestError) -> str:
    host, cause = named(address), _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        raise SourceError(
            gettext("{host} has no valid certificate. Ask its operator for one.").format(host=host), can_retry=False
        ) from None
    if isinstance(error, httpx.TimeoutException):
        return gettext("{host} did not answer in time.").format(host=host)
    if isinstance(error, httpx.ConnectError):
        return gettext("{host} cannot be reached.").format(host=host)
    if isinstance(error, httpx.DecodingError):
        return gettext("{host} packs its answers in a way that cannot be unpacked.").format(host=host)
    return gettext("{host} broke off in the middle of an answer.").format(host=host)


def _cause(error: BaseException) -> BaseException:
    """The first error of a chain."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return error


def _asked_pause(answer: Answer, otherwise: float, said: str) -> float:
    """Seconds to wait, as Retry-After asks. Raises SourceError when that is long: the night comes back by itself."""
    asked = answer.headers.get("Retry-After", "").strip()
    pause = float(asked) if NUMBER.fullmatch(asked) else _until(asked, otherwise)
    if pause > LONGEST_PAUSE:
        raise SourceError(
            gettext("{said} It asks to wait {pause:,} seconds, so the portal comes back later.").format(
                said=said, pause=round(pause)
            ),
            True,
        )
    return pause


def _until(asked: str, otherwise: float) -> float:
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return otherwise
    # A server's date is of the real clock, which the demo's is not.
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())

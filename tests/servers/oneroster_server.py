"""A small OneRoster 1.1 and 1.2 REST server, strict as the specification's OpenAPI is, and odd as vendors are.

    python oneroster_server.py SETTINGS.json

Binds a free port of 127.0.0.1, prints it, serves until it is ended. It shares no code with the portal. The settings:
`version`, `records` (by collection), and oddities, each off unless named.
"""

import base64
import hashlib
import hmac
import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

BASES = {"1.1": "/ims/oneroster/v1p1/", "1.2": "/ims/oneroster/rostering/v1p2/"}
PARAMETERS = {"limit", "offset", "sort", "orderBy", "filter", "fields"}
WRAPPERS = {"schools": "orgs", "terms": "academicSessions", "students": "users", "teachers": "users"}
FILTER = re.compile(r"dateLastModified(>=|>|<)'(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)'")
CLIENT, SECRET = "portal-client", "s3cr3t/&=ä"


class State:
    """What the server knows; `answered` counts its answers of collections."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.tokens: dict[str, int] = {}
        self.answered = self.refused = 0
        self.nonces: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        return self.settings.get(name)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body leave together
    state: State

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.state.date or super().date_time_string(timestamp)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        if urlsplit(self.path).path != "/oauth/token":
            return self.fail(404, "unknownobject")
        if form.pop("grant_type", "") != "client_credentials":
            return self.say(400, {"error": "unsupported_grant_type"})
        if not self.knows_client(form):
            return self.say(401, {"error": "invalid_client"})
        if self.state.scope and form.get("scope", "") != self.state.scope:
            return self.say(400, {"error": "invalid_scope"})
        token = f"token-{len(self.state.tokens)}-{time.time_ns()}"
        self.state.tokens[token] = self.state.token_requests or 1_000_000
        return self.say(200, {"access_token": token, "token_type": "bearer", "expires_in": self.state.lasts or 3600})

    def knows_client(self, form: dict[str, str]) -> bool:
        if self.state.credentials_in_body:
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        kind, _, told = self.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(told).decode().partition(":")
        return kind == "Basic" and (unquote(name), unquote(secret)) == (CLIENT, SECRET)

    def do_GET(self) -> None:
        state, parts = self.state, urlsplit(self.path)
        if not (self.is_signed() if state.oauth1 else self.has_token()):
            return self.fail(401, "unauthorisedrequest")
        state.answered += 1
        if state.busy and state.refused < state.busy:
            state.refused += 1
            return self.send(429, b"Slow down, please.", {"Content-Type": "text/plain", "Retry-After": "0"})
        if state.fails and state.answered % state.fails == 0:
            return self.fail(503, "server_busy")
        if state.redirects_to:
            return self.send(302, b"", {"Location": state.redirects_to})
        return self.collection(parts.path, parts.query)

    def collection(self, path: str, query: str) -> None:
        state, base = self.state, BASES[self.state.version]
        name = path.removeprefix(base)
        if not path.startswith(base) or name not in state.records or name in (state.lacking or ()):
            return self.fail(404, "unknownobject")
        if name in (state.forbidden or ()):
            return self.fail(403, "forbidden")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        if set(asked) - PARAMETERS or not all(asked.get(each, "0").isdecimal() for each in ("limit", "offset")):
            return self.fail(400, "invaliddata")
        records = self.chosen(state.records[name], asked.get("filter"))
        return self.fail(400, "invalid_filter_field") if records is None else self.page(name, records, asked)

    def chosen(self, records: list[Any], text: str | None) -> list[Any] | None:
        if text is None or self.state.filter == "ignored":
            return records
        if self.state.filter == "refused":
            return None
        found = FILTER.fullmatch(text)
        if self.state.filter == "empty" or not found:
            return [] if self.state.filter == "empty" else None
        compare = {">": str.__gt__, ">=": str.__ge__, "<": str.__lt__}[found.group(1)]
        return [each for each in records if compare(each["dateLastModified"], found.group(2))]

    def page(self, name: str, records: list[Any], asked: dict[str, str]) -> None:
        state, limit, offset = self.state, int(asked.get("limit", "100")), int(asked.get("offset", "0"))
        if limit < 1 or (state.refuses_limits_above and limit > state.refuses_limits_above):
            return self.fail(400, "invaliddata")
        if offset and offset >= len(records) and state.refuses_past_the_end:
            return self.fail(state.refuses_past_the_end, "invaliddata")
        limit = min(limit, state.clamp or limit)
        if state.no_paging:
            limit, offset = len(records), 0
        if state.no_offset:
            offset = 0
        if state.shifts and offset:
            records = [records[0], *records]  # a row came in before those that were given already
        part = records[offset : offset + limit]
        if state.changes_twins:
            part = [{**each, "title": f"{each.get('title')} {state.answered}"} for each in part]
        headers = {}
        if state.total:
            headers["X-Total-Count"] = str(len(records) + (state.total_more or 0))
        if state.link:
            place, more = f"http://{self.headers['Host']}{urlsplit(self.path).path}", offset + limit < len(records)
            ways = {"next": offset + limit, "first": 0} if more else {"first": 0}
            said = (f'<{place}?limit={limit}&offset={at}>; rel="{way}"' for way, at in ways.items())
            headers["Link"] = ", ".join(said)
        wrapper = name if state.own_wrappers else WRAPPERS.get(name, name)
        return self.say(200, {wrapper: part}, headers)

    def has_token(self) -> bool:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        left = self.state.tokens.get(token, 0)
        self.state.tokens[token] = left - 1
        return kind == "Bearer" and left > 0

    def is_signed(self) -> bool:
        """Whether RFC 5849's signature is right, and was not seen before."""
        kind, _, told = self.headers.get("Authorization", "").partition(" ")
        own = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', told)}
        given, nonce = own.pop("oauth_signature", ""), own.get("oauth_nonce", "")
        if kind != "OAuth" or nonce in self.state.nonces or own.get("oauth_consumer_key") != CLIENT:
            return False
        if abs(int(own["oauth_timestamp"]) - time.time()) > 300 or own["oauth_signature_method"] != self.state.oauth1:
            return False
        self.state.nonces.add(nonce)
        return hmac.compare_digest(given, self.signature(own))

    def signature(self, own: dict[str, str]) -> str:
        parts = urlsplit(self.path)
        pairs = [*own.items(), *parse_qsl(parts.query, keep_blank_values=True)]
        encoded = sorted((quote(name, safe="~-._"), quote(value, safe="~-._")) for name, value in pairs)
        joined = quote("&".join("=".join(pair) for pair in encoded), safe="~-._")
        place = quote(f"http://{self.headers['Host'].lower()}{parts.path}", safe="~-._")
        algorithm = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}[own["oauth_signature_method"]]
        key = f"{quote(SECRET, safe='~-._')}&".encode()
        return base64.b64encode(hmac.new(key, f"GET&{place}&{joined}".encode(), algorithm).digest()).decode()

    def fail(self, status: int, code: str) -> None:
        """imsx_StatusInfo; its description names a student, as careless servers do."""
        minor = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": code}
        said = {"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_description": "Ann Canary, s3cr3t"}
        self.say(status, {**said, "imsx_CodeMinor": {"imsx_codeMinorField": [minor]}})

    def say(self, status: int, what: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self.send(status, json.dumps(what).encode(), {"Content-Type": "application/json", **(headers or {})})

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        state, is_collection = self.state, status == 200 and self.command == "GET"
        if is_collection and state.body:
            body = state.body.encode()
        if self.command == "GET":
            headers = {**headers, **(state.headers or {})}
        if is_collection and state.slow:
            time.sleep(state.slow)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        is_cut = is_collection and state.truncates and state.refused < state.truncates
        self.wfile.write(body[: len(body) // 2] if is_cut else b"" if is_collection and state.trickles else body)
        if is_collection and state.trickles:
            self.trickle(body)
        if is_cut:
            state.refused += 1
            self.close_connection = True

    def trickle(self, body: bytes) -> None:
        """Byte by byte, so that no silence is ever long, until the client has enough of it."""
        try:
            for at in range(len(body)):
                self.wfile.write(body[at : at + 1])
                self.wfile.flush()
                time.sleep(self.state.trickles)
        except OSError:
            self.close_connection = True


def main(path: str) -> None:
    Handler.state = State(json.loads(Path(path).read_text()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])

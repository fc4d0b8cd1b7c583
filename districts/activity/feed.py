"""A feed's file: newline-delimited JSON, plain or gzipped, read line by line."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from districts.activity.events import Event, Malformed, event

LINE_BYTES = 100_000
BYTES = 4_000_000_000
GZIP = b"\x1f\x8b"


class FeedRefused(Exception):
    """A feed is refused whole; the message has file, line, field and cure, and no value of the feed."""


def read(path: Path) -> Iterator[tuple[int, Event]]:
    """Line number and event, for every line. Raises FeedRefused at the first that is malformed."""
    try:
        with _opened(path) as file:
            yield from _events(file, path.name)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise FeedRefused(f"{path.name}: The gzip is damaged. Make or send it again.") from None
    except OSError:
        raise FeedRefused(f"{path.name}: The file cannot be read. Check the path.") from None


def told(name: str, line: int, wrong: Malformed) -> str:
    """What is wrong with a line of a feed's file, and its cure."""
    return f"{name}, line {line:,}, field {wrong.field}: {wrong.sentence}"


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_packed = file.read(2) == GZIP
    return cast(IO[bytes], gzip.open(path, "rb")) if is_packed else path.open("rb")


def _events(file: IO[bytes], name: str) -> Iterator[tuple[int, Event]]:
    number, size = 0, 0
    while line := file.readline(LINE_BYTES):
        number, size = number + 1, size + len(line)
        if size > BYTES:
            raise FeedRefused(f"{name}, line {number:,}: The feed is too large. Send it in parts.")
        try:
            yield number, event(_json(line))
        except Malformed as wrong:
            raise FeedRefused(told(name, number, wrong)) from None
    if not number:
        raise FeedRefused(f"{name}: There are no events in it. Send the day's events.")


def _json(line: bytes) -> Any:
    if len(line) >= LINE_BYTES:
        raise Malformed("line", f"The line has more than {LINE_BYTES:,} bytes.")
    return strict(line, "line", "Write one JSON object a line.")


def strict(text: bytes, field: str, cure: str) -> Any:
    """What a JSON text says: UTF-8, each name once in its object, no NaN. Raises Malformed on `field`."""
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        at = error.start + 1
    except RecursionError:
        raise Malformed(field, f"It is nested too deeply. {cure}") from None
    except Malformed as wrong:
        raise Malformed(field, wrong.sentence) from None
    except ValueError:
        raise Malformed(field, f"It is not JSON. {cure}") from None
    raise Malformed(field, f"Byte {at:,} is not UTF-8. Send UTF-8.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("line", "A field stands twice. Write it once.")
    return found


def _no_number(_: str) -> Any:
    raise Malformed("line", "It holds a number that JSON does not have. Write whole numbers.")

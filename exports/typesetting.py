"""Sets PDFs with Typst: tagged for people who listen (PDF/UA-1), with pinned fonts, from data that is never markup.

Typst keeps what it set in memory, so large work is done by child processes: `python -m exports.typesetting`, told on
its standard input. What it says of an error may hold a name, so only letters and kinds of errors come back.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from exports import letters

QUOTED = re.compile(r'PDF/UA-1 error: the text .*?`"(.*?)"`', re.S)
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
UNPRINTABLE = 3  # a child's exit code; its output is the text
HOUSE = Path(__file__).resolve().parent.parent


class CannotPrint(Exception):
    """A text that should have been printable is not. `letters.forbid` takes it; then the data can be made again."""

    def __init__(self, text: str) -> None:
        super().__init__("A font does not have a letter that it seemed to have.")
        self.text = text


class NotSet(Exception):
    """A document could not be set."""


class Typesetter:
    """Sets documents of one template. `desk`: a folder of its own, in which it lays the fonts out."""

    def __init__(self, template: Path, desk: Path) -> None:
        self.template = template.read_bytes()
        folder = desk / "fonts"
        folder.mkdir(exist_ok=True)
        for file in letters.files():
            if not (folder / file.name).exists():
                (folder / file.name).symlink_to(file)
        fonts = typst.Fonts(include_embedded_fonts=False, font_paths=[str(folder)])
        self.options: dict[str, Any] = {"root": str(desk), "font_paths": fonts}

    def pdf(self, inputs: Mapping[str, str]) -> bytes:
        """One document. Raises CannotPrint, and NotSet for any other fault of it."""
        try:
            made: Any = typst.compile(self.template, sys_inputs=dict(inputs), pdf_standards="ua-1", **self.options)
        except typst.TypstError as error:
            found = QUOTED.search(str(error))
            if not found:
                raise NotSet from None
            raise CannotPrint(ESCAPED.sub(lambda each: chr(int(each[1], 16)), found[1])) from None
        return bytes(made)

    def pictures(self, inputs: Mapping[str, str], *, ppi: int = 110) -> list[bytes]:
        """The same document as a PNG a page, to be looked at."""
        made: Any = typst.compile(self.template, sys_inputs=dict(inputs), format="png", ppi=ppi, **self.options)
        return made if isinstance(made, list) else [made]


class Child:
    """A process that sets documents: `jobs` are names of PDFs on the desk, with the data of each."""

    def __init__(self, template: Path, desk: Path, number: int, jobs: Mapping[str, str]) -> None:
        folder = desk / f"child-{number}"
        folder.mkdir()
        told = folder / "jobs.json"
        told.write_text(json.dumps({str(desk / name): data for name, data in jobs.items()}))
        command = [sys.executable, "-m", "exports.typesetting", str(template), str(folder)]
        with told.open("rb") as given:
            told.unlink()
            self.process = subprocess.Popen(
                command, cwd=HOUSE, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )

    def is_done(self) -> bool:
        return self.process.poll() is not None

    is_checked = False

    def check(self) -> None:
        """Waits for its end. Raises CannotPrint, NotSet, and OSError when there was no room."""
        said, _ = self.process.communicate()
        self.is_checked = True
        if self.process.returncode == UNPRINTABLE:
            raise CannotPrint(said.decode())
        if self.process.returncode:
            _raise(said.decode())

    def stop(self) -> None:
        """Ends it, if it still runs."""
        if self.is_checked:
            return
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def _raise(said: str) -> None:
    """What went wrong in a child: the number of a fault of the system, or nothing that could be told."""
    if said.isdigit():
        raise OSError(int(said), "A document could not be written.")
    raise NotSet


def main(template: str, folder: str) -> int:
    """Sets what standard input tells, one PDF after the other; the exit code."""
    jobs = json.load(sys.stdin)
    setter = Typesetter(Path(template), Path(folder))
    try:
        for path, data in jobs.items():
            Path(path).write_bytes(setter.pdf({"data": data}))
    except CannotPrint as error:
        sys.stdout.buffer.write(error.text.encode())
        return UNPRINTABLE
    except OSError as error:
        sys.stdout.write(str(error.errno))
        return 1
    except NotSet:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

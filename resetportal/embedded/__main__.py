"""`python -m resetportal.embedded start [INSTANCE ...]`, `stop INSTANCE ...` or `stop --all`: the servers by hand."""

import sys

from resetportal import embedded


def main(verb: str, *names: str) -> None:
    if verb == "start":
        for name in names or ("demo",):
            embedded.start(name)
            sys.stdout.write(f"Running: {name}, at {embedded.environment(name)['DATABASE_URL']}\n")
    elif verb == "stop" and names:
        for name in embedded.known() if names == ("--all",) else names:
            embedded.stop(name)
            sys.stdout.write(f"Stopped: {name}\n")
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except embedded.EmbeddedError as error:
        raise SystemExit(str(error)) from None

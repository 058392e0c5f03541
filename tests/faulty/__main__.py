"""``python -m tests.faulty``: the faulty server for demonstrations, until Ctrl-C."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from .scenarios import SCENARIOS, served


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, list or write the page; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faulty", description="A server that misbehaves on demand.")
    parser.add_argument("--port", type=int, default=7999, help="of 127.0.0.1; 0 picks a free one (default: 7999)")
    parser.add_argument("--list", action="store_true", help="print the scenarios and end")
    parser.add_argument("--markdown", action="store_true", help="print docs/faults.md and end")
    chosen = parser.parse_args(arguments)
    if chosen.list:
        _print("".join(f"{name:<24}{scenario.description}\n" for name, scenario in SCENARIOS.items()))
        return 0
    if chosen.markdown:
        from .page import page

        _print(page())
        return 0
    return _serve(chosen.port)


def _serve(port: int) -> int:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        with served(port=port, keeps=False) as server:
            _print(f"FACEMATCH_URL={server.url}/NAME, where NAME is one of those that --list prints; Ctrl-C ends\n")
            stopped.wait()
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"the port cannot be used: {error}\n")
        return 1
    return 0


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode())  # UTF-8 whatever the terminal's locale
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

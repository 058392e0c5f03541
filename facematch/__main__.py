"""``python -m facematch``: compare faces, look after the call log, and examine this installation."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> int:
    """Run; returns the exit code. An interrupt while modules are still loaded ends it at once: nothing has begun."""
    is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where a shell has it ignored
    if is_usual:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        from facematch.cli.program import main as program

        return program(begins=_interruptible if is_usual else None)
    except KeyboardInterrupt:
        return INTERRUPTED


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    sys.exit(main())

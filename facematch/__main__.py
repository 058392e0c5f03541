"""``python -m facematch``: compare faces, look after the call log, and examine this installation."""

import sys


def main() -> int:
    """Run; returns the exit code. An interrupt that comes while modules are loaded is quiet, too."""
    try:
        from facematch.cli.program import main as program

        return program()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

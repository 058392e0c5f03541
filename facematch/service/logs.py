"""The service's log lines when it runs alone: one JSON object each, on stderr."""

import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import orjson

from facematch.service import traffic


class JsonLines(logging.Formatter):
    """Of an exception only its kind and where it was raised: its text may repeat what a caller sent."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        if record.name == traffic.__name__:
            return record.getMessage()
        kind, _, at = record.exc_info or (None, None, None)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **({} if kind is None else {"error": kind.__name__, "at": _frames(at)}),
        }
        return orjson.dumps(line).decode()


def _frames(at: TracebackType | None) -> list[str]:
    """Innermost last, without folders."""
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(at)]


def log_to_stderr(*, quiet: bool) -> None:
    """Write warnings and worse and, unless *quiet*, one line for each request."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(traffic.__name__).setLevel(logging.WARNING if quiet else logging.INFO)

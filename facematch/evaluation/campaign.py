"""One run of a list over HTTP: its options, the service that it measures, the log, and the calls one after another."""

import argparse
import json
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from facematch.client import FaceMatchClient, Photo, RunItem
from facematch.errors import CallError, FaceMatchError
from facematch.evaluation.target import Target, opened
from facematch.limits import Limits
from facematch.log import CallLog, open_log
from facematch.samples import photo
from facematch.settings import Settings

DONE, FAILED, INTERRUPTED = 0, 1, 130
ALL_FAILED = "every call failed"
REFERENCE = "obama_1.jpg"  # a good portrait: whom a probe shows is not what these runs measure
_PROGRESS_STEPS = 10
Item = TypeVar("Item")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Campaign:
    """A running service, the log, and the id that the rows in it carry."""

    target: Target
    log: CallLog
    run_id: str
    threads: int

    def each(
        self, items: Sequence[Item], send: Callable[[FaceMatchClient, Item, RunItem], Done], numbers: Sequence[object]
    ) -> list[Done]:
        """What *send* gives for every item, in their order; each thread has a client of its own.

        Args:
            items: What is sent.
            send: Makes the calls of one item.
            numbers: The items' ids in the log, each one once.
        """
        own = threading.local()
        with ExitStack() as clients, ThreadPoolExecutor(self.threads) as executor:

            def sent(pair: tuple[Item, object]) -> Done:
                if not hasattr(own, "client"):
                    own.client = clients.enter_context(self.target.client(self.log))
                return send(own.client, pair[0], RunItem(self.run_id, str(pair[1]), None))

            done: list[Done] = []
            for result in executor.map(sent, zip(items, numbers, strict=True)):
                done.append(result)
                _tell(len(done), len(items))
            return done

    def setup(self) -> Mapping[str, Any]:
        """What was measured: the engine, and which of its limits are not the defaults."""
        told = {"run_id": self.run_id, "environment": self.target.environment, "threads": self.threads}
        try:
            with self.target.client() as client:
                health = client.health()
        except CallError:  # a server that is not ours
            health = None
        if health is None:
            return told | {"engine": None, "limits_changed": {}}
        usual = json.loads(json.dumps(asdict(Limits())))
        changed = {name: value for name, value in health.limits.items() if name in usual and usual[name] != value}
        return told | {"engine": health.engine, "limits_changed": changed}


def list_parser(module: str, description: str) -> argparse.ArgumentParser:
    """The options that every list has."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    parser.add_argument("list", type=Path, help="CSV file, UTF-8, with a header")
    parser.add_argument("--root", type=Path, help="folder that the paths start from (default: the list's)")
    parser.add_argument("--url", help="server to measure, with the token of FACEMATCH_TOKEN (default: embedded)")
    parser.add_argument("--environment", help="the server's name in the call log")
    parser.add_argument("--threads", type=_positive, default=1, help="calls at a time (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same numbers there")
    return parser


def run(name: str, work: Callable[[], str | None]) -> int:
    """Do *work*, which returns what is wrong with the outcome as a whole; returns the exit code."""
    try:
        wrong = work()
    except FaceMatchError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    if wrong is not None:
        sys.stderr.write(f"{name}: {wrong}\n")
        return FAILED
    return DONE


@contextmanager
def campaign(options: argparse.Namespace, *, chosen_codes: bool = False) -> Iterator[Campaign]:
    """The service that the options and the environment name, and the log.

    Args:
        options: Those of `list_parser`.
        chosen_codes: Whether an embedded service hands out the live code that is asked for.

    Raises:
        FaceMatchError: No service can be started, or a setting or the log cannot be used.
    """
    env = os.environ if options.url is None else {**os.environ, "FACEMATCH_URL": options.url}
    settings = Settings.from_env(env)
    if chosen_codes:
        settings = replace(settings, allow_chosen_codes=True)
    with opened(settings, options.environment) as target, recording(target, options.threads) as ready:
        yield ready


@contextmanager
def recording(target: Target, threads: int) -> Iterator[Campaign]:
    """A new run against *target*, with the log of its settings.

    Raises:
        LogUnavailable: The log cannot be opened.
    """
    settings = target.settings
    log = open_log(settings)
    run_id = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{uuid.uuid4().hex[:8]}"
    with closing(log):
        yield Campaign(target, log, run_id, threads)
        if log.trouble is not None:
            sys.stderr.write(f"{log.trouble}\n")


def reference() -> Photo:
    """The portrait that every probe is compared with."""
    return Photo(photo(REFERENCE))


def write_report(lines: Sequence[str], told: Mapping[str, Any], path: Path | None) -> None:
    """Print the lines, and write the same numbers as JSON to *path*, if there is one."""
    sys.stdout.write("\n".join(lines) + "\n")
    if path is not None:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def setup_lines(setup: Mapping[str, Any]) -> tuple[str, ...]:
    """The head of every report."""
    changed = ", ".join(f"{name} {value}" for name, value in setup["limits_changed"].items()) or "none"
    engine = setup["engine"] or "the server does not tell"
    return (f"run {setup['run_id']} of {setup['environment']}, engine {engine}", f"limits changed: {changed}", "")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError("not a whole number of at least 1")
    return int(text)


def _tell(done: int, of: int) -> None:
    if done * _PROGRESS_STEPS // of > (done - 1) * _PROGRESS_STEPS // of:
        sys.stderr.write(f"{done} of {of}\n")

"""``python -m facematch``: reads the command, runs it, says what came of it."""

import importlib
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import cast

from facematch.cli.here import Here
from facematch.cli.options import make_parser
from facematch.cli.outcome import INTERRUPTED, Outcome, failed, fault
from facematch.cli.saving import NotSaved, complain, write_line
from facematch.cli.words import Speaker, language_of
from facematch.errors import FaceMatchError

AS_JSON = "--json"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def main(arguments: Sequence[str] | None = None, *, begins: Callable[[], None] | None = None) -> int:
    """Run one command; returns the exit code. *begins* is called when all is loaded, before anything is done."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    here = Here(Speaker(language_of(os.environ)))
    logging.getLogger("facematch").addHandler(logging.NullHandler())  # each command says itself what is wrong
    if isinstance(sys.stderr, TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")  # a terminal that lacks a character
    try:
        outcome = _outcome(words, here, begins)
    except SystemExit as end:  # --help
        outcome = Outcome(int(end.code or 0))
        words = []
    return _told(outcome, AS_JSON in words, here)


def _outcome(words: Sequence[str], here: Here, begins: Callable[[], None] | None) -> Outcome:
    try:
        options = make_parser(here.say).parse_args(words)
        module, _, name = options.run.partition(":")
        run = getattr(importlib.import_module(f"facematch.cli.{module}"), name)  # what others need is not loaded
        if begins is not None:
            begins()
        return cast("Callable[..., Outcome]", run)(options, here)
    except FaceMatchError as error:
        return failed(error, here.say)
    except Exception as error:  # noqa: BLE001 - Python's own exit code 1 would say: not the same person
        return fault(error, here.say)
    except KeyboardInterrupt:
        told = here.say("interrupted")
        return Outcome(INTERRUPTED, {"error": {"kind": "Interrupted", "message": told}}, complaints=(told,))


def _told(outcome: Outcome, as_json: bool, here: Here) -> int:
    """Say what came of it; the exit code, which is another one when it cannot be said."""
    _complain(outcome)
    facts = {**outcome.facts, "exit_code": outcome.exit_code}
    try:
        write_line(f"{_json(facts)}\n" if as_json else "".join(f"{_plain(line)}\n" for line in outcome.lines))
    except NotSaved as error:
        unsaid = failed(error, here.say)
        _complain(unsaid)
        return unsaid.exit_code
    return outcome.exit_code


def _complain(outcome: Outcome) -> None:
    for line in outcome.complaints:
        complain(f"facematch: {_plain(line)}\n")


def _plain(line: str) -> str:
    """What a server wrote must not steer the terminal; JSON escapes such characters by itself."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", line)


def _json(facts: object) -> str:
    is_utf8 = sys.stdout is not None and sys.stdout.encoding.lower().replace("-", "") == "utf8"
    return json.dumps(facts, ensure_ascii=not is_utf8, allow_nan=False)

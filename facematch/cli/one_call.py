"""The commands on one call of the log: show it, or say what a person knows of it."""

import getpass
import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime

from facematch.analytics.queries import attempts, call, reviews
from facematch.analytics.rows import CallRow
from facematch.cli.here import Here
from facematch.cli.options import REVIEWS
from facematch.cli.outcome import PASSED, Outcome, UsageWrong
from facematch.errors import FaceMatchError
from facematch.log import CallLog, open_log
from facematch.log.reviews import review as write_review
from facematch.log.reviews import withdraw


class NoSuchCall(FaceMatchError):
    """The log has no call of this number."""


class NoSuchReview(FaceMatchError):
    """Nobody has said anything of this kind that could be taken back."""


def show(options: Namespace, here: Here) -> Outcome:
    """Everything that the log has of one call."""
    with closing(open_log(here.settings())) as log:
        found = _found(log, options.call, here)
        with log.reading() as db:
            said = [asdict(each) for each in reviews(db, found.id)]
            others = [each.id for each in attempts(db, found.request_id) if each.id != found.id]
    facts = asdict(found) | {"reviews": said, "other_attempts": others}
    return Outcome(PASSED, facts, tuple(_lines(facts)))


def review(options: Namespace, here: Here) -> Outcome:
    """Write down what somebody says of a call, or take the latest word back."""
    kind, word = options.kind, options.word
    if options.withdraw and word is not None:
        raise UsageWrong(here.say("usage.withdraw"))
    if not options.withdraw and word not in REVIEWS[kind]:
        raise UsageWrong(here.say("usage.review_word", kind=kind, words=", ".join(REVIEWS[kind])))
    with closing(open_log(here.settings())) as log:
        call_id = _found(log, options.call, here).id
        try:
            return _withdrawn(log, call_id, kind, here) if options.withdraw else _reviewed(log, call_id, options, here)
        except LookupError as error:  # deleted in this very moment
            raise NoSuchCall(here.say("log.no_such_call")) from error


def _reviewed(log: CallLog, call_id: int, options: Namespace, here: Here) -> Outcome:
    who = options.who or _login()
    number = write_review(log, call_id, options.kind, options.word, who)
    facts = {"call": call_id, "review": number, "kind": options.kind, "word": options.word, "who": who}
    return Outcome(PASSED, facts, (here.say("log.reviewed", id=call_id, kind=options.kind, word=options.word),))


def _withdrawn(log: CallLog, call_id: int, kind: str, here: Here) -> Outcome:
    if not withdraw(log, call_id, kind):
        raise NoSuchReview(here.say("log.no_such_review", kind=kind))
    facts = {"call": call_id, "kind": kind, "withdrawn": True}
    return Outcome(PASSED, facts, (here.say("log.withdrawn", id=call_id, kind=kind),))


def _found(log: CallLog, name: str, here: Here) -> CallRow:
    """By ``#12``, the row's number, or by the trace number, of several the latest.

    Raises:
        UsageWrong: What follows # is no number.
        NoSuchCall: There is none.
    """
    is_id, number = name.startswith("#"), name.removeprefix("#")
    if is_id and not (number.isascii() and number.isdigit() and int(number) < 2**63):
        raise UsageWrong(here.say("usage.call_id"))
    with log.reading() as db:
        found = call(db, id=int(number)) if is_id else call(db, trace_no=name)
    if found is None:
        raise NoSuchCall(here.say("log.no_such_call"))
    return found


def _lines(facts: Mapping[str, object]) -> Iterator[str]:
    for name, value in facts.items():
        if value not in (None, [], {}):
            yield f"{name:<16}{_text(name, value)}"


def _text(name: str, value: object) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return _time(value) if name == "ts_ms" else str(value)


def _time(value: object) -> str:
    return f"{datetime.fromtimestamp(int(str(value)) / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _login() -> str | None:
    """Who is at the terminal; a container may have nobody."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None

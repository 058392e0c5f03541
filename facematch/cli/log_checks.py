"""What the doctor looks at in the call log."""

from collections.abc import Iterator
from contextlib import closing

from facematch.cli.check import Check, guarded
from facematch.cli.words import Speaker
from facematch.errors import LogUnavailable
from facematch.log import CallLog, open_log
from facematch.log.rebuild import check
from facematch.settings import Settings


def log_checks(settings: Settings, say: Speaker, *, rollups: bool) -> Iterator[Check]:
    """Whether calls are recorded, and if asked for, whether the charts count them rightly."""
    try:
        log = open_log(settings)
    except LogUnavailable as error:
        yield Check("log", "fail", say("doctor.log.no"), say.clause(error))
        return
    with closing(log):
        yield from guarded("log", lambda: _written(log, say), say)
        if log.form == "delete":
            yield Check("log_form", "warn", say("doctor.log.no_wal"), say("doctor.log.no_wal.todo"))
        if log.waiting:
            todo = say("doctor.log.waiting.todo")
            yield Check("log_waiting", "warn", say("doctor.log.waiting", calls=log.waiting), todo)
        if rollups:
            yield from guarded("rollups", lambda: _rollups(log, say), say)


def _written(log: CallLog, say: Speaker) -> Check:
    if log.read_only:
        return Check("log", "fail", say("doctor.log.too_new", place=log.place), say("doctor.log.too_new.todo"))
    try:
        with log.writing():  # opening has written already; this takes the lock that a call takes
            pass
    except LogUnavailable as error:
        return Check("log", "fail", say("doctor.log.not_written", place=log.place), say.clause(error))
    return Check("log", "ok", say("doctor.log", place=log.place, form=log.form))


def _rollups(log: CallLog, say: Speaker) -> Check:
    try:
        wrong = check(log)
    except LogUnavailable as error:
        return Check("rollups", "fail", say("doctor.log.no"), say.clause(error))
    if not wrong:
        return Check("rollups", "ok", say("doctor.rollups"))
    return Check("rollups", "fail", say("doctor.rollups.no", cells=len(wrong)), say("doctor.rollups.todo"))

"""The commands on the whole call log: export, purge, rebuild, forget. None of them calls a service."""

import time
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime

from facematch.cli.here import ID_NUMBER, Here
from facematch.cli.outcome import CHECK_FAILED, HERE, PASSED, Outcome, UsageWrong
from facematch.cli.saving import save, stream
from facematch.errors import LogUnavailable
from facematch.log import CallLog, open_log
from facematch.log.export import Span, copy_to, csv_pages, jsonl_pages
from facematch.log.forget import Forgotten
from facematch.log.forget import forget as forget_person
from facematch.log.purge import Due, NotPurgedThere, Untidy, due, due_here
from facematch.log.purge import purge as purge_log
from facematch.log.rebuild import Difference, check
from facematch.log.rebuild import rebuild as rebuild_log
from facematch.settings import Retention

STANDARD_OUTPUT = "-"
SHOWN_DIFFERENCES = 20
_UNTIDY = {"busy": "log.untidy.busy", "large": "log.untidy.large", "server": "log.untidy.server"}


def export(options: Namespace, here: Here) -> Outcome:
    """Write the calls, or a copy of the file, somewhere else."""
    _refuse_contradictions(options, here)
    span = Span(options.since, options.until, options.env)
    with closing(open_log(here.settings())) as log:
        if options.format == "sqlite":
            written = save(options.output, lambda target: copy_to(log, target))
        else:
            pages = csv_pages(log, span) if options.format == "csv" else jsonl_pages(log, span)
            if options.output == STANDARD_OUTPUT:
                stream(pages)
                return Outcome(PASSED)
            written = save(options.output, pages)
    facts = {"file": options.output, "format": options.format, "bytes": written}
    return Outcome(PASSED, facts, (here.say("log.exported", **facts),))


def _refuse_contradictions(options: Namespace, here: Here) -> None:
    to_file = options.output != STANDARD_OUTPUT
    if options.json and not to_file:
        raise UsageWrong(here.say("usage.export_json"))
    if options.format == "sqlite" and not to_file:
        raise UsageWrong(here.say("usage.export_sqlite"))
    if options.format == "sqlite" and any(each is not None for each in (options.since, options.until, options.env)):
        raise UsageWrong(here.say("usage.export_whole"))


def purge(options: Namespace, here: Here) -> Outcome:
    """Delete the calls that are older than they are to be kept."""
    settings, say = here.settings(), here.say
    retention = _retention(settings.retention_days, options)
    if not retention:
        raise UsageWrong(say("usage.no_retention"))
    now_ms = time.time_ns() // 1_000_000
    with closing(open_log(settings)) as log:
        found = _found_due(log, retention, now_ms)
        lines = tuple(_due_lines(found, here))
        facts = {"due": [asdict(each) for each in found], "deleted": 0}
        if options.dry_run or not (found or options.compact):
            return Outcome(PASSED, facts, lines)
        if found and not options.yes and not here.agrees("\n".join((*lines, say("ask.purge")))):
            return Outcome(PASSED, facts, (say("log.nothing_deleted"),))
        try:
            done = purge_log(log, retention, now_ms, compact=options.compact)
        except NotPurgedThere as error:
            return _purged_here(error, facts, here)
    facts |= {"deleted": done.total, "by_environment": dict(done.deleted), **_tidied(done.untidy)}
    return Outcome(PASSED, facts, (say("log.purged", calls=done.total),), _untidy(done.untidy, here))


def _found_due(log: CallLog, retention: Retention, now_ms: int) -> Sequence[Due]:
    """What is to be deleted; what waits here even when the log's server cannot be asked."""
    try:
        return due(log, retention, now_ms)
    except LogUnavailable:
        found = due_here(log, retention, now_ms)
        if not found:
            raise
        return found


def _purged_here(error: NotPurgedThere, facts: Mapping[str, object], here: Here) -> Outcome:
    deleted = sum(error.deleted.values())
    told = {"deleted": deleted, "by_environment": dict(error.deleted), "error": _error(error)}
    lines = (here.say("log.purged_here", calls=deleted),)
    return Outcome(HERE, {**facts, **told}, lines, (here.say("log.unreached", reason=here.say.clause(error)),))


def _error(reason: object) -> dict[str, object]:
    return {"kind": "LogUnavailable", "message": str(reason)}


def _retention(kept: Retention, options: Namespace) -> Retention:
    """What the options say, else the settings; of one environment, if one is named."""
    if options.days is not None:
        return ((options.env or "*", options.days),)
    if options.env is None:
        return kept
    days = dict(kept).get(options.env, dict(kept).get("*"))
    return () if days is None else ((options.env, days),)


def _due_lines(found: Iterable[Due], here: Here) -> Iterable[str]:
    for each in found:
        before = datetime.fromtimestamp(each.before_ms / 1000, UTC)
        yield here.say("log.due", env=each.env, calls=each.rows, before=f"{before:%Y-%m-%d}")
    if not found:
        yield here.say("log.nothing_due")


def rebuild(options: Namespace, here: Here) -> Outcome:
    """Make the cells behind the charts anew, or only compare them with the rows."""
    with closing(open_log(here.settings())) as log:
        if options.check:
            return _checked(check(log), here)
        days = rebuild_log(log)
    return Outcome(PASSED, {"days": days}, (here.say("log.rebuilt", days=days),))


def _checked(found: Sequence[Difference], here: Here) -> Outcome:
    facts = {"differences": [asdict(each) | {"cell": dict(each.cell)} for each in found]}
    if not found:
        return Outcome(PASSED, facts, (here.say("log.cells_right"),))
    lines = [
        f"{each.table} {', '.join(f'{name}={value}' for name, value in each.cell)}: {each.counted} ≠ {each.rows}"
        for each in found[:SHOWN_DIFFERENCES]
    ]
    return Outcome(CHECK_FAILED, facts, tuple(lines), (here.say("log.cells_wrong", cells=len(found)),))


def forget(options: Namespace, here: Here) -> Outcome:
    """Delete every call about one person."""
    settings, say = here.settings(), here.say
    number = here.secret(options.id_number, ID_NUMBER, "ask.id_number")
    with closing(open_log(settings)) as log:
        if not options.yes and not here.agrees(say("ask.forget", place=log.place)):
            return Outcome(PASSED, {"deleted": 0}, (say("log.nothing_deleted"),))
        return _forgotten(forget_person(log, number, compact=options.compact), here)


def _forgotten(done: Forgotten, here: Here) -> Outcome:
    say, doubts = here.say, list(_untidy(done.untidy, here))
    if done.not_compared:
        doubts.append(say("log.not_compared", calls=done.not_compared))
    if done.waiting:
        doubts.append(say("log.forget_waiting", calls=done.waiting))
    facts, code = {**asdict(done), **_tidied(done.untidy)}, PASSED
    if done.unreached is not None:
        doubts.append(say("log.unreached", reason=say.clause(done.unreached)))
        facts, code = {**facts, "error": _error(done.unreached)}, HERE
    return Outcome(code, facts, (say("log.forgotten", calls=done.deleted),), tuple(doubts))


def _tidied(untidy: Untidy | None) -> dict[str, object]:
    return {"tidied": untidy is None, "untidy": untidy}


def _untidy(untidy: Untidy | None, here: Here) -> tuple[str, ...]:
    return () if untidy is None else (here.say(_UNTIDY[untidy]),)

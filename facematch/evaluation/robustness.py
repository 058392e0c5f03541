"""``python -m facematch.evaluation.robustness LIST.csv``: what broken, hostile and odd files get, and what they cost.

LIST.csv has the columns path, kind (image or video), expect and note. Each file is the probe against a good portrait,
a video as SILENT. The service runs as a process of its own: after each call it must be alive and well.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from facematch.client import FaceMatchClient, Match, Photo, RunItem, Video
from facematch.errors import CallError
from facematch.evaluation.asked import Asked, ask
from facematch.evaluation.campaign import Campaign, list_parser, recording, reference, run, setup_lines, write_report
from facematch.evaluation.expected import Agreement, agreement
from facematch.evaluation.listed import Row, read_list
from facematch.evaluation.service_process import ServiceProcess, started
from facematch.evaluation.shares import counted, counts_text
from facematch.settings import Settings

MODULE = "facematch.evaluation.robustness"
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class OddResult:
    """What came of one file."""

    row: int
    kind: str
    expect: str
    note: str
    agreement: Agreement
    outcome: str
    errcode: int | None
    check: str | None  # that refused it, where the server tells
    http_status: int | None
    elapsed_ms: float | None
    well: bool  # the service answered its health afterwards
    memory_mib: float | None  # of the service, afterwards


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit code."""
    parser = list_parser(MODULE, "What broken, hostile and odd files get.")
    options = parser.parse_args(arguments)
    if options.url is not None:
        parser.error("this list needs a process that it may watch: --url cannot be used")
    return run(MODULE, partial(_measure, options))


def _measure(options: argparse.Namespace) -> str | None:
    rows = read_list(options.list, ("kind", "expect", "note"), options.root)
    settings = Settings.from_env({**os.environ, "FACEMATCH_URL": ""})
    with started(settings) as service, recording(service.target, 1) as ready:
        _warm_up(ready)
        setup = {**ready.setup(), "memory_before_mib": service.memory_mib()}
        results = ready.each(rows, partial(_send, service), [row.number for row in rows])
        setup |= {"memory_peak_mib": service.peak_mib(), "alive": service.alive}
    lines = (*setup_lines(setup), *_table(results), "", *_summary(results, setup))
    write_report(lines, {**setup, "rows": [asdict(each) for each in results]}, options.json)
    failing = any(not each.well or (each.http_status or 0) >= SERVER_ERROR for each in results)
    return "the service did not stay well" if failing else None


def _warm_up(ready: Campaign) -> None:
    """One ordinary pair, so that the memory before the list holds the networks."""
    with ready.target.client() as client:
        ask(client, lambda to: to.match(reference(), reference()))


def _send(service: ServiceProcess, client: FaceMatchClient, row: Row, run_item: RunItem) -> OddResult:
    asked = ask(client, lambda to: _match(to, row, run_item))
    cells, seen = row.cells, agreement(row.cells["expect"], asked)
    told = (row.number, cells["kind"], cells["expect"], cells["note"], seen, asked.outcome, asked.errcode)
    well = service.alive and _is_well(client)
    return OddResult(*told, _check(asked), asked.http_status, asked.elapsed_ms, well, service.memory_mib())


def _match(client: FaceMatchClient, row: Row, run_item: RunItem) -> Match:
    medium = Video if row.cells["kind"] == "video" else Photo
    return client.match(reference(), medium.from_path(row.path), run=run_item)


def _is_well(client: FaceMatchClient) -> bool:
    try:
        health = client.health()
    except CallError:
        return False
    return health is not None and health.status == "ready"


def _check(asked: Asked) -> str | None:
    told = asked.evidence
    if told is None:
        return None
    if told.liveness is not None:
        return told.liveness.decided_by
    seen = told.probe if told.clip is None else told.clip
    return None if seen is None or seen.refused is None else seen.refused.check


def _table(results: Sequence[OddResult]) -> Iterator[str]:
    yield f"{'row':>4} {'kind':5} {'expected':30} {'errcode':>7} {'check':14} {'agreed':20} note"
    for each in results:
        code = each.outcome if each.errcode is None else str(each.errcode)
        told = f"{each.row:4} {each.kind:5} {each.expect:30} {code:>7} {each.check or '':14} {each.agreement:20}"
        yield f"{told} {each.note}".rstrip()


def _summary(results: Sequence[OddResult], setup: Mapping[str, Any]) -> Iterator[str]:
    yield f"{len(results)} files: {counts_text(counted(each.agreement for each in results))}"
    unwell = sum(not each.well for each in results)
    failing = sum((each.http_status or 0) >= SERVER_ERROR for each in results)
    yield f"HTTP 5xx: {failing}; not well afterwards: {unwell}; the process is {'alive' if setup['alive'] else 'dead'}"
    slowest = max((each.elapsed_ms or 0.0 for each in results), default=0.0)
    yield f"slowest call {slowest / 1000:.1f} s"
    if setup["memory_peak_mib"] is not None:
        yield f"memory {setup['memory_before_mib']:.0f} MiB before, peak {setup['memory_peak_mib']:.0f} MiB"


if __name__ == "__main__":
    sys.exit(main())

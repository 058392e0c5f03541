"""``python -m facematch.evaluation.lip LIST.csv``: how often a spoken live code (LIP) is judged wrongly.

LIST.csv has the columns path, case, expected_code, expect (pass, fail, or else: the digit must be among what is heard)
and speaker. Each row's code is issued as chosen, which a server must allow; the embedded service does.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from facematch.client import FaceMatchClient, Photo, RunItem, Video
from facematch.evaluation.asked import Asked, ask
from facematch.evaluation.campaign import (
    ALL_FAILED,
    campaign,
    list_parser,
    reference,
    run,
    setup_lines,
    write_report,
)
from facematch.evaluation.listed import Row, read_list
from facematch.evaluation.shares import counted, counts_text, share, share_object, share_text

MODULE = "facematch.evaluation.lip"
DIGITS = 4  # of a live code
PASS, FAIL = "pass", "fail"
NOT_ACQUIRED = "not acquired"
NO_CODE = "The rows that expect neither have no code of four digits: only what is heard counts there."


@dataclass(frozen=True, slots=True)
class LipResult:
    """What came of one row."""

    row: int
    case: str
    speaker: str
    expect: str
    expected: str  # the digits of the list
    accepted: bool
    judged: bool  # it came as far as liveness or the spoken code
    ended: str  # accepted, or the check that failed, or how the call ended before
    heard: str | None
    errcode: int | None
    elapsed_ms: float | None

    @classmethod
    def of(cls, asked: Asked, row: Row) -> Self:
        """Of one answer."""
        cells = row.cells
        challenge = None if asked.evidence is None else asked.evidence.challenge
        liveness = None if asked.evidence is None else asked.evidence.liveness
        ended_so = asked.stage in ("refused", "inconclusive") and liveness is not None
        accepted = asked.errcode == 0
        if accepted:
            ended = "accepted"
        elif challenge is not None and challenge.failed is not None:
            ended = challenge.failed
        elif liveness is not None and ended_so:
            ended = f"{asked.stage} {liveness.decided_by}"
        else:
            ended = f"{NOT_ACQUIRED if asked.stage == 'not_acquired' else asked.outcome} {asked.errcode or ''}".strip()
        heard = None if challenge is None else challenge.heard
        told = (row.number, cells["case"], cells["speaker"], cells["expect"], cells["expected_code"])
        judged = accepted or ended_so or (challenge is not None and challenge.failed is not None)
        return cls(*told, accepted, judged, ended, heard, asked.errcode, asked.elapsed_ms)


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit code."""
    parser = list_parser(MODULE, "How often a spoken live code is judged wrongly.")
    parser.add_argument("--each", action="store_true", help="print a line for each clip, by its row in the list")
    options = parser.parse_args(arguments)
    return run(MODULE, partial(_measure, options))


def ask_lip(client: FaceMatchClient, data: bytes, code: str, run_item: RunItem, portrait: Photo) -> Asked:
    """Issue *code* and send the video with it; both refusals are results."""

    def call(to: FaceMatchClient) -> Any:
        to.local.chosen_code(code)
        return to.match(portrait, Video(data), live_code=code, run=run_item)

    return ask(client, call)


def code_without(digits: str) -> str:
    """A live code of none of *digits*, so that none of them is expected; of at most six different ones."""
    return "".join(digit for digit in "3805721649" if digit not in digits)[:DIGITS]


def _measure(options: argparse.Namespace) -> str | None:
    rows = read_list(options.list, ("case", "expected_code", "expect", "speaker"), options.root)
    with campaign(options, chosen_codes=True) as ready:
        setup = ready.setup()
        results = ready.each(rows, _send, [row.number for row in rows])
    lines = (*setup_lines(setup), *_lines(results), *(_single(results) if options.each else ()))
    told = {"cases": {case: _group(part) for case, part in _by(results, lambda each: each.case).items()}}
    write_report(lines, {**setup, **told, **_overall(results)}, options.json)
    return None if any(each.judged or each.ended.startswith(NOT_ACQUIRED) for each in results) else ALL_FAILED


def _send(client: FaceMatchClient, row: Row, run_item: RunItem) -> LipResult:
    code = row.cells["expected_code"]
    code = code if len(code) == DIGITS else code_without(code)
    return LipResult.of(ask_lip(client, row.path.read_bytes(), code, run_item, reference()), row)


def _group(part: Sequence[LipResult]) -> Mapping[str, Any]:
    judged = [each for each in part if each.judged]
    told = {"clips": len(part), "judged": len(judged), "ended": counted(each.ended for each in part)}
    if part[0].expect in (PASS, FAIL):
        return told | {"accepted": share_object(share(sum(each.accepted for each in judged), len(judged)))}
    return told | {"digit_heard": share_object(share(sum(map(_holds, judged)), len(judged)))}


def _overall(results: Sequence[LipResult]) -> Mapping[str, Any]:
    told = {}
    for expect, right, name in ((PASS, True, "right_code_accepted"), (FAIL, False, "wrong_refused")):
        judged = [each for each in results if each.expect == expect and each.judged]
        told[name] = share_object(share(sum(each.accepted is right for each in judged), len(judged)))
    return told


def _lines(results: Sequence[LipResult]) -> Iterator[str]:
    for case, part in _by(results, lambda each: each.case).items():
        judged = [each for each in part if each.judged]
        if part[0].expect in (PASS, FAIL):
            count = share_text(share(sum(each.accepted for each in judged), len(judged)))
            yield f"{case} (to {part[0].expect}): {len(part)} clips, accepted {count}"
        else:
            count = share_text(share(sum(map(_holds, judged)), len(judged)))
            yield f"{case}: {len(part)} clips, the digit is among what is heard in {count}"
        yield f"  {counts_text(counted(each.ended for each in part))}"
    yield ""
    for speaker, part in _by(results, lambda each: each.speaker).items():
        right = [each for each in part if each.judged and each.expect in (PASS, FAIL)]
        judged_so = sum(each.accepted == (each.expect == PASS) for each in right)
        yield f"speaker {speaker}: as expected {share_text(share(judged_so, len(right)))}"
    yield NO_CODE


def _single(results: Sequence[LipResult]) -> Iterator[str]:
    yield ""
    for each in results:
        took = "" if each.elapsed_ms is None else f"{each.elapsed_ms:.0f} ms"
        told = (each.ended, f"expected {each.expected}", f"heard {each.heard or 'none'}", took)
        yield f"row {each.row:3} {each.case:28} {each.speaker:10} {', '.join(filter(None, told))}"


def _by(results: Sequence[LipResult], key: Callable[[LipResult], str]) -> Mapping[str, Sequence[LipResult]]:
    """In the order of the list."""
    groups: dict[str, list[LipResult]] = {}
    for each in results:
        groups.setdefault(key(each), []).append(each)
    return groups


def _holds(result: LipResult) -> bool:
    return result.expected in (result.heard or "")


if __name__ == "__main__":
    sys.exit(main())

"""``python -m facematch.evaluation.digits LIST.csv``: how well spoken digits are heard.

LIST.csv has the columns path (a WAV file, 16 bit), digits and speaker. Each recording becomes the sound of a clip that
is sent as LIP, and what was heard is read from the evidence; whether the lips move with it is not asked. Recordings of
four digits are sent twice: with their own code, and with one that differs in one digit, which must not be heard. So are
single digits: with a code of other digits, and with the code that repeats them four times.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from facematch.client import FaceMatchClient, RunItem
from facematch.evaluation.campaign import (
    campaign,
    list_parser,
    reference,
    run,
    setup_lines,
    write_report,
)
from facematch.evaluation.lip import DIGITS, ask_lip, code_without
from facematch.evaluation.listed import Row, read_list
from facematch.evaluation.shares import counted, counts_text, share, share_object, share_text
from facematch.evaluation.spoken_clips import Scene, portrait_scene, scene_of, spoken_clip

MODULE = "facematch.evaluation.digits"
SINGLE = "A live code has four digits and the service listens for four: a single one is outside what it is for."


@dataclass(frozen=True, slots=True)
class HeardResult:
    """What was heard of one recording."""

    row: int
    speaker: str
    said: str
    asked: str  # the live code that it was sent with
    heard: str | None  # None: nothing, or the service did not come as far
    judged: bool  # the service listened
    ended: str


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit code."""
    parser = list_parser(MODULE, "How well spoken digits are heard.")
    parser.add_argument("--clip", type=Path, help="the pictures of this video (default: a sample portrait)")
    parser.add_argument("--each", action="store_true", help="print a line for each call, by its row in the list")
    options = parser.parse_args(arguments)
    return run(MODULE, partial(_measure, options))


def _measure(options: argparse.Namespace) -> str | None:
    rows = read_list(options.list, ("digits", "speaker"), options.root)
    items = [(row, code) for row in rows for code in _codes(row.cells["digits"])]
    with campaign(options, chosen_codes=True) as ready:
        scene = portrait_scene() if options.clip is None else scene_of(options.clip, ready.target.settings)
        setup = ready.setup()
        numbers = [f"{row.number} {nth}" for nth, (row, _) in enumerate(items)]
        results = ready.each(items, partial(_send, scene), numbers)
    lines = (*setup_lines(setup), *_lines(results), *(_single(results) if options.each else ()))
    groups = {name: _group(part, right) for name, part, right in _groups(results)}
    write_report(lines, {**setup, "groups": groups, "note": SINGLE}, options.json)
    return None if any(each.judged for each in results) else "nothing was listened to"


def _codes(said: str) -> tuple[str, ...]:
    """The codes that a recording is sent with."""
    if len(said) != DIGITS:
        return code_without(said), (said * DIGITS)[:DIGITS]
    place = int(said[0]) % DIGITS
    other = str((int(said[place]) + 5) % 10)
    return said, said[:place] + other + said[place + 1 :]


def _send(scene: Scene, client: FaceMatchClient, item: tuple[Row, str], run_item: RunItem) -> HeardResult:
    row, code = item
    asked = ask_lip(client, spoken_clip(scene, row.path), code, run_item, reference())
    challenge = None if asked.evidence is None else asked.evidence.challenge
    heard = None if challenge is None else challenge.heard
    ended = f"{asked.outcome} {asked.errcode}" if challenge is None else challenge.failed or challenge.outcome
    return HeardResult(row.number, row.cells["speaker"], row.cells["digits"], code, heard, challenge is not None, ended)


def _groups(results: Sequence[HeardResult]) -> Iterator[tuple[str, Sequence[HeardResult], Callable[..., bool]]]:
    """Every group of the report: its name, its results, and what counts in it."""
    own = [each for each in results if each.asked == each.said]
    other = [each for each in results if len(each.said) == DIGITS and each.asked != each.said]
    single = [each for each in results if len(each.said) != DIGITS]
    if own:
        yield "four digits, exactly heard", own, _exact
        yield from ((f"  {name}", part, _exact) for name, part in _by_speaker(own))
    if other:
        yield "four digits, the code one digit off: that wrong code heard", other, _as_asked
        yield "four digits, the code one digit off: what was said heard", other, _exact
    if single:
        plain = [each for each in single if each.said not in each.asked]
        yield "single digits, that digit and no other heard", plain, _only
        yield from ((f"  {name}", part, _only) for name, part in _by_speaker(plain))
        yield "single digits, heard once", plain, _exact
        yield (
            "single digits, heard as the code that repeats them",
            [each for each in single if each not in plain],
            _as_asked,
        )


def _by_speaker(part: Sequence[HeardResult]) -> Iterator[tuple[str, Sequence[HeardResult]]]:
    for speaker in sorted({each.speaker for each in part}):
        yield speaker, [each for each in part if each.speaker == speaker]


def _exact(result: HeardResult) -> bool:
    return result.heard == result.said


def _as_asked(result: HeardResult) -> bool:
    return result.heard == result.asked


def _only(result: HeardResult) -> bool:
    return set(result.heard or "") == set(result.said)


def _group(part: Sequence[HeardResult], right: Callable[..., bool]) -> Mapping[str, Any]:
    judged = [each for each in part if each.judged]
    return {
        "calls": len(part),
        "share": share_object(share(sum(map(right, judged)), len(judged))),
        "not_listened": counted(each.ended for each in part if not each.judged),
    }


def _lines(results: Sequence[HeardResult]) -> Iterator[str]:
    for name, part, right in _groups(results):
        judged = [each for each in part if each.judged]
        yield f"{name}: {share_text(share(sum(map(right, judged)), len(judged)))}"
        if missed := counted(each.ended for each in part if not each.judged):
            yield f"  not listened to: {counts_text(missed)}"
    yield SINGLE


def _single(results: Sequence[HeardResult]) -> Iterator[str]:
    yield ""
    for each in results:
        told = f"said {each.said}, asked {each.asked}, heard {each.heard or 'none'}, {each.ended}"
        yield f"row {each.row:3} {each.speaker:10} {told}"


if __name__ == "__main__":
    sys.exit(main())

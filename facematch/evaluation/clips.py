"""``python -m facematch.evaluation.clips LIST.csv``: how often the passive check (SILENT) is wrong on labelled clips.

LIST.csv has the columns path, label (live or spoof), attack, and for clips synthetic (1: made) and identity. With
``--stills`` the paths are photos and each becomes three clips: exactly still, and waved in a hand twice.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from facematch.client import FaceMatchClient, RunItem, Video
from facematch.errors import PairsInvalid
from facematch.evaluation.asked import ask
from facematch.evaluation.campaign import (
    ALL_FAILED,
    campaign,
    list_parser,
    reference,
    run,
    setup_lines,
    write_report,
)
from facematch.evaluation.clip_report import ClipResult, report_lines, report_object
from facematch.evaluation.listed import Row, read_list
from facematch.evaluation.still_clips import read_still, still_clip, waved_clip

MODULE = "facematch.evaluation.clips"
LIVE = "live"
MOTIONS = ("still", "waved", "waved_aliased")
PHOTOS_ONLY = (
    "Each clip is a photo held to the camera, those labelled live too: none may pass. "
    "Waved: the motion is made by a program; aliased: fine detail flickers as it moves. "
    "No edge of a photo is in the picture: only the face can give it away."
)


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit code."""
    options = _parser().parse_args(arguments)
    return run(MODULE, partial(_measure, options))


def _parser() -> argparse.ArgumentParser:
    parser = list_parser(MODULE, "How often SILENT is wrong on labelled clips.")
    parser.add_argument("--stills", action="store_true", help="the list is of photos: make clips of each")
    parser.add_argument("--identities", help="only these, with commas between them: persons no limit was chosen on")
    parser.add_argument("--each", action="store_true", help="print a line for each clip, by its row in the list")
    return parser


def _measure(options: argparse.Namespace) -> str | None:
    columns = ("label", "attack") if options.stills else ("label", "attack", "synthetic", "identity")
    rows = _chosen(read_list(options.list, columns, options.root), options.identities)
    items = [(row, motion) for row in rows for motion in (MOTIONS if options.stills else ("",))]
    with campaign(options) as ready:
        setup = ready.setup()
        results = ready.each(items, _send, [f"{row.number}{motion}" for row, motion in items])
    lines = (*setup_lines(setup), *((PHOTOS_ONLY, "") if options.stills else ()))
    lines += report_lines(results, each=options.each)
    write_report(lines, {**setup, "stills": options.stills, **report_object(results)}, options.json)
    return ALL_FAILED if all(each.stage == "failed" for each in results) else None


def _chosen(rows: Sequence[Row], identities: str | None) -> Sequence[Row]:
    if identities is None:
        return rows
    wanted = {name.strip() for name in identities.split(",")}
    chosen = [row for row in rows if row.cells.get("identity") in wanted]
    if not chosen:
        raise PairsInvalid("no row of the list has one of these identities")
    return chosen


def _send(client: FaceMatchClient, item: tuple[Row, str], run_item: RunItem) -> ClipResult:
    row, motion = item
    data = _made(row, motion) if motion else row.path.read_bytes()
    asked = ask(client, lambda to: to.match(reference(), Video(data), video_type="SILENT", run=run_item))
    live = row.cells["label"] == LIVE and not motion
    kind = " ".join(filter(None, (motion, row.cells["attack"] or row.cells["label"])))
    made = bool(motion) or row.cells.get("synthetic") == "1"
    return ClipResult.of(asked, row.number, kind=LIVE if live else kind, made=made, live=live)


def _made(row: Row, motion: str) -> bytes:
    image = read_still(row.path)
    if motion == "still":
        return still_clip(image)
    return waved_clip(image, row.number, aliased=motion == "waved_aliased")


if __name__ == "__main__":
    sys.exit(main())

"""How often the passive check is wrong: the table of facematch/engine/silent_meaning.py.

    PYTHONPATH=. python tests/benchmarks/silent_rates.py LIST.csv

LIST.csv has the columns path (from its folder), label (live or spoof), attack, synthetic (1: made) and identity. From
the first live clip of each identity every kind of `made_attacks` is made as well.

Limits are never reported on persons they were chosen on: persons are dealt into four groups, and each group is judged
with the limits that the other three give. The limits that ship come from all of them by the same rules.
"""

import argparse
import csv
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from facematch.engine.api import Watch
from facematch.engine.pipeline import FaceEngine
from facematch.engine.silent_cues import RULES, Rule, by_name, cues_of, deciding
from facematch.engine.silent_values import Values, measure
from facematch.errors import VideoRefused
from facematch.limits import Limits
from facematch.settings import Settings
from tests.benchmarks.made_attacks import KINDS, Scene, encoded

FOLDS = 4
LONGEST = 100  # frames of a made attack
# Each of these lies half way, as a ratio, between the worst living person and the middle of the attacks it is for.
AIMED_AT = {
    "frozen": ("still_photo",),
    "loop": ("loop",),
    "boomerang": ("boomerang",),
    "framed": ("screen_framed",),
    "bands": ("screen_striped",),
}
# These are searched together for the lowest BPCER plus mean APCER over the kinds of photo.
SEARCHED = {
    "relief": np.arange(1.0, 1.7, 0.02),
    "life": np.arange(1.0, 2.2, 0.1),
}
PHOTOS = ("still_photo", "held_photo", "waved_photo", "bent_photo", "animated_photo", "cut_out_mask")
LIVE = "live"


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip that was measured."""

    person: str
    kind: str  # live, or one of attack
    origin: str  # filmed; listed: made by someone else; made: by `made_attacks`
    values: Values | None  # None: the engine refused the clip before it looked at life


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=Path)
    report(list(measured(parser.parse_args().list)))


def measured(path: Path) -> Iterator[Clip]:
    """Every clip of the list, then those that are made of its living persons."""
    small = Limits(video_min_short_px=200, video_min_long_px=200, face_min_px=40, face_warn_px=50)
    engine, done = FaceEngine(Settings(limits=small)), set()
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        data = (path.parent / row["path"]).read_bytes()
        kind = LIVE if row["label"] == LIVE else row["attack"]
        origin = "listed" if row["synthetic"] == "1" else "filmed"
        watch = watched(engine, data)
        yield Clip(row["identity"], kind, origin, None if watch is None else measure(watch, None))
        if kind == LIVE and watch is not None and row["identity"] not in done:
            done.add(row["identity"])
            yield from made(engine, watch, row["identity"])


def made(engine: FaceEngine, watch: Watch, person: str) -> Iterator[Clip]:
    """The attacks that are made of one living person's clip."""
    frames = [frame.rgb() for frame in watch.video.frames[:LONGEST]]
    points = np.array(next(spot.face.points for spot in watch.spots if spot.face is not None))
    for kind, attack in KINDS.items():
        scene = Scene(frames, points, np.random.default_rng(zlib.crc32(f"{person} {kind}".encode())))
        attacked = watched(engine, encoded(attack(scene)))
        yield Clip(person, kind, "made", None if attacked is None else measure(attacked, None))


def watched(engine: FaceEngine, data: bytes) -> Watch | None:
    try:
        watch = engine.watch(engine.open_video(data, "SILENT"), "SILENT")
    except VideoRefused:
        return None
    return None if watch.clip.refused else watch


def report(clips: Sequence[Clip]) -> None:
    """Print, for each kind and origin, how many clips pass with limits from other persons, and the limits of all."""
    outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for nth, group in enumerate(groups(clips)):
        rules = chosen([clip for clip in clips if clip.person not in group])
        print(f"group {nth}: {', '.join(sorted(group))}: {told(rules)}")
        for clip in clips:
            if clip.person in group:
                outcomes[clip.origin, clip.kind][outcome(clip, rules)] += 1
    for (origin, kind), counts in sorted(outcomes.items()):
        print(f"{origin:8} {kind:24} n {counts.total():3}  {dict(counts)}")
    print(f"all persons: {told(chosen(clips))}")


def groups(clips: Sequence[Clip]) -> list[set[str]]:
    persons = sorted({clip.person for clip in clips})
    return [set(persons[nth::FOLDS]) for nth in range(FOLDS)]


def outcome(clip: Clip, rules: Sequence[Rule]) -> str:
    if clip.values is None:
        return "not looked at"
    decided = deciding(cues_of(clip.values, rules))
    return "passed" if decided is None else f"{decided.verdict} {decided.name}"


def chosen(clips: Sequence[Clip]) -> tuple[Rule, ...]:
    """The rules with the limits that these clips give."""
    usable = [clip for clip in clips if clip.values is not None]
    limits = {name: half_way(usable, name, kinds) for name, kinds in AIMED_AT.items()}
    limits |= searched(usable)
    return tuple(replace(rule, limit=limits.get(rule.name, rule.limit)) for rule in RULES)


def half_way(clips: Sequence[Clip], name: str, kinds: Sequence[str]) -> float:
    least = next(rule.bound for rule in RULES if rule.name == name) == "least"
    living = column(clips, name, (LIVE,))
    worst = living.min() if least else living.max()
    return float(np.sqrt(worst * max(np.median(column(clips, name, kinds)), 1e-3)))


def column(clips: Sequence[Clip], name: str, kinds: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = [by_name(clip.values)[name] for clip in clips if clip.kind in kinds and clip.values is not None]
    return np.array([value for value in values if value is not None])


def searched(clips: Sequence[Clip]) -> dict[str, float]:
    """The middle of the best limits for relief and life."""
    rows = {kind: table(clips, kind) for kind in (LIVE, *PHOTOS)}
    tried = np.array(list(product(*SEARCHED.values())))
    passing = {kind: (rows[kind][:, None] >= tried[None]).all(axis=2).mean(axis=0) for kind in rows}
    cost = 1 - passing[LIVE] + np.mean([passing[kind] for kind in PHOTOS], axis=0)
    best = np.median(tried[cost <= cost.min() + 1e-9], axis=0)
    return dict(zip(SEARCHED, best.tolist(), strict=True))


def table(clips: Sequence[Clip], kind: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(n, 2); what could not be measured keeps any limit."""
    values = [by_name(clip.values) for clip in clips if clip.kind == kind and clip.values is not None]
    return np.array([[np.inf if row[name] is None else row[name] for name in SEARCHED] for row in values], np.float64)


def told(rules: Sequence[Rule]) -> str:
    return ", ".join(f"{rule.name} {rule.limit:.3g}" for rule in rules if rule.name in {**AIMED_AT, **SEARCHED})


if __name__ == "__main__":
    main()

"""How often the passive check is wrong: the table of facematch/engine/silent_meaning.py.

    PYTHONPATH=. python tests/benchmarks/silent_rates.py LIST.csv [--jobs 2] [--values FILE]

LIST.csv has the columns path (from its folder), label (live or spoof), attack, synthetic (1: made) and identity. From
the first live clip of each identity every kind of `made_attacks` is made as well, as an MP4 file. Every clip goes the
product's own way, `open_video` and `watch`; only the limits of picture and face size are lower, for small clips.

Limits are never reported on persons they were chosen on: persons are dealt into four groups, and each group is judged
with the limits that the other three give. The limits that ship come from all of them by the same rules.
"""

import argparse
import csv
import pickle
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
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
LONGEST = 75  # frames of a made attack: 3 s
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
SMALL = Limits(video_min_short_px=200, video_min_long_px=200, face_min_px=40, face_warn_px=50)  # clips of 288 px


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip that was measured."""

    person: str
    kind: str  # live, or one of attack
    origin: str  # filmed; listed: made by someone else; made: by `made_attacks`
    values: Values | None  # None: the engine refused the clip before it looked at life
    seconds: float  # to decode, follow and measure it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=Path)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--values", type=Path, help="keep what was measured here, and take it from here when it exists")
    options = parser.parse_args()
    if options.values is not None and options.values.exists():
        clips = pickle.loads(options.values.read_bytes())  # noqa: S301 - our own file
    else:
        clips = measured(options.list, options.jobs)
        if options.values is not None:
            options.values.write_bytes(pickle.dumps(clips))
    report(clips)


def measured(path: Path, jobs: int) -> list[Clip]:
    """Every clip of the list, and those that are made of its living persons."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    persons = sorted({row["identity"] for row in rows})
    with ProcessPoolExecutor(jobs) as pool:
        parts = pool.map(partial(of_person, path.parent, rows), persons)
        return [clip for part in parts for clip in part]


def of_person(folder: Path, rows: Sequence[dict[str, str]], person: str) -> list[Clip]:
    """The listed clips of one person and those made of the first living one."""
    engine, clips, done = FaceEngine(Settings(limits=SMALL)), [], False
    engine.warm_up()
    for row in (row for row in rows if row["identity"] == person):
        kind = LIVE if row["label"] == LIVE else row["attack"]
        origin = "listed" if row["synthetic"] == "1" else "filmed"
        clip, watch = judged(engine, (folder / row["path"]).read_bytes(), (person, kind, origin))
        clips.append(clip)
        if kind == LIVE and watch is not None and not done:
            done = True
            clips += made(engine, watch, person)
    return clips


def made(engine: FaceEngine, watch: Watch, person: str) -> Iterator[Clip]:
    """The attacks that are made of one living person's clip."""
    frames = [frame.rgb() for frame in watch.video.frames[:LONGEST]]
    points = np.array(next(spot.face.points for spot in watch.spots if spot.face is not None))
    for kind, attack in KINDS.items():
        scene = Scene(frames, points, np.random.default_rng(zlib.crc32(f"{person} {kind}".encode())))
        yield judged(engine, encoded(attack(scene)), (person, kind, "made"))[0]


def judged(engine: FaceEngine, data: bytes, named: tuple[str, str, str]) -> tuple[Clip, Watch | None]:
    started = time.perf_counter()
    watch = watched(engine, data)
    values = None if watch is None else measure(watch, None)
    return Clip(*named, values, time.perf_counter() - started), watch


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
    seconds = [clip.seconds for clip in clips]
    print(f"a clip: median {np.median(seconds):.2f} s, p95 {np.quantile(seconds, 0.95):.2f} s, n {len(clips)}")


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

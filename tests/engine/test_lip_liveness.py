from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facematch.contract import VideoType
from facematch.engine.api import Watch
from facematch.engine.lip_liveness import REPEATING, judge_lip_liveness
from facematch.engine.liveness_model import LivenessModel
from facematch.engine.pipeline import FaceEngine
from facematch.engine.silent import LOOKED_FOR, judge_silent
from facematch.footage import Liveness
from facematch.seen import Face

from .clips import Frames, encoded
from .living import attack, scene
from .reader import reading
from .spoken import spoken
from .talking import Openings, opened, openings, words
from .test_liveness_model import network

LOOP = slice(15, 65)  # frames


@pytest.fixture(scope="module")
def mouth() -> Openings:
    """Four digits read one by one."""
    return openings(spoken(words("4219")))


@pytest.fixture(scope="module")
def frames(engine: FaceEngine, mouth: Openings) -> Frames:
    return reading(engine, mouth)


@pytest.fixture(scope="module")
def reader(engine: FaceEngine, frames: Frames) -> Watch:
    return watched(engine, frames)


def watched(engine: FaceEngine, frames: Frames, closely: VideoType = "LIP") -> Watch:
    """A clip without sound, followed as for a spoken code."""
    watch = engine.watch(engine.open_video(encoded(frames), "SILENT"), closely)
    assert watch.clip.refused is None
    return watch


def judged(engine: FaceEngine, frames: Frames) -> Liveness:
    return engine.lip_liveness(watched(engine, frames))


def values(liveness: Liveness) -> dict[str, float]:
    """Of the cues that could be measured."""
    return {cue.name: cue.value for cue in liveness.cues if cue.value is not None}


def photo_with_mouth(engine: FaceEngine, mouth: Openings) -> Frames:
    """A photo before a camera with noise; nothing moves but its mouth."""
    still = scene(engine)
    face = Face((0.0, 0.0, 1.0, 1.0), tuple((float(x), float(y)) for x, y in still.points), 1.0)
    noise, frames = np.random.default_rng(3), []
    for opening in mouth:
        picture = opened(still.frames[0], face, float(opening))
        frames.append(np.clip(picture + noise.normal(0, 1.5, picture.shape), 0, 255).astype(np.uint8))
    return frames


def test_a_head_that_reads_passes(reader: Watch) -> None:
    liveness = judge_lip_liveness(reader, None)

    assert (liveness.outcome, liveness.errcode, liveness.decided_by) == ("passed", 0, None)
    assert {cue.verdict for cue in liveness.cues} <= {"pass", "not_checked"}


def test_a_clip_that_repeats_itself_is_left_to_the_fresh_code(reader: Watch) -> None:
    liveness = judge_lip_liveness(reader, None)

    assert not set(REPEATING) & {cue.name for cue in liveness.cues}
    assert set(liveness.looked_for) == set(LOOKED_FOR) - set(REPEATING)


def test_a_loop_that_silent_refuses_is_not_refused_as_a_loop(engine: FaceEngine, mouth: Openings) -> None:
    once = reading(engine, 0.6 * mouth[LOOP])
    watch = watched(engine, once * 2)

    assert judge_silent(watch, None).decided_by == "loop"
    assert judge_lip_liveness(watch, None).outcome == "passed"


def test_a_photo_whose_mouth_opens_with_the_digits_does_not_pass(engine: FaceEngine, mouth: Openings) -> None:
    liveness = judged(engine, photo_with_mouth(engine, mouth))

    assert liveness.outcome in ("refused", "inconclusive")
    assert next(cue.verdict for cue in liveness.cues if cue.name == "relief") == "inconclusive"


def test_who_is_seen_too_seldom_is_asked_for_another_take(engine: FaceEngine) -> None:
    watch = watched(engine, reading(engine, np.zeros(55)))
    lost = tuple(spot if spot.index < 35 else replace(spot, face=None) for spot in watch.spots)
    liveness = judge_lip_liveness(replace(watch, spots=lost), None)

    assert (liveness.outcome, liveness.errcode, liveness.decided_by) == ("inconclusive", 1005, "faces")
    assert "film again" in liveness.detail
    assert "while you read" in liveness.detail


@pytest.mark.parametrize("kind", ["still_photo", "held_photo", "waved_photo", "animated_photo", "screen_framed"])
def test_what_shows_no_living_person_does_not_pass(engine: FaceEngine, kind: str) -> None:
    liveness = judged(engine, attack(kind, engine))

    assert liveness.outcome in ("refused", "inconclusive")
    assert liveness.errcode in (1002, 1003, 1005)


def test_the_values_are_those_of_silent(engine: FaceEngine, frames: Frames, reader: Watch) -> None:
    """The limits were chosen on fewer faces a second than lips are followed on."""
    loosely = watched(engine, frames, "SILENT")
    in_lip, in_silent = values(judge_lip_liveness(reader, None)), values(judge_silent(loosely, None))

    assert len(reader.spots) == len(frames) == pytest.approx(2 * len(loosely.spots), abs=1)
    assert in_lip.pop("frozen") <= in_silent["frozen"]  # the part above the eyes counts too
    assert in_lip == pytest.approx({name: in_silent[name] for name in in_lip}, rel=0.15, abs=0.1)


def test_a_network_that_was_supplied_decides_here_too(tmp_path: Path, reader: Watch) -> None:
    model = LivenessModel.load(network(tmp_path / "net.onnx"))

    liveness = judge_lip_liveness(reader, model)
    verdict = next(cue.verdict for cue in liveness.cues if cue.name == "model")

    assert verdict in ("pass", "refuse")
    assert (liveness.decided_by == "model") == (verdict == "refuse")
    assert liveness.model == f"net.onnx {model.sha256}"

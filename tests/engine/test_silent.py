from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from facematch.engine.api import Watch
from facematch.engine.pipeline import FaceEngine
from facematch.engine.silent import LOOKED_FOR, NOT_CHECKED, judge_silent
from facematch.engine.silent_cues import RULES
from facematch.footage import Liveness

from .clips import Frames, encoded
from .living import attack, living, scene

PHOTOS = ("held_photo", "waved_photo", "bent_photo", "animated_photo")


def watched(engine: FaceEngine, frames: Frames) -> Watch:
    watch = engine.watch(engine.open_video(encoded(frames), "SILENT"), "SILENT")
    assert watch.clip.refused is None
    return watch


def judged(engine: FaceEngine, frames: Frames) -> Liveness:
    return judge_silent(watched(engine, frames), None)


@pytest.fixture(scope="module")
def living_watch(engine: FaceEngine) -> Watch:
    return watched(engine, list(living(engine)))


def test_a_still_as_a_video_is_refused_as_a_replay(engine: FaceEngine) -> None:
    liveness = judged(engine, list(scene(engine).frames))

    assert (liveness.outcome, liveness.errcode, liveness.decided_by) == ("refused", 1002, "frozen")


def test_a_still_with_the_noise_of_a_camera_is_refused_as_a_replay(engine: FaceEngine) -> None:
    liveness = judged(engine, attack("still_photo", engine))

    assert (liveness.outcome, liveness.errcode, liveness.decided_by) == ("refused", 1002, "frozen")


@pytest.mark.parametrize("kind", PHOTOS)
def test_a_photo_in_a_hand_does_not_pass(engine: FaceEngine, kind: str) -> None:
    liveness = judged(engine, attack(kind, engine))

    assert liveness.outcome in ("refused", "inconclusive")
    assert liveness.errcode in (1002, 1003, 1005)


def test_a_photo_that_is_waved_is_refused_as_no_real_person(engine: FaceEngine) -> None:
    liveness = judged(engine, attack("waved_photo", engine))

    assert (liveness.outcome, liveness.errcode, liveness.decided_by) == ("refused", 1003, "flat")


@pytest.mark.parametrize(("kind", "cue"), [("loop", "loop"), ("boomerang", "boomerang"), ("screen_framed", "framed")])
def test_a_replay_is_refused_by_the_cue_that_is_named_after_it(engine: FaceEngine, kind: str, cue: str) -> None:
    liveness = judged(engine, attack(kind, engine))

    assert (liveness.outcome, liveness.errcode) == ("refused", 1002)
    assert cue in {each.name for each in liveness.cues if each.verdict == "refuse"}


def test_a_screen_with_stripes_is_refused_as_a_replay(engine: FaceEngine) -> None:
    liveness = judged(engine, attack("screen_striped", engine))

    assert (liveness.outcome, liveness.errcode) == ("refused", 1002)


def test_a_synthetic_head_that_sways_speaks_and_blinks_passes(living_watch: Watch) -> None:
    """No clip of a living person ships; this is a warped portrait and shows only that the rules can be met."""
    liveness = judge_silent(living_watch, None)

    assert (liveness.outcome, liveness.errcode, liveness.decided_by) == ("passed", 0, None)
    assert {each.verdict for each in liveness.cues} <= {"pass", "not_checked"}


def test_a_clip_with_too_few_faces_asks_for_another_take(living_watch: Watch) -> None:
    spots = tuple(spot if nth < 12 else replace(spot, face=None) for nth, spot in enumerate(living_watch.spots))

    liveness = judge_silent(replace(living_watch, spots=spots), None)

    assert (liveness.outcome, liveness.errcode, liveness.decided_by) == ("inconclusive", 1005, "faces")
    assert "film again" in liveness.detail


def test_a_clip_without_any_face_asks_for_another_take(living_watch: Watch) -> None:
    spots = tuple(replace(spot, face=None) for spot in living_watch.spots)

    liveness = judge_silent(replace(living_watch, spots=spots), None)

    assert (liveness.outcome, liveness.errcode) == ("inconclusive", 1005)


def test_a_person_who_does_not_move_is_asked_for_another_take_not_refused(living_watch: Watch) -> None:
    """The same face in every frame, while one side slowly brightens: nothing moves that could tell."""
    video = living_watch.video
    rng = np.random.default_rng(2)
    frames = []
    for nth, frame in enumerate(video.frames):
        planes = video.frames[0].planes.astype(np.int16)
        planes[: video.height, :80] += nth
        frames.append(replace(frame, planes=np.clip(planes + rng.normal(0, 2, planes.shape), 0, 255).astype(np.uint8)))
    spots = tuple(replace(spot, face=living_watch.spots[0].face) for spot in living_watch.spots)

    liveness = judge_silent(replace(living_watch, video=replace(video, frames=tuple(frames)), spots=spots), None)

    assert (liveness.outcome, liveness.errcode) == ("inconclusive", 1005)


def test_every_rule_leaves_one_cue_with_its_limit(living_watch: Watch) -> None:
    cues = judge_silent(living_watch, None).cues

    assert [(cue.name, cue.limit, cue.bound) for cue in cues] == [(rule.name, rule.limit, rule.bound) for rule in RULES]


def test_the_answer_says_what_is_looked_for_and_what_is_not(living_watch: Watch) -> None:
    liveness = judge_silent(living_watch, None)

    assert liveness.looked_for == LOOKED_FOR
    assert {"mask", "deepfake", "injected_video", "screen_filling"} <= set(liveness.not_checked)
    assert not set(LOOKED_FOR) & set(NOT_CHECKED)
    assert liveness.model is None


def test_several_threads_judge_as_one(living_watch: Watch) -> None:
    alone = judge_silent(living_watch, None)

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: judge_silent(living_watch, None), range(4)))

    assert [each.cues for each in together] == [alone.cues] * 4

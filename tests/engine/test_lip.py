from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facematch.engine.api import SOUND_HZ, Look, Picture, Pixels, Sound, Watch
from facematch.engine.lip import ERRCODES, judge_lip
from facematch.engine.pipeline import FaceEngine
from facematch.engine.speech import Speech
from facematch.errors import SpeechUnavailable
from facematch.seen import Face

from .clips import encoded, on_wall
from .photos import portrait
from .spoken import spoken
from .talking import openings, watched, words

CODE = "4219"


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Speech:
    return Speech(None, ("en", "zh"), tmp_path_factory.mktemp("speech"))


@pytest.fixture(scope="module")
def pixels() -> Pixels:
    image = portrait(480)
    return np.asarray(image.crop((0, 0, image.width // 2 * 2, image.height // 2 * 2)))


@pytest.fixture(scope="module")
def face(engine: FaceEngine, pixels: Pixels) -> Face:
    look: Look = engine.look(Picture(pixels, pixels.shape[1], pixels.shape[0], "png", (), 0.0))
    assert look.seen is not None
    assert look.seen.chosen is not None
    return look.seen.faces[look.seen.chosen]


@pytest.fixture(scope="module")
def voice() -> Sound:
    return spoken(words(CODE))


@pytest.fixture(scope="module")
def reading(pixels: Pixels, face: Face, voice: Sound) -> Watch:
    """Somebody who reads the code, with a moving head, before a camera with noise."""
    return watched(pixels, face, openings(voice), voice, sway_px=4, noise=2)


def moved(sound: Sound, seconds: float) -> Sound:
    return np.roll(sound, round(seconds * SOUND_HZ))


def test_who_reads_the_code_aloud_passes(reading, speech):
    challenge = judge_lip(reading, CODE, speech)

    assert (challenge.outcome, challenge.errcode, challenge.failed) == ("passed", 0, None)
    assert (challenge.expected, challenge.heard, challenge.language) == (CODE, CODE, "en")
    assert {check.verdict for check in challenge.checks} == {"pass"}
    assert [check.name for check in challenge.checks] == [
        "sound_level",
        "speech",
        "digits_right",
        "lips_move",
        "lips_with_voice",
        "lips_delay",
    ]


def test_a_file_with_a_reader_goes_all_the_way_through_the_engine(engine, pixels, face, voice):
    reader = watched(pixels, face, openings(voice), voice, sway_px=4, noise=2)
    pictures = [on_wall(Image.fromarray(frame.rgb()), 0, 80) for frame in reader.video.frames]
    at = np.arange(len(voice) * 3) / 3
    loud = np.interp(at, np.arange(len(voice)), voice).astype(np.float32)

    seen = engine.watch(engine.open_video(encoded(pictures, sound=loud), "LIP"), "LIP")
    right, wrong = engine.lip(seen, CODE), engine.lip(seen, "0526")

    assert seen.clip.refused is None
    assert (right.failed, right.heard) == (None, CODE)
    assert wrong.failed == "wrong_digits"


def test_the_page_gets_curves_of_equal_length_and_the_times_of_speech(reading, speech):
    challenge = judge_lip(reading, CODE, speech)

    assert len(challenge.voice) == len(challenge.lips) == len(reading.video.frames)
    assert all(0 <= value <= 1 for value in (*challenge.voice, *challenge.lips))
    assert max(challenge.voice) > 0.8
    assert max(challenge.lips) > 0.3
    assert all(0 <= start < end <= reading.video.duration_s + 0.1 for start, end in challenge.speech)
    assert sum(end - start for start, end in challenge.speech) > 1


def test_the_same_clip_gives_the_same_evidence_twice(reading, speech):
    first, second = judge_lip(reading, CODE, speech), judge_lip(reading, CODE, speech)

    assert (first.checks, first.voice, first.lips, first.heard) == (
        second.checks,
        second.voice,
        second.lips,
        second.heard,
    )


@pytest.mark.parametrize("code", ["4218", "9124", "4291", "0219", "7777"])
def test_another_code_than_the_one_that_was_read_is_refused(reading, speech, code):
    challenge = judge_lip(reading, code, speech)

    assert (challenge.failed, challenge.errcode) == ("wrong_digits", 1103)
    assert challenge.heard == CODE
    assert code not in challenge.detail
    assert CODE not in challenge.detail


def test_a_still_photo_with_the_right_voice_is_refused(pixels, face, voice, speech):
    shut = np.zeros(len(openings(voice)))

    frozen = judge_lip(watched(pixels, face, shut, voice), CODE, speech)
    waved = judge_lip(watched(pixels, face, shut, voice, sway_px=8, noise=3), CODE, speech)

    assert (frozen.failed, frozen.errcode, frozen.heard) == ("lips_still", 1109, CODE)
    assert (waved.failed, waved.heard) == ("lips_still", CODE)


@pytest.mark.parametrize("seconds", [-0.6, 0.6, 0.3])
def test_a_voice_that_is_out_of_step_with_the_lips_is_refused(pixels, face, voice, speech, seconds):
    challenge = judge_lip(watched(pixels, face, openings(voice), moved(voice, seconds)), CODE, speech)

    assert (challenge.failed, challenge.errcode) == ("out_of_time", 1109)
    assert challenge.heard == CODE


def test_a_small_delay_of_the_recording_is_accepted(pixels, face, voice, speech):
    challenge = judge_lip(watched(pixels, face, openings(voice), moved(voice, 0.06)), CODE, speech)

    assert challenge.failed is None


def test_lips_that_say_something_else_are_refused(pixels, face, voice, speech):
    other = openings(spoken("let me think about it for a while please", words_per_minute=170))
    lips = np.resize(other, len(openings(voice)))

    challenge = judge_lip(watched(pixels, face, lips, voice), CODE, speech)

    assert (challenge.failed, challenge.errcode) == ("out_of_time", 1109)


def test_a_clip_played_backwards_is_refused(reading, speech):
    sound = reading.video.sound
    assert sound is not None
    count = len(reading.video.frames)
    frames = tuple(
        replace(old, planes=reading.video.frames[count - 1 - nth].planes)
        for nth, old in enumerate(reading.video.frames)
    )
    spots = tuple(replace(spot, face=reading.spots[count - 1 - nth].face) for nth, spot in enumerate(reading.spots))
    backwards = replace(reading, video=replace(reading.video, frames=frames, sound=sound[::-1].copy()), spots=spots)

    challenge = judge_lip(backwards, CODE, speech)

    assert (challenge.outcome, challenge.failed) == ("refused", "wrong_digits")


@pytest.mark.parametrize(
    ("sound", "failed"),
    [
        (None, "no_sound"),
        (np.zeros(4 * SOUND_HZ, np.float32), "no_sound"),
        (np.full(4 * SOUND_HZ, 0.3, np.float32), "no_sound"),
        (np.zeros(0, np.float32), "no_sound"),
    ],
    ids=["no track", "digital silence", "a constant", "an empty track"],
)
def test_a_clip_without_sound_is_refused(pixels, face, voice, speech, sound, failed):
    challenge = judge_lip(watched(pixels, face, openings(voice), sound), CODE, speech)

    assert (challenge.failed, challenge.errcode, challenge.heard) == (failed, 1101, None)


def test_a_voice_that_is_too_quiet_is_refused(pixels, face, voice, speech):
    challenge = judge_lip(watched(pixels, face, openings(voice), voice * 0.004), CODE, speech)

    assert (challenge.failed, challenge.errcode) == ("too_quiet", 1106)
    assert "dB" in challenge.detail


def test_noise_without_a_voice_is_refused(pixels, face, voice, speech):
    noise = np.random.default_rng(1).normal(0, 0.05, len(voice)).astype(np.float32)

    challenge = judge_lip(watched(pixels, face, openings(voice), noise), CODE, speech)

    assert (challenge.failed, challenge.errcode) == ("no_speech", 1103)


def test_a_face_that_was_hardly_ever_found_is_refused(reading, speech):
    lost = tuple(spot if spot.index < 5 else replace(spot, face=None) for spot in reading.spots)

    challenge = judge_lip(replace(reading, spots=lost), CODE, speech)

    assert (challenge.failed, challenge.errcode) == ("lips_still", 1109)


def test_without_a_speech_model_there_is_an_error_and_no_verdict(reading, tmp_path: Path):
    with pytest.raises(SpeechUnavailable, match="FACEMATCH_SPEECH_DIR"):
        judge_lip(reading, CODE, Speech(tmp_path, ("en", "zh"), None))


def test_every_failure_has_its_errcode():
    assert set(ERRCODES.values()) == {1101, 1103, 1106, 1109}

"""The spoken code over HTTP with the real networks: a synthetic head whose drawn mouth opens with a synthetic voice."""

import numpy as np
import pytest
from bodies import b64

from facematch.engine.api import SOUND_HZ as HEARD_HZ
from facematch.engine.api import Picture
from facematch.engine.pipeline import FaceEngine
from facematch.local import Evidence
from facematch.samples import photo
from facematch.service import Server, create_app
from facematch.settings import Settings
from tests.engine.clips import RATE, SOUND_HZ, Frames, encoded, person, tone
from tests.engine.reader import reading
from tests.engine.spoken import spoken
from tests.engine.talking import opened, openings, words

CODE = "4219"
REFERENCE = photo("obama_2.jpg")


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> FaceEngine:
    return FaceEngine(Settings(data_dir=tmp_path_factory.mktemp("engine")))


@pytest.fixture(scope="module")
def service(engine, token, tmp_path_factory):
    """Chosen codes are on: the clips are made before the code is asked for."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("video"), allow_chosen_codes=True)
    server = Server(create_app(engine, token=token, settings=settings))
    yield server
    server.stop()


@pytest.fixture
def ask(service, send_to):
    """The answer to a clip, for which *code* is issued unless it was, and its evidence."""

    def ask(video: bytes, code: str = CODE, *, issued: bool = True):
        if issued:
            send_to(service, "/local/live-codes", {"code": code})
        probe = {"type": "video", "videoType": "LIP", "data": b64(video)}
        wire = {"image": {"data": b64(REFERENCE)}, "faceData": probe, "liveCode": code}
        answer = send_to(service, body=wire)
        found = send_to(service, f"/local/evidence/{answer.wire['data']['traceNo']}", method="GET")
        return answer, Evidence.from_wire(found.result)

    return ask


@pytest.fixture(scope="module")
def voice() -> np.ndarray:
    """CODE read aloud."""
    return spoken(words(CODE))


def with_voice(frames: Frames, voice: np.ndarray) -> bytes:
    at = np.arange(0, len(voice) - 1, HEARD_HZ / SOUND_HZ)
    loud = np.interp(at, np.arange(len(voice)), voice).astype(np.float32)
    return encoded(frames, sound=loud, rate=RATE)


def photo_with_mouth(engine: FaceEngine, mouth: np.ndarray) -> Frames:
    """A portrait that nothing moves in but the mouth, which opens as *mouth* says."""
    portrait = person("obama_3.jpg", 640)
    pixels = np.asarray(portrait.crop((0, 0, portrait.width // 2 * 2, 640)))
    seen = engine.look(Picture(pixels, portrait.width, 640, "png", (), 0.0)).seen
    noise = np.random.default_rng(3)
    frames = [
        np.clip(opened(pixels, seen.faces[seen.chosen], float(each)) + noise.normal(0, 1.5, pixels.shape), 0, 255)
        for each in mouth
    ]
    return [each.astype(np.uint8) for each in frames]


@pytest.fixture(scope="module")
def speaking(engine, voice) -> bytes:
    return with_voice(reading(engine, openings(voice)), voice)


def test_the_digits_are_heard_and_the_person_is_compared(speaking, ask):
    answer, evidence = ask(speaking)

    assert (answer.errcode, answer.result["isSccess"]) == (0, "true")
    assert (evidence.challenge.heard, evidence.challenge.expected) == (CODE, CODE)
    assert evidence.liveness.outcome == "passed"
    assert not {"loop", "boomerang"} & {cue.name for cue in evidence.liveness.cues}


def test_another_code_than_the_one_that_is_read_is_refused(speaking, ask):
    answer, evidence = ask(speaking, "4218")

    assert (answer.errcode, evidence.challenge.heard) == (1103, CODE)


def test_a_still_photo_with_a_voice_is_refused_by_the_passive_check(engine, voice, ask):
    shut = np.zeros(len(openings(voice)))
    answer, evidence = ask(with_voice(photo_with_mouth(engine, shut), voice))

    assert (answer.errcode, evidence.liveness.decided_by, evidence.challenge) == (1002, "frozen", None)


def test_a_photo_whose_mouth_opens_with_the_voice_does_not_pass_and_its_code_stays_usable(engine, voice, speaking, ask):
    answer, evidence = ask(with_voice(photo_with_mouth(engine, openings(voice)), voice))
    living, _ = ask(speaking, issued=False)

    assert (answer.errcode, evidence.liveness.decided_by, evidence.challenge) == (1002, "frozen", None)
    assert living.errcode == 0


def test_a_living_head_whose_mouth_stays_shut_is_refused(engine, voice, ask):
    answer, evidence = ask(with_voice(reading(engine, np.zeros(len(openings(voice)))), voice))

    assert (answer.errcode, evidence.challenge.failed, evidence.score) == (1109, "lips_still", None)


def test_a_tone_is_no_code(engine, ask):
    sound = tone(3.2)
    frames = reading(engine, np.zeros(round(3.2 * RATE)))
    answer, evidence = ask(encoded(frames, sound=sound))

    assert answer.errcode == 1103
    assert evidence.challenge.failed in ("no_speech", "wrong_digits")

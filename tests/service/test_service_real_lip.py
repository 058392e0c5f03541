"""The spoken code over HTTP with the real networks: a portrait whose drawn mouth opens with a synthetic voice."""

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
from tests.engine.clips import RATE, SOUND_HZ, encoded, person, swaying, tone
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
    """The answer to a clip for which *code* was issued, and its evidence."""

    def ask(video: bytes, code: str = CODE):
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


def filmed(engine: FaceEngine, mouth: np.ndarray, voice: np.ndarray) -> bytes:
    """The portrait with its mouth opened as *mouth* says, and the voice."""
    portrait = person("obama_3.jpg", 640)
    pixels = np.asarray(portrait.crop((0, 0, portrait.width // 2 * 2, 640)))
    seen = engine.look(Picture(pixels, portrait.width, 640, "png", (), 0.0)).seen
    noise = np.random.default_rng(3)
    frames = [
        np.clip(opened(pixels, seen.faces[seen.chosen], float(each)) + noise.normal(0, 1.5, pixels.shape), 0, 255)
        for each in mouth
    ]
    at = np.arange(0, len(voice) - 1, HEARD_HZ / SOUND_HZ)
    loud = np.interp(at, np.arange(len(voice)), voice).astype(np.float32)
    return encoded([each.astype(np.uint8) for each in frames], sound=loud, rate=RATE)


@pytest.fixture(scope="module")
def speaking(engine, voice) -> bytes:
    return filmed(engine, openings(voice), voice)


def test_the_digits_are_heard_and_the_person_is_compared(speaking, ask):
    answer, evidence = ask(speaking)

    assert (answer.errcode, answer.result["isSccess"]) == (0, "true")
    assert (evidence.challenge.heard, evidence.challenge.expected, evidence.liveness) == (CODE, CODE, None)


def test_another_code_than_the_one_that_is_read_is_refused(speaking, ask):
    answer, evidence = ask(speaking, "4218")

    assert (answer.errcode, evidence.challenge.heard) == (1103, CODE)


def test_a_still_photo_with_a_voice_is_refused(engine, voice, ask):
    answer, evidence = ask(filmed(engine, np.zeros(len(openings(voice))), voice))

    assert (answer.errcode, evidence.challenge.failed, evidence.score) == (1109, "lips_still", None)


def test_a_tone_is_no_code(ask):
    answer, evidence = ask(encoded(swaying("obama_2.jpg", 3.2), sound=tone(3.2)))

    assert answer.errcode == 1103
    assert evidence.challenge.failed in ("no_speech", "wrong_digits")

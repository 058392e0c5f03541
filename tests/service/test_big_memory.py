"""What a big file costs the service, a process of its own on the real engine: sizes are told in files."""

import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
import requests
from big_media import Memory, dense_mp4, padded_jpeg, padded_mp4, raised
from started import REAL, Running, running, until

from facematch.contract import IDENTITY, MATCH
from facematch.engine.pipeline import FaceEngine
from facematch.local import HEALTH, PERSONS
from facematch.samples import DEMO_PERSONS, photo
from facematch.settings import Settings
from tests.engine.clips import encoded
from tests.engine.living import living

SIZE = 48_000_000  # each copy is above glibc's largest threshold: memory that goes back as soon as it is freed
PROMISED = 4.5  # files, whatever is in them
COPIES = 3.5  # of a photo: base64 as it came and as a text are 2.7, so that one copy more is seen
PATIENCE_S = 120
REFERENCE = photo("obama_2.jpg")
Asked = tuple[str, dict[str, dict[str, str]]]  # path and body

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's highest memory")


def text(data: bytes) -> str:
    return b64encode(data).decode()


def video(data: bytes) -> Asked:
    return MATCH, {"image": {"data": text(REFERENCE)}, "faceData": {"type": "video", "data": text(data)}}


def still(data: bytes) -> Asked:
    return MATCH, {"image": {"data": text(REFERENCE)}, "faceData": {"type": "image", "data": text(data)}}


def identity(asked: Asked) -> Asked:
    person = DEMO_PERSONS[0]
    return IDENTITY, {"idNum": person.id_number, "name": person.name, "faceData": asked[1]["faceData"]}


def in_lines(base64: str) -> str:
    return "\r\n".join(base64[at : at + 76] for at in range(0, len(base64), 76))


def in_a_data_url(base64: str) -> str:
    return f"data:image/jpeg;base64,{base64}"


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    return living(FaceEngine(Settings(data_dir=tmp_path_factory.mktemp("engine"))))


@pytest.fixture(scope="module")
def clip(frames) -> bytes:
    return encoded(list(frames))


@pytest.fixture(scope="module")
def dense(frames) -> bytes:
    """Of which every byte is read."""
    return dense_mp4(frames, SIZE)


@pytest.fixture(scope="module")
def service(clip, tmp_path_factory):
    """With its networks and codecs loaded."""
    with running(tmp_path_factory.mktemp("big") / "data", program=REAL, env=raised(SIZE)) as started:
        until(lambda: started.send(HEALTH, method="GET")["data"]["result"]["status"] == "ready")
        send(started, (PERSONS + "/demo", {}))
        for _ in range(2):
            for asked in (video(clip), still(REFERENCE), identity(video(clip))):
                assert send(started, asked) == (200, 0)
        yield started


def send(service: Running, asked: Asked) -> tuple[int, int]:
    """HTTP status and errcode."""
    headers = {"Authorization": service.token, "Connection": "close"}
    with requests.Session() as session:
        session.trust_env = False
        body = orjson.dumps(asked[1])
        reply = session.post(service.url + asked[0], data=body, headers=headers, timeout=PATIENCE_S)
    assert reply.status_code != 429 or reply.headers["Retry-After"] == "5"
    return reply.status_code, reply.json()["errcode"]


def cost(service: Running, *asked: Asked) -> tuple[float, list[tuple[int, int]]]:
    """The most memory above what was held before, in files of `SIZE`, while all are answered at once."""
    memory = Memory(service.process.pid)
    rest = memory.rest()
    with ThreadPoolExecutor(len(asked)) as pool:
        told = list(pool.map(lambda each: send(service, each), asked))
    return (memory.highest() - rest) / SIZE, told


@pytest.mark.parametrize("of", [lambda asked: asked, identity], ids=["match", "idno"])
def test_a_big_clip_costs_no_more_than_is_promised(of, clip, dense, service):
    for big in (dense, padded_mp4(clip, SIZE)):
        files, told = cost(service, of(video(big)))

        assert told == [(200, 0)]
        assert files <= PROMISED


@pytest.mark.parametrize("of", [lambda asked: asked, identity], ids=["match", "idno"])
def test_of_a_big_photo_no_needless_copy_is_made(of, service):
    files, told = cost(service, of(still(padded_jpeg(REFERENCE, SIZE))))

    assert told == [(200, 0)]
    assert files <= COPIES


@pytest.mark.parametrize("written", [in_lines, in_a_data_url])
def test_what_is_taken_off_the_base64_costs_no_more_than_is_promised(written, service):
    path, body = still(padded_jpeg(REFERENCE, SIZE))
    body["faceData"]["data"] = written(body["faceData"]["data"])

    files, told = cost(service, (path, body))
    assert told == [(200, 0)]
    assert files <= PROMISED


def test_of_many_big_ones_at_once_only_two_are_read(service):
    files, told = cost(service, *[still(padded_jpeg(REFERENCE, SIZE))] * 6)

    assert set(told) <= {(200, 0), (429, 16)}
    assert told.count((200, 0)) >= 2
    assert files <= 2 * COPIES


def test_what_big_calls_took_is_given_back_also_when_they_are_refused(clip, dense, service):
    cut_off = dense[: SIZE // 2]
    before = Memory(service.process.pid).rest()

    told = [cost(service, video(each))[1][0][1] for each in (dense, cut_off, dense, cut_off)]
    after = Memory(service.process.pid).rest()

    assert told == [0, 1104, 0, 1104]
    assert (after - before) / SIZE <= 1

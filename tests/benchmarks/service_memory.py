"""What a big file costs the service in memory: the most it held during a call, above what it held before, per byte.

    python tests/benchmarks/service_memory.py --mb 50

The service is a process of its own, warmed by small calls of the same kinds, its limits raised by setting. Files show
a portrait that ships: an H.264 clip of 5 s at a high bit rate, a small clip padded by a box, a JPEG padded by
comments, a PNG padded by a chunk. Linux only: the figures are VmHWM and VmRSS.
"""

import argparse
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "service")]

import numpy as np  # noqa: E402
import orjson  # noqa: E402
import requests  # noqa: E402
from big_media import Memory, dense_mp4, padded_jpeg, padded_mp4, padded_png, raised  # noqa: E402
from PIL import Image  # noqa: E402
from started import REAL, Running, running, until  # noqa: E402

from facematch.contract import IDENTITY, LIVE_CODE, MATCH  # noqa: E402
from facematch.engine.pipeline import FaceEngine  # noqa: E402
from facematch.local import HEALTH, PERSONS  # noqa: E402
from facematch.samples import DEMO_PERSONS, photo  # noqa: E402
from facematch.settings import Settings  # noqa: E402
from tests.engine import living  # noqa: E402
from tests.engine.clips import encoded  # noqa: E402

SECONDS = 5.0
PATIENCE_S = 120.0
REFERENCE = photo("obama_2.jpg")
Body = dict[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=float, default=50.0, help="size of the big file in 1,000,000 bytes (%(default)s)")
    parser.add_argument("-n", type=int, default=5, help="calls of each kind (%(default)s)")
    parser.add_argument("--at-once", type=int, default=10, help="big calls sent at once at the end (%(default)s)")
    parser.add_argument("--clip", type=Path, help="a clip of your own, measured besides")
    options = parser.parse_args()
    size = round(options.mb * 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        clip = None if options.clip is None else options.clip.read_bytes()
        kinds, small = bodies(size, clip)
        largest = max(size, len(clip or b""))
        with running(Path(folder) / "data", "--quiet", program=REAL, env=raised(largest)) as service:
            warm(service, small)
            for name, (path, body, file_bytes) in kinds.items():
                report(name, [growth(service, [(path, body)])[0] / file_bytes for _ in range(options.n)])
            path, body, file_bytes = kinds["SILENT, dense"]
            for count in (2, options.at_once):
                grown, told = growth(service, [(path, body)] * count)
                print(f"{count} at once: {grown / file_bytes:.2f} x one file in all; answers {told}", flush=True)


def bodies(size: int, own: bytes | None) -> tuple[dict[str, tuple[str, bytes, int]], list[tuple[str, bytes]]]:
    """Path, body and size of the big file, by what they show; and the small ones of the same kinds."""
    living.SECONDS = SECONDS
    with tempfile.TemporaryDirectory() as folder:
        frames = living.living(FaceEngine(Settings(data_dir=Path(folder))))
    frames = tuple(np.pad(each[:480], ((0, 0), (80, 80), (0, 0)), mode="edge") for each in frames)
    clip = encoded(list(frames))
    buffer = BytesIO()
    Image.open(BytesIO(REFERENCE)).convert("RGB").save(buffer, "PNG")
    png = buffer.getvalue()
    dense = dense_mp4(frames, size)
    files = {
        "SILENT, dense": (MATCH, video(dense), len(dense)),
        "SILENT, padded": (MATCH, video(padded_mp4(clip, size)), size),
        "photo, JPEG": (MATCH, still(padded_jpeg(REFERENCE, size)), size),
        "photo, PNG": (MATCH, still(padded_png(png, size)), size),
        "idno, SILENT, dense": (IDENTITY, identity(video(dense)), len(dense)),
        "idno, photo, JPEG": (IDENTITY, identity(still(padded_jpeg(REFERENCE, size))), size),
        "SILENT, dense, lines of 76": (MATCH, video(dense, in_lines), len(dense)),
    }
    if own is not None:
        files["SILENT, your own"] = MATCH, video(own), len(own)
    small = [
        *((MATCH, video(clip)), (MATCH, still(png)), (MATCH, still(REFERENCE))),
        *((IDENTITY, identity(still(REFERENCE))), (IDENTITY, identity(video(clip))), (LIVE_CODE, {})),
    ]
    packed = {name: (path, packed_body(body), count) for name, (path, body, count) in files.items()}
    return packed, [(path, packed_body(body)) for path, body in small]


def text_of(data: bytes) -> str:
    return b64encode(data).decode()


def in_lines(data: bytes) -> str:
    text = text_of(data)
    return "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))


def video(data: bytes, written: Callable[[bytes], str] = text_of) -> Body:
    probe = {"type": "video", "videoType": "SILENT", "data": written(data)}
    return {"image": {"data": text_of(REFERENCE)}, "faceData": probe}


def still(data: bytes) -> Body:
    return {"image": {"data": text_of(REFERENCE)}, "faceData": {"type": "image", "data": text_of(data)}}


def identity(body: Body) -> Body:
    person = DEMO_PERSONS[0]
    return {"idNum": person.id_number, "name": person.name, "faceData": body["faceData"]}


def packed_body(body: Body) -> bytes:
    return orjson.dumps(body)


def send(service: Running, path: str, body: bytes) -> str:
    """The HTTP status and the errcode."""
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": service.token, "Connection": "close"}
        try:
            reply = session.post(service.url + path, data=body, headers=headers, timeout=PATIENCE_S)
        except requests.ConnectionError as error:
            return type(error).__name__
    return f"{reply.status_code}/{reply.json()['errcode']}"


def warm(service: Running, small: list[tuple[str, bytes]]) -> None:
    """Until the service is ready, and its networks, codecs and speech are loaded."""
    until(lambda: service.send(HEALTH, method="GET")["data"]["result"]["status"] == "ready")
    send(service, PERSONS + "/demo", b"")
    for path, body in small * 2:
        print("warm", path, send(service, path, body), flush=True)


def growth(service: Running, calls: list[tuple[str, bytes]]) -> tuple[int, list[str]]:
    """Bytes held more than before at the worst moment of these calls, all at once; and what they were told."""
    memory = Memory(service.process.pid)
    rest = memory.rest()
    with ThreadPoolExecutor(len(calls)) as pool:
        told = list(pool.map(lambda call: send(service, *call), calls))
    return memory.highest() - rest, told


def report(name: str, ratios: list[float]) -> None:
    print(f"{name:30s} median {median(ratios):5.2f}   most {max(ratios):5.2f}   n {len(ratios)}", flush=True)


if __name__ == "__main__":
    main()

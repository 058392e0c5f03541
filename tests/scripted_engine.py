"""An engine steered by the photo's own bytes: ``b"0.8"`` is as alike as 0.8 to anything, ``b"wall"`` shows no face."""

import threading

import numpy as np

from facematch.engine.api import Comparison, Look, Picture, Pixels
from facematch.errors import EngineError, PictureRefused
from facematch.local import Face, Model, Refused, Seen

REFUSED = {"wall": 2010, "crowd": 2012, "blurred": 2103}  # by look
UNDECODABLE = {"": 2101, "junk": 2101, "tiny": 2102}  # by decode
SIDE = 112
WAIT_S = 10.0


class ScriptedEngine:
    """Words and what they do: REFUSED and UNDECODABLE above; ``broken`` raises what nobody expects; ``slow`` waits
    for `released`. A number is the cosine with whatever it is compared with, any other text the cosine 1.

    Args:
        problem: What warming up raises, if anything.
    """

    name = "scripted engine"
    mapping = "percent/1"
    models = (Model("script", "00" * 32, "recognition"),)

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.done: list[str] = []  # "decode 0.8", "look 0.8", … in their order
        self.waiting = threading.Event()
        self.released = threading.Event()

    def warm_up(self) -> None:
        if self.problem is not None:
            raise self.problem

    def decode(self, data: bytes) -> Picture:
        text = data.decode("latin-1")
        self.done.append(f"decode {text}")
        if text in UNDECODABLE:
            raise PictureRefused(UNDECODABLE[text], "the script says so")
        return Picture(_pixels(data), 1, len(data), "png", (), 0.0)

    def look(self, picture: Picture) -> Look:
        if isinstance(self.problem, EngineError):
            raise self.problem
        text = picture.pixels.tobytes()[: picture.source_height].decode("latin-1")
        self.done.append(f"look {text}")
        if text == "broken":
            raise RuntimeError("the script broke")
        if text == "slow":
            self.waiting.set()
            self.released.wait(WAIT_S)
        errcode = REFUSED.get(text)
        return Look(_seen(picture, errcode), None if errcode else _embedding(text))

    def compare(self, reference: Look, probe: Look) -> Comparison:
        assert reference.embedding is not None
        assert probe.embedding is not None
        cosine = float(min(reference.embedding[0], probe.embedding[0]))
        return Comparison(cosine, round(100 * max(cosine, 0)))


def _pixels(data: bytes) -> Pixels:
    rows = -(-len(data) // 3)
    return np.frombuffer(data.ljust(3 * rows, b"\0"), np.uint8).reshape(rows, 1, 3)


def _embedding(text: str) -> np.ndarray:
    try:
        cosine = float(text)
    except ValueError:
        cosine = 1.0
    return np.full(128, cosine)


def _seen(picture: Picture, errcode: int | None) -> Seen:
    face = Face((0.0, 0.0, 80.0, 80.0), ((1.0, 2.0),) * 5, 0.9)
    return Seen(
        width=1,
        height=picture.pixels.shape[0],
        source_width=picture.source_width,
        source_height=picture.source_height,
        format=picture.format,
        notes=picture.notes,
        turned=0,
        faces=() if errcode == REFUSED["wall"] else (face,),
        chosen=None if errcode else 0,
        rule="none" if errcode else "only",
        checks=(),
        crop=None if errcode else b"crop",
        refused=Refused(errcode, None, "the script says so") if errcode else None,
        times_ms={"decode": 0.0},
    )

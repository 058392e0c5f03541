"""Attacks made from a clip of a living person, for developing the passive check; made ones replace no real ones.

Each takes RGB frames and the five points of the face on the first one, and gives as many RGB frames or fewer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import av
import cv2
import numpy as np

from facematch.engine.api import Pixels
from tests.benchmarks.waved_planes import Floats, drift, moved, noisy, remapped

RATE = 25
ALIASED = 3  # times as fine as the camera's pixels is the print that it aliases
DOTS_PX = 4.3  # of the print, from dot to dot


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What an attacker has: a clip, and where the face is on its first frame."""

    frames: Sequence[Pixels]
    points: Floats  # (5, 2)
    rng: np.random.Generator

    @property
    def eyes_px(self) -> float:
        """Distance of the eyes."""
        return float(np.linalg.norm(self.points[1] - self.points[0]))


def still_photo(scene: Scene) -> list[Pixels]:
    """One frame for the whole clip, with a camera's noise."""
    return [noisy(scene.frames[0], scene.rng, 1.5) for _ in scene.frames]


def held_photo(scene: Scene) -> list[Pixels]:
    """A photo that fills the view, in a hand: it drifts, turns and comes closer."""
    return [noisy(each, scene.rng, 2) for each in moved([scene.frames[0]] * len(scene.frames), scene.rng, 0.004)]


def waved_photo(scene: Scene) -> list[Pixels]:
    """A photo that fills the view and is tilted to and fro."""
    return [noisy(each, scene.rng, 2) for each in moved([scene.frames[0]] * len(scene.frames), scene.rng, 0.03)]


def waved_photo_aliased(scene: Scene) -> list[Pixels]:
    """A print of fine dots and grain, waved before a camera that samples it without a low-pass: its detail flickers."""
    height, width = (ALIASED * side for side in scene.frames[0].shape[:2])
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    dots = 0.12 * np.cos(2 * np.pi * (0.7 * x + 0.7 * y) / DOTS_PX) * np.cos(2 * np.pi * (0.7 * x - 0.7 * y) / DOTS_PX)
    grain = scene.rng.standard_normal((height, width), np.float32) * 0.06
    large = cv2.resize(scene.frames[0], (width, height), interpolation=cv2.INTER_CUBIC)
    printed = np.asarray(np.clip(large * (1 + dots + grain)[..., None], 0, 255), np.uint8)
    return [noisy(each, scene.rng, 1.5) for each in moved([printed] * len(scene.frames), scene.rng, 0.03, ALIASED)]


def bent_photo(scene: Scene) -> list[Pixels]:
    """A photo that fills the view and is bent and turned."""
    height, width = scene.frames[0].shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    across = (x - width / 2) / width
    bent = []
    for depth in 0.18 * drift(len(scene.frames), scene.rng, 1)[:, 0]:
        from_x = width / 2 + width * across * (1 + depth * (1 - 4 * across**2))
        from_y = height / 2 + (y - height / 2) * (1 - depth * 2 * across**2)
        bent.append(remapped(scene.frames[0], from_x, from_y))
    return [noisy(each, scene.rng, 2) for each in moved(bent, scene.rng, 0.008)]


def loop(scene: Scene) -> list[Pixels]:
    """One second of the clip, again and again, encoded anew."""
    return [noisy(scene.frames[index % RATE], scene.rng, 1) for index in range(len(scene.frames))]


def boomerang(scene: Scene) -> list[Pixels]:
    """One second and a half of the clip to and fro."""
    turn = RATE * 3 // 2
    return [
        noisy(scene.frames[turn - abs(index % (2 * turn) - turn)], scene.rng, 1) for index in range(len(scene.frames))
    ]


def animated_photo(scene: Scene) -> list[Pixels]:
    """A photo whose mouth is warped open and whose eyes are warped shut, in a hand."""
    opening = np.abs(np.convolve(scene.rng.normal(0, 1, len(scene.frames)), np.hanning(9), "same")) / 2
    blinks = np.zeros(len(scene.frames))
    for start in scene.rng.integers(0, max(1, len(scene.frames) - 6), 2):
        blinks[start : start + 6] = np.hanning(8)[1:-1]
    frames = [_expression(scene, min(1.0, mouth), eyes) for mouth, eyes in zip(opening, blinks, strict=True)]
    return [noisy(each, scene.rng, 2) for each in moved(frames, scene.rng, 0.002)]


def cut_out_mask(scene: Scene) -> list[Pixels]:
    """A photo with holes, through which living eyes and a living mouth are seen."""
    height, width = scene.frames[0].shape[:2]
    holes = _holes(scene, height, width)[..., None]
    shifts = drift(len(scene.frames), scene.rng, 2) * 0.03 * scene.eyes_px
    photos = [
        cv2.warpAffine(
            scene.frames[0], np.array([[1, 0, x], [0, 1, y]]), (width, height), borderMode=cv2.BORDER_REFLECT
        )
        for x, y in shifts
    ]
    masked = [
        (photo * (1 - holes) + frame * holes).astype(np.uint8)
        for photo, frame in zip(photos, scene.frames, strict=True)
    ]
    return [noisy(each, scene.rng, 2) for each in moved(masked, scene.rng, 0.002)]


def screen_filling(scene: Scene) -> list[Pixels]:
    """The clip on a good screen that fills the view: no edge, no stripes; refilmed at another rate."""
    shown = _displayed(scene, 1.0)
    return [noisy(each, scene.rng, 2.5) for each in moved(_lens(shown, 0.9), scene.rng, 0.003)]


def screen_striped(scene: Scene) -> list[Pixels]:
    """The clip on a screen that fills the view, whose pixels beat with the camera's, with bands of flicker."""
    shown = [_flickering(_dotted(frame), index) for index, frame in enumerate(_displayed(scene, 1.0))]
    return [noisy(each, scene.rng, 2.5) for each in moved(_lens(shown, 0.5), scene.rng, 0.003)]


def screen_framed(scene: Scene) -> list[Pixels]:
    """The clip on a phone or tablet whose edges are in view, in a hand, before another room."""
    height, width = scene.frames[0].shape[:2]
    room = cv2.resize(scene.rng.integers(30, 200, (5, 7, 3), dtype=np.uint8), (width, height))
    room = cv2.GaussianBlur(room, (0, 0), 4)
    shown = []
    for frame in _displayed(scene, 0.72):
        device = cv2.copyMakeBorder(frame, 14, 14, 9, 9, cv2.BORDER_CONSTANT, value=(12, 12, 14))
        top, left = (height - device.shape[0]) // 2, (width - device.shape[1]) // 2
        view = room.copy()
        view[top : top + device.shape[0], left : left + device.shape[1]] = device
        shown.append(view)
    return [noisy(each, scene.rng, 2.5) for each in moved(_lens(shown, 0.8), scene.rng, 0.006)]


KINDS: dict[str, Callable[[Scene], list[Pixels]]] = {
    "still_photo": still_photo,
    "held_photo": held_photo,
    "waved_photo": waved_photo,
    "waved_photo_aliased": waved_photo_aliased,
    "bent_photo": bent_photo,
    "loop": loop,
    "boomerang": boomerang,
    "animated_photo": animated_photo,
    "cut_out_mask": cut_out_mask,
    "screen_filling": screen_filling,
    "screen_striped": screen_striped,
    "screen_framed": screen_framed,
}


def encoded(frames: Sequence[Pixels], rate: int = RATE) -> bytes:
    """An MP4 file (H.264 as a phone's app would make it); sides are cut to even numbers."""
    height, width = (side // 2 * 2 for side in frames[0].shape[:2])
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt, stream.thread_count = width, height, "yuv420p", 1
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels[:height, :width]))))
        container.mux(stream.encode())
    return file.getvalue()


def _expression(scene: Scene, mouth: float, eyes: float) -> Pixels:
    """The first frame with the mouth opened and the eyes shut, each 0 to 1, by smooth warps around them."""
    height, width = scene.frames[0].shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    from_y, unit = y.copy(), scene.eyes_px
    lips = scene.points[3:].mean(axis=0)
    below = np.exp(-(((x - lips[0]) / (0.45 * unit)) ** 2) - ((y - lips[1] - 0.2 * unit) / (0.35 * unit)) ** 2)
    from_y -= 0.16 * unit * mouth * below
    for eye in scene.points[:2]:
        near = np.exp(-(((x - eye[0]) / (0.22 * unit)) ** 2) - ((y - eye[1]) / (0.12 * unit)) ** 2)
        from_y += (y - eye[1] + 0.1 * unit) * 1.2 * eyes * near * -1
    return remapped(scene.frames[0], x, from_y)


def _holes(scene: Scene, height: int, width: int) -> Floats:
    """1 where the eyes and the mouth are."""
    unit, mask = scene.eyes_px, np.zeros((height, width), np.float64)
    right, left, _, *corners = scene.points
    for eye in (right, left):
        cv2.ellipse(mask, (eye.astype(int).tolist(), (0.62 * unit, 0.36 * unit), 0), 1, -1)
    cv2.ellipse(mask, (np.mean(corners, axis=0).astype(int).tolist(), (1.1 * unit, 0.62 * unit), 0), 1, -1)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 1.5))


def _displayed(scene: Scene, size: float) -> list[Pixels]:
    """The clip as a screen shows it: less contrast, bluer, at 60 Hz, and a camera's shutter open over two pictures."""
    shown = []
    for index in range(len(scene.frames)):
        at = min(len(scene.frames) - 1.001, index * 0.985 + 0.3)
        first, part = scene.frames[int(at)], np.clip((at % 1 - 0.7) / 0.3, 0, 1)
        blend = first * (1 - part) + scene.frames[int(at) + 1] * part
        picture = 255 * (0.04 + 0.9 * (blend / 255) ** 1.1) * np.array([0.97, 1.0, 1.04])
        picture = cv2.resize(
            np.clip(picture, 0, 255).astype(np.uint8), None, fx=size, fy=size, interpolation=cv2.INTER_AREA
        )
        shown.append(picture)
    return shown


def _lens(frames: Sequence[Pixels], sigma: float) -> list[Pixels]:
    return [np.asarray(cv2.GaussianBlur(frame, (0, 0), sigma), np.uint8) for frame in frames]


def _dotted(frame: Pixels) -> Pixels:
    """The screen's red, green and blue dots as a camera of a nearby pitch sees them."""
    height, width = frame.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    wave = [0.18 * np.cos(2 * np.pi * (x / 3.3 + y / 21 + third / 3)) for third in range(3)]
    return np.asarray(np.clip(frame * (1 + np.stack(wave, axis=2)), 0, 255), np.uint8)


def _flickering(frame: Pixels, index: int) -> Pixels:
    """A dark band that wanders down: the shutter rolls while the light is switched."""
    rows = np.arange(frame.shape[0]) / frame.shape[0]
    gain = 1 - 0.08 * np.cos(2 * np.pi * (1.5 * rows - 0.11 * index))
    return np.asarray(np.clip(frame * gain[:, None, None], 0, 255), np.uint8)

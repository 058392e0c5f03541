"""Portraits that speak: a drawn mouth opens with a voice. Built as the engine's own Video, without a file."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from facematch.engine.api import SOUND_HZ, Frame, Pixels, Sound, Spot, Video, Watch
from facematch.footage import Clip
from facematch.seen import Face

RATE = 25
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
Openings = NDArray[np.float64]  # one for each frame, 0 (shut) to 1


def words(code: str) -> str:
    return ", ".join(DIGITS[int(digit)] for digit in code)


def openings(sound: Sound) -> Openings:
    """How far a mouth is open that speaks *sound*: open where it is loud, a little later than the voice."""
    size = SOUND_HZ // RATE
    loud = np.sqrt(np.mean(sound[: len(sound) // size * size].reshape(-1, size).astype(np.float64) ** 2, axis=1))
    smooth = np.convolve(loud, [0.2, 0.3, 0.3, 0.2])[: len(loud)]
    return np.clip(smooth / np.percentile(smooth, 95), 0, 1)


def watched(
    portrait: Pixels, face: Face, mouth: Openings, sound: Sound | None, *, sway_px: float = 0.0, noise: float = 0.0
) -> Watch:
    """*portrait* with its mouth opened frame by frame, the head swaying, filmed by a camera with some noise."""
    rng = np.random.default_rng(3)
    frames, spots = [], []
    for nth, opening in enumerate(mouth):
        shift = round(sway_px * np.sin(2 * np.pi * nth / RATE / 1.7))
        picture = np.roll(opened(portrait, face, float(opening)), shift, axis=1).astype(np.float64)
        picture = np.clip(picture + rng.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)
        frames.append(Frame(nth / RATE, cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420)))
        x, y, width, height = face.box
        points = tuple((px + shift, py) for px, py in face.points)
        spots.append(Spot(nth, replace(face, box=(x + shift, y, width, height), points=points)))
    video = _video(frames, portrait, sound)
    return Watch(video, tuple(spots), _clip(video), None)


def opened(portrait: Pixels, face: Face, opening: float) -> Pixels:
    """The lower lip and the chin moved down by up to a quarter of the mouth's width, and the gap dark."""
    right, left = np.array(face.points[3]), np.array(face.points[4])
    centre, wide = (right + left) / 2, float(np.linalg.norm(left - right))
    drop = 0.25 * wide * opening
    y, x = np.mgrid[: portrait.shape[0], : portrait.shape[1]].astype(np.float32)
    below = np.clip((y - centre[1]) / (0.1 * wide), 0, 1) * np.clip(1 - (y - centre[1]) / (1.5 * wide), 0, 1)
    across = np.exp(-(((x - centre[0]) / (0.5 * wide)) ** 2))
    moved = cv2.remap(portrait, x, (y - drop * below * across).astype(np.float32), cv2.INTER_LINEAR)
    if drop >= 1:
        middle = (round(centre[0]), round(centre[1] + drop / 2))
        cv2.ellipse(moved, middle, (round(0.35 * wide), round(drop / 2)), 0, 0, 360, (70, 25, 30), -1, cv2.LINE_AA)
    return np.asarray(moved, np.uint8)


def _video(frames: list[Frame], portrait: Pixels, sound: Sound | None) -> Video:
    height, width = portrait.shape[:2]
    return Video(
        frames=tuple(frames),
        width=width,
        height=height,
        source_width=width,
        source_height=height,
        source_frames=len(frames),
        source_rate=RATE,
        duration_s=len(frames) / RATE,
        format="mp4",
        codec="h264",
        sound=sound,
        notes=(),
        decode_ms=0.0,
    )


def _clip(video: Video) -> Clip:
    return Clip(
        width=video.width,
        height=video.height,
        source_width=video.source_width,
        source_height=video.source_height,
        format=video.format,
        codec=video.codec,
        duration_s=video.duration_s,
        rate=video.source_rate,
        frames=len(video.frames),
        followed=len(video.frames),
        found=len(video.frames),
        sound_s=None if video.sound is None else len(video.sound) / SOUND_HZ,
        notes=(),
        best_s=0.0,
        shots=(),
        checks=(),
        refused=None,
        times_ms={},
    )

"""Whether a mouth moves when a voice sounds, and at which delay the two agree best."""

from dataclasses import dataclass

import numpy as np

from facematch.engine.mouth import Mouth, Stack, without_jumps
from facematch.engine.voice import STEP_S, Curve, smoothed

FARTHEST_STEPS = 15  # delays up to 600 ms are tried
SILENT_SHARE = 0.35  # the quietest part of the clip, in which the mouth is taken to rest
LEAST_STEPS = 25
FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well lips and voice go together."""

    in_time: float  # in [-1, 1], the best within the delay that is allowed
    delay_s: float  # at which they agree best of all; positive: the lips come later


def agreement(mouth: Mouth, voice: Curve, allowed_s: float) -> Agreement:
    """Compare at every delay up to 600 ms.

    At each the agreement is the mean of two correlations with the voice: of the mouth's movement, and of its distance
    from the shape it has while the voice is silent. The second tells where movement is small, the first where the
    mouth rests in several shapes.

    Args:
        mouth: From the same first frame on as *voice*.
        voice: Loudness, shape (n,), one value each 40 ms.
        allowed_s: Up to this delay the best is looked for, in both directions.
    """
    steps = min(len(voice), len(mouth.motion))
    if steps < LEAST_STEPS + FARTHEST_STEPS:
        return Agreement(0.0, 0.0)
    delays = range(-FARTHEST_STEPS, FARTHEST_STEPS + 1)
    found = {delay: _at(mouth, voice, steps, delay) for delay in delays}
    near = [delay for delay in delays if abs(delay) * STEP_S <= allowed_s + FLAT]
    return Agreement(max(found[delay] for delay in near), max(delays, key=found.__getitem__) * STEP_S)


def _at(mouth: Mouth, voice: Curve, steps: int, delay: int) -> float:
    """The agreement of the lips with the voice *delay* steps earlier."""
    lips = slice(max(0, delay), steps + min(0, delay))
    heard = voice[max(0, -delay) : steps - max(0, delay)]
    return (_correlation(mouth.motion[lips], heard) + _correlation(_departure(mouth.shapes[lips], heard), heard)) / 2


def _departure(shapes: Stack, heard: Curve) -> Curve:
    """How far the mouth is from the shape that it has in silence, (n,), in grey levels."""
    resting = np.median(shapes[heard <= np.quantile(heard, SILENT_SHARE)], axis=0)
    return smoothed(without_jumps(np.abs(shapes - resting).mean(axis=(1, 2)).astype(np.float64)))


def _correlation(one: Curve, other: Curve) -> float:
    if one.std() < FLAT or other.std() < FLAT:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])

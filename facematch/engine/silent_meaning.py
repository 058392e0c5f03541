"""What the passive check is worth: its measured errors, for README and pages.

Source: tests/benchmarks/silent_rates.py, every clip through `open_video` and `watch` as in a call. Nobody was judged
with limits chosen on clips of the same person: the persons were dealt into four groups, and each was judged with the
limits of the other three. Which cues there are was decided with all of them in view, and all but one of the attacks
were made by a program: expect worse of attacks that nobody here thought of. This is no certified presentation-attack
detection.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

Origin = Literal["filmed", "listed", "made"]
Z = 1.96  # of a two-sided interval of 95 %


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true rate lies with 95 %: Wilson's interval. Clips of one person are not independent: it is wider."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Attacks:
    """One kind of attack from one source."""

    kind: str
    origin: Origin  # filmed; made by the publishers of a test set; made by tests/benchmarks/made_attacks.py
    clips: int
    persons: int
    passed: int

    @property
    def apcer(self) -> float:
        """The share of attacks that passed, in [0, 1]; one that was refused or inconclusive did not."""
        return self.passed / self.clips

    @property
    def interval(self) -> Interval:
        return interval(self.passed, self.clips)


@dataclass(frozen=True, slots=True)
class Living:
    """Living persons before a camera."""

    clips: int
    persons: int
    refused: int
    inconclusive: int  # another take was asked for

    @property
    def bpcer(self) -> float:
        """The share of living persons that did not pass at the first take, in [0, 1]."""
        return (self.refused + self.inconclusive) / self.clips

    @property
    def interval(self) -> Interval:
        return interval(self.refused + self.inconclusive, self.clips)


def interval(errors: int, trials: int) -> Interval:
    """Wilson's interval of 95 % for *errors* in *trials*, at least one."""
    rate, weight = errors / trials, Z * Z / trials
    middle = (rate + weight / 2) / (1 + weight)
    half = Z * sqrt(rate * (1 - rate) / trials + weight / trials / 4) / (1 + weight)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


LIVING = Living(clips=22, persons=16, refused=0, inconclusive=2)
ATTACKS = (
    Attacks("photo_on_phone", "filmed", clips=1, persons=1, passed=0),
    Attacks("static_photo_fullframe", "listed", clips=5, persons=5, passed=0),
    Attacks("print_handheld", "listed", clips=5, persons=5, passed=0),
    Attacks("print_bent", "listed", clips=5, persons=5, passed=0),
    Attacks("replay_phone_moire", "listed", clips=5, persons=5, passed=0),
    Attacks("still_photo", "made", clips=16, persons=16, passed=0),
    Attacks("held_photo", "made", clips=16, persons=16, passed=0),
    Attacks("waved_photo", "made", clips=16, persons=16, passed=0),
    Attacks("waved_photo_aliased", "made", clips=16, persons=16, passed=0),
    Attacks("bent_photo", "made", clips=16, persons=16, passed=0),
    Attacks("animated_photo", "made", clips=16, persons=16, passed=1),
    Attacks("cut_out_mask", "made", clips=16, persons=16, passed=4),
    Attacks("loop", "made", clips=16, persons=16, passed=2),
    Attacks("boomerang", "made", clips=16, persons=16, passed=4),
    Attacks("screen_framed", "made", clips=16, persons=16, passed=0),
    Attacks("screen_striped", "made", clips=16, persons=16, passed=1),
    Attacks("screen_filling", "made", clips=16, persons=16, passed=13),
)

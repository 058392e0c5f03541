"""What a score means: the false match rate that was measured for it, on this engine and its mapping.

Source: one photo of each person of Labeled Faces in the Wild of whom the default limits accept one, every person
against every other, scored by ``logistic-12.84-0.342/1``; tests/benchmarks/false_matches.py repeats it. The pairs share
persons, so a rate is an order of magnitude, not an exact figure; and one of those above 95 is a known error of that
list: the same man under two spellings of his name.
"""

from dataclasses import dataclass

from facematch.engine.score import MAPPING
from facematch.engine.weights import SFACE, YUNET

PERSONS = 811
# Non-mated pairs that reach each score, 0 to 100.
REACHED = (
    328455, 317815, 264930, 216370, 177739, 147396, 123812, 104691, 89280, 76643, 66237, 57399,
    49992, 43830, 38489, 33906, 29943, 26591, 23624, 20962, 18693, 16679, 14964, 13432,
    12017, 10771, 9664, 8657, 7745, 6954, 6248, 5644, 5052, 4525, 4087, 3690,
    3330, 2999, 2699, 2430, 2175, 1973, 1769, 1592, 1434, 1275, 1152, 1029,
    917, 826, 751, 668, 586, 531, 463, 418, 372, 333, 282, 246,
    221, 195, 174, 154, 136, 118, 100, 85, 75, 67, 51, 40,
    38, 30, 22, 18, 14, 11, 10, 8, 7, 6, 4, 4,
    4, 4, 4, 4, 4, 3, 3, 2, 2, 2, 2, 1,
    1, 1, 1, 1, 0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FalseMatchRate:
    """How many pairs of different persons score this much or more."""

    false_matches: int
    non_mated: int  # pairs
    persons: int

    @property
    def fmr(self) -> float:
        """The measured false match rate, in [0, 1]."""
        return self.false_matches / self.non_mated


def was_measured_with(engine: str, mapping: str) -> bool:
    """Whether these rates hold for that engine and mapping: the same two networks, the same function."""
    return mapping == MAPPING and all(weights.sha256[:8] in engine for weights in (YUNET, SFACE))


def false_match_rate(score: float) -> FalseMatchRate:
    """What was measured for *score*, 0 to 100; a fraction counts as the whole score below it, which errs upwards."""
    return FalseMatchRate(REACHED[min(100, max(0, int(score)))], REACHED[0], PERSONS)

"""From cosine to the wire's score: one fixed, monotone function."""

import math

MAPPING = "logistic-12.84-0.342/1"  # goes into every record; a new function gets a new name
_SLOPE, _CENTRE = 12.84, 0.342


def score_of(cosine: float) -> int:
    """A similarity of 0 to 100, not a probability; 70 begins at cosine 0.4062.

    Args:
        cosine: In [-1, 1].
    """
    return round(100 / (1 + math.exp(-_SLOPE * (cosine - _CENTRE))))

"""The digits of a live code against those that were heard, one by one. Pure text."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """One place: a digit that was expected, one that was heard, or both."""

    expected: str | None  # None: heard beside the code
    heard: str | None  # None: left out

    @property
    def is_right(self) -> bool:
        """Whether the expected digit was heard here."""
        return self.expected == self.heard


def aligned(expected: str, heard: str | None) -> tuple[Spoken, ...]:
    """Both in order, with the fewest differences: a digit left out does not make those after it wrong."""
    said = heard or ""
    costs = _costs(expected, said)
    places: list[Spoken] = []
    row, column = len(expected), len(said)
    while row or column:
        swap = int(expected[row - 1] != said[column - 1]) if row and column else 1
        if row and column and costs[row][column] == costs[row - 1][column - 1] + swap:
            row, column = row - 1, column - 1
            places.append(Spoken(expected[row], said[column]))
        elif row and costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
            places.append(Spoken(expected[row], None))
        else:
            column -= 1
            places.append(Spoken(None, said[column]))
    return tuple(reversed(places))


def _costs(expected: str, heard: str) -> Sequence[Sequence[int]]:
    """Levenshtein's table: how many differences there are between the beginnings of both."""
    table = [[row + column for column in range(len(heard) + 1)] for row in range(len(expected) + 1)]
    for row, wanted in enumerate(expected, 1):
        for column, told in enumerate(heard, 1):
            kept = table[row - 1][column - 1] + (wanted != told)
            table[row][column] = min(kept, table[row - 1][column] + 1, table[row][column - 1] + 1)
    return table

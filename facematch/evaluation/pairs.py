"""Reads the list of labelled pairs. No message names a file: file names may be people's names."""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facematch.errors import PairsInvalid

COLUMNS = ("file_x", "file_y", "same")
NAMED_AT_MOST = 5  # missing files that the message names; the others are counted


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos and whether they show one person."""

    row: int  # line of the file, from 1, the header included: what an editor shows
    reference: Path
    probe: Path
    mated: bool


def read_pairs(path: Path, root: Path | None = None, *, limit: int | None = None) -> tuple[Pair, ...]:
    """Read a CSV file with the columns file_x, file_y and same (1 or 0); others are ignored.

    Args:
        path: UTF-8, with or without a byte order mark.
        root: Folder that the photos' paths start from; None: the file's own.
        limit: Read only so many pairs, from the top.

    Raises:
        PairsInvalid: The file cannot be read, a row is wrong, or a photo is missing; rows are named by number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            pairs = tuple(_pairs(csv.DictReader(file, strict=True), root or path.parent, limit or sys.maxsize))
    except OSError as error:
        raise PairsInvalid(f"the list of pairs cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PairsInvalid("the list of pairs is not UTF-8 text") from error
    except csv.Error as error:
        raise PairsInvalid(f"the list of pairs is not CSV: {error}") from error
    if not pairs:
        raise PairsInvalid("the list of pairs has a header and no pairs")
    _check_files(pairs)
    return pairs


def _pairs(rows: "csv.DictReader[str]", root: Path, limit: int) -> Iterator[Pair]:
    if rows.fieldnames is None:
        raise PairsInvalid("the list of pairs is empty")
    if missing := [name for name in COLUMNS if name not in rows.fieldnames]:
        raise PairsInvalid(f"the list of pairs has no column {' or '.join(missing)}; it needs {', '.join(COLUMNS)}")
    for _, row in zip(range(limit), rows, strict=False):
        yield _pair(row, rows.line_num, root)


def _pair(row: dict[str, str | None], number: int, root: Path) -> Pair:
    file_x, file_y, same = ((row[name] or "").strip() for name in COLUMNS)
    for name, text in (("file_x", file_x), ("file_y", file_y)):
        if not text:
            raise PairsInvalid(f"row {number}: {name} is empty")
    if same not in ("0", "1"):
        raise PairsInvalid(f"row {number}: same is neither 1 nor 0")
    return Pair(number, root / file_x, root / file_y, same == "1")


def _check_files(pairs: tuple[Pair, ...]) -> None:
    sides = (side for pair in pairs for side in ((pair, "file_x", pair.reference), (pair, "file_y", pair.probe)))
    missing = [f"row {pair.row} {column}" for pair, column, photo in sides if not photo.is_file()]
    if missing:
        more = "" if len(missing) <= NAMED_AT_MOST else ", …"
        are = "photo is" if len(missing) == 1 else "photos are"
        raise PairsInvalid(f"{len(missing)} {are} missing: {', '.join(missing[:NAMED_AT_MOST])}{more}")

"""Reads a list of files with labels. No message names a file: file names may be people's names."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from facematch.errors import PairsInvalid

NAMED_AT_MOST = 5  # rows of missing files that the message names; the others are counted


@dataclass(frozen=True, slots=True)
class Row:
    """One file and what the list says of it."""

    number: int  # line of the list, from 1, the header included: what an editor shows
    path: Path
    cells: Mapping[str, str]  # every column, white space cut off; an absent cell is empty


def read_list(path: Path, columns: Collection[str], root: Path | None = None) -> tuple[Row, ...]:
    """Read a CSV file with the column path and *columns*; it may have others.

    Args:
        path: UTF-8, with or without a byte order mark.
        columns: Those that the caller needs besides path.
        root: Folder that the paths start from; None: the list's own.

    Raises:
        PairsInvalid: The list cannot be read, a column or a file is missing; rows are named by number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = tuple(_rows(csv.DictReader(file, strict=True), ("path", *columns), root or path.parent))
    except OSError as error:
        raise PairsInvalid(f"the list cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PairsInvalid("the list is not UTF-8 text") from error
    except csv.Error as error:
        raise PairsInvalid(f"the list is not CSV: {error}") from error
    if not rows:
        raise PairsInvalid("the list has no rows")
    _check_files(rows)
    return rows


def _rows(reader: "csv.DictReader[str]", columns: tuple[str, ...], root: Path) -> Iterator[Row]:
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        raise PairsInvalid(f"the list has no column {' or '.join(missing)}; it needs {', '.join(columns)}")
    for raw in reader:
        cells = {name: (value or "").strip() for name, value in raw.items() if isinstance(name, str)}
        if not cells["path"]:
            raise PairsInvalid(f"row {reader.line_num}: path is empty")
        yield Row(reader.line_num, root / cells["path"], cells)


def _check_files(rows: tuple[Row, ...]) -> None:
    missing = [f"row {row.number}" for row in rows if not row.path.is_file()]
    if missing:
        more = "" if len(missing) <= NAMED_AT_MOST else ", …"
        are = "file is" if len(missing) == 1 else "files are"
        raise PairsInvalid(f"{len(missing)} {are} missing: {', '.join(missing[:NAMED_AT_MOST])}{more}")

"""A CSV file of persons to enrol: read leniently, each line checked. Nothing of a line is in a message."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from facematch.identity import normalised, valid_id_number

LINES_MAX = 500
COLUMNS: Mapping[str, tuple[str, ...]] = {  # the first is the one that the template has
    "id_number": ("id_number", "idnum", "id", "身份证号", "身份证号码"),
    "name": ("name", "姓名"),
    "photo": ("photo", "portrait", "image", "照片", "照片文件"),
}
TEMPLATE = "id_number,name,photo\n190001196102030010,演示甲,jia.jpg\n".encode("utf-8-sig")  # what Excel expects
Problem = Literal["number", "name", "twice", "photo"]
FileProblem = Literal["encoding", "table", "columns", "empty", "long"]


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the file."""

    number: int  # of the line, the head being 1
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    photo: str | None = field(default=None, repr=False)  # a file's name
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class PeopleList:
    """What a file holds; without lines there is a problem with all of it."""

    lines: tuple[Line, ...] = ()
    problem: FileProblem | None = None

    @property
    def usable(self) -> tuple[Line, ...]:
        """The lines that can be enrolled."""
        return tuple(line for line in self.lines if line.problem is None)


def read(data: bytes, photos: Sequence[str], *, name_max: int) -> PeopleList:
    """The persons in *data*.

    Args:
        data: UTF-8 or GB 18030, with a comma, semicolon or tab between the cells and a head line.
        photos: Names of the files that were given with it.
        name_max: Characters that a name may have.
    """
    text = _text(data)
    if text is None:
        return PeopleList(problem="encoding")
    try:
        with_any_ends = io.StringIO(text, newline=None)  # a lone \r among them, as old spreadsheets write
        rows = list(csv.reader(with_any_ends, delimiter=_delimiter(text)))
    except csv.Error:  # a cell beyond 131,072 characters: a quote that is never closed
        return PeopleList(problem="table")
    head, rest = (rows[0], rows[1:]) if rows else ([], [])
    places = {field: _place(head, names) for field, names in COLUMNS.items()}
    if places["id_number"] is None or places["name"] is None:
        return PeopleList(problem="columns")
    filled = [(number, row) for number, row in enumerate(rest, 2) if any(cell.strip() for cell in row)]
    if not filled or len(filled) > LINES_MAX:
        return PeopleList(problem="long" if filled else "empty")
    known = {name.casefold() for name in photos}
    lines, seen = list[Line](), set[str]()
    for number, row in filled:
        id_number, name, photo = (_cell(row, places[field]) for field in COLUMNS)
        line = Line(number, normalised(id_number), name, photo or None)
        lines.append(Line(number, line.id_number, name, line.photo, _problem(line, seen, known, name_max)))
        seen.add(line.id_number)
    return PeopleList(tuple(lines))


def _problem(line: Line, seen: set[str], photos: set[str], name_max: int) -> Problem | None:
    if not valid_id_number(line.id_number):
        return "number"
    if not 1 <= len(line.name) <= name_max:
        return "name"
    if line.id_number in seen:
        return "twice"
    return "photo" if line.photo is not None and line.photo.casefold() not in photos else None


def _text(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _delimiter(text: str) -> str:
    head = text.splitlines()[0] if text else ""
    return max(",;\t", key=head.count)


def _place(head: Sequence[str], names: Sequence[str]) -> int | None:
    known = [cell.strip().casefold().replace(" ", "_") for cell in head]
    return next((place for place, cell in enumerate(known) if cell in names), None)


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""

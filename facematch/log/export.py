"""The log for other programs: a copy of the file, or its calls as CSV, JSON lines or Parquet; these without digests."""

import contextlib
import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, and_, func, select, true

from facematch.errors import LogUnavailable
from facematch.log.schema import calls
from facematch.log.store import CallLog
from facematch.private import create_private

PAGE_ROWS = 1000
_LEFT_OUT = ("req_digest", "ref_digest", "probe_digest", "subject_hmac", "key_id", "uid")
_COLUMNS = [column for column in calls.columns if column.name not in _LEFT_OUT]
_Page = Sequence[Row[*tuple[Any, ...]]]
PERSONAL = ("subject_mask", "actor", "item_id")  # an item of a data set may bear a person's name
_PAGES_IN_GROUP = 32
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")  # how a spreadsheet knows one


@dataclass(frozen=True, slots=True)
class Span:
    """Which calls; None: no limit."""

    since_ms: int | None = None  # UTC, milliseconds since 1970, inclusive
    until_ms: int | None = None  # exclusive
    env: str | None = None
    terms: tuple[ColumnElement[bool], ...] = ()  # more conditions, on the rows
    personal: bool = True  # with masks of numbers, and with who asked


def csv_pages(log: CallLog, span: Span) -> Iterator[str]:
    """The calls in order of time as CSV, some thousand lines at a time, a header first.

    A text that a spreadsheet would take for a formula has an apostrophe before it.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    yield _as_csv([[column.name for column in columns(span)]])
    for page in _pages(log, span):
        yield _as_csv([[_harmless(value) for value in row] for row in page])


def parquet_bytes(log: CallLog, span: Span) -> bytes:
    """The calls in order of time as one Parquet file: times as UTC timestamps, verdicts as truths, ``extra`` as JSON.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    import pyarrow as pa  # type: ignore[import-untyped] # Streamlit brings it; a command line does not need it
    from pyarrow import parquet

    schema = pa.schema([pa.field(column.name, _arrow(pa, column)) for column in columns(span)])
    target = pa.BufferOutputStream()
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for pages in _together(_pages(log, span), _PAGES_IN_GROUP):
            batches = [pa.RecordBatch.from_pylist([_typed(row) for row in page], schema) for page in pages]
            writer.write_table(pa.Table.from_batches(batches, schema))
    return bytes(target.getvalue())


def columns(span: Span) -> list[Column[Any]]:
    """What leaves of each call."""
    return [column for column in _COLUMNS if span.personal or column.name not in PERSONAL]


def jsonl_pages(log: CallLog, span: Span) -> Iterator[str]:
    """The calls in order of time, one JSON object a line, some thousand lines at a time.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    for page in _pages(log, span):
        yield "".join(json.dumps(_as_object(row), ensure_ascii=False) + "\n" for row in page)


def copy_to(log: CallLog, target: Path) -> None:
    """Write a copy of a log that is a file, as it is at one moment, for the owner alone.

    Only SQLite itself may read the file while the program runs: whoever opens and closes it otherwise drops the locks
    of all connections of this process, and with them rows.

    Raises:
        FileExistsError: There is something at *target*.
        OSError: It cannot be written.
        LogUnavailable: The log is in a server, or cannot be read.
    """
    if log.form == "postgresql":
        raise LogUnavailable(f"the call log is in {log.place}: it has no file to copy; export CSV or JSON lines")
    if not create_private(target):
        raise FileExistsError(f"{target} exists")
    try:
        with log.reading() as db, contextlib.closing(sqlite3.connect(target)) as copy:
            _driver(db.connection.driver_connection).backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
    except sqlite3.Error as error:
        target.unlink()
        raise LogUnavailable(f"the call log at {log.place} cannot be copied to {target}: {error}") from error
    except BaseException:
        target.unlink()
        raise


def copy_bytes(log: CallLog) -> bytes:
    """The copy that ``copy_to`` writes, for a download.

    Raises:
        OSError: There is no room for it in the folder for temporary files.
        LogUnavailable: As ``copy_to``.
    """
    with tempfile.TemporaryDirectory(prefix="facematch-") as folder:
        target = Path(folder) / "calls.db"
        copy_to(log, target)
        return target.read_bytes()


def _pages(log: CallLog, span: Span) -> Iterator[_Page]:
    """Each page is read whole and for itself: a reader that waits for a slow download would make the WAL grow."""
    c, within = calls.c, _within(log, span)
    after: ColumnElement[bool] = true()
    while True:
        with log.reading() as db:
            page = db.execute(
                select(*columns(span)).where(within, after).order_by(c.ts_ms, c.id).limit(PAGE_ROWS)
            ).all()
        if not page:
            return
        yield page
        last = page[-1]
        after = and_(c.ts_ms >= last.ts_ms, (c.ts_ms > last.ts_ms) | (c.id > last.id))


def _within(log: CallLog, span: Span) -> ColumnElement[bool]:
    """Calls that are written while the export runs are left out: it would never end."""
    c = calls.c
    with log.reading() as db:
        newest = db.execute(select(func.max(c.id))).scalar_one()
    terms = [c.id <= (newest or 0), *span.terms]
    if span.since_ms is not None:
        terms.append(c.ts_ms >= span.since_ms)
    if span.until_ms is not None:
        terms.append(c.ts_ms < span.until_ms)
    if span.env is not None:
        terms.append(c.env == span.env)
    return and_(*terms)


def _as_csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _harmless(value: object) -> object:
    is_formula = isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA)
    return f"'{value}" if is_formula else value


def _as_object(row: Row[*tuple[Any, ...]]) -> dict[str, object]:
    found = dict(row._mapping)
    found["extra"] = json.loads(found["extra"] or "{}")
    return found | {name: read(found[name]) for name, read in _READ.items()}


def _typed(row: Row[*tuple[Any, ...]]) -> dict[str, object]:
    found = dict(row._mapping)
    return found | {name: _truth(found[name]) for name in _READ}


def _arrow(pa: Any, column: Column[Any]) -> Any:
    if column.name in _READ:
        return pa.bool_()
    if column.name == "ts_ms":
        return pa.timestamp("ms", tz="UTC")
    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    return kinds[column.type.python_type]


def _together(pages: Iterator[_Page], most: int) -> Iterator[list[_Page]]:
    while group := list(islice(pages, most)):
        yield group


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


_READ: dict[str, Callable[[Any], object]] = {"success": _truth, "attack": _truth}


def _driver(connection: object) -> sqlite3.Connection:
    if not isinstance(connection, sqlite3.Connection):
        raise LogUnavailable("the call log is no SQLite file")
    return connection

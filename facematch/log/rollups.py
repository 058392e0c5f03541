"""Counts of the calls in cells, which triggers keep: what they count, and the SQL that makes and keeps them.

A chart over millions of calls reads thousands of cells. A purge leaves the cells of the rows that it deletes, so that
trends outlive the calls; any other deletion takes its rows out of them.

What ``creation`` returns is part of the log's migrations: after a release a change here needs a migration of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Dialect = Literal["sqlite", "postgresql"]

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
BINS_PER_E = 170  # latency bins, each 0.59 % wide: the middle of one is within 0.3 % of all that is in it
LATENCY_FROM_MS = 0.1  # where bin 0 begins; what is below it counts there too
NONE = -1  # for a verdict or a label that is not known
NO_ERRCODE = -(2**62)  # the contract's reader takes none beyond 2**53
NO_THRESHOLD = -1e6
TEXTS = ("env", "endpoint", "mode", "outcome")


@dataclass(frozen=True, slots=True)
class Rollup:
    """One table of cells: what tells them apart, and which calls count."""

    name: str
    cells: Mapping[str, str]  # column of the key -> its value in SQL; {row} stands before each column of ``calls``
    counted: str | None = None  # the condition on the row; None: all count

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the key, in order; the first is the time."""
        return tuple(self.cells)

    @property
    def time(self) -> tuple[str, int]:
        """The column of the time and its width in milliseconds."""
        return self.key[0], HOUR_MS if self.key[0] == "hour" else DAY_MS

    def values(self, row: str) -> str:
        """The key of the cell of *row*: ``new.``, ``old.`` or nothing."""
        return ", ".join(value.format(row=row) for value in self.cells.values())

    def condition(self, row: str) -> str:
        """Whether *row* counts here."""
        return "TRUE" if self.counted is None else self.counted.format(row=row)

    def add(self, row: str) -> str:
        """Count *row*. SQLite needs the WHERE: without one it reads ON as a join's."""
        return (
            f"INSERT INTO {self.name} SELECT {self.values(row)}, 1 WHERE {self.condition(row)} "
            f"ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET n = {self.name}.n + 1"
        )

    def take(self, row: str) -> tuple[str, str]:
        """Count *row* no more; an empty cell goes."""
        cell = f"({', '.join(self.key)}) = ({self.values(row)}) AND {self.condition(row)}"
        return f"UPDATE {self.name} SET n = n - 1 WHERE {cell}", f"DELETE FROM {self.name} WHERE {cell} AND n <= 0"

    def fill(self, where: str = "TRUE") -> str:
        """Count all rows that *where* names, into cells that are not there yet."""
        places = ", ".join(str(place + 1) for place in range(len(self.key)))
        return (
            f"INSERT INTO {self.name} SELECT {self.values('')}, count(*) FROM calls "
            f"WHERE {self.condition('')} AND ({where}) GROUP BY {places}"
        )

    def creation(self, dialect: Dialect) -> str:
        """The table."""
        whole, real = ("INTEGER", "REAL") if dialect == "sqlite" else ("BIGINT", "DOUBLE PRECISION")
        kinds = {name: "TEXT" if name in TEXTS else real if name == "threshold" else whole for name in self.key}
        columns = ", ".join(f"{name} {kind} NOT NULL" for name, kind in kinds.items())
        form = "STRICT, WITHOUT ROWID" if dialect == "sqlite" else ""
        return f"CREATE TABLE {self.name} ({columns}, n {whole} NOT NULL, PRIMARY KEY ({', '.join(self.key)})) {form}"


_WHERE = {
    name: f"{{row}}{name}" for name in ("endpoint", "env", "mode")
}  # last in each key: charts group by the others
_SUCCESS = f"coalesce({{row}}success, {NONE})"
_LATENCY = f"CASE WHEN {{row}}latency_ms < {LATENCY_FROM_MS} THEN {LATENCY_FROM_MS} ELSE {{row}}latency_ms END"

CALL = Rollup(
    "r_call",
    {
        "hour": f"{{row}}ts_ms / {HOUR_MS}",
        "outcome": "{row}outcome",
        "success": _SUCCESS,
        "errcode": f"coalesce({{row}}errcode, {NO_ERRCODE})",
        **_WHERE,
    },
)
LATENCY = Rollup(
    "r_latency",
    {
        "day": f"{{row}}ts_ms / {DAY_MS}",
        "bin": f"CAST(floor(ln(({_LATENCY}) / {LATENCY_FROM_MS}) * {BINS_PER_E}) AS INTEGER)",
        "outcome": "{row}outcome",
        **_WHERE,
    },
    "{row}latency_ms IS NOT NULL",
)
SCORE = Rollup(
    "r_score",
    {
        "day": f"{{row}}ts_ms / {DAY_MS}",
        "bin": "CAST(floor({row}score) AS INTEGER)",
        "label": f"coalesce({{row}}label, {NONE})",
        "success": "{row}success",
        "threshold": f"coalesce({{row}}threshold, {NO_THRESHOLD})",
        **_WHERE,
    },
    # the plus keeps SQLite from going through the index on scores where a day is asked for
    "{row}outcome = 'ok' AND {row}success IS NOT NULL AND +{row}score BETWEEN 0 AND 100",
)
ALL = (CALL, LATENCY, SCORE)

_KEPT = "{row}ts_ms < coalesce((SELECT before_ms FROM purged WHERE env = {row}env), {row}ts_ms)"  # its cell outlives it


def creation(dialect: Dialect) -> tuple[str, ...]:
    """The tables, filled from the rows that are there, and the triggers that keep them."""
    tables = tuple(rollup.creation(dialect) for rollup in ALL)
    filled = tuple(rollup.fill() for rollup in ALL)
    triggers = _sqlite_triggers() if dialect == "sqlite" else _postgres_triggers()
    return (*tables, *filled, *triggers)


def _sqlite_triggers() -> Iterator[str]:
    for name, when, body in _events():
        yield f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _postgres_triggers() -> Iterator[str]:
    for name, when, body in _events():
        event, _, condition = when.partition(" WHEN ")
        check = f"IF {condition} THEN {body} END IF;" if condition else body
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {check} RETURN NULL; END $$"
        yield f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _events() -> Iterator[tuple[str, str, str]]:
    """Name, occasion and statements of each trigger."""
    added = "; ".join(rollup.add("new.") for rollup in ALL)
    taken = "; ".join(statement for rollup in ALL for statement in rollup.take("old."))
    relabelled = f"coalesce(old.label, {NONE}) <> coalesce(new.label, {NONE})"
    moved = "; ".join((*SCORE.take("old."), SCORE.add("new.")))
    yield "calls_added", "AFTER INSERT ON calls", f"{added};"
    yield "calls_labelled", f"AFTER UPDATE OF label ON calls WHEN {relabelled}", f"{moved};"
    yield "calls_deleted", f"AFTER DELETE ON calls WHEN NOT ({_KEPT.format(row='old.')})", f"{taken};"

"""The tables of the service's state: their history as SQL, and their present shape for statements.

The prefix lets a PostgreSQL database be shared with other programs. Times are milliseconds since 1970, UTC.
"""

from string import Template

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

APPLICATION_ID = 0x464D5356  # "FMSV" in a SQLite file's header

# Append only: statement N takes a database from version N to N + 1, and is never edited after release.
_MIGRATIONS = (
    """
    CREATE TABLE fm_facts (
        name TEXT PRIMARY KEY,
        value $bytes NOT NULL
    ) $strict
    """,
    """
    CREATE TABLE fm_tokens (
        id TEXT PRIMARY KEY,
        digest TEXT NOT NULL,               -- SHA-256 of the token's text, hex: the owner of what it makes
        note TEXT NOT NULL,
        issued_ms $whole NOT NULL,
        revoked_ms $whole
    ) $strict
    """,
    """
    CREATE TABLE fm_live_codes (
        id TEXT PRIMARY KEY,
        digest $bytes NOT NULL,             -- HMAC-SHA256 of owner and code
        issued_ms $whole NOT NULL,
        expires_ms $whole NOT NULL,
        used_ms $whole
    ) $strict
    """,
    "CREATE INDEX fm_live_codes_digest ON fm_live_codes (digest)",
    "CREATE INDEX fm_live_codes_expires ON fm_live_codes (expires_ms)",
    """
    CREATE TABLE fm_persons (
        id TEXT PRIMARY KEY,
        number_digest $bytes NOT NULL UNIQUE,  -- HMAC-SHA256 of the ID number
        name_digest $bytes NOT NULL,        -- HMAC-SHA256 of number and name: equal names do not show
        number_mask TEXT NOT NULL,          -- 3****************1
        name_mask TEXT NOT NULL,            -- 演*
        enrolled_ms $whole NOT NULL,
        portrait $bytes,                    -- AES-256-GCM; NULL: no photo
        embedding $bytes,                   -- likewise, float32 little-endian; NULL: the engine refused the photo
        engine TEXT,                        -- whose embedding or refusal it is
        errcode $whole NOT NULL             -- of the refusal, 0 when there was none
    ) $strict
    """,
    """
    CREATE TABLE fm_workers (
        id TEXT PRIMARY KEY,
        place TEXT NOT NULL,                -- digest of what its pid is a number of: the machine, since when, and where
        pid $whole NOT NULL,
        beat_ms $whole NOT NULL
    ) $strict
    """,
    """
    CREATE TABLE fm_results (
        trace_no TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        worker TEXT NOT NULL,
        accepted_ms $whole NOT NULL,
        finished_ms $whole,                 -- NULL: still at work
        answer $bytes
    ) $strict
    """,
    "CREATE INDEX fm_results_finished ON fm_results (finished_ms)",
)
VERSION = len(_MIGRATIONS)
_WORDS = {
    "sqlite": {"bytes": "BLOB", "whole": "INTEGER", "strict": "STRICT"},
    "postgresql": {"bytes": "BYTEA", "whole": "BIGINT", "strict": ""},
}


def migrations(dialect: str) -> tuple[str, ...]:
    """The steps as "sqlite" or "postgresql" understands them."""
    return tuple(Template(statement).substitute(_WORDS[dialect]) for statement in _MIGRATIONS)


_Whole = BigInteger().with_variant(Integer, "sqlite")  # STRICT tables know INTEGER only
_metadata = MetaData()

reached = Table("fm_version", _metadata, Column("version", Integer, nullable=False))  # SQLite has it in its header
facts = Table(
    "fm_facts",
    _metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
tokens = Table(
    "fm_tokens",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("issued_ms", _Whole, nullable=False),
    Column("revoked_ms", _Whole),
)
live_codes = Table(
    "fm_live_codes",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("issued_ms", _Whole, nullable=False),
    Column("expires_ms", _Whole, nullable=False),
    Column("used_ms", _Whole),
)
persons = Table(
    "fm_persons",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("number_digest", LargeBinary, nullable=False),
    Column("name_digest", LargeBinary, nullable=False),
    Column("number_mask", Text, nullable=False),
    Column("name_mask", Text, nullable=False),
    Column("enrolled_ms", _Whole, nullable=False),
    Column("portrait", LargeBinary),
    Column("embedding", LargeBinary),
    Column("engine", Text),
    Column("errcode", _Whole, nullable=False),
)
workers = Table(
    "fm_workers",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("pid", _Whole, nullable=False),
    Column("beat_ms", _Whole, nullable=False),
)
results = Table(
    "fm_results",
    _metadata,
    Column("trace_no", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("accepted_ms", _Whole, nullable=False),
    Column("finished_ms", _Whole),
    Column("answer", LargeBinary),
)

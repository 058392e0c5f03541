"""The table ``calls``: its history as SQL, and its present shape for statements."""

from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import REAL, TypeEngine

APPLICATION_ID = 0x464D434C  # "FMCL" in the file's header: tells our database from anyone else's

# Append only: statement N takes a file from version N to N + 1, and is never edited after release.
MIGRATIONS = (
    """
    CREATE TABLE calls (
        id INTEGER PRIMARY KEY,
        ts_ms INTEGER NOT NULL,             -- start of the attempt, UTC, milliseconds since 1970
        env TEXT NOT NULL,
        endpoint TEXT NOT NULL,             -- match, match_idno or validate_data
        mode TEXT NOT NULL,                 -- photo, SILENT, LIP or none
        run_id TEXT,
        item_id TEXT,
        attempt INTEGER NOT NULL DEFAULT 1,
        request_id TEXT NOT NULL,           -- ours, one for all attempts of a call
        req_digest BLOB,                    -- digests: HMAC-SHA256 under key_id, first 16 bytes
        ref_digest BLOB,
        probe_digest BLOB,
        req_bytes INTEGER,
        resp_bytes INTEGER,
        subject_mask TEXT,                  -- 3****************1
        subject_hmac BLOB,
        key_id TEXT,
        latency_ms REAL,
        connect_ms REAL,
        http_status INTEGER,
        outcome TEXT NOT NULL,              -- ok, or the outcome word of an error class
        errcode INTEGER,
        errmsg TEXT,
        status TEXT,
        trace_no TEXT,
        success INTEGER,                    -- the verdict: 1 passed, 0 did not; says nothing about outcome
        score REAL,
        label INTEGER,                      -- 1 mated, 0 non-mated, NULL not known
        threshold REAL,
        client_version TEXT NOT NULL,
        actor TEXT,
        extra TEXT                          -- JSON
    ) STRICT
    """,
    "CREATE INDEX ix_ts ON calls (ts_ms)",
    "CREATE INDEX ix_run ON calls (run_id, item_id) WHERE run_id IS NOT NULL",
    "CREATE INDEX ix_trace ON calls (trace_no) WHERE trace_no IS NOT NULL",
    "CREATE INDEX ix_fail ON calls (ts_ms, env, endpoint, outcome, errcode, errmsg, trace_no) WHERE outcome <> 'ok'",
    "CREATE UNIQUE INDEX ux_item ON calls (run_id, item_id, attempt) WHERE run_id IS NOT NULL",
    "CREATE INDEX ix_request ON calls (request_id)",  # the view of one call lists its other attempts
)
VERSION = len(MIGRATIONS)

_Whole = BigInteger().with_variant(Integer, "sqlite")  # STRICT tables know INTEGER and REAL only
_Real: TypeEngine[float] = Double().with_variant(REAL, "sqlite")

calls = Table(
    "calls",
    MetaData(),
    Column("id", _Whole, primary_key=True),
    Column("ts_ms", _Whole, nullable=False),
    Column("env", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("run_id", Text),
    Column("item_id", Text),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("request_id", Text, nullable=False),
    Column("req_digest", LargeBinary),
    Column("ref_digest", LargeBinary),
    Column("probe_digest", LargeBinary),
    Column("req_bytes", _Whole),
    Column("resp_bytes", _Whole),
    Column("subject_mask", Text),
    Column("subject_hmac", LargeBinary),
    Column("key_id", Text),
    Column("latency_ms", _Real),
    Column("connect_ms", _Real),
    Column("http_status", Integer),
    Column("outcome", Text, nullable=False),
    Column("errcode", _Whole),
    Column("errmsg", Text),
    Column("status", Text),
    Column("trace_no", Text),
    Column("success", Integer),
    Column("score", _Real),
    Column("label", Integer),
    Column("threshold", _Real),
    Column("client_version", Text, nullable=False),
    Column("actor", Text),
    Column("extra", Text),
)

"""The table: case -> request -> expected answer."""

from facematch import codes

from .case import TESTED
from .table_calls import ACCESS, ASYNC, BODIES, BROKEN, CODES, IDENTITIES
from .table_fields import FIELD_CASES
from .table_media import BASE64, LIP, ORDER, PHOTOS, SILENT, SOURCES

CASES = (
    *(*ACCESS, *BODIES, *FIELD_CASES),
    *(*PHOTOS, *BASE64, *SILENT, *SOURCES, *ORDER),
    *(*CODES, *IDENTITIES, *ASYNC, *LIP, *BROKEN),
)

# Reached on servers that the suite starts itself, as no request makes a sound server answer so in a moment.
NOT_ON_DEMAND = {
    codes.INTERNAL: "the engine must break",
    codes.RATE: "sixteen calls must be unfinished, or a thousand files stored",
    codes.LIVENESS_NOT_RUN: "the speech models must be missing",
    codes.EXPIRED_LIVE_CODE: "a live code lasts five minutes",
    codes.COMPARISON_FAILED: "a network's file must be damaged",
}


def errcodes(on_tested_only: bool) -> set[int]:
    """Every errcode that a row of the table expects."""
    rows = [case for case in CASES if case.on == TESTED or not on_tested_only]
    return {end.errcode for case in rows for end in (case.expected, case.later) if end is not None}

"""Times of rows, as the answers write them."""

from datetime import UTC, datetime


def iso(ms: int) -> str:
    """ISO 8601, UTC, to the second, of milliseconds since 1970."""
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat()

"""One thing that the doctor looked at."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, and what to do about it."""

    name: str
    status: Status
    text: str
    remedy: str | None = None  # None where nothing is to be done

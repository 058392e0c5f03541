"""One call in full, run again, compared with its second run."""

from collections.abc import Mapping

EN: Mapping[str, str] = {}

ZH: Mapping[str, str] = {}

"""What the embedded service keeps: persons, files, tokens, engine."""

from collections.abc import Mapping

EN: Mapping[str, str] = {}

ZH: Mapping[str, str] = {}

"""The History: filters, comparison of two selections, report."""

from collections.abc import Mapping

EN: Mapping[str, str] = {}

ZH: Mapping[str, str] = {}

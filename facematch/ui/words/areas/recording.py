"""Recording a video in the browser."""

from collections.abc import Mapping

EN: Mapping[str, str] = {}

ZH: Mapping[str, str] = {}

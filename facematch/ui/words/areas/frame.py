"""The frame around every page: sign-in, demo mode, health, what is wrong."""

from collections.abc import Mapping

EN: Mapping[str, str] = {}

ZH: Mapping[str, str] = {}

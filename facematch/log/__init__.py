"""The call log: one row for every attempt to call the service, whatever came of it."""

from facematch.log.draft import Draft
from facematch.log.keys import Key, load_key
from facematch.log.opened import open_log
from facematch.log.store import CallLog

__all__ = ["CallLog", "Draft", "Key", "load_key", "open_log"]

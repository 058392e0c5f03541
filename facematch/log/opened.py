"""The log that the settings choose."""

from facematch.log.keys import load_key
from facematch.log.store import CallLog
from facematch.settings import Settings


def open_log(settings: Settings) -> CallLog:
    """The log of this installation: a file, or a server's database with a spool on this computer.

    Raises:
        LogUnavailable: The file cannot be created, read or written, or is not ours; or there is no key.
    """
    key = load_key(settings.log_key_path, settings.log_key)
    return CallLog(settings.log_url or settings.log_path, key=key, spool=settings.log_spool_path)

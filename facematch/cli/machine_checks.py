"""What the doctor looks at on this computer: Python, libraries, the data folder, the networks' files."""

import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import urllib3

from facematch.cli.check import Check, Status, guarded
from facematch.cli.words import Speaker
from facematch.engine.speech_weights import MODELS, absent
from facematch.engine.weights import SFACE, YUNET, read_weights
from facematch.errors import EngineError
from facematch.private import make_private_folder
from facematch.settings import Settings

PYTHON_FROM = (3, 11)
WAL_RESET_FIXED = (3, 51, 3)  # sqlite.org/wal.html#walresetbug
IMPOSTORS = ("urllib3-future", "niquests")  # they install their own library under the name urllib3
FREE_WARN, FREE_FAIL = 1 << 30, 50 << 20  # bytes: a million calls take about 300 MB


def machine_checks(settings: Settings, say: Speaker) -> Iterator[Check]:
    """Everything that needs neither the log nor the service."""
    yield _python(say)
    yield sqlite_check(say, sqlite3.sqlite_version_info)
    yield from guarded("urllib3", lambda: _urllib3(say), say)
    yield from guarded("data_folder", lambda: _data_folder(settings.data_dir, say), say)
    yield from guarded("weights", lambda: _weights(settings, say), say)


def _python(say: Speaker) -> Check:
    text = say("doctor.python", version=platform.python_version())
    if sys.version_info >= PYTHON_FROM:
        return Check("python", "ok", text)
    return Check("python", "fail", text, say("doctor.python.todo"))


def sqlite_check(say: Speaker, found: tuple[int, ...]) -> Check:
    """A SQLite of version *found*."""
    text = say("doctor.sqlite", version=".".join(map(str, found)))
    if found >= WAL_RESET_FIXED:
        return Check("sqlite", "ok", text)
    return Check("sqlite", "warn", text, say("doctor.sqlite.todo"))


def _urllib3(say: Speaker) -> Check:
    found = getattr(urllib3, "__version__", None)  # what is imported under the name, whoever installed it
    text = say("doctor.urllib3", version=found)
    present = [name for name in IMPOSTORS if _installed(name)]
    if found == _installed("urllib3") and not present:
        return Check("urllib3", "ok", text)
    return Check("urllib3", "fail", text, say("doctor.urllib3.todo", names=", ".join(present or IMPOSTORS)))


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _data_folder(folder: Path, say: Speaker) -> Iterator[Check]:
    try:
        make_private_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0")
            file.flush()
    except OSError as error:
        todo = say("doctor.data_folder.todo")
        yield Check("data_folder", "fail", say("doctor.data_folder.no", place=folder, reason=error.strerror), todo)
        return
    yield _private(folder, say)
    yield _room(folder, say)


def _private(folder: Path, say: Speaker) -> Check:
    if os.name != "posix" or not folder.stat().st_mode & 0o077:
        return Check("data_folder", "ok", say("doctor.data_folder", place=folder))
    todo = say("doctor.data_folder.open.todo", place=folder)
    return Check("data_folder", "warn", say("doctor.data_folder.open", place=folder), todo)


def _room(folder: Path, say: Speaker) -> Check:
    free = shutil.disk_usage(folder).free
    text = say("doctor.free_space", gigabytes=f"{free / 1e9:.1f}")
    status: Status = "ok" if free >= FREE_WARN else "warn" if free >= FREE_FAIL else "fail"
    return Check("free_space", status, text, None if status == "ok" else say("doctor.free_space.todo"))


def _weights(settings: Settings, say: Speaker) -> Iterator[Check]:
    """A remote server needs none of them here."""
    wrong: Status = "fail" if settings.url is None else "warn"
    for each in (YUNET, SFACE):
        try:
            read_weights(each, settings.model_dir)
        except EngineError as error:
            yield Check(f"weights_{each.task}", wrong, say("doctor.weights.no", name=each.name), say.clause(error))
        else:
            digest = each.sha256[:12]
            yield Check(f"weights_{each.task}", "ok", say("doctor.weights", name=each.name, digest=digest))
    for model in (model for model in MODELS if model.language in settings.lip_languages):
        missing = absent(model, settings.speech_dir)
        name = f"speech_{model.language}"
        if missing is None:
            yield Check(name, "ok", say("doctor.speech", name=model.name))
        else:
            yield Check(name, "warn", say("doctor.speech.no", name=model.name), missing)
    if settings.liveness_model is not None and not settings.liveness_model.is_file():
        yield Check("liveness_model", wrong, say("doctor.liveness_model.no"), say("doctor.liveness_model.todo"))

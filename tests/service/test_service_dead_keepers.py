"""What a killed service left in the folder for temporary files."""

import os
import socket
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from facematch.service.shared_evidence import keeping

LONG_AGO = 1_000_000_000.0


@pytest.fixture
def temporary(monkeypatch) -> Path:
    """A folder for temporary files; a socket's path has to be short."""
    with tempfile.TemporaryDirectory(prefix="swept-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def left_behind(temporary: Path, name: str, *, age: float = LONG_AGO) -> Path:
    """A folder with a socket on which nobody listens."""
    folder = temporary / name
    folder.mkdir(0o700)
    with closing(socket.socket(socket.AF_UNIX)) as keeper:
        keeper.bind(str(folder / "evidence"))
    os.utime(folder, (age, age))
    return folder


def test_the_folder_of_a_keeper_that_was_killed_is_removed_at_the_next_start(temporary):
    dead = left_behind(temporary, "facematch-dead")

    with keeping(60.0):
        assert not dead.exists()


def test_a_keeper_that_lives_keeps_its_folder(temporary):
    with keeping(60.0) as first:
        folder = Path(str(first.place)).parent
        os.utime(folder, (LONG_AGO, LONG_AGO))
        with keeping(60.0):
            assert folder.exists()
            assert first.find("1", "owner") is None


def test_what_only_looks_alike_is_left_alone(temporary):
    young = left_behind(temporary, "facematch-young", age=2 * LONG_AGO)
    other = left_behind(temporary, "another-program")
    full = left_behind(temporary, "facematch-full")
    (full / "evidence").unlink()
    (full / "evidence").write_text("a file of somebody's")
    empty = temporary / "facematch-empty"
    empty.mkdir()
    for folder in (full, empty):
        os.utime(folder, (LONG_AGO, LONG_AGO))

    with keeping(60.0):
        assert [folder.exists() for folder in (young, other, full, empty)] == [True] * 4

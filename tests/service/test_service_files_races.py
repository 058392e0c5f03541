"""Several threads and processes at the same files, and what a killed one leaves."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from facematch.limits import Limits
from facematch.service.files import FileRefused, Files

LIMITS = Limits(file_max_bytes=1000, files_max=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def kinds(do: Callable[[int], object], times: int) -> list[str]:
    """Run *do* in eight threads; of each run the kind of its refusal, or "done"."""

    def told(number: int) -> str:
        try:
            do(number)
        except FileRefused as refused:
            return refused.kind
        return "done"

    with ThreadPoolExecutor(8) as pool:
        return sorted(pool.map(told, range(times)))


def test_a_folder_takes_no_more_than_its_limit_from_many_at_once(folder: Path) -> None:
    done = kinds(lambda number: Files(folder, LIMITS).put(f"people/{number}", b"x"), 40)

    assert done == ["count"] * 37 + ["done"] * 3
    assert len(Files(folder, LIMITS).all()) == 3


def test_other_processes_count_too(folder: Path) -> None:
    program = """
import sys
from pathlib import Path
from facematch.limits import Limits
from facematch.service.files import FileRefused, Files
files = Files(Path(sys.argv[1]), Limits(files_max=10))
for number in range(10):
    try:
        files.put(f"{sys.argv[2]}/{number}", b"x")
    except FileRefused as refused:
        assert refused.kind == "count", refused.reason
"""
    command = [sys.executable, "-c", program, str(folder)]
    running = [subprocess.Popen([*command, str(number)]) for number in range(3)]

    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(Files(folder, LIMITS).all()) == 10


def test_a_reader_sees_one_whole_file_or_the_other(folder: Path) -> None:
    files = Files(folder, LIMITS)
    files.put("a", b"0" * 1000)

    def use(number: int) -> None:
        if number % 2:
            files.put("a", iter([str(number % 10).encode() * 500] * 2))
        else:
            data = files.read("a", 1000)
            assert len(data) == 1000
            assert len(set(data)) == 1

    assert kinds(use, 200) == ["done"] * 200


def test_putting_deleting_and_listing_do_not_disturb_each_other(folder: Path) -> None:
    files = Files(folder, Limits(files_max=50))

    def use(number: int) -> None:
        path = f"people/{number % 3}/{number % 4}"
        if number % 5 == 0:
            files.delete(path)  # and the folders that it leaves empty, which others are about to use
        elif number % 5 == 1:
            assert all(file.bytes == 4 for file in files.all())
        else:
            assert files.put(path, b"four").bytes == 4

    assert kinds(use, 400) == ["done"] * 400
    assert list((folder / ".incoming").iterdir()) == []


def test_the_last_file_of_a_folder_takes_the_folder_with_it(folder: Path) -> None:
    files = Files(folder, LIMITS)
    files.put("a/b/c/d", b"x")
    files.put("a/e", b"x")
    files.delete("a/b/c/d")

    assert sorted(path.name for path in (folder / "a").iterdir()) == ["e"]


def test_an_unfinished_upload_is_not_listed(folder: Path) -> None:
    files, go_on, begun = Files(folder, LIMITS), threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        yield b"x" * 500
        begun.set()
        go_on.wait(30)
        yield b"y"

    with ThreadPoolExecutor(1) as pool:
        upload = pool.submit(files.put, "a", slow())
        assert begun.wait(30)
        during = files.all()
        go_on.set()
        upload.result(30)

    assert during == ()
    assert [file.bytes for file in files.all()] == [501]


def test_what_a_killed_upload_left_is_removed_when_it_is_old(folder: Path) -> None:
    files = Files(folder, LIMITS)
    files.put("a", b"x")
    old, new = (folder / ".incoming" / name for name in ("old", "new"))
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    files.put("b", b"x")

    assert (old.exists(), new.exists()) == (False, True)


def test_a_name_on_the_disk_that_no_path_can_have_is_not_listed(folder: Path) -> None:
    files = Files(folder, LIMITS)
    files.put("a", b"x")
    for name in (".hidden", "Andre\u0301", "line\nbreak", os.fsdecode(b"\xff")):
        (folder / name).write_bytes(b"x")

    assert [file.path for file in files.all()] == ["a"]


def test_a_folder_that_cannot_be_used_is_told_without_its_name(folder: Path) -> None:
    files = Files(folder, LIMITS)
    folder.write_bytes(b"")
    for use in (lambda: files.put("a", b"x"), files.all, lambda: files.read("a", 9), lambda: files.delete("a")):
        with pytest.raises(FileRefused, match=r"^the folder of files cannot be used: ") as refused:
            use()

        assert refused.value.kind == "disk"
        assert str(folder) not in refused.value.reason


def test_a_disk_that_is_full_is_told_and_leaves_the_old_file(folder: Path) -> None:
    program = """
import resource, signal, sys
from pathlib import Path
from facematch.limits import Limits
from facematch.service.files import FileRefused, Files
files = Files(Path(sys.argv[1]), Limits())
files.put("a", b"old")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    files.put("a", iter([b"new" * 1000] * 100))
except FileRefused as refused:
    print(refused.kind, refused.reason, files.read("a", 9), len(list((Path(sys.argv[1]) / ".incoming").iterdir())))
"""
    told = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True)

    assert told.stdout == "disk the folder of files cannot be used: File too large b'old' 0\n"

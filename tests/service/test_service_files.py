"""The folder that stands in for the file server: what goes in comes out, and nothing leads out of it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from facematch.limits import Limits
from facematch.service.files import FileRefused, Files

LIMITS = Limits(file_max_bytes=1000, files_max=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def files(folder: Path) -> Files:
    return Files(folder, LIMITS)


def paths(files: Files) -> list[str]:
    return [file.path for file in files.all()]


def everything_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.name != ".incoming")


def test_what_is_put_is_listed_read_and_deleted(files: Files) -> None:
    stored = files.put("people/a.jpg", b"photo")

    assert (stored.path, stored.bytes) == ("people/a.jpg", 5)
    assert stored.modified_at.endswith("+00:00")
    assert files.all() == (stored,)
    assert files.read("people/a.jpg", 5) == b"photo"
    assert files.delete("people/a.jpg") is True
    assert files.all() == ()


def test_a_folder_that_nobody_has_put_anything_into_is_empty(files: Files, folder: Path) -> None:
    assert files.all() == ()
    assert files.delete("a") is False
    with pytest.raises(FileRefused, match="no such file"):
        files.read("a", 10)
    assert not folder.exists()


def test_a_file_that_is_put_again_is_replaced(files: Files) -> None:
    files.put("a", b"old")
    files.put("a", iter([b"n", b"ew"]))

    assert files.read("a", 10) == b"new"
    assert paths(files) == ["a"]


def test_one_slash_in_front_does_not_count(files: Files) -> None:
    files.put("/people/a.jpg", b"photo")

    assert paths(files) == ["people/a.jpg"]
    assert files.read("people/a.jpg", 9) == files.read("/people/a.jpg", 9) == b"photo"
    assert files.delete("/people/a.jpg") is True


def test_a_path_is_the_same_in_every_form_of_unicode(files: Files) -> None:
    composed, decomposed = "照片/Andr\u00e9.jpg", "照片/Andre\u0301.jpg"
    files.put(decomposed, b"photo")

    assert paths(files) == [composed]
    assert files.read(composed, 9) == files.read(decomposed, 9) == b"photo"


REFUSED = [
    *("", "/", "//", "a/", "a//b", "//a", "//server/share", "/ /", "a/./b", ".", "./a"),
    *("..", "../a", "a/..", "a/../b", "a/../../b", "/..", "/../a", "...", "a/.../b", ".hidden", "a/.hidden/b"),
    *("..\\a", "a\\..\\..\\b", "\\a", "\\\\server\\share", "C:\\a", "C:a", "c:/a", "a:stream"),
    *("file:///etc/passwd", "http://a/b", "fds://a", ".incoming/a"),
    *("a\0", "\0", "a\0/../b", "a\nb", "a\rb", "a\tb", "a\x7fb", "a\x85b", "\x1b[31m"),
    *("a\u202eb", "a\u200bb", "\ufeffa", "a\u2028b", "\ud800", "a/\udcff"),
    *("x" * 256, "照" * 86, "/".join("a" * 17), "a/" * 600 + "a"),
]


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: ascii(path)[:24])
def test_a_path_that_is_no_plain_name_is_refused_everywhere(files: Files, folder: Path, path: str) -> None:
    for use in (lambda: files.put(path, b"x"), lambda: files.read(path, 9), lambda: files.delete(path)):
        with pytest.raises(FileRefused) as refused:
            use()
        assert refused.value.kind == "path"
        assert not path.strip("./\\ ") or path not in refused.value.reason
    assert everything_below(folder.parent) == []


@pytest.mark.parametrize(
    "path", ["a b.jpg", "%2e%2e/a", "..a".lstrip("."), "照" * 85, "a..b", "~root", "$HOME", "-rf", "*"]
)
def test_a_path_that_only_looks_odd_is_a_plain_name(files: Files, folder: Path, path: str) -> None:
    files.put(path, b"x")

    assert paths(files) == [path]
    assert [each.relative_to(folder).as_posix() for each in everything_below(folder) if each.is_file()] == [path]


@pytest.fixture
def outside(tmp_path: Path, folder: Path) -> Path:
    """A file and a folder beside ours, with links to them in ours."""
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "secret").write_bytes(b"secret")
    folder.mkdir()
    (folder / "file").symlink_to(secret / "secret")
    (folder / "folder").symlink_to(secret)
    (folder / "nowhere").symlink_to(secret / "nothing")
    (folder / "round").symlink_to(folder / "round")
    return secret


@pytest.mark.parametrize("path", ["file", "folder/secret", "nowhere", "round", "round/a"])
def test_a_symbolic_link_is_neither_read_nor_listed_nor_deleted(files: Files, outside: Path, path: str) -> None:
    with pytest.raises(FileRefused):
        files.read(path, 100)

    assert files.delete(path) is False
    assert files.all() == ()
    assert (outside / "secret").read_bytes() == b"secret"


def test_nothing_is_written_through_a_symbolic_link(files: Files, folder: Path, outside: Path) -> None:
    with pytest.raises(FileRefused):
        files.put("folder/new", b"x")
    for path in ("file", "nowhere", "round"):
        files.put(path, b"ours")  # takes the link's place

    assert [each.name for each in outside.iterdir()] == ["secret"]
    assert (outside / "secret").read_bytes() == b"secret"
    assert paths(files) == ["file", "nowhere", "round"]


def test_the_place_of_unfinished_uploads_may_not_be_a_link(files: Files, folder: Path, outside: Path) -> None:
    (folder / ".incoming").symlink_to(outside)
    with pytest.raises(FileRefused):
        files.put("a", b"x")

    assert [each.name for each in outside.iterdir()] == ["secret"]


def test_what_is_no_file_is_not_read(files: Files, folder: Path) -> None:
    files.put("people/a", b"x")
    os.mkfifo(folder / "pipe")
    for path in ("people", "pipe", "people/a/b"):
        with pytest.raises(FileRefused):
            files.read(path, 9)
        assert files.delete(path) is False

    assert paths(files) == ["people/a"]


def test_a_file_and_a_folder_cannot_share_a_path(files: Files) -> None:
    files.put("people/a", b"x")
    for path in ("people", "people/a/b"):
        with pytest.raises(FileRefused) as refused:
            files.put(path, b"y")
        assert refused.value.kind == "path"

    assert paths(files) == ["people/a"]


def test_files_and_folders_are_the_owner_s_alone(files: Files, folder: Path) -> None:
    before = os.umask(0)
    try:
        files.put("people/a", b"x")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "people", folder / ".incoming")}

    assert modes == {0o700}
    assert stat.S_IMODE((folder / "people" / "a").stat().st_mode) == 0o600


def test_a_file_may_be_as_large_as_the_limit(files: Files) -> None:
    files.put("a", b"x" * LIMITS.file_max_bytes)

    assert len(files.read("a", 1000)) == 1000
    with pytest.raises(FileRefused) as refused:
        files.read("a", 999)
    assert (refused.value.kind, refused.value.reason) == ("size", "more than 999 bytes")


def test_an_upload_beyond_the_limit_is_stopped_and_leaves_nothing(files: Files, folder: Path) -> None:
    taken: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b"x" * 400

    with pytest.raises(FileRefused) as refused:
        files.put("a/b", endless())

    assert refused.value.kind == "size"
    assert len(taken) == 3
    assert everything_below(folder) == []
    assert list((folder / ".incoming").iterdir()) == []


def test_an_upload_that_breaks_off_leaves_the_old_file(files: Files, folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise KeyError

    files.put("a", b"old")
    with pytest.raises(KeyError):
        files.put("a", broken())

    assert files.read("a", 9) == b"old"
    assert list((folder / ".incoming").iterdir()) == []


def test_no_more_files_than_the_limit_but_a_full_folder_takes_replacements(files: Files) -> None:
    for name in ("a", "b/c", "d"):
        files.put(name, b"x")
    with pytest.raises(FileRefused) as refused:
        files.put("e", b"x")
    files.put("b/c", b"new")

    assert (refused.value.kind, refused.value.reason) == ("count", "there are 3 files already")
    assert (paths(files), files.read("b/c", 9)) == (["a", "b/c", "d"], b"new")

"""The key of the digests: made once, private, the same for everybody who loads it."""

import threading

import pytest

from facematch.errors import LogUnavailable
from facematch.log import Key, load_key


def test_the_first_use_makes_a_key_that_only_the_owner_may_read(tmp_path):
    path = tmp_path / "keys" / "log.key"
    key = load_key(path)

    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert len(key.secret) == 32


def test_every_later_use_gives_the_same_key(tmp_path):
    assert load_key(tmp_path / "log.key") == load_key(tmp_path / "log.key")


def test_two_keys_have_two_names(tmp_path):
    assert load_key(tmp_path / "one").id != load_key(tmp_path / "two").id


def test_all_who_race_to_make_the_key_get_the_same(tmp_path):
    barrier, keys = threading.Barrier(8), []

    def work() -> None:
        barrier.wait()
        keys.append(load_key(tmp_path / "new" / "log.key"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_key_that_others_can_read_is_taken_from_them(tmp_path):
    path = tmp_path / "log.key"
    path.write_text("ab" * 32)
    path.chmod(0o644)

    assert load_key(path).secret == b"\xab" * 32
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_given_needs_no_file(tmp_path):
    assert load_key(tmp_path / "log.key", "cd" * 32).secret == b"\xcd" * 32
    assert not (tmp_path / "log.key").exists()


@pytest.mark.parametrize("content", ["", "abcd", "zz" * 32, "ab" * 33, "\xff" * 70])
def test_a_file_that_holds_no_key_is_refused_without_saying_what_it_holds(tmp_path, content):
    (tmp_path / "log.key").write_text(content)

    with pytest.raises(LogUnavailable, match="64 hexadecimal digits") as refused:
        load_key(tmp_path / "log.key")
    assert not content or content not in str(refused.value)


def test_a_key_that_can_be_neither_read_nor_made_makes_the_log_unavailable(tmp_path):
    (tmp_path / "keys").write_text("in the way")

    with pytest.raises(LogUnavailable, match="no key for the log"):
        load_key(tmp_path / "keys" / "log.key")


def test_a_key_does_not_show_its_secret():
    assert "secret" not in repr(Key("k1", b"secret" * 6))

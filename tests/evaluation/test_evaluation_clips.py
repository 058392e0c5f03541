"""Labelled clips over HTTP: every way that one can end, and the rates that are made of them."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from facematch import samples
from facematch.analytics.metrics import wilson
from facematch.engine.pipeline import FaceEngine
from facematch.evaluation.clips import main
from facematch.evaluation.listed import read_list
from facematch.evaluation.still_clips import read_still, still_clip, waved_clip
from facematch.log import CallLog
from facematch.service import Server
from facematch.settings import Settings

Clips = tuple[tuple[str, str, str, int, str], ...]  # bytes, label, attack, synthetic, identity
Told = Callable[..., dict[str, Any]]

CLIPS: Clips = (
    ("video 0.9", "live", "", 0, "a"),
    ("video 0.1", "live", "", 0, "a"),  # a stranger is alive too
    ("video motionless", "live", "", 0, "b"),
    ("video spoof", "live", "", 0, "b"),
    ("video tiny", "live", "", 0, "b"),
    ("video replay", "spoof", "phone", 0, "a"),
    ("video 0.9", "spoof", "phone", 1, "a"),
    ("video wall", "spoof", "phone", 1, "a"),
    ("video unready", "spoof", "print", 1, "b"),
)


@pytest.fixture
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> Path:
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FACEMATCH_TOKEN", token)
    return tmp_path / "data"


@pytest.fixture
def told(
    scripted_service: Server, own_environment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Told]:
    """What the program says of clips, as JSON; its text stands under "text"."""

    def say(clips: Clips, *options: str) -> dict[str, Any]:
        path = tmp_path / "clips.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("path", "label", "attack", "synthetic", "identity"))
            for nth, (data, *labels) in enumerate(clips):
                (tmp_path / f"clip{nth}.mp4").write_bytes(data.encode())
                writer.writerow((f"clip{nth}.mp4", *labels))
        report = tmp_path / "report.json"
        assert main([str(path), "--url", scripted_service.url, "--json", str(report), *options]) == 0
        return {**json.loads(report.read_text(encoding="utf-8")), "text": capsys.readouterr().out}

    return say


def rate(k: int, n: int) -> dict[str, float]:
    low, high = wilson(k, n)
    return {"k": k, "n": n, "share": k / n, "low": low, "high": high}


def test_living_persons_who_were_refused_or_asked_again_count_and_those_not_acquired_do_not(told: Told) -> None:
    live = told(CLIPS)["groups"]["filmed live"]

    assert (live["passed"], live["inconclusive"], live["refused"], live["not_acquired"]) == (2, 1, 1, 1)
    assert live["bpcer"] == pytest.approx(rate(2, 4))
    assert live["not_acquired_by"] == {"1108": 1}
    assert live["decided_by"] == {"motion": 1, "flat": 1}


def test_attacks_are_told_by_kind_and_filmed_ones_apart_from_made_ones(told: Told) -> None:
    groups = told(CLIPS)["groups"]

    assert list(groups) == ["filmed live", "filmed phone", "made phone", "made print"]
    assert groups["filmed phone"]["apcer"] == pytest.approx(rate(0, 1))
    assert groups["made phone"]["apcer"] == pytest.approx(rate(1, 1))
    assert groups["made phone"]["not_acquired_by"] == {"1004": 1}


def test_a_check_that_did_not_run_is_a_failed_call_and_enters_no_rate(told: Told) -> None:
    group = told(CLIPS)["groups"]["made print"]

    assert (group["failed"], group["apcer"]) == (1, None)
    assert group["failed_by"] == {"biz_error 1001": 1}


def test_the_text_says_each_rate_with_its_counts_and_interval(told: Told) -> None:
    text = told(CLIPS, "--each")["text"]

    assert "live (filmed): 5 clips" in text
    assert "BPCER 2 of 4, 50.0 % (15.0 % to 85.0 %); refused outright 1 of 4" in text
    assert "APCER 1 of 1, 100.0 % (20.7 % to 100.0 %)" in text
    assert "row   7 phone" in text


def test_only_the_persons_that_are_named_are_measured(told: Told) -> None:
    assert [clip["row"] for clip in told(CLIPS, "--identities", "b")["clips"]] == [4, 5, 6, 10]


def test_every_clip_leaves_one_row_and_no_name_of_a_file(told: Told, own_environment: Path) -> None:
    report = told(CLIPS, "--environment", "bench")

    with closing(CallLog(own_environment / "log" / "calls.db")) as log, log.reading() as db:
        rows = [dict(row) for row in db.exec_driver_sql("SELECT * FROM calls").mappings()]
    assert sorted(int(row["item_id"]) for row in rows) == list(range(2, 11))
    assert {(row["run_id"], row["env"], row["mode"]) for row in rows} == {(report["run_id"], "bench", "SILENT")}
    assert "clip0" not in report["text"] + str(rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,label\nx,live\n", "the list has no column attack or synthetic or identity; it needs path, label"),
        ("path,label,attack,synthetic,identity\n", "the list has no rows"),
        ("path,label,attack,synthetic,identity\nJohn_Doe.mp4,live,,0,a\n", "1 file is missing: row 2"),
        ("path,label,attack,synthetic,identity\n,live,,0,a\n", "row 2: path is empty"),
    ],
)
def test_a_list_that_cannot_be_used_ends_the_program_with_one_sentence(
    own_environment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")

    assert main([str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"facematch.evaluation.clips: {message}")
    assert "John_Doe" not in told
    assert told.count("\n") == 1


def test_cells_are_read_without_the_white_space_around_them(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")
    (tmp_path / "list.csv").write_text("path,label\n a.mp4 , live \n", encoding="utf-8")

    (row,) = read_list(tmp_path / "list.csv", ("label",))
    assert (row.number, row.path, row.cells["label"]) == (2, tmp_path / "a.mp4", "live")


def test_a_still_becomes_three_clips_of_which_none_counts_as_live(
    told: Told, scripted_service: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "face.jpg").write_bytes(samples.photo("obama_1.jpg"))
    path, report = tmp_path / "stills.csv", tmp_path / "report.json"
    path.write_text("path,label,attack\nface.jpg,live,\n", encoding="utf-8")

    assert main([str(path), "--stills", "--url", scripted_service.url, "--json", str(report)]) == 0
    assert list(json.loads(report.read_text())["groups"]) == [
        "made still live",
        "made waved live",
        "made waved_aliased live",
    ]
    assert "a photo held to the camera" in capsys.readouterr().out


def test_the_clips_of_a_still_are_videos_in_which_the_engine_follows_the_face(tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    path.write_bytes(samples.photo("obama_1.jpg"))
    engine, image = FaceEngine(Settings(data_dir=tmp_path)), read_still(path)
    still, waved = (engine.open_video(data, "SILENT") for data in (still_clip(image), waved_clip(image, 1)))

    first, last = still.frames[0].planes, still.frames[-1].planes
    assert (first == last).all()
    assert (waved.frames[0].planes != waved.frames[-1].planes).any()
    assert (still.duration_s, still.codec) == (3.0, "mjpeg")
    watches = [engine.watch(video, "SILENT") for video in (still, waved)]
    assert [watch.clip.refused for watch in watches] == [None, None]
    assert engine.silent(watches[0]).decided_by == "frozen"


def test_the_same_seed_waves_a_photo_in_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    path.write_bytes(samples.photo("tiny.jpg"))
    image = read_still(path)

    assert waved_clip(image, 4) == waved_clip(image, 4) != waved_clip(image, 5)

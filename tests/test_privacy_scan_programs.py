"""As test_privacy_scan, of the programs: an evaluation, the command line, and the pages."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st
from faulty.server import FaultyServer
from scanned_calls import CLIP, CODE, NAMES, NUMBERS, PROBE, REFERENCE, SECRETS, TOKEN, repeats_all
from secret_scan import files_in
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in (("a.jpg", REFERENCE), ("b.jpg", PROBE), ("c.mp4", CLIP)):
        (folder / name).write_bytes(data)
    (folder / "pairs.csv").write_text("file_x,file_y,same\na.jpg,b.jpg,1\nb.jpg,a.jpg,0\n")
    return folder


def run(tmp_path, *arguments, url, typed=""):
    env = {"FACEMATCH_DATA_DIR": str(tmp_path / "data"), "FACEMATCH_TOKEN": TOKEN, "FACEMATCH_URL": url}
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=env, input=typed.encode(), capture_output=True, check=False, timeout=90
    )


def test_nothing_personal_is_left_by_an_evaluation(tmp_path, media):
    with FaultyServer(repeats_all) as server:
        done = run(tmp_path, "facematch.evaluation", media / "pairs.csv", url=server.url)
    found = files_in(tmp_path / "data", leave=("keys",)) | {"stdout": done.stdout, "stderr": done.stderr}

    assert SECRETS.found_in(found) == []
    assert len(server.received) >= 2
    assert "log/calls.db" in found


COMMANDS = {
    "match": ("match", "a.jpg", "b.jpg"),
    "match as JSON": ("match", "a.jpg", "b.jpg", "--json"),
    "match of a video": ("match", "a.jpg", "c.mp4", "--lip", "--code", CODE),
    "verify-id": ("verify-id", "b.jpg"),
    "verify-id as JSON": ("verify-id", "b.jpg", "--json"),
    "live-code": ("live-code",),
    "doctor": ("doctor", "--json"),
    "log export": ("log", "export", "--format", "jsonl"),
    "log forget": ("log", "forget", "--yes"),
}


def test_nothing_personal_is_left_by_the_command_line(tmp_path, media):
    said, codes = {}, {}
    typed = f"{NUMBERS['number']}\n{NAMES['Chinese name']}\n"
    with FaultyServer(repeats_all) as server:
        for name, (command, *rest) in COMMANDS.items():
            arguments = [media / word if (media / word).is_file() else word for word in rest]
            done = run(tmp_path, "facematch", command, *arguments, url=server.url, typed=typed)
            said |= {f"{name}: stdout": done.stdout, f"{name}: stderr": done.stderr}
            codes[name] = done.returncode

    assert SECRETS.found_in(files_in(tmp_path / "data", leave=("keys",)) | said) == []
    assert {name: codes[name] for name in ("match", "verify-id", "log export", "log forget")} == {
        "match": 3, "verify-id": 3, "log export": 0, "log forget": 0,
    }  # fmt: skip
    assert said["log export: stdout"].count(b"\n") >= 6


def test_nothing_personal_is_left_by_the_pages(tmp_path, monkeypatch, caplog, capfd):
    caplog.set_level(logging.INFO)
    with FaultyServer(repeats_all) as server:
        for name, value in (("DATA_DIR", str(tmp_path / "data")), ("URL", server.url), ("TOKEN", TOKEN)):
            monkeypatch.setenv(f"FACEMATCH_{name}", value)
        st.cache_data.clear()
        st.cache_resource.clear()
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        shown = str(page)
        page.switch_page("pages/photo_match.py").run()
        for part, data in (("reference", REFERENCE), ("probe", PROBE)):
            page.file_uploader(key=f"{part}_upload_0").upload(f"{part}.jpg", data, "image/jpeg")
            page.run()
        page.button(key="ask").click().run()
        errors = len(page.error)
        shown += str([*page.markdown, *page.error, *page.code, *page.caption, *page.warning, *page.json])
        page.switch_page("pages/history.py").run()
        shown += str([*page.markdown, *page.error, *page.code, *page.caption, *page.dataframe, *page.table])
        st.cache_resource.clear()
    out, err = capfd.readouterr()
    said = {"shown": shown.encode(), "stdout": out.encode(), "stderr": err.encode(), "log": caplog.text.encode()}

    assert SECRETS.found_in(files_in(tmp_path / "data", leave=("keys",)) | said) == []
    assert errors == 1
    assert any(b"/match" in request[:40] for request in server.received)

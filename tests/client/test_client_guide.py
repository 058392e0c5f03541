"""docs/client.md: its examples run as they stand, against a service, and it speaks of every public name."""

import re
from pathlib import Path

import pytest

import facematch
from facematch import client as api
from facematch.log import CallLog

GUIDE = (Path(facematch.__file__).parents[1] / "docs" / "client.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def told(own_service, token, tmp_path, monkeypatch, capsys):
    """What the examples leave behind, run one after the other in a folder with the files that they name."""
    files = {"card.jpg": b"any", "selfie.jpg": b"0.8", "clip.mp4": b"video 0.8", "token": f"{token}\n".encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FACEMATCH_URL", own_service.url)
    monkeypatch.setenv("FACEMATCH_TOKEN", token)
    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(compile(example, "docs/client.md", "exec"), names)  # noqa: S102
    return names | {"printed": capsys.readouterr().out}


def test_the_examples_do_what_they_say(told, token):
    assert (told["match"].passed, told["match"].score) == (True, 80)
    assert told["answer"].passed
    assert told["issued"].code.isdigit()
    assert told["evidence"].trace_no == told["match"].trace_no
    assert told["health"].engine == "scripted engine"
    assert told["stored"].path == "clips/1.mp4"
    assert "2005 " in told["printed"]
    assert "BusinessError HTTP 200, errcode 2101" in told["printed"]
    assert "curl" in told["printed"]
    assert token not in told["printed"]


def test_the_logged_example_leaves_its_row(told, tmp_path):
    log = CallLog(tmp_path / "calls.db")
    with log.reading() as db:
        rows = db.exec_driver_sql("SELECT env, run_id, item_id, label, success FROM calls").all()
    log.close()

    assert [tuple(row) for row in rows] == [("docs", "run-1", "pair-1", 1, 1)]


@pytest.mark.parametrize("name", api.__all__)
def test_the_guide_speaks_of_every_public_name(name):
    assert re.search(rf"\b{name}\b", GUIDE)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([A-Z][A-Za-z]+)`", GUIDE)) - {"None", "SILENT", "LIP"}))
def test_every_class_of_the_guide_is_public(name):
    assert name in api.__all__

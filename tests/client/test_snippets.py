"""The same call as a shell command and as a program: both are run, and both get the client's verdict."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from facematch.client import Photo, as_curl, as_python

SHELL = "/bin/sh"


@pytest.fixture
def folder(tmp_path, token, monkeypatch):
    """What the reader of a snippet is told to put beside it."""
    (tmp_path / "reference.jpg").write_bytes(bytes(range(256)) * 400)  # base64 wraps its lines
    (tmp_path / "probe.jpg").write_bytes(b"0.8")
    monkeypatch.setenv("FACEMATCH_TOKEN", token)
    return tmp_path


def run(folder, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def made(client, folder):
    """The client's own call with the same files."""
    return client.match(Photo((folder / "reference.jpg").read_bytes()), Photo((folder / "probe.jpg").read_bytes()))


def test_the_shell_command_gets_the_clients_verdict(made, folder):
    (folder / "call.sh").write_text(as_curl(made.exchange.url, made.exchange.request))
    if shutil.which("curl") is None:
        run(folder, SHELL, "-n", "call.sh")  # without curl no more than its grammar can be proved
        return

    answer = json.loads(run(folder, SHELL, "call.sh"))

    assert answer["data"]["result"] == {"isSccess": "true", "score": "80"} == _result(made)


def test_the_python_program_gets_the_clients_verdict(made, folder):
    (folder / "call.py").write_text(as_python(made.exchange.url, made.exchange.request))

    status, _, text = run(folder, sys.executable, "call.py").partition(" ")

    assert status == "200"
    assert json.loads(text)["data"]["result"] == _result(made)


def _result(made) -> object:
    return json.loads(made.exchange.answer)["data"]["result"]


def test_a_snippet_holds_neither_token_nor_photo(made, token):
    for text in (
        as_curl(made.exchange.url, made.exchange.request),
        as_python(made.exchange.url, made.exchange.request),
    ):
        assert token not in text
        assert "<base64" not in text
        assert "FACEMATCH_TOKEN" in text


@pytest.mark.parametrize("url", ["http://h/'; touch broken; '", 'http://h/"+print()+"', "http://h/$(touch broken)"])
def test_an_address_cannot_break_out_of_its_quotes(url, made, folder):
    (folder / "call.sh").write_text(as_curl(url, made.exchange.request).replace("curl ", "echo ", 1))

    shown = run(folder, SHELL, "call.sh")
    compile(as_python(url, made.exchange.request), "call.py", "exec")

    assert url in shown
    assert not (folder / "broken").exists()
    assert json.dumps(url) in as_python(url, made.exchange.request)


@pytest.mark.parametrize("is_async", [True, False])
def test_booleans_are_written_in_each_language(is_async, made):
    wire = {"async": is_async, **made.exchange.request}

    assert f'"async": {json.dumps(is_async)}' in as_curl(made.exchange.url, wire)
    assert f'"async": {is_async}' in as_python(made.exchange.url, wire)

"""After every kind of call, to every kind of server, nothing personal is anywhere: not in the log, not in sight."""

import base64
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from disguises import DISGUISES
from faulty.acts import closes, echoes, hangs, resets_after, says, says_json, tells
from faulty.server import FaultyServer, path
from scanned_calls import (
    NUMBERS,
    PEOPLE,
    SECRETS,
    TOKEN,
    breaks_off,
    in_gbk,
    passes,
    repeats_all,
    repeats_as,
    shown_of,
)
from secret_scan import Secrets, encoded, files_in, forms

from facematch.client import FaceMatchClient
from facematch.errors import LogWaiting
from facematch.log import CallLog, Key
from facematch.log.export import Span, csv_pages, jsonl_pages
from tests.service.started import running

KEY = Key("k1", b"s" * 32)
SERVERS = {
    "echoes": echoes,
    "repeats all": repeats_all,
    "in GBK": in_gbk,
    "passes": passes,
    "accepts": tells(None, status="PROCESSING"),
    "refuses the token": says_json(401, {"errcode": 1001, "errmsg": f"token {TOKEN} is not known", "data": None}),
    "closes": closes,
    "resets": resets_after(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"),
    "hangs": hangs,
    "redirects": says(307, headers={"Location": f"http://127.0.0.1:9/?token={TOKEN}"}),
    "breaks off": breaks_off,
    **{f"repeats all, {name}": repeats_as(disguise) for name, disguise in DISGUISES.items()},
}


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[CallLog]:
    log = CallLog(tmp_path / "log" / "calls.db", key=KEY)
    yield log
    log.close()


def places(log: CallLog, folder: Path, said: Mapping[str, str]) -> dict[str, bytes]:
    exported = {"csv": "".join(csv_pages(log, Span())), "jsonl": "".join(jsonl_pages(log, Span()))}
    return files_in(folder, leave=("keys",)) | {name: text.encode() for name, text in (said | exported).items()}


@pytest.mark.parametrize("kind", SERVERS)
def test_nothing_personal_is_left_by_calls_to_a_server_that(kind, keeper, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    timeout_s = 0.3 if kind == "hangs" else 10.0
    with FaultyServer(SERVERS[kind]) as server:
        options = {"log": keeper, "environment": "faulty", "timeout_s": timeout_s, "attempts": 2}
        with FaceMatchClient(server.url, TOKEN, **options) as client:
            shown = "\n".join(shown_of(client))
        received = list(server.received)
    urls = "\n".join(path(request) for request in received)
    out, err = capfd.readouterr()
    said = {"shown": shown, "program's log": caplog.text, "stdout": out, "stderr": err, "URLs": urls}

    assert SECRETS.found_in(places(keeper, tmp_path, said)) == []
    with keeper.reading() as db:
        rows = db.exec_driver_sql("SELECT count(*) FROM calls").scalar_one()
    assert rows >= 6 + 3 * len(PEOPLE)
    sent = Secrets(SECRETS.texts, {}).found_in({"sent": b"\n".join(received)})
    assert len(sent) > 10  # they were on their way


def test_nothing_personal_is_left_by_calls_to_our_own_service_nor_in_what_it_writes(keeper, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with running(tmp_path / "service") as service:
        options = {"log": keeper, "environment": "ours", "timeout_s": 30.0}
        with FaceMatchClient(service.url, service.token, **options) as client:
            shown = "\n".join(shown_of(client))
            code = client.live_code()
            shown += f"{code!r} {code.exchange!r} {code.exchange.answer}"
        with FaceMatchClient(service.url, TOKEN, **options) as client:
            shown += "\n".join(shown_of(client))
        _, out = service.stop()
    said = {"shown": shown, "program's log": caplog.text, "captured": "".join(capfd.readouterr()), "stdout": out}
    found = SECRETS.found_in(places(keeper, tmp_path, said))

    # the file that was uploaded is kept as it came, for that is what it is for
    assert [place for place in found if not place.startswith("service/files/")] == []
    assert (tmp_path / "service.log").read_bytes().count(b"\n") > 20
    assert f'"{code.code}"' not in shown


def test_nothing_personal_is_left_in_the_spool_of_a_server_that_is_down(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    log = CallLog(f"postgresql://keeper:{TOKEN[:19]}@127.0.0.1:9/log", key=KEY, spool=tmp_path / "spool" / "spool.db")
    with FaultyServer(repeats_all) as server, FaceMatchClient(server.url, TOKEN, log=log, attempts=1) as client:
        shown = "\n".join(shown_of(client))
    said = {"shown": shown, "trouble": f"{log.trouble} {log.trouble!r} {log.place}", "program's log": caplog.text}
    said["captured"] = "".join(capfd.readouterr())
    found = SECRETS.found_in(files_in(tmp_path) | {name: text.encode() for name, text in said.items()})

    assert found == []
    assert TOKEN[:19] not in "".join(said.values())
    assert isinstance(log.trouble, LogWaiting)
    assert log.waiting >= 6 + 3 * len(PEOPLE)
    log.close()


PLANTED = [(name, form, data) for name, text in SECRETS.texts.items() for form, data in forms(text)]
PLANTED += [
    (name, form, data)
    for name, file in SECRETS.files.items()
    for form, data in (("bytes", file), *((form, way) for form, way in encoded(file)))
]


def test_the_scan_finds_each_secret_in_each_form_inside_other_bytes():
    """The control: without it an empty result would prove nothing."""
    missed = [
        (name, form)
        for name, form, data in PLANTED
        if not any(found.startswith(f"x: {name} as") for found in SECRETS.found_in({"x": b"\x00\xffab" + data + b"=z"}))
    ]

    assert missed == []
    assert {form for _, form, _ in PLANTED} > {"text", "GBK", "hex", "base64", "percent", "\\u", "bytes"}


@pytest.mark.parametrize("before", range(6))
def test_the_scan_finds_base64_wherever_in_a_longer_text_it_begins(before):
    for text in SECRETS.texts.values():
        content = base64.b64encode(b"-" * before + text.encode() + b"-" * 7)

        assert SECRETS.found_in({"x": content})


def test_the_scan_finds_what_is_planted_in_a_log(keeper, tmp_path):
    with keeper.recording(env="e", endpoint="match", mode="photo", request_id=NUMBERS["number"]):
        pass

    assert any("number as text" in found for found in SECRETS.found_in(files_in(tmp_path)))
    assert SECRETS.found_in({"x": b"nothing of it"}) == []

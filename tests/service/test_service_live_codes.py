"""Live codes: who may use one, when it is spent, and that it is spent once."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from bodies import CODE, b64, lip, silent
from scripted_engine import ScriptedEngine

from facematch.service import Server, create_app
from facematch.settings import Settings

LIVE_CODE = "/tech/ai/face/match/validateData"
CHOSEN = "/local/live-codes"


@pytest.fixture
def ask(own_service, send_to):
    return lambda *args, **options: send_to(own_service, *args, **options)


@pytest.fixture
def code(ask) -> str:
    return ask(LIVE_CODE, b"").result["code"]


@pytest.fixture
def serve(tmp_path, token):
    """Starts services one after the other on one data directory."""
    started = []

    def serve(engine: ScriptedEngine) -> Server:
        for each in started:
            each.stop()
        started.append(Server(create_app(engine, token=token, settings=Settings(data_dir=tmp_path / "kept"))))
        return started[-1]

    yield serve
    started[-1].stop()


def test_a_code_is_used_once(code, ask):
    first, second = ask(body=lip(code=code)), ask(body=lip(code=code))

    assert (first.errcode, second.errcode) == (0, 1133)


@pytest.mark.parametrize("given", ["0000", "12", "", " 0521", "十二三四", "9" * 5000])
def test_a_code_that_was_not_issued_is_unknown_or_missing(given, ask):
    assert ask(body=lip(code=given)).errcode == (1131 if given else 1130)


@pytest.mark.parametrize("given", [521, 0.5, True, [], {}])
def test_a_code_that_is_no_text_is_a_bad_value(given, ask):
    assert ask(body=lip(code=given)).errcode == 2


def test_a_code_expires(small_service_for, send_to):
    service = small_service_for(live_code_ttl_s=1e-6)
    code = send_to(service, LIVE_CODE, b"").result["code"]

    assert send_to(service, body=lip(code=code)).errcode == 1132


def test_a_code_belongs_to_the_token_that_asked_for_it(code, ask):
    other = ask("/local/tokens", {"note": "other"}).result["token"]

    assert ask(body=lip(code=code), token=other).errcode == 1131
    assert ask(body=lip(code=code)).errcode == 0


@pytest.mark.parametrize(
    ("wire", "errcode"),
    [
        ({"image": {}}, 1),
        ({"faceData": {"type": "video", "videoType": "lip", "data": "eA=="}}, 2),
        (lip(b"junk"), 1104),
        (lip(b"wall"), 1004),
        (lip(b"cut"), 1102),
        (lip(b"replay"), 1002),
        (lip(b"spoof"), 1003),
        (lip(b"motionless"), 1005),
        (lip(image={"data": b64(b"wall")}), 2010),
        (lip({"data": "a.mp4", "origin": "fds"}), 1105),
        (silent(), 0),
    ],
)
def test_what_does_not_reach_the_digits_does_not_spend_the_code(wire, errcode, code, ask):
    assert ask(body={**lip(), **wire, "liveCode": code}).errcode == errcode
    assert ask(body=lip(code=code)).errcode == 0


@pytest.mark.parametrize(("words", "errcode"), [(b"said 9999", 1103), (b"quiet", 1106), (b"lips", 1109), (b"0.1", 0)])
def test_what_reaches_the_digits_spends_the_code_whatever_comes_of_it(words, errcode, code, ask):
    assert ask(body=lip(words, code)).errcode == errcode
    assert ask(body=lip(code=code)).errcode == 1133


def test_a_code_that_may_not_be_used_is_told_before_anything_is_decoded(ask, code, engine_script):
    ask(body=lip(code=code))
    engine_script.done.clear()

    assert ask(body=lip(b"junk", code)).errcode == 1133
    assert ask(body=lip(b"junk", "0000")).errcode == 1131
    assert engine_script.done == []


def test_of_several_calls_at_once_with_one_code_one_wins(code, ask):
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: ask(body=lip(code=code)).errcode, range(8)))

    assert sorted(told) == [0, *[1133] * 7]


def test_a_code_and_its_use_survive_a_restart(serve, send_to):
    first = serve(ScriptedEngine())
    code, used = (send_to(first, LIVE_CODE, b"").result["code"] for _ in range(2))
    send_to(first, body=lip(code=used))
    second = serve(ScriptedEngine())

    assert send_to(second, body=lip(code=used)).errcode == 1133
    assert send_to(second, body=lip(code=code)).errcode == 0


def test_of_two_services_on_one_database_one_wins_and_both_know_it(own_settings, own_service, code, token, send_to):
    second = Server(create_app(ScriptedEngine(), token=token, settings=own_settings))
    try:
        with ThreadPoolExecutor(8) as pool:
            told = list(
                pool.map(lambda n: send_to((own_service, second)[n % 2], body=lip(code=code)).errcode, range(8))
            )
    finally:
        second.stop()

    assert sorted(told) == [0, *[1133] * 7]


def test_without_speech_a_code_is_not_spent(serve, send_to):
    deaf = serve(ScriptedEngine(lip_languages=()))
    code = send_to(deaf, LIVE_CODE, b"").result["code"]
    assert send_to(deaf, body=lip(code=code)).errcode == 1001

    assert send_to(serve(ScriptedEngine()), body=lip(code=code)).errcode == 0


def test_no_code_is_logged_or_told(code, ask, caplog):
    caplog.set_level(logging.DEBUG)
    answers = [ask(body=lip(words, code)).wire for words in (b"said 9999", b"any", b"wall")]

    assert code not in caplog.text
    assert code not in str([answer["errmsg"] for answer in answers])


def test_chosen_codes_are_switched_off_by_default(ask):
    answer = ask(CHOSEN, {"code": CODE})

    assert (answer.status, answer.errcode) == (404, 2)
    assert ask(body=lip()).errcode == 1131


class TestForEvaluation:
    @pytest.fixture
    def own_settings(self, tmp_path) -> Settings:
        return Settings(data_dir=tmp_path, allow_chosen_codes=True)

    @pytest.mark.parametrize("chosen", [CODE, "6666", "0000"])
    def test_the_code_that_is_asked_for_is_issued(self, chosen, ask):
        assert ask(CHOSEN, {"code": chosen}).result == {"code": chosen}
        assert [ask(body=lip(code=chosen)).errcode for _ in range(2)] == [0, 1133]

    def test_the_same_digits_may_be_issued_again(self, ask):
        for _ in range(2):
            ask(CHOSEN, {"code": CODE})

        assert [ask(body=lip()).errcode for _ in range(3)] == [0, 0, 1133]

    @pytest.mark.parametrize("wire", [{}, {"code": "123"}, {"code": "12345"}, {"code": "１２３４"}, {"code": 1234}])
    def test_what_is_not_four_digits_is_refused(self, wire, ask):
        answer = ask(CHOSEN, wire)

        assert (answer.status, answer.errcode) == (200, 2 if wire else 1)

    def test_health_says_that_it_is_on(self, ask):
        health = ask("/local/health", method="GET").result

        assert health["switches"]["chosen_codes"]
        assert "live-codes" in health["offers"]


def test_who_asks_for_a_code_will_speak_so_the_speech_models_are_loaded_meanwhile_and_once(
    engine_script, own_service, ask
):
    before = engine_script.speech_loads
    for _ in range(3):
        assert ask(LIVE_CODE, b"").errcode == 0
    own_service.stop()  # which waits for what is being loaded

    assert (before, engine_script.speech_loads) == (0, 1)

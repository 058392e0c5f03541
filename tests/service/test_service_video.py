"""A video as the probe: which stage ends a call, with which errcode, and what the evidence keeps of it."""

import pytest
from bodies import b64, body, lip, silent
from link_server import LinkServer, reply, serves
from scripted_engine import ScriptedEngine

from facematch.limits import Limits
from facematch.local import Evidence
from facematch.settings import Settings

LIVE_CODE = "/tech/ai/face/match/validateData"
IDENTITY = "/tech/ai/face/match/idno"


@pytest.fixture
def ask(own_service, send_to):
    """Send to this test's own service; a live code is asked for where the body says ``fresh``."""

    def ask(wire, **options):
        if wire.get("liveCode") == "fresh":
            wire = {**wire, "liveCode": send_to(own_service, LIVE_CODE, b"").result["code"]}
        return send_to(own_service, body=wire, **options)

    return ask


@pytest.fixture
def evidence(own_service, send_to):
    def evidence(answer) -> Evidence:
        path = f"/local/evidence/{answer.wire['data']['traceNo']}"
        return Evidence.from_wire(send_to(own_service, path, method="GET").result)

    return evidence


@pytest.mark.parametrize(
    ("words", "result"),
    [
        (b"video 0.8", {"isSccess": "true", "score": "80"}),
        (b"video 0.2", {"isSccess": "false", "score": "20"}),
    ],
)
@pytest.mark.parametrize("wire", [silent, lambda words: lip(words, "fresh")], ids=["SILENT", "LIP"])
def test_a_video_that_passes_gets_a_verdict(words, result, wire, ask):
    answer = ask(wire(words))

    assert (answer.status, answer.errcode, answer.result) == (200, 0, result)


@pytest.mark.parametrize(
    ("words", "errcode", "stages"),
    [
        (b"junk", 1104, "open"),
        (b"tiny", 1108, "open"),
        (b"short", 1120, "open"),
        (b"long", 1121, "open"),
        (b"wall", 1004, "open look watch"),
        (b"cut", 1102, "open look watch"),
        (b"crowd", 2012, "open look watch"),
        (b"dark", 1201, "open look watch"),
        (b"bright", 1202, "open look watch"),
        (b"unusable", 2004, "open look watch"),
        (b"replay", 1002, "open look watch silent"),
        (b"spoof", 1003, "open look watch silent"),
        (b"motionless", 1005, "open look watch silent"),
        (b"unready", 1001, "open look watch silent"),
        (b"mute", 0, "open look watch silent compare"),  # SILENT needs no sound
    ],
)
def test_the_first_stage_that_fails_ends_a_silent_call(words, errcode, stages, ask, engine_script):
    answer = ask(silent(words))

    assert (answer.status, answer.errcode) == (200, errcode)
    assert [each.split()[0] for each in engine_script.done] == ["decode", *stages.split()]


@pytest.mark.parametrize(
    ("words", "errcode", "stages"),
    [
        (b"mute", 1101, "open"),
        (b"wall", 1004, "open look watch"),
        (b"replay", 1002, "open look watch live"),
        (b"spoof", 1003, "open look watch live"),
        (b"motionless", 1005, "open look watch live"),
        (b"spoof said 9999", 1003, "open look watch live"),
        (b"soundless", 1101, "open look watch live lip"),
        (b"quiet", 1106, "open look watch live lip"),
        (b"said 9999", 1103, "open look watch live lip"),
        (b"lips", 1109, "open look watch live lip"),
        (b"unready", 1001, "open look watch live lip"),
    ],
)
def test_the_first_stage_that_fails_ends_a_lip_call(words, errcode, stages, ask, engine_script):
    answer = ask(lip(words, "fresh"))

    assert (answer.status, answer.errcode) == (200, errcode)
    assert [each.split()[0] for each in engine_script.done] == ["decode", *stages.split()]


@pytest.mark.parametrize(
    ("wire", "errcode", "who"),
    [
        (silent(b"spoof", b"junk"), 2101, "image"),
        (silent(b"junk", b"wall"), 1104, "faceData"),  # both are decoded before a face is looked for
        (silent(b"wall", b"crowd"), 2012, "image"),
        (silent(b"replay wall"), 1004, "faceData"),
        (silent({"data": "eA"}), 1104, "faceData"),
        (silent({"data": ""}), 2, None),
        (silent({"data": "===="}), 1104, "faceData"),
        (silent({"data": "data:video/mp4;base64,"}), 1107, "faceData"),
        (silent({"data": "clips/a.mp4", "origin": "fds"}), 1105, "faceData"),
        (silent({"data": "http://127.0.0.1/a.mp4", "origin": "uri"}), 1105, "faceData"),
        (silent(reference={"data": "http://127.0.0.1/a.jpg", "origin": "uri"}), 202, "image"),
    ],
)
def test_the_root_cause_is_told_with_its_side(wire, errcode, who, ask):
    answer = ask(wire)

    assert (answer.status, answer.errcode) == (200, errcode)
    assert answer.wire["errmsg"].startswith(f"{who}: ") == (who is not None)


def test_a_video_over_its_own_limit_is_1107(send_to, small_service_for):
    service = small_service_for(video_max_base64_bytes=16)

    assert send_to(service, body=silent({"data": b64(b"0.8")})).errcode == 0
    assert send_to(service, body=silent({"data": b64(b"0.8 0.8 0.8 0.8")})).errcode == 1107


def test_an_absent_video_type_is_silent_and_lip_does_not_run(ask, engine_script):
    ask(silent(b"video 0.8", liveCode="0521"))

    assert "silent video 0.8" in engine_script.done
    assert "lip video 0.8" not in engine_script.done


def test_for_a_photo_the_video_type_and_the_live_code_are_ignored(ask, engine_script):
    wire = body(probe={"data": b64(b"0.8"), "videoType": "LIP"}, liveCode="0521")

    assert ask(wire).errcode == 0
    assert engine_script.done == ["decode any", "decode 0.8", "look any", "look 0.8", "compare"]


def test_evidence_of_a_silent_call_has_the_clip_and_every_cue(ask, evidence):
    kept = evidence(ask(silent(b"video 0.8")))

    assert (kept.errcode, kept.score, kept.challenge) == (0, 80, None)
    assert (kept.clip.best_s, kept.clip.shots[0].picture, kept.clip.sound_s) == (0.04, b"shot", None)
    assert (kept.liveness.outcome, kept.liveness.cues[0].name) == ("passed", "frozen")
    assert kept.probe.crop == kept.reference.crop == b"crop"
    assert set(kept.times_ms) == {"read", "reference", "probe", "liveness", "compare", "total"}


def test_evidence_of_a_lip_call_has_what_was_heard(ask, evidence):
    kept = evidence(ask(lip(b"said 9999", "fresh")))

    assert (kept.errcode, kept.side, kept.score, kept.liveness.outcome) == (1103, "faceData", None, "passed")
    assert (kept.challenge.heard, kept.challenge.failed) == ("9999", "wrong_digits")
    assert set(kept.times_ms) == {"read", "reference", "probe", "liveness", "challenge", "total"}


def test_evidence_of_a_lip_call_that_ends_before_the_digits_has_the_cues_and_nothing_heard(ask, evidence):
    kept = evidence(ask(lip(b"replay", "fresh")))

    assert (kept.errcode, kept.side, kept.liveness.decided_by, kept.challenge) == (1002, "faceData", "frozen", None)


@pytest.mark.parametrize(
    ("words", "has_clip", "has_liveness"), [(b"junk", False, False), (b"wall", True, False), (b"spoof", True, True)]
)
def test_evidence_of_a_refused_video_holds_what_was_seen_until_then(words, has_clip, has_liveness, ask, evidence):
    kept = evidence(ask(silent(words)))

    assert (kept.clip is not None, kept.liveness is not None) == (has_clip, has_liveness)
    assert kept.cosine is None


def test_evidence_of_a_call_that_was_not_admitted_says_why(ask, evidence):
    kept = evidence(ask(lip(code="0000")))

    assert (kept.errcode, kept.clip, kept.times_ms) == (1131, None, {})


def test_white_space_taken_off_a_video_is_in_the_evidence(ask, evidence):
    assert evidence(ask(silent({"data": f" {b64(b'0.8')}\n"}))).clip.notes == ("whitespace",)


@pytest.mark.parametrize("wire", [silent(b"broken"), silent(b"video", b"broken")])
def test_what_breaks_is_errcode_4_with_http_500_and_the_next_call_works(wire, ask):
    broke = ask(wire)

    assert (broke.status, broke.errcode) == (500, 4)
    assert ask(silent()).errcode == 0


class TestWithoutSpeech:
    @pytest.fixture
    def engine_script(self) -> ScriptedEngine:
        return ScriptedEngine(lip_languages=())

    def test_lip_is_refused_before_anything_is_decoded(self, ask, engine_script):
        answer = ask(lip(code="fresh"))

        assert answer.errcode == 1001
        assert "LIP is not available here" in answer.wire["errmsg"]
        assert engine_script.done == []

    def test_a_missing_live_code_is_told_all_the_same(self, ask):
        assert ask(lip(code=None)).errcode == 1130

    def test_silent_works(self, ask):
        assert ask(silent()).errcode == 0

    def test_health_says_that_and_why(self, own_service, send_to):
        health = send_to(own_service, "/local/health", method="GET").result

        assert (health["lip_languages"], health["lip_problem"]) == ([], "no speech models in the script")


class TestWithALivenessModel:
    @pytest.fixture
    def own_settings(self, tmp_path) -> Settings:
        return Settings(data_dir=tmp_path, liveness_model=tmp_path / "model.onnx")

    def test_health_says_so(self, own_service, send_to):
        assert send_to(own_service, "/local/health", method="GET").result["switches"]["liveness_model"]


class TestLinks:
    @pytest.fixture
    def own_settings(self, tmp_path) -> Settings:
        return Settings(data_dir=tmp_path, limits=Limits(uri_nets=("127.0.0.1/32",)))

    @pytest.mark.parametrize(("path", "errcode"), [("/live.mp4", 0), ("/spoof.mp4", 1003), ("/gone.mp4", 1105)])
    def test_both_sides_may_be_links(self, path, errcode, ask, evidence):
        pages = {"/a.jpg": b"any", "/live.mp4": b"video 0.8", "/spoof.mp4": b"video spoof"}
        replies = {at: reply(200, content) for at, content in pages.items()} | {"/gone.mp4": reply(404)}
        with LinkServer(serves(replies)) as server:
            links = [{"origin": "uri", "data": server.url + each} for each in ("/a.jpg", path)]
            answer = ask(silent(links[1], links[0]))

        assert answer.errcode == errcode
        assert evidence(answer).errcode == errcode

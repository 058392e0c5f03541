"""The environment, read once: every variable, its type, and what cannot be used."""

import dataclasses
from pathlib import Path

import pytest

from facematch.errors import SettingInvalid
from facematch.limits import Limits
from facematch.settings import Settings, default_data_dir


def read(**variables: str) -> Settings:
    return Settings.from_env({f"FACEMATCH_{name}": value for name, value in variables.items()})


def test_an_empty_environment_gives_the_defaults():
    assert Settings.from_env({}) == Settings()
    assert Settings.from_env({"PATH": "/bin", "FACEMATCH_TOKEN": "  ", "OTHER_URL": "x"}) == Settings()
    assert read(ID_NUMBER="of a person", NAME="whom the command line asks about") == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("DATA_DIR", "/srv/facematch", Path("/srv/facematch")),
        ("DATA_DIR", "~/facematch", Path.home() / "facematch"),
        ("URL", "https://faces.example:7007/root", "https://faces.example:7007/root"),
        ("URL", "http://[::1]:7007", "http://[::1]:7007"),
        ("TOKEN", " raw ", "raw"),
        ("LOG_KEY", "ab" * 32, "ab" * 32),
        ("MODEL_DIR", "/srv/models", Path("/srv/models")),
        ("LIP_LANGUAGES", "zh", ("zh",)),
        ("ALLOW_CHOSEN_CODES", "1", True),
        ("ALLOW_CHOSEN_CODES", "Off", False),
        ("STATE_URL", "postgresql+psycopg://db/faces", "postgresql+psycopg://db/faces"),
        ("LOG_URL", "postgresql://db/log", "postgresql://db/log"),
        ("TOKEN_FILE", "/run/secrets/token", Path("/run/secrets/token")),
        ("RETENTION_DAYS", "90", (("*", 90.0),)),
        (
            "RETENTION_DAYS",
            "embedded=30, faces.example:443=7,*=0.5",
            (("embedded", 30), ("faces.example:443", 7), ("*", 0.5)),
        ),
        ("DEMO", "1", True),
        ("LOGIN", "yes", True),
        ("LOGIN_HOURS", "0.5", 0.5),
        ("PERSONAL_EMAILS", "rita@example.com, Gus@example.com,", ("rita@example.com", "Gus@example.com")),
        ("CONNECT_TIMEOUT_S", "0.5", 0.5),
        ("TIMEOUT_S", "12", 12.0),
    ],
)
def test_each_setting_is_read_with_its_type(name, text, value):
    assert getattr(read(**{name: text}), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("BODY_MAX_BYTES", "1000", 1000),
        ("POSE_WARN_DEG", "12.5", 12.5),
        ("FACES", "largest", "largest"),
        ("IMAGE_FORMATS", "JPG, png,webp", ("jpeg", "png", "webp")),
        ("PASS_SCORE", "80", 80),
        ("URI_PUBLIC", "true", True),
        ("URI_NETS", "10.0.0.0/8, fd00::/8", ("10.0.0.0/8", "fd00::/8")),
    ],
)
def test_each_limit_is_read_with_its_type(name, text, value):
    assert getattr(read(**{name: text}).limits, name.lower()) == value


def test_every_field_can_be_set_from_the_environment():
    usable = {"int": "7", "float": "7.5", "str": "one", "str | None": "x", "tuple": "png", "bool": "on"}
    special = {"url": "http://h", "log_key": "00" * 32, "faces": "central", "image_max_side_px": "5000"}
    special |= {"face_warn_px": "120", "pose_refuse_deg": "45"}  # not below what they have to stay above
    special |= {"video_min_long_px": "500", "video_max_side_px": "5000", "video_stop_s": "30"}
    special |= {"lip_languages": "en", "video_formats": "mp4", "uri_nets": "10.0.0.0/8"}
    special |= {"state_key": "00" * 32, "state_url": "postgresql://db/faces", "log_url": "postgresql://db/log"}
    special |= {"retention_days": "90"}
    halves = {"claim": "values", "values": "claim"}  # of a role: neither is taken alone

    for field in (*dataclasses.fields(Settings), *dataclasses.fields(Limits)):
        if field.name != "limits":
            kind = getattr(field.type, "__name__", str(field.type))
            role, _, half = field.name.rpartition("_")
            other = {f"{role}_{halves[half]}".upper(): "x"} if half in halves else {}
            found = read(**{field.name.upper(): special.get(field.name) or usable.get(kind, "/x")}, **other)

            assert found != Settings(), field.name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TIMEOUT_S", "1e12"),
        ("CONNECT_TIMEOUT_S", "604801"),
        ("TIMEOUT", "3"),
        ("LIMITS", "3"),
        ("TIMEOUT_S", "soon"),
        ("TIMEOUT_S", "0"),
        ("TIMEOUT_S", "nan"),
        ("CONNECT_TIMEOUT_S", "-1"),
        ("CONNECT_TIMEOUT_S", "inf"),
        ("PASS_SCORE", "7.5"),
        ("URL", "faces.example"),
        ("URL", "ftp://faces.example"),
        ("URL", "http://user:secret@faces.example"),
        ("URL", "http://:secret@faces.example"),
        ("URL", "http://faces.example?token=secret"),
        ("URL", "http://faces.example:99999"),
        ("URL", "http://[faces.example"),
        ("FACES", "all"),
        ("IMAGE_FORMATS", "gif"),
        ("LOG_KEY", "secret"),
        ("LOG_KEY", "ab"),
        ("PASS_SCORE", "101"),
        ("BODY_MAX_BYTES", "0"),
        ("IMAGE_MAX_BASE64_BYTES", "0"),
        ("EVIDENCE_TTL_S", "0"),
        ("IMAGE_MAX_SIDE_PX", "20001"),
        ("IMAGE_MAX_SIDE_PX", "63"),
        ("IMAGE_MIN_SIDE_PX", "4001"),
        ("POSE_REFUSE_DEG", "90.5"),
        ("POSE_REFUSE_DEG", "14"),
        ("POSE_WARN_DEG", "31"),
        ("FACE_WARN_PX", "79"),
        ("FACE_MIN_PX", "101"),
        ("FACE_MIN_PX", "9" * 400),
        ("ALLOW_CHOSEN_CODES", "perhaps"),
        ("LIP_LANGUAGES", "en,fr"),
        ("VIDEO_FORMATS", "mp4,gif"),
        ("URI_NETS", "10.0.0.1/8"),
        ("URI_NETS", "secret.example"),
        ("STATE_URL", "mysql://user:secret@db/faces"),
        ("STATE_KEY", "secret"),
        ("SILENT_MIN_S", "16"),
        ("SILENT_MAX_S", "21"),
        ("LIP_MAX_S", "2"),
        ("VIDEO_STOP_S", "14"),
        ("VIDEO_MIN_SHORT_PX", "481"),
        ("VIDEO_MAX_SIDE_PX", "20001"),
        ("CALLS_MAX", "0"),
        ("ASYNC_MAX", "0"),
        ("LIVE_CODE_TTL_S", "0"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name_without_a_secret(name, text):
    with pytest.raises(SettingInvalid, match=f"^FACEMATCH_{name}: ") as caught:
        read(**{name: text})

    assert caught.value.variable == f"FACEMATCH_{name}"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "variables",
    [
        {"PASS_SCORE": "0"},
        {"PASS_SCORE": "100"},
        {"IMAGE_MIN_SIDE_PX": "20000", "IMAGE_MAX_SIDE_PX": "20000"},
        {"POSE_WARN_DEG": "90", "POSE_REFUSE_DEG": "90"},
        {"FACE_MIN_PX": "40", "FACE_WARN_PX": "40"},
    ],
)
def test_the_last_value_that_can_work_is_taken(variables):
    limits = read(**variables).limits

    assert {name: f"{getattr(limits, name.lower()):g}" for name in variables} == variables


def test_two_limits_in_the_wrong_order_are_both_named_and_the_one_that_was_set_is_blamed():
    with pytest.raises(SettingInvalid) as caught:
        read(FACE_WARN_PX="79")

    assert caught.value.variable == "FACEMATCH_FACE_WARN_PX"
    assert str(caught.value) == "FACEMATCH_FACE_WARN_PX: FACEMATCH_FACE_MIN_PX is 80, above FACEMATCH_FACE_WARN_PX, 79"


@pytest.mark.parametrize("role", ["LOGIN", "PERSONAL"])
@pytest.mark.parametrize(("half", "text"), [("CLAIM", "groups"), ("VALUES", "reviewers")])
def test_a_claim_and_its_values_come_together(role, half, text):
    with pytest.raises(SettingInvalid, match=f"FACEMATCH_{role}_CLAIM"):
        read(**{f"{role}_{half}": text})
    with pytest.raises(SettingInvalid):
        read(**{f"{role}_CLAIM": "groups", f"{role}_VALUES": " , "})

    both = read(**{f"{role}_CLAIM": "groups", f"{role}_VALUES": "a, b"})
    assert getattr(both, f"{role.lower()}_values") == ("a", "b")


def test_no_repr_shows_the_token_or_the_key():
    shown = repr(Settings.from_env({"FACEMATCH_TOKEN": "secret-token", "FACEMATCH_LOG_KEY": "ab" * 32}))

    assert "secret" not in shown
    assert "abab" not in shown


def test_the_logs_key_does_not_lie_beside_the_log():
    settings = read(DATA_DIR="/srv/facematch")

    assert settings.log_path.parent != settings.log_key_path.parent
    assert {settings.log_path.parents[1], settings.log_key_path.parents[1], settings.cache_dir.parent} == {
        Path("/srv/facematch")
    }


@pytest.mark.parametrize(
    ("platform", "variables", "end"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/facematch"),
        ("linux", {"XDG_DATA_HOME": ""}, ".local/share/facematch"),
        ("darwin", {}, "Library/Application Support/facematch"),
        ("win32", {"LOCALAPPDATA": "/appdata"}, "/appdata/facematch"),
    ],
)
def test_data_goes_where_the_system_keeps_it(monkeypatch, platform, variables, end):
    monkeypatch.setattr("sys.platform", platform)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert default_data_dir().as_posix().endswith(end)

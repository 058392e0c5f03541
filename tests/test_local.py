"""Health and evidence as they cross the wire: what was written is read again, anything else is refused."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from contract_texts import ANY_JSON
from hypothesis import given
from hypothesis import strategies as st

from facematch.footage import Challenge, Clip, Cue, Liveness, Shot
from facematch.local import Evidence, Health, Model
from facematch.seen import Check, Face, Refused, Seen

FACE = Face((1.0, 2.0, 80.0, 90.5), ((1.0, 2.0),) * 5, 0.9)
CHECK = Check("face_size", 80.0, "px", "least", 100.0, None, "warn")
SEEN = Seen(
    width=640,
    height=480,
    source_width=1280,
    source_height=960,
    format="jpeg",
    notes=("reduced",),
    turned=90,
    faces=(FACE,),
    chosen=0,
    rule="only",
    checks=(CHECK,),
    crop=b"png",
    refused=None,
    times_ms={"decode": 1.5},
)
REFUSED = replace(SEEN, faces=(), chosen=None, crop=None, refused=Refused(2010, None, "no face"))
EVIDENCE = Evidence("1", 0, "image", SEEN, REFUSED, 0.5, 88, 70, "logistic/1", "engine", {"total": 2.5})
HEALTH = Health("ready", "1.0", models=(Model("a", "00", "detection"),), limits={"faces": "one"}, offers=("evidence",))
CLIP = Clip(
    width=960,
    height=540,
    source_width=1920,
    source_height=1080,
    format="mp4",
    codec="h264",
    duration_s=4.0,
    rate=25.0,
    frames=100,
    followed=50,
    found=49,
    sound_s=None,
    notes=("reduced",),
    best_s=1.2,
    shots=(Shot(0.0, FACE, 0.9, b"jpeg"), Shot(1.0, None, None, None)),
    checks=(CHECK,),
    refused=None,
    times_ms={"decode": 1.5},
)
LIVENESS = Liveness(
    "inconclusive", 1005, "motion", "motion 0.1, at least 0.4", (Cue("motion", None, "ratio", "least", 0.4, "pass"),),
    ("loop",), ("mask",), None, {"total": 1.0},
)  # fmt: skip
CHALLENGE = Challenge(
    "refused", 1103, "wrong_digits", "2 of 4", "0521", "0512", "en", (CHECK,), 0.04, (0.0, 1.0), (0.1, 0.2),
    ((0.1, 0.9),), {"total": 1.0},
)  # fmt: skip
FILMED = replace(EVIDENCE, clip=CLIP, liveness=LIVENESS, challenge=CHALLENGE)
KINDS = [Health, Evidence]


def over_the_wire(told: Health | Evidence) -> dict[str, Any]:
    text = json.dumps(told.to_wire(), default=lambda crop: b64encode(crop).decode())
    wire: dict[str, Any] = json.loads(text)
    return wire


def changed(wire: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """*wire* with another value at *path*, keys and indices with dots between."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = wire
    for step in way:
        place = place[step]
    place[last] = value
    return wire


@pytest.mark.parametrize(
    "told", [HEALTH, EVIDENCE, FILMED, Health("warming", "1")], ids=["health", "evidence", "film", "stranger's"]
)
def test_what_was_written_is_read_again(told):
    assert type(told).from_wire(over_the_wire(told)) == told


@pytest.mark.parametrize("told", [HEALTH, EVIDENCE], ids=["health", "evidence"])
def test_what_a_newer_version_adds_is_left_out(told):
    assert type(told).from_wire({**over_the_wire(told), "newer": {"new": True}}) == told


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("status", ["x"]),
        ("status", None),
        ("limits", ["x"]),
        ("models", {"name": "a"}),
        ("models", ["a"]),
        ("models", "a"),
        ("models.0.sha256", 5),
        ("offers", "evidence"),
        ("offers", [1]),
        ("threshold", "70"),
        ("threshold", True),
        ("warm_up_ms", "fast"),
        ("engine", {}),
    ],
)
def test_health_of_another_form_is_refused(path, value):
    with pytest.raises((TypeError, ValueError)):
        Health.from_wire(changed(over_the_wire(HEALTH), path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("trace_no", 1),
        ("errcode", "0"),
        ("errcode", 0.5),
        ("side", "probe"),
        ("reference", []),
        ("cosine", float("inf")),
        ("cosine", 10**400),
        ("times_ms", {"total": "2"}),
        ("times_ms", []),
        ("reference.width", 10**400),
        ("reference.notes", "reduced"),
        ("reference.faces.0.box", [1, 2, 3]),
        ("reference.faces.0.box.0", "1"),
        ("reference.faces.0.points.0", [1, 2, 3]),
        ("reference.checks.0.verdict", "perhaps"),
        ("reference.checks.0.value", None),
        ("reference.crop", "no base64"),
        ("reference.crop", 5),
        ("probe.refused", "no face"),
    ],
)
def test_evidence_of_another_form_is_refused(path, value):
    with pytest.raises((TypeError, ValueError)):
        Evidence.from_wire(changed(over_the_wire(EVIDENCE), path, value))


@pytest.mark.parametrize("path", ["trace_no", "side", "reference.crop", "reference.faces", "probe.times_ms"])
@pytest.mark.parametrize("value", [{"private": "secret"}, ["secret"]])
def test_a_refusal_never_repeats_what_was_sent(path, value):
    with pytest.raises((TypeError, ValueError)) as caught:
        Evidence.from_wire(changed(over_the_wire(EVIDENCE), path, value))

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
@given(wire=st.dictionaries(st.text(), ANY_JSON))
def test_whatever_object_comes_only_the_promised_errors_are_raised(kind, wire):
    with pytest.raises((TypeError, ValueError)):
        kind.from_wire(wire)


@given(path=st.sampled_from(sorted(over_the_wire(EVIDENCE))), value=ANY_JSON)
def test_whatever_one_field_of_evidence_holds_only_the_promised_errors_are_raised(path, value):
    wire = changed(over_the_wire(EVIDENCE), path, value)
    try:
        read = Evidence.from_wire(wire)
    except (TypeError, ValueError):
        return
    assert Evidence.from_wire(over_the_wire(read)) == read

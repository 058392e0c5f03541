"""A limit is shown as it is, and a value that breaks it never looks as if it did not."""

import dataclasses
import re

import pytest

from facematch import footage
from facematch.local import Evidence
from facematch.seen import Check
from facematch.ui.forms import measured
from facematch.ui.forms.evidence import decisive
from facematch.ui.words import Speaker

EN = Speaker("en")


def check(name, value, unit, bound="least", **told):
    limits = {"warn": None, "refuse": None, "verdict": "refuse", **told}
    return Check(name, value, unit, bound, **limits)


def cue(name, value, unit, bound, limit, verdict):
    return footage.Cue(name, value, unit, bound, limit, verdict)


def number(text):
    return float(re.search(r"-?\d+(\.\d+)?", text).group())


@pytest.mark.parametrize(
    ("made", "value", "limit"),
    [
        (check("lips_move", 0.2, "level", refuse=0.25), "0.20 grey levels", "at least 0.25 grey levels"),
        (check("speech", 0.28, "s", refuse=0.3), "0.28 s", "at least 0.30 s"),
        (check("lips_delay", 0.16, "s", "most", refuse=0.12), "0.16 s", "at most 0.12 s"),
        (check("too_dark", 35.2, "level", refuse=40), "35 of 255", "at least 40 of 255"),
        (check("face_size", 79.7, "px", refuse=80), "79 px", "at least 80 px"),
        (check("sharpness", 0.1249, "ratio", refuse=0.125), "0.124", "at least 0.125"),
        (check("yaw", 45.04, "deg", "most", warn=45, refuse=60, verdict="warn"), "45.1°", "at most 60.0°"),
    ],
    ids=lambda made: getattr(made, "name", None),
)
def test_a_check_is_shown_with_the_digits_that_its_limit_needs(made, value, limit):
    shown = measured.of_check(made, EN)

    assert shown.value == value
    assert shown.limit.startswith(limit)


@pytest.mark.parametrize(
    ("made", "value", "limit"),
    [
        (cue("frozen", 2.59999, "level", "least", 2.6, "refuse"), "2.59 grey levels", "at least 2.60 grey levels"),
        (cue("relief", 1.2599, "ratio", "least", 1.26, "inconclusive"), "1.25", "at least 1.26"),
        (cue("framed", 0.8501, "ratio", "most", 0.85, "refuse"), "0.86", "at most 0.85"),
        (cue("face_rate", 7.96, "count", "least", 8, "inconclusive"), "7.9", "at least 8.0"),
        (cue("relief", 1.2601, "ratio", "least", 1.26, "pass"), "1.26", "at least 1.26"),
        (cue("flat", None, "ratio", "least", 1.15, "not_checked"), "–", "at least 1.15"),
    ],
)
def test_a_cue_is_rounded_away_from_the_limit_that_it_breaks(made, value, limit):
    assert measured.of_cue(made, EN) == measured.Measured(value, limit)


@pytest.mark.parametrize("bound", ["least", "most"])
@pytest.mark.parametrize("limit", [0.25, 0.3, 1.155, 2.6, 8, 0.12345])
@pytest.mark.parametrize("off", [1e-9, 1e-4, 0.004, 0.3])
def test_whatever_breaks_a_limit_is_seen_to_break_it(bound, limit, off):
    value = limit - off if bound == "least" else limit + off
    shown = measured.of_check(check("anything", value, "ratio", bound, refuse=limit), EN)

    assert (number(shown.value) < number(shown.limit)) == (bound == "least")
    assert number(shown.value) != number(shown.limit)


def test_a_unit_that_nobody_knows_is_left_away_and_a_name_from_outside_is_no_markdown():
    told = measured.refusal(check("![x](http://x)", 1.0, "furlong", refuse=2.0), EN)

    assert "1.00 (at least 2.00)" in told
    assert "![x]" not in told


def evidence(**told):
    whole = Evidence("7", 1109, "faceData", None, None, None, None, 70, "mapping", "engine", {})
    return dataclasses.replace(whole, **told)


def test_the_red_box_names_the_cue_that_decided():
    cues = (cue("loop", 0.9, "ratio", "least", 0.68, "pass"), cue("frozen", 1.2, "level", "least", 2.6, "refuse"))
    told = footage.Liveness("refused", 1002, "frozen", "", cues, (), (), None, {})

    assert decisive(evidence(liveness=told), EN) == (
        f"{EN('cue.frozen')}: 1.20 grey levels ({EN('check.refuse.least', limit='2.60 grey levels')})"
    )


def test_the_red_box_names_the_failed_check_of_the_spoken_code():
    checks = (
        check("sound_level", -45.0, "dB", warn=-42.0, refuse=-52.0, verdict="warn"),
        check("lips_move", 0.1, "level", refuse=0.25),
    )
    told = footage.Challenge(
        *("refused", 1109, "lips_still", "", "1234", "1234", "en", checks),
        step_s=0.02,
        voice=(),
        lips=(),
        speech=(),
        times_ms={},
    )

    assert decisive(evidence(challenge=told), EN) == (
        f"{EN('check.lips_move')}: 0.10 grey levels ({EN('check.refuse.least', limit='0.25 grey levels')})"
    )


def test_nothing_is_named_where_nothing_refused():
    assert decisive(evidence(), EN) is None
    assert decisive(None, EN) is None

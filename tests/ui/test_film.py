"""What a video's result shows: the strip, the cues by what they say, the digits one by one, the sound over time."""

from io import BytesIO

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from facematch import footage
from facematch.analytics import speech_figures
from facematch.footage import Shot
from facematch.local import Evidence
from facematch.seen import Check, Face
from facematch.ui.video import cues, gauges, spoken_digits, strip
from facematch.ui.video.spoken_digits import Spoken
from facematch.ui.words import Speaker

EN = Speaker("en")
FACE = Face((10.0, 10.0, 40.0, 40.0), ((1.0, 2.0),) * 5, 0.9)


def picture():
    file = BytesIO()
    Image.new("RGB", (120, 90)).save(file, "JPEG")
    return file.getvalue()


def cue(name, verdict, value=1.0):
    return footage.Cue(name, value, "ratio", "least", 1.2, verdict)


def liveness(decided_by, *told):
    return footage.Liveness("refused", 1002, decided_by, "", told, ("loop",), ("mask",), None, {})


def clip(*times_s, best_s=None, checks=()):
    shots = tuple(Shot(time_s, FACE, 0.9, picture()) for time_s in times_s)
    sizes = (120, 90, 120, 90, "mp4", "h264", 3.0, 25.0, 75, 30, 30, None)
    return footage.Clip(*sizes, (), best_s, shots, checks, None, {})


def challenge(expected="1234", heard="1234", voice=(0.1, 0.9, 0.8, 0.1), speech=((0.2, 0.6),)):
    told = ("passed", 0, None, "", expected, heard, "en", ())
    return footage.Challenge(*told, 0.2, voice, tuple(0.5 for _ in voice), speech, {})


def evidence(**told):
    return Evidence("7", 0, None, None, None, None, None, 70, "mapping", "engine", {}, **told)


def shown(draw, *given):
    """Run one part of a page on its own."""
    at = AppTest.from_function(draw, args=given, default_timeout=60).run()
    assert not at.exception
    return at


def drawn(at):
    return "\n".join(element.proto.body for element in at.get("html"))


@pytest.mark.parametrize(
    ("expected", "heard", "places"),
    [
        ("1234", "1234", [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")]),
        ("1234", "1934", [("1", "1"), ("2", "9"), ("3", "3"), ("4", "4")]),
        ("1234", "134", [("1", "1"), ("2", None), ("3", "3"), ("4", "4")]),
        ("1234", "12934", [("1", "1"), ("2", "2"), (None, "9"), ("3", "3"), ("4", "4")]),
        ("12", None, [("1", None), ("2", None)]),
    ],
)
def test_digits_are_compared_place_by_place_and_a_lost_one_does_not_make_the_rest_wrong(expected, heard, places):
    assert spoken_digits.aligned(expected, heard) == tuple(Spoken(*place) for place in places)


def test_the_heard_digits_stand_over_the_speech_not_over_its_gaps():
    middles = speech_figures.moments(((1.0, 2.0), (4.0, 5.0)), 4)

    assert middles == pytest.approx((1.25, 1.75, 4.25, 4.75))


def test_the_wave_draws_voice_lips_and_each_heard_digit():
    marks = (("1 ✓", True), ("9 ✗", False))
    figure = speech_figures.wave(speech_figures.Wave(0.2, (0.0, 0.9), (0.1, 0.2), ((0.0, 0.4),), marks), EN)

    voice, lips, digits = figure.data
    assert (tuple(voice.y), tuple(lips.y)) == ((0.0, 0.9), (0.1, 0.2))
    assert voice.line.dash != lips.line.dash
    assert tuple(digits.x) == pytest.approx((0.1, 0.3))
    assert ("1 ✓" in digits.text[0], "9 ✗" in digits.text[1]) == (True, True)
    assert len(figure.layout.shapes) == 1


def test_what_decided_stands_first_and_each_cue_once():
    told = liveness("loop", cue("frozen", "pass", 2.0), cue("loop", "refuse"), cue("flat", "not_checked", None))
    filled = {key: [line.name for line in lines] for key, lines in cues.grouped(told, EN).items() if lines}

    assert filled == {
        "gauge.group.decided": [EN("cue.loop")],
        "gauge.group.passed": [EN("cue.frozen")],
        "gauge.group.unmeasured": [EN("cue.flat")],
    }
    assert next(iter(filled)) == "gauge.group.decided"


@pytest.mark.parametrize("bound", ["least", "most"])
@pytest.mark.parametrize("limit", [0.12, 1.2, 40.0, -52.0, 0.0])
def test_a_value_stands_on_its_own_side_of_the_limit_in_the_middle(bound, limit):
    below, at, above = (
        gauges.of_check(Check("x", limit + off, "ratio", bound, None, limit, "pass"), EN).share
        for off in (-0.05, 0, 0.05)
    )

    assert below < at == 0.5 < above


def test_a_name_from_outside_is_no_html():
    def draw(name):
        from facematch.footage import Cue
        from facematch.ui.video import gauges
        from facematch.ui.words import Speaker

        say = Speaker("en")
        gauges.gauges({"": [gauges.of_cue(Cue(name, 1.0, "ratio", "least", 1.2, "refuse"), say)]}, say)

    at = shown(draw, "<img src=x>")

    assert "&lt;img" in drawn(at)
    assert "<img" not in drawn(at)


def test_the_frame_that_was_compared_is_marked_or_has_a_cell_of_its_own():
    same = strip.cells(clip(0.0, 1.0, 2.0, best_s=1.01), b"crop")
    other = strip.cells(clip(0.0, 1.0, 2.0, best_s=1.5), b"crop")
    unknown = strip.cells(clip(0.0, 1.0, 2.0), b"crop")

    assert [cell.is_compared for cell in same] == [False, True, False]
    assert [(cell.shot.time_s, cell.is_crop) for cell in other if cell.is_compared] == [(1.5, True)]
    assert [cell.shot.time_s for cell in other] == [0.0, 1.0, 1.5, 2.0]
    assert not any(cell.is_compared for cell in unknown)


def test_the_strip_says_when_each_frame_was_filmed_and_which_was_compared(say):
    def draw(found, language):
        from facematch.ui.video.strip import strip
        from facematch.ui.words import Speaker

        strip(found, Speaker(language))

    at = shown(draw, evidence(clip=clip(0.0, 1.0, 2.0, best_s=1.0)), say.language)

    captions = [each.value for each in at.caption]
    assert say("clip.at", time="0.0") in captions
    assert f"**{say('clip.at', time='1.0')} · {say('clip.compared')}**" in captions


def strip_page(found, language, is_demo, has_faces):
    import streamlit as st

    from facematch.ui import demo
    from facematch.ui.video.strip import strip
    from facematch.ui.words import Speaker

    st.session_state[demo.KEY] = is_demo
    strip(found, Speaker(language), has_faces=has_faces)


@pytest.mark.parametrize("is_demo", [False, True])
def test_on_a_stage_the_strip_says_nothing_of_the_file(say, is_demo):
    at = shown(strip_page, evidence(clip=clip(0.0, 1.0)), say.language, is_demo, True)

    first = at.caption[0].value
    assert ("h264" in first) is not is_demo
    assert ("120 ×" in first) is not is_demo
    assert "30" in first


def test_frames_that_are_not_for_this_reader_are_left_out_with_their_explanation(say):
    checked = clip(0.0, 1.0, checks=(Check("sharpness", 0.9, "ratio", "least", 0.4, 0.7, "pass"),))
    at = shown(strip_page, evidence(clip=checked), say.language, False, False)

    assert not at.get("imgs")
    assert say("clip.box") not in "\n".join(each.value for each in at.caption)
    assert at.expander[0].label == say("clip.checks", count=1)


def heard_page(told, language):
    from facematch.ui.video.heard import heard
    from facematch.ui.words import Speaker

    heard(told, Speaker(language))


def test_the_sound_has_a_drawing_a_sentence_and_a_table(say):
    at = shown(heard_page, challenge(), say.language)

    (chart,) = at.get("plotly_chart")
    span = say("wave.span", start=0.2, end=0.6)
    table = at.expander[0].markdown[0].value
    assert chart.proto.alt == say("wave.speech", spans=span)
    assert any(say("wave.speech", spans=span) in each.value for each in at.caption)
    assert f"|0.20–0.40 s|90%|50%|{say('wave.yes')}|" in table
    assert "|0.60–0.80 s|10%|50%|–|" in table


def test_without_a_voice_there_is_no_drawing_but_a_sentence(say):
    at = shown(heard_page, challenge(heard=None, voice=(), speech=()), say.language)

    said = [each.value for each in at.caption]
    assert say("wave.flat") in said
    assert say("challenge.not_heard") in said
    assert not at.get("plotly_chart")

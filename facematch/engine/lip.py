"""The spoken live code: the digits must be heard, and the lips must move with the voice. It is no lip-reading."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from facematch.engine.agreement import Agreement, agreement
from facematch.engine.api import Sound, Watch
from facematch.engine.mouth import Mouth, watch_mouth
from facematch.engine.speech import Heard, Speech
from facematch.engine.voice import SOFTEST_DBFS, STEP_S, Curve, level_dbfs, loudness, speech_spans
from facematch.errors import SpeechUnavailable
from facematch.footage import Challenge
from facematch.seen import Check

SILENT_DBFS = -75.0  # a codec's rounding of silence
QUIET_DBFS, SOFT_DBFS = -52.0, -42.0
SPEECH_S = 0.3  # four short digits are longer
MOVING_LEVEL = 0.25  # grey levels a frame while the voice sounds
MOVING_PART = 75  # percentile of those frames
IN_TIME = 0.4  # correlation
DELAY_S = 0.12
SOUNDING = 0.6  # loudness at which the voice sounds
FULL_MOTION = 2.0  # of the curve that is shown: ln(1 + grey levels) drawn as 1
ERRCODES = {
    "no_sound": 1101,
    "too_quiet": 1106,
    "no_speech": 1103,
    "wrong_digits": 1103,
    "lips_still": 1109,
    "out_of_time": 1109,
}
Failed = Literal["no_sound", "too_quiet", "no_speech", "wrong_digits", "lips_still", "out_of_time"]


@dataclass(slots=True)
class _Findings:
    """What is known so far; the first failure ends the checks."""

    code: str
    checks: list[Check] = field(default_factory=list)
    failed: str | None = None
    detail: str = ""
    heard: Heard | None = None
    speech: tuple[tuple[float, float], ...] = ()
    times_ms: dict[str, float] = field(default_factory=dict)

    def check(self, check: Check, failed: Failed, detail: str) -> None:
        self.checks.append(check)
        if check.verdict == "refuse":
            self.fail(failed, detail)

    def fail(self, failed: Failed, detail: str) -> None:
        if self.failed is None:
            self.failed, self.detail = failed, detail

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.times_ms[stage] = (time.perf_counter() - started) * 1000


def judge_lip(watch: Watch, code: str, speech: Speech) -> Challenge:
    """Judge whether the followed person reads *code* aloud; *watch* was not refused.

    Raises:
        SpeechUnavailable: No language can be recognised here.
    """
    if not speech.languages:
        raise SpeechUnavailable(speech.problem or "No language can be recognised here.")
    findings = _Findings(code)
    sound = watch.video.sound
    with findings.timing("lips"):
        mouth = watch_mouth(watch)
    steps = int(watch.video.frames[-1].time_s / STEP_S) + 1 if mouth is None else len(mouth.motion)
    voice = np.zeros(steps)
    with findings.timing("voice"):
        _check_level(findings, sound)
        if sound is not None and findings.failed != "no_sound":
            voice = loudness(sound, steps)
            _check_speech(findings, sound)
    if sound is not None and findings.failed is None:
        with findings.timing("digits"):
            _check_digits(findings, sound, speech)
        with findings.timing("agreement"):
            _check_lips(findings, mouth, voice)
    return _challenge(findings, mouth, voice)


def _check_level(findings: _Findings, sound: Sound | None) -> None:
    level = SOFTEST_DBFS if sound is None else level_dbfs(sound)
    check = _least("sound_level", level, "dB", QUIET_DBFS, SOFT_DBFS)
    if level < SILENT_DBFS:
        findings.check(check, "no_sound", "the sound track is silent")
    else:
        findings.check(check, "too_quiet", f"the voice is at {level:.0f} dB of full scale, below {QUIET_DBFS:.0f}")


def _check_speech(findings: _Findings, sound: Sound) -> None:
    findings.speech = speech_spans(sound)
    length = sum(end - start for start, end in findings.speech)
    check = _least("speech", length, "s", SPEECH_S)
    findings.check(check, "no_speech", f"speech in {length:.1f} s of the sound, less than {SPEECH_S}")


def _check_digits(findings: _Findings, sound: Sound, speech: Speech) -> None:
    heard = findings.heard = speech.hear(sound, findings.code)
    right = sum(one == other for one, other in zip(heard.digits or "", findings.code, strict=False))
    exact = heard.digits == findings.code
    needed = len(findings.code)
    # Every digit in place and more of them around is not the code.
    value = right if exact else min(right, needed - 1)
    detail = f"{value} of {needed} digits were heard as expected"
    findings.check(_least("digits_right", value, "count", needed), "wrong_digits", detail)


def _check_lips(findings: _Findings, mouth: Mouth | None, voice: Curve) -> None:
    if mouth is None:
        findings.fail("lips_still", "the mouth could not be followed")
        return
    sounding = voice >= SOUNDING
    level = float(np.expm1(np.percentile(mouth.motion[sounding], MOVING_PART))) if sounding.any() else 0.0
    detail = f"the mouth changes by {level:.2f} grey levels a frame while the voice sounds, less than {MOVING_LEVEL}"
    findings.check(_least("lips_move", level, "level", MOVING_LEVEL), "lips_still", detail)
    found = agreement(mouth, voice, DELAY_S)
    _check_time(findings, found)


def _check_time(findings: _Findings, found: Agreement) -> None:
    findings.check(
        _least("lips_with_voice", found.in_time, "ratio", IN_TIME),
        "out_of_time",
        f"lips and voice agree to {found.in_time:.2f}, less than {IN_TIME}",
    )
    late = abs(found.delay_s)
    verdict: Literal["pass", "refuse"] = "pass" if late <= DELAY_S + 1e-6 else "refuse"
    findings.check(
        Check("lips_delay", late, "s", "most", None, DELAY_S, verdict),
        "out_of_time",
        f"lips and voice agree best {found.delay_s * 1000:+.0f} ms apart, more than {DELAY_S * 1000:.0f}",
    )


def _least(name: str, value: float, unit: str, refuse: float, warn: float | None = None) -> Check:
    verdict: Literal["pass", "warn", "refuse"] = "pass"
    if value < refuse:
        verdict = "refuse"
    elif warn is not None and value < warn:
        verdict = "warn"
    return Check(name, float(value), unit, "least", warn, float(refuse), verdict)


def _challenge(findings: _Findings, mouth: Mouth | None, voice: Curve) -> Challenge:
    heard = findings.heard
    motion = np.zeros(len(voice)) if mouth is None else np.clip(mouth.motion / FULL_MOTION, 0.0, 1.0)
    return Challenge(
        outcome="passed" if findings.failed is None else "refused",
        errcode=0 if findings.failed is None else ERRCODES[findings.failed],
        failed=findings.failed,
        detail=findings.detail or "the digits were heard, and the lips moved with the voice",
        expected=findings.code,
        heard=None if heard is None else heard.digits,
        language=None if heard is None or heard.digits is None else heard.language,
        checks=tuple(findings.checks),
        step_s=STEP_S,
        voice=tuple(round(float(value), 3) for value in voice),
        lips=tuple(round(float(value), 3) for value in motion),
        speech=findings.speech,
        times_ms=findings.times_ms,
    )

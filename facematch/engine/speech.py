"""Spoken digits, recognised by Whisper on CTranslate2 from files that are here; nothing is ever fetched."""

import os
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facematch.engine.api import Sound
from facematch.engine.digits_heard import digits_in
from facematch.engine.speech_weights import MODELS, SpeechModel, absent, prepared
from facematch.errors import SpeechUnavailable
from facematch.local import Model

THREADS = min(2, os.cpu_count() or 1)  # of one recognition
HYPOTHESES = 5
LONGEST_ANSWER = 20  # tokens: four digits and their commas, twice
FEATURE_HZ = 100  # columns of the spectrogram a second
WHOLE_WINDOW = 3000  # what the network was trained on: 30 s; the most exact and the slowest
LEAST_WINDOW = 300
PROMPTS = {"en": " Digits: {}, {}.", "zh": "数字：{}，{}。"}  # without an example the network writes words and dates
EXAMPLES = (("3805", "7291"), ("1649", "0527"), ("5283", "6047"), ("9416", "8350"), ("2078", "4963"))


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood."""

    digits: str | None  # None: no digit at all
    language: str  # "en" or "zh"
    score: float  # mean log-probability of a token; the higher, the surer


class Speech:
    """Every language's recogniser, loaded when it is first needed; safe to use from several threads.

    Args:
        speech_dir: Holds the folders ``tiny.en`` (English) and ``base`` (Mandarin), each with config.json, model.bin,
            tokenizer.json and vocabulary.txt; None: the installed packages that carry them.
        languages: Which are wanted, of "en" and "zh", in the order in which they are tried.
        cache_dir: Where a model that comes in parts is joined; None: anew at each start.
    """

    def __init__(self, speech_dir: Path | None, languages: tuple[str, ...], cache_dir: Path | None) -> None:
        self._speech_dir = speech_dir
        self._cache_dir = cache_dir
        wanted = {model.language: model for model in MODELS}
        self._wanted = [wanted[language] for language in languages if language in wanted]
        missing = {model.language: absent(model, speech_dir) for model in self._wanted}
        self._problems = {language: sentence for language, sentence in missing.items() if sentence is not None}
        self._loaded: dict[str, _Recogniser] = {}
        self._loading = threading.Lock()

    @property
    def languages(self) -> tuple[str, ...]:
        """Those whose files are here and, where they were needed already, proved to be the right ones."""
        return tuple(model.language for model in self._usable)

    @property
    def problem(self) -> str | None:
        """Why no language can be recognised, or not every one that was asked for."""
        if not self._wanted:
            return "No language of the spoken code is asked for; set FACEMATCH_LIP_LANGUAGES."
        return " ".join(self._problems.values()) or None

    @property
    def models(self) -> tuple[Model, ...]:
        """The models of `languages`."""
        return tuple(model.model for model in self._usable)

    @property
    def _usable(self) -> list[SpeechModel]:
        return [model for model in self._wanted if model.language not in self._problems]

    def warm_up(self) -> None:
        """Load what is here; a language that cannot be loaded leaves `languages` and becomes the `problem`."""
        for model in self._usable:
            try:
                self._recogniser(model)
            except SpeechUnavailable:
                continue  # kept in _problems

    def hear(self, sound: Sound, code: str) -> Heard:
        """The digits that were spoken: *code* when one language understands exactly that, else the surest guess.

        A window cut to the sound costs a fraction of the whole one and is understood nearly as well: it comes first.

        Args:
            sound: 16 kHz, in [-1, 1], at most 30 s.
            code: The digits that are expected; no other text of that length counts as them.

        Raises:
            SpeechUnavailable: No language can be recognised here.
        """
        recognisers = self._recognisers()
        guesses: list[tuple[bool, bool, float, Heard]] = []  # of the right length, whole window, score
        for whole in (False, True):
            for recogniser in recognisers:
                heard = recogniser.hear(sound, code, whole=whole)
                if heard.digits == code:
                    return heard
                guesses.append((len(heard.digits or "") == len(code), whole, heard.score, heard))
        return max(guesses, key=lambda guess: guess[:3])[3]

    def _recognisers(self) -> list["_Recogniser"]:
        recognisers = []
        for model in self._usable:
            try:
                recognisers.append(self._recogniser(model))
            except SpeechUnavailable:
                continue  # kept in _problems
        if not recognisers:
            raise SpeechUnavailable(self.problem or "No language can be recognised here.")
        return recognisers

    def _recogniser(self, model: SpeechModel) -> "_Recogniser":
        with self._loading:
            if model.language not in self._loaded:
                try:
                    self._loaded[model.language] = _Recogniser(model, self._speech_dir, self._cache_dir)
                except SpeechUnavailable as error:
                    self._problems[model.language] = str(error)
                    raise
            return self._loaded[model.language]


class _Recogniser:
    """One language's network."""

    def __init__(self, model: SpeechModel, speech_dir: Path | None, cache_dir: Path | None) -> None:
        from faster_whisper import WhisperModel  # half a second and 40 MB that only LIP needs

        self.language = model.language
        with ExitStack() as stack:
            folder = str(prepared(model, speech_dir, cache_dir, stack))
            self._whisper: Any = WhisperModel(
                folder, device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True
            )
        self._tokenizer = self._tokens()

    def hear(self, sound: Sound, code: str, *, whole: bool) -> Heard:
        """The likeliest text of as many digits as *code* has; when there is none, the likeliest text's digits."""
        features = _windowed(self._whisper.feature_extractor(sound), whole=whole)
        answer = self._generate(features, code)
        heard = [digits_in(self._tokenizer.decode(tokens), self.language) for tokens in answer.sequences_ids]
        index = next((i for i, digits in enumerate(heard) if len(digits) == len(code)), 0)
        return Heard(heard[index] or None, self.language, float(answer.scores[index]))

    def _generate(self, features: NDArray[np.float32], code: str) -> Any:
        import ctranslate2

        prompt = self._prompt(code)
        return self._whisper.model.generate(
            ctranslate2.StorageView.from_array(features[None]),
            [prompt],
            beam_size=HYPOTHESES,
            num_hypotheses=HYPOTHESES,
            return_scores=True,
            max_length=len(prompt) + LONGEST_ANSWER,
            suppress_blank=True,
        )[0]

    def _prompt(self, code: str) -> list[int]:
        words = self._tokenizer.encode(prompt_for(code, self.language))
        return [
            self._tokenizer.sot_prev,
            *words,
            *self._tokenizer.sot_sequence,
            self._tokenizer.no_timestamps,
        ]

    def _tokens(self) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        several = self._whisper.model.is_multilingual
        return Tokenizer(
            self._whisper.hf_tokenizer,
            several,
            task="transcribe" if several else None,
            language=self.language if several else None,
        )


def prompt_for(code: str, language: str) -> str:
    """An example of what is to be written that says as little of *code* as there is.

    On speech that it does not understand the network repeats the example: it must never be what is expected.
    """
    pair = min(EXAMPLES, key=lambda pair: max(_same_places(example, code) for example in pair))
    return PROMPTS[language].format(*(" ".join(example) for example in pair))


def _same_places(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=False))


def _windowed(features: NDArray[np.float32], *, whole: bool) -> NDArray[np.float32]:
    """(bands, n) cut or filled up to whole seconds, or to the window that the network was trained on."""
    seconds = -(-features.shape[1] // FEATURE_HZ)
    columns = WHOLE_WINDOW if whole else min(max(LEAST_WINDOW, seconds * FEATURE_HZ), WHOLE_WINDOW)
    cut = features[:, :columns]
    return np.ascontiguousarray(np.pad(cut, ((0, 0), (0, columns - cut.shape[1]))), np.float32)

"""Every word the operator reads, per language: same keys in each, and a missing key raises."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from facematch.ui.words.areas import (
    environments,
    error_codes,
    frame,
    history,
    identity,
    library,
    live_code,
    one_call,
    overview,
    recording,
)
from facematch.ui.words.en import EN
from facematch.ui.words.zh import ZH

Language = Literal["en", "zh"]
AREAS = (environments, error_codes, frame, history, identity, library, live_code, one_call, overview, recording)


def _joined(parts: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    """One catalogue; ValueError for a key that two areas have."""
    joined: dict[str, str] = {}
    for part in parts:
        if twice := joined.keys() & part.keys():
            raise ValueError(f"words written twice: {sorted(twice)}")
        joined |= part
    return MappingProxyType(joined)


CATALOGUE: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {"zh": _joined((ZH, *(area.ZH for area in AREAS))), "en": _joined((EN, *(area.EN for area in AREAS)))}
)
NAMES: Mapping[Language, str] = MappingProxyType({"zh": "中文", "en": "English"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says a key in one language; KeyError for a key that nobody wrote."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of *key* with its placeholders filled in."""
        return CATALOGUE[self.language][key].format(**values)

    def or_itself(self, key: str, **values: object) -> str:
        """The sentence of *key*; for a word that came from outside and that nobody wrote, the word behind the dot."""
        return self(key, **values) if self.knows(key) else key.partition(".")[2]

    def knows(self, key: str) -> bool:
        """Whether there are words for *key*; for keys that come from outside."""
        return key in CATALOGUE[self.language]


def language_of(locale: str | None) -> Language:
    """The language for a browser's locale: Chinese for every ``zh…``, else English."""
    return "zh" if (locale or "").lower().startswith("zh") else "en"

"""What the command line says, in Chinese where the locale is Chinese, else in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facematch.cli.clauses import clause_zh, departure_zh
from facematch.cli.words_en import EN
from facematch.cli.words_zh import ZH
from facematch.codes import Language

CATALOGUE: Mapping[Language, Mapping[str, str]] = MappingProxyType({"en": EN, "zh": ZH})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says a key in one language; KeyError for a key that nobody wrote."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of *key* with its placeholders filled in."""
        return CATALOGUE[self.language][key].format(**values)

    def clause(self, text: object) -> str:
        """What an error says, or another English clause of ours, in the language as far as it is known."""
        return clause_zh(str(text)) if self.language == "zh" else str(text)

    def departure(self, clause: str) -> str:
        """One clause of an answer's drift."""
        return departure_zh(clause) if self.language == "zh" else clause


def language_of(env: Mapping[str, str]) -> Language:
    """The language of the locale that POSIX's variables name."""
    locale = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"

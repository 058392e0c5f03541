"""What errors and departures say in English, said in Chinese."""

import functools
import re

from facematch import drift
from facematch.cli.clauses_zh import DEPARTURES, OURS, THEIRS

_PLACE = re.compile(r"\\\{(\w+)\\\}")


def departure_zh(clause: str) -> str:
    """One clause of an answer's drift; that of another version as it is."""
    found = drift.understood(clause)
    if found is None or found[0].key not in DEPARTURES:
        return clause
    form, fields = found
    return DEPARTURES[form.key].format(**fields)


def clause_zh(text: str) -> str:
    """*text* as far as it is known, else its parts before and after each colon, each line on its own."""
    if "\n" in text:
        return "\n".join(clause_zh(line) for line in text.split("\n"))
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return chinese.format(**{name: clause_zh(value) for name, value in found.groupdict().items()})
    first, colon, rest = text.partition(": ")
    return f"{clause_zh(first)}：{clause_zh(rest)}" if colon else text


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    known = {**OURS, **THEIRS}
    return tuple((re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(words))), said) for words, said in known.items())

"""How an answer departed from the document, in the operator's language."""

from collections.abc import Iterable

from facematch import drift
from facematch.ui.formats import plain
from facematch.ui.words import Speaker


def departures(clauses: Iterable[object], say: Speaker) -> str:
    """The clauses of a row or a result as one text; a clause of another version stays as it is."""
    return say("departures.join").join(_departure(str(clause), say) for clause in clauses)


def _departure(clause: str, say: Speaker) -> str:
    found = drift.understood(clause)
    if found is None or not say.knows(f"drift.{found[0].key}"):
        return plain(clause)
    form, fields = found
    return say(f"drift.{form.key}", **{name: plain(text) for name, text in fields.items()})

import string

import pytest

from facematch import codes
from facematch.engine import silent, silent_cues, silent_meaning
from facematch.engine.quality import ERRCODES
from facematch.errors import CallError
from facematch.samples import PAIRS
from facematch.ui.words import CATALOGUE, language_of


@pytest.mark.parametrize(
    ("locale", "language"), [("zh-CN", "zh"), ("zh-Hant-TW", "zh"), ("en-GB", "en"), ("de", "en"), (None, "en")]
)
def test_the_default_language_is_the_browsers(locale, language):
    assert language_of(locale) == language


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_languages_say_the_same_things():
    english = CATALOGUE["en"]
    for words in CATALOGUE.values():
        assert words.keys() == english.keys()
        for key, sentence in english.items():
            assert fields(words[key]) == fields(sentence), key


def subclasses(kind):
    return {kind, *(grandchild for child in kind.__subclasses__() for grandchild in subclasses(child))}


def test_there_are_words_for_every_error_every_layer_every_check_and_every_sample(say):
    abstract = {"CallError", "TransportError", "Refusal"}
    for kind in subclasses(CallError):
        if kind.__name__ not in abstract and kind.__module__.startswith("facematch.errors"):
            assert all(say.knows(f"error.{kind.__name__}{part}") for part in ("", ".cause", ".remedy")), kind
            assert say.knows(f"outcome.{kind.outcome}"), kind
    assert all(say.knows(f"layer.{code.layer}") for code in codes.CATALOGUE.values())
    assert all(say.knows(f"check.{name}") for name in ERRCODES)
    assert all(say.knows(f"setting.{kind}") for kind in ("unknown", "number", "address", "choice", "key"))
    assert all(say.knows(f"fault.{kind}") for kind in ("WeightsMissing", "WeightsWrong", "other"))
    assert all(say.knows(f"sample.{pair.key}") for pair in PAIRS)


def test_there_are_words_for_every_cue_every_kind_of_attack_and_where_its_rate_comes_from(say):
    kinds = {*silent.LOOKED_FOR, *silent.NOT_CHECKED, *(each.kind for each in silent_meaning.ATTACKS)}

    assert [rule.name for rule in silent_cues.RULES if not say.knows(f"cue.{rule.name}")] == []
    assert [kind for kind in kinds if not say.knows(f"attack.{kind}")] == []
    assert all(say.knows(f"liveness.source.{each.origin}") for each in silent_meaning.ATTACKS)

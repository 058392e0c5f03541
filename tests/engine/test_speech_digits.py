import pytest

from facematch.engine.digits_heard import digits_in
from facematch.engine.speech import EXAMPLES, prompt_for


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("3 8 0 5", "3805"),
        (" 3, 8, 0, 5.", "3805"),
        ("3805", "3805"),
        ("3,805", "3805"),
        ("38-05", "3805"),
        ("Three eight oh five.", "3805"),
        ("three, eight, zero, five", "3805"),
        ("The code is O five two ONE!", "0521"),
        ("won to for ate", "1248"),
        ("nought niner", "09"),
        ("Zero-Seven", "07"),
        ("３８０５", "3805"),
        ("Thank you.", ""),
        ("", ""),
    ],
)
def test_digits_are_read_from_english(text, digits):
    assert digits_in(text, "en") == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("三八零五", "3805"),
        ("三 八 〇 五。", "3805"),
        ("幺两洞拐", "1207"),
        ("一，二，三，四", "1234"),
        ("兩", "2"),
        ("3 8 0 5", "3805"),
        ("验证码是六九四七", "6947"),
        ("谢谢观看", ""),
        ("four", ""),
    ],
)
def test_digits_are_read_from_mandarin(text, digits):
    assert digits_in(text, "zh") == digits


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("code", [example for pair in EXAMPLES for example in pair])
def test_the_example_in_the_prompt_is_never_what_is_expected(code, language):
    figures = digits_in(prompt_for(code, language), language)

    assert len(figures) == 8
    assert code not in figures

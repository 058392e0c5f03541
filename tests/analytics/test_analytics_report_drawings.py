"""The drawings of a report: what stands before the bars fits there, in the wide letters of Chinese too."""

import re

import pytest

from facematch.analytics import report_drawings as drawn


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("HTTP error", "HTTP error"),
        ("2010 没有检测到人脸", "2010 没有检测到人脸"),
        ("2010 照片中没有检测到完整的人脸", "2010 照片中没有检测到完…"),
        ("2010 No whole face was found on it", "2010 No whole face was fo…"),
    ],
)
def test_a_name_keeps_its_number_and_loses_its_end(name, shown):
    svg = drawn.lying([(name, 1, 0)], "title")

    assert re.search(r'class="end">(.*?)</text>', svg)[1] == shown

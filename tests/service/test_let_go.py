"""What a call read is let go when it ends, not at some later collection: the collector is off meanwhile."""

import gc
import sys

import pytest
from bodies import silent

from facematch.engine.api import Video
from facematch.engine.video import open_video
from facematch.errors import VideoRefused
from facematch.limits import Limits
from tests.engine.clips import blank, encoded


@pytest.fixture
def no_collector():
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("word", ["spoof", "wall", "junk", "0.8"])
def test_of_a_call_nothing_is_kept_however_it_ends(word, send, no_collector):
    before = sum(isinstance(each, Video) for each in gc.get_objects())
    for _ in range(3):
        assert send(body=silent(f"video {word}".encode())).status == 200

    assert sum(isinstance(each, Video) for each in gc.get_objects()) == before


@pytest.mark.parametrize("cut", [None, 2000])
def test_a_videos_file_is_let_go_once_it_is_decoded(cut, no_collector):
    data = encoded(blank(2.1))[:cut]
    before = sys.getrefcount(data)

    assert (_is_refused(data), sys.getrefcount(data)) == (cut is not None, before)


def _is_refused(data: bytes) -> bool:
    try:
        open_video(data, "SILENT", Limits())
    except VideoRefused:
        return True
    return False

"""The service within another program, where its state cannot be kept."""

from facematch import samples
from facematch.client import FaceMatchClient, Photo
from facematch.errors import StateUnavailable
from facematch.service.embedded import start_embedded
from facematch.settings import Settings


def test_photos_are_compared_although_nothing_can_be_kept(tmp_path):
    (tmp_path / "state").write_text("a file where the folder should be")
    own = start_embedded(Settings(data_dir=tmp_path), is_warm=True)
    try:
        with FaceMatchClient(own.server.url, own.token) as client:
            match = client.match(Photo(samples.photo("obama_1.jpg")), Photo(samples.photo("obama_2.jpg")))
    finally:
        own.server.stop()

    assert match.passed
    assert isinstance(own.trouble, StateUnavailable)


def test_a_place_that_works_is_used_and_the_token_is_the_one_that_was_given(tmp_path):
    own = start_embedded(Settings(data_dir=tmp_path), token="given-by-the-caller")  # noqa: S106 - of this test
    own.server.stop()

    assert (own.trouble, own.token) == (None, "given-by-the-caller")
    assert (tmp_path / "state" / "service.db").exists()

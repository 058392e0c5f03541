"""What may be shown of an answer, where much of it is left out."""

import pytest
from faulty.acts import says
from faulty.server import FaultyServer

from facematch.client import FaceMatchClient, Photo
from facematch.errors import InvalidResponse

TOKEN = "token-0123456789-abcdefghij"  # noqa: S105 - of this test


@pytest.mark.parametrize("before", range(7960, 8010, 5))
def test_no_half_of_a_secret_is_shown_where_the_answer_is_cut(before):
    answer = "a" * before + " " + TOKEN + " and more" * 2000  # the run before it shrinks to a size
    with (
        FaultyServer(says(200, answer.encode())) as server,
        FaceMatchClient(server.url, TOKEN) as client,
        pytest.raises(InvalidResponse) as caught,
    ):
        client.match(Photo(b"a"), Photo(b"b"))

    shown = caught.value.exchange.answer
    assert "<base64" in shown
    assert TOKEN[:12] not in shown

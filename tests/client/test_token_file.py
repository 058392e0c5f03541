"""A token in a file: read anew each time, and refused where it is none."""

import pytest
from faulty_server import FaultyServer, says
from repeated import ANY, GOOD, in_turn

from facematch.client import TokenFile
from facematch.errors import RequestInvalid

OLD, NEW = "the-first-token-0123456789", "the-second-token-0123456789"


def test_a_token_that_is_written_into_the_file_is_the_next_one_used(tmp_path, client_of):
    path = tmp_path / "token"
    path.write_text(f"{OLD}\n")
    with FaultyServer(in_turn(GOOD, says(401), GOOD)) as server:
        client = client_of(server.url, token=None, token_source=TokenFile(path))
        client.match(ANY, ANY)
        path.write_text(f"  {NEW}  \n")
        client.match(ANY, ANY)

    sent = [NEW if NEW.encode() in request else OLD for request in server.received]
    assert sent == [OLD, OLD, NEW]


@pytest.mark.parametrize(
    ("content", "told"), [(b"", "empty"), (b" \n", "empty"), (b"a\nb", "header"), (b"\xff\xfe", "header")]
)
def test_a_file_that_holds_no_token_says_so(content, told, tmp_path):
    path = tmp_path / "token"
    path.write_bytes(content)

    with pytest.raises(RequestInvalid, match=told):
        TokenFile(path)()


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(RequestInvalid, match="No such file"):
        TokenFile(tmp_path / "token")()

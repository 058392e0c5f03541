"""What a server says of the time: read where it can be, and never an error."""

import pytest
from faulty.acts import says
from faulty.server import FaultyServer

from facematch.client import FaceMatchClient
from facematch.client.clock import ahead_s, http_moment

NEW_YEAR = "Mon, 01 Jan 2024 00:00:00"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (f"{NEW_YEAR} GMT", 1704067200.0),
        (f"{NEW_YEAR} +0100", 1704063600.0),
        (f"{NEW_YEAR} -0000", 1704067200.0),  # a zone that is not known: UTC
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253402300799.0),
        (f"{NEW_YEAR} +99999999999999999999", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("Mon, 32 Jan 2024 25:61:61 GMT", None),
        (f"{NEW_YEAR} " + "9" * 5000, 1704067200.0),  # no zone: UTC
        ("\xff\xff", None),
        ("junk", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_a_moment_or_none(text: str | None, moment: float | None) -> None:
    assert http_moment(text) == moment


def test_a_clock_is_compared_with_the_middle_of_its_second() -> None:
    assert ahead_s(f"{NEW_YEAR} GMT", 1704067200.0 - 9) == 9.5
    assert ahead_s("junk", 0.0) is None


def test_the_date_is_what_the_server_wrote_even_with_a_refusal() -> None:
    with (
        FaultyServer(says(404, b"{}", {"Date": "junk"})) as server,
        FaultyServer(says(404, b"{}")) as silent,
        FaceMatchClient(server.url) as client,
        FaceMatchClient(silent.url) as other,
    ):
        assert (client.local.date(), other.local.date()) == ("junk", None)

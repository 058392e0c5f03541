"""Every way to write an address that only the inside can reach; and what may be reached all the same."""

import pytest

from facematch.limits import Limits
from facematch.service.addresses import Reach, plain
from facematch.service.links import LinkRefused, Links

ADDRESS = "the host's address is not an allowed one"
UNKNOWN = "the host is not known"
MALFORMED = "the link is malformed"
INSIDE = [
    ("127.0.0.1", ADDRESS),
    ("127.1", ADDRESS),
    ("127.0.1", ADDRESS),
    ("127.255.255.254", ADDRESS),
    ("0x7f000001", ADDRESS),
    ("0x7f.0.0.1", ADDRESS),
    ("2130706433", ADDRESS),
    ("0177.0.0.1", ADDRESS),
    ("017700000001", ADDRESS),
    ("0", ADDRESS),
    ("0.0.0.0", ADDRESS),  # noqa: S104 - an address to refuse
    ("localhost", ADDRESS),
    ("LOCALHOST", ADDRESS),
    ("１２７.０.０.１", ADDRESS),
    ("①②⑦.⓪.⓪.①", ADDRESS),
    ("127。0。0。1", ADDRESS),
    ("10.0.0.1", ADDRESS),
    ("172.16.0.1", ADDRESS),
    ("192.168.1.1", ADDRESS),
    ("100.64.0.1", ADDRESS),  # of a provider's network
    ("100.100.100.200", ADDRESS),  # a cloud's metadata
    ("169.254.169.254", ADDRESS),  # most clouds' metadata
    ("168.63.129.16", ADDRESS),  # a cloud's own service at a public address
    ("192.0.0.192", ADDRESS),
    ("192.0.2.1", ADDRESS),
    ("192.88.99.1", ADDRESS),
    ("198.18.0.1", ADDRESS),
    ("203.0.113.1", ADDRESS),
    ("224.0.0.1", ADDRESS),
    ("239.255.255.250", ADDRESS),
    ("240.0.0.1", ADDRESS),
    ("255.255.255.255", ADDRESS),
    ("[::]", ADDRESS),
    ("[::1]", ADDRESS),
    ("[0:0:0:0:0:0:0:1]", ADDRESS),
    ("[::127.0.0.1]", ADDRESS),
    ("[::ffff:127.0.0.1]", ADDRESS),
    ("[::ffff:7f00:1]", ADDRESS),
    ("[::ffff:10.0.0.1]", ADDRESS),
    ("[::ffff:169.254.169.254]", ADDRESS),
    ("[::ffff:0:127.0.0.1]", ADDRESS),  # translated (SIIT)
    ("[64:ff9b::127.0.0.1]", ADDRESS),  # NAT64
    ("[64:ff9b:1::7f00:1]", ADDRESS),
    ("[2002:7f00:1::]", ADDRESS),  # 6to4
    ("[2001:0:7f00:1::]", ADDRESS),  # Teredo
    ("[2001:db8::1]", ADDRESS),
    ("[3fff::1]", ADDRESS),
    ("[100::1]", ADDRESS),
    ("[fc00::1]", ADDRESS),
    ("[fd00:ec2::254]", ADDRESS),  # a cloud's metadata
    ("[fe80::1]", ADDRESS),
    ("[fec0::1]", ADDRESS),
    ("[ff02::1]", ADDRESS),
    ("[fe80::1%25lo]", MALFORMED),
    ("[::1", MALFORMED),
    ("127.0.0.1 ", "the link has white space, control characters or backslashes"),
    ("127.0.0.1\\@example.org", "the link has white space, control characters or backslashes"),
    ("example.org@127.0.0.1", "the link has user information in it"),
    ("", MALFORMED),
    ("127.0.0.1:0", MALFORMED),
    ("127.0.0.1:65536", MALFORMED),
    ("127.0.0.1%00.example.org", MALFORMED),
    ("a..b", MALFORMED),
    ("x" * 64 + ".invalid", MALFORMED),
]


@pytest.mark.parametrize(("host", "reason"), INSIDE)
def test_with_public_links_allowed_no_form_of_an_inner_address_is_reached(host: str, reason: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        Links(Limits(uri_public=True)).fetch(f"http://{host}/", 2.0, 100)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http and https are fetched"),
        ("ftp://192.0.2.1/a", "only http and https are fetched"),
        ("//192.0.2.1/a", "only http and https are fetched"),
        ("/etc/passwd", "only http and https are fetched"),
        ("", "only http and https are fetched"),
        ("http:///path", MALFORMED),
        ("http:192.0.2.1", MALFORMED),
        ("http://127.0.0.1/\ud800", MALFORMED),
        ("http://127.0.0.1/a\r\nX: y", "the link has white space, control characters or backslashes"),
        ("http://a.invalid/" + "x" * 4096, "the link has more than 4,096 characters"),
    ],
)
def test_what_is_no_link_is_refused(url: str, reason: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        Links(Limits(uri_public=True)).fetch(url, 2.0, 100)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "::ffff:8.8.8.8", "2001:4860:4860::8888", "2606:4700::1111"]
)
def test_a_public_address_is_reached_only_if_public_links_are_allowed(address: str) -> None:
    assert Reach(public=True, nets=()).allows(plain(address))
    assert not Reach(public=False, nets=("10.0.0.0/8",)).allows(plain(address))


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("10.0.0.1", True),
        ("10.255.255.255", True),
        ("::ffff:10.0.0.1", True),
        ("fd00::7", True),
        ("11.0.0.1", False),
        ("192.168.0.1", False),
        ("fd00:1::7", False),
        ("::10.0.0.1", False),
        ("64:ff9b::10.0.0.1", False),
    ],
)
def test_a_network_that_is_allowed_opens_itself_and_nothing_else(address: str, allowed: bool) -> None:
    reach = Reach(public=False, nets=("10.0.0.0/8", "fd00::/64"))

    assert reach.allows(plain(address)) is allowed

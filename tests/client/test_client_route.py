"""The way to a server: own authorities, no check, a proxy; and who is to blame when there is no way."""

import datetime
import json
import ssl
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from faulty_server import FaultyServer, hangs, message, says_json
from proxy_server import TlsProxy, proxy_server
from tls_server import TlsServer

from facematch.client import CertificateRefused, DeadlineExceeded, ProxyFailed, RequestInvalid, Route

LOGIN = "operator:pass-of-the-proxy"
ANSWER = {"errcode": 0, "errmsg": "ok", "traceNo": "t-1", "status": "SUCCESS", "data": {"result": {"code": "0123"}}}
DAY = datetime.timedelta(days=1)


class Authority:
    """Signs certificates of servers; `pem` is its own."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "our own authority")])
        self.pem = self._signed(self._name, self._key, 1, None).public_bytes(Encoding.PEM).decode()

    def server(self, folder, *, days=10, host="127.0.0.1"):
        """A file with a key and a certificate for *host*."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        signed = self._signed(x509.Name([]), key, days, names)
        path = folder / f"{host}.{days}.pem"
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + signed.public_bytes(Encoding.PEM)
        )
        return path

    def _signed(self, name, key, days, names):
        until = datetime.datetime.now(datetime.UTC) + days * DAY
        made = x509.CertificateBuilder(self._name, name, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(until - 20 * DAY).not_valid_after(until)
        made = made.add_extension(x509.BasicConstraints(names is None, None), critical=True)
        made = made if names is None else made.add_extension(names, critical=True)
        return made.sign(self._key, hashes.SHA256())


class Https(TlsServer):
    """Answers each request as the contract does."""

    def __init__(self, certificate, body):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

        def act(server, connection, _):
            with context.wrap_socket(connection, server_side=True) as inside:
                while request := inside.recv(65536):
                    server.received.append(request)
                    inside.sendall(message(200, body, {"Connection": "keep-alive", "Content-Type": "application/json"}))

        super().__init__(act)
        self.url = self.url.replace("http:", "https:")


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def https(authority, tmp_path):
    with Https(authority.server(tmp_path), json.dumps(ANSWER).encode()) as server:
        yield server


@pytest.fixture
def http():
    with FaultyServer(says_json(200, ANSWER)) as server:
        yield server


def test_an_own_authority_is_trusted_and_the_certificates_end_is_told(https, authority, client_of):
    client = client_of(https.url, route=Route(authorities=f"# 自建证书\n{authority.pem}"))

    assert client.live_code().code == "0123"
    tls = client.inspect().tls
    assert (tls.verified, tls.issuer, tls.version) == (True, "our own authority", "TLSv1.3")
    days = (tls.expires_at_ms / 1000 - datetime.datetime.now(datetime.UTC).timestamp()) / 86400
    assert 9.9 < days < 10


@pytest.mark.parametrize(
    ("made", "trusted", "problem"),
    [
        ({}, False, "authority"),
        ({"days": -1}, True, "expired"),
        ({"host": "127.0.0.2"}, True, "name"),
    ],
)
def test_a_certificate_that_does_not_hold_is_told_why_is_not_tried_again_and_nothing_is_sent(
    made, trusted, problem, authority, tmp_path, client_of
):
    other = Authority()
    route = Route(authorities=authority.pem if trusted else other.pem)
    with Https(authority.server(tmp_path, **made), b"{}") as server:
        with pytest.raises(CertificateRefused) as caught:
            client_of(server.url, route=route).live_code()

        assert (caught.value.problem, caught.value.sent, caught.value.attempt) == (problem, False, 1)
        assert (server.connections, server.received) == (1, [])


def test_the_usual_authorities_do_not_know_ours_and_unchecked_takes_anybody(https, client_of):
    with pytest.raises(CertificateRefused):
        client_of(https.url).live_code()
    unchecked = client_of(https.url, route=Route(verify=False))

    assert unchecked.live_code().code == "0123"
    assert unchecked.inspect().tls.verified is False


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_call_goes_through_the_proxy_and_its_login_through_no_tunnel(
    scheme, https, http, authority, client_of, token
):
    server = https if scheme == "https" else http
    with proxy_server(LOGIN) as proxy:
        route = Route(authorities=authority.pem, proxy=proxy.url, proxy_login=lambda: LOGIN)
        client = client_of(server.url, route=route)

        assert client.live_code().code == "0123"
        assert proxy.asked[0].split(" ")[0] == ("CONNECT" if scheme == "https" else "POST")
        assert proxy.logins[0].startswith("Basic ")
        assert scheme == "http" or b"Proxy-Authorization" not in b"".join(server.received)  # http: the proxy's to drop
        assert LOGIN not in repr(client) + repr(route)
        assert token not in repr(proxy.asked)


@pytest.mark.parametrize("verify", [True, False])
def test_through_a_proxys_own_tls_the_servers_certificate_is_told_and_the_proxys_is_not(
    verify, https, http, authority, tmp_path, client_of
):
    with TlsProxy(authority.server(tmp_path)) as proxy:
        route = Route(verify, authority.pem if verify else None, proxy.url)
        secure = client_of(https.url, route=route, timeout_s=60.0).inspect()
        bare = client_of(http.url, route=route, timeout_s=60.0).inspect()

        assert (secure.tls.verified, secure.tls.issuer) == (verify, "our own authority" if verify else None)
        assert (bare.error, bare.http_status, bare.tls) == (None, 200, None)
        assert [line.split(" ")[0] for line in proxy.asked] == ["CONNECT", "GET"]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("login", [None, "operator:wrong"])
def test_a_proxy_that_wants_another_login_is_told_from_the_server_and_asked_once(
    scheme, login, https, http, authority, client_of
):
    server = https if scheme == "https" else http
    with proxy_server(LOGIN) as proxy:
        given = None if login is None else lambda: login
        route = Route(authorities=authority.pem, proxy=proxy.url, proxy_login=given)
        with pytest.raises(ProxyFailed) as caught:
            client_of(server.url, route=route).live_code()

        assert (caught.value.problem, caught.value.sent, len(proxy.asked)) == ("login", False, 1)
        assert server.received == []


def test_a_proxy_that_lets_nobody_through_or_is_not_there_is_told(https, client_of):
    with proxy_server(refuses=403) as proxy, pytest.raises(ProxyFailed) as refused:
        client_of(https.url, route=Route(proxy=proxy.url)).live_code()
    with pytest.raises(ProxyFailed) as missing:
        client_of(https.url, route=Route(proxy="http://127.0.0.1:9"), attempts=1).live_code()

    assert (refused.value.problem, missing.value.problem) == ("refused", "unreachable")
    assert "403" in str(refused.value)


def test_a_proxy_that_hangs_ends_with_the_connect_timeout_and_is_named(https, client_of):
    with FaultyServer(hangs) as proxy, pytest.raises(ProxyFailed) as caught:
        client_of(https.url, route=Route(proxy=proxy.url), connect_timeout_s=0.4, attempts=1).live_code()

    assert (caught.value.problem, caught.value.sent) == ("unreachable", False)
    assert caught.value.elapsed_ms < 5000


def test_the_deadline_holds_through_a_proxy_and_the_call_may_have_been_handled(client_of):
    with FaultyServer(hangs) as server, proxy_server() as proxy, pytest.raises(DeadlineExceeded) as caught:
        client_of(server.url, route=Route(proxy=proxy.url), timeout_s=0.6, attempts=1).live_code()

    assert caught.value.sent is True


@pytest.mark.parametrize("proxy", ["proxy:3128", "http://user:secret@proxy", "socks5://proxy:1", "http://proxy/path"])
def test_a_proxy_address_that_cannot_be_used_is_refused_without_repeating_it(proxy):
    with pytest.raises(RequestInvalid) as caught:
        Route(proxy=proxy)

    assert "secret" not in str(caught.value)


def test_authorities_without_a_certificate_are_refused():
    with pytest.raises(RequestInvalid):
        Route(authorities="-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")

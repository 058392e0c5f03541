"""The faulty server through TLS, with a certificate that nobody else has signed."""

import contextlib
import datetime
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from faulty_server import FaultyServer


class TlsServer(FaultyServer):
    """Leaves the first bytes, which are the handshake's, to the act."""

    def answer(self, connection):
        self._scenarios.act(self, connection, b"")


@contextlib.contextmanager
def tls_server(certificate: Path, answer: bytes) -> Iterator[FaultyServer]:
    """Gives *answer* to two requests of a connection through TLS, and hangs at the third."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def act(server, connection, request):
        with context.wrap_socket(connection, server_side=True) as inside:
            for _ in range(2):
                server.received.append(inside.recv(65536))
                inside.sendall(answer)
            while not server.stopping.wait(0.05):
                pass

    with TlsServer(act) as server:
        yield server


def written_certificate(folder: Path) -> Path:
    """A new file in *folder* with a key and a certificate for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "faulty")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + signed.public_bytes(Encoding.PEM)
    )
    return path

"""An OpenID Connect provider of our own on loopback: discovery, a page to choose a person on, tokens, sign-out."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "facematch-console", "of-the-client"
HOUR_S = 3600
Gets = Literal["good", "expired", "forged", "long_ago", "refused"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who may be chosen on the provider's page, and what the provider then says of them."""

    claims: Mapping[str, object]
    gets: Gets = "good"


@dataclass(slots=True)
class Provider:
    """What a test knows of the running provider."""

    url: str
    people: Mapping[str, Person]
    signed_out: int = 0
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    another_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)  # code: person and what was asked

    def id_token(self, name: str, nonce: str) -> str:
        person, now = self.people[name], int(time.time())
        at = now - 48 * HOUR_S if person.gets == "long_ago" else now - 2 * HOUR_S * (person.gets == "expired")
        claims = {
            "iss": self.url,
            "sub": name,
            "aud": CLIENT,
            "nonce": nonce,
            "iat": at,
            "exp": (now if person.gets == "long_ago" else at) + HOUR_S,
            **person.claims,
        }
        key = self.another_key if person.gets == "forged" else self.key
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


def secrets_file(provider: Provider) -> str:
    """What the operator writes into secrets.toml for this provider."""
    return (
        "[auth]\n"
        'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        f'cookie_secret = "{secrets.token_hex(32)}"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{provider.url}/.well-known/openid-configuration"\n'
    )


@contextmanager
def providing(people: Mapping[str, Person]) -> Iterator[Provider]:
    """Run the provider until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}", people)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider, parts = self.server.provider, urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._json(_discovery(provider.url))
        elif parts.path == "/keys":
            self._json({"keys": [provider.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            self._choice(provider, parts.query)
        elif parts.path.startswith("/as/"):
            self._back(provider, parts.path.removeprefix("/as/"), asked)
        elif parts.path == "/end":
            provider.signed_out += 1
            self._to(asked["post_logout_redirect_uri"])
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        provider = self.server.provider
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        person, asked = provider.codes.pop(form.get("code", ""), ("", {}))
        known = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}" == self.headers["Authorization"]
        if not (known and person and form["redirect_uri"] == asked["redirect_uri"] and _proves(form, asked)):
            self._json({"error": "invalid_grant"}, status=400)
            return
        token = provider.id_token(person, asked["nonce"])
        self._json({"access_token": secrets.token_hex(8), "token_type": "Bearer", "id_token": token})

    def _choice(self, provider: Provider, query: str) -> None:
        links = "".join(
            f'<p><a href="/as/{quote(name)}?{escape(query)}">{escape(name)}</a></p>' for name in provider.people
        )
        self._send(f"<!doctype html><title>provider</title><link rel=icon href='data:,'>{links}", "text/html")

    def _back(self, provider: Provider, name: str, asked: dict[str, str]) -> None:
        code = secrets.token_hex(8)
        provider.codes[code] = (name, asked)
        refused = provider.people[name].gets == "refused"
        answer = {"error": "access_denied"} if refused else {"code": code}
        self._to(f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")

    def _to(self, url: str) -> None:
        self.send_response(302)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, told: object, status: int = 200) -> None:
        self._send(json.dumps(told), "application/json", status)

    def _send(self, body: str, kind: str, status: int = 200) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _discovery(url: str) -> dict[str, object]:
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}/keys",
        "end_session_endpoint": f"{url}/end",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }


def _proves(form: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether the one who fetches the token is the one who asked, where that was wanted (PKCE)."""
    if "code_challenge" not in asked:
        return True
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]

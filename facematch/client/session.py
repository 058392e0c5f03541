"""A session of requests with everything switched off that would act on its own."""

from http.cookiejar import DefaultCookiePolicy

import requests

from facematch import __version__
from facematch.client.connection import WatchedAdapter
from facematch.client.route import Route

JSON = "application/json"


class RawToken(requests.auth.AuthBase):
    """Puts the raw token into ``Authorization``, as the contract asks: no ``Bearer``."""

    def __init__(self, token: str) -> None:
        self._text = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Called by requests for every request; a callable keeps ~/.netrc out."""
        request.headers["Authorization"] = self._text
        return request


class _Session(requests.Session):
    """Never looks where a redirect leads: requests would read that answer's whole body, without a limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


def session(route: Route) -> requests.Session:
    """A new one; nothing of it comes from the environment's variables."""
    made = _Session()
    made.trust_env = False
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.headers.update({"User-Agent": f"facematch/{__version__}", "Accept": JSON, "Accept-Encoding": "gzip"})
    if route.proxy is not None:
        made.proxies = {"http": route.proxy, "https": route.proxy}
    adapter = WatchedAdapter(route)
    for scheme in ("http://", "https://"):
        made.mount(scheme, adapter)
    return made

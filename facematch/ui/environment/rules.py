"""What an operator has typed of an environment, and what is wrong with it, field by field."""

from dataclasses import dataclass, replace

from facematch.addresses import is_authority, is_proxy, is_server
from facematch.client.tokens import checked_token
from facematch.contract import ORIGINS, Origin
from facematch.environments import LONGEST_RETENTION_DAYS, Check, Listed, Remote, new_id
from facematch.errors import RequestInvalid
from facematch.settings import LONGEST_TIMEOUT_S
from facematch.ui.services import EMBEDDED
from facematch.ui.words import CATALOGUE

NAME_CHARACTERS = 40
RESERVED = {  # the log's word for ours, the settings' for every other, and what the pages call ours
    *(EMBEDDED, "*"),
    *(words["environment.embedded"].casefold() for words in CATALOGUE.values()),
}
Problems = dict[str, str]  # by field, the word that the page has a sentence for


@dataclass(frozen=True, slots=True)
class Draft:
    """A form's fields as typed; secrets are not among them."""

    id: str | None = None  # None: a new one
    name: str = ""
    url: str = ""
    check: Check = "usual"
    authorities: str = ""
    proxy: str = ""
    connect_timeout_s: float | None = 3.0
    timeout_s: float | None = 30.0
    origins: tuple[Origin, ...] = ORIGINS
    retention_days: float | None = None
    is_new: bool = True  # not one that is listed already

    @property
    def problems(self) -> Problems:
        """What no other environment has to do with."""
        found = {
            "name": _name_problem(self.name.strip()),
            "url": _url_problem(self.url.strip()),
            "authorities": self._authorities_problem(),
            "proxy": None if not self.proxy.strip() or is_proxy(self.proxy.strip()) else _address_problem(self.proxy),
            "connect_timeout_s": _seconds_problem(self.connect_timeout_s),
            "timeout_s": _seconds_problem(self.timeout_s),
            "retention_days": _days_problem(self.retention_days),
            "origins": None if self.origins else "origins",
        }
        return {field: problem for field, problem in found.items() if problem is not None}

    def problems_among(self, listed: Listed, taken: tuple[str, ...]) -> Problems:
        """All; *taken* are names that belong to environments outside the list."""
        others = {each.name.casefold() for each in listed.remotes if each.id != self.id}
        is_taken = self.name.strip().casefold() in {*others, *map(str.casefold, filter(None, taken))}
        return {**self.problems, **({"name": "taken"} if is_taken else {})}

    def remote(self, before: Remote | None) -> Remote:
        """As it is listed, with the secrets of *before*."""
        typed = Remote(
            id=self.id or new_id(),
            name=self.name.strip(),
            url=self.url.strip().rstrip("/"),
            check=self.check,
            authorities=self.authorities.strip() if self.check == "own" else "",
            proxy=self.proxy.strip().rstrip("/"),
            connect_timeout_s=self.connect_timeout_s or 0.0,
            timeout_s=self.timeout_s or 0.0,
            origins=tuple(each for each in ORIGINS if each in self.origins),
            retention_days=self.retention_days,
        )
        return typed if before is None else replace(typed, token=before.token, proxy_login=before.proxy_login)

    def _authorities_problem(self) -> str | None:
        if self.check != "own":
            return None
        if not self.authorities.strip():
            return "missing"
        return None if is_authority(self.authorities) else "authorities"


def draft_of(remote: Remote) -> Draft:
    """A form's fields for *remote*."""
    return Draft(
        remote.id, remote.name, remote.url, remote.check, remote.authorities, remote.proxy,
        remote.connect_timeout_s, remote.timeout_s, remote.origins, remote.retention_days, False,
    )  # fmt: skip


def secret_problem(field: str, text: str) -> str | None:
    """Why *text* cannot be a token, or a proxy's login; None also for nothing typed."""
    try:
        checked_token(text)
    except RequestInvalid:
        return "header"
    if field == "proxy_login" and text and not (text.partition(":")[0] and ":" in text):
        return "login"
    return None


def _name_problem(name: str) -> str | None:
    if not name:
        return "missing"
    if len(name) > NAME_CHARACTERS:
        return "long"
    if not name.isprintable() or "," in name or "=" in name:
        return "characters"
    return "reserved" if name.casefold() in RESERVED else None


def _url_problem(url: str) -> str | None:
    if not url:
        return "missing"
    return None if is_server(url) else _address_problem(url)


def _address_problem(url: str) -> str:
    if "@" in url:
        return "user"
    return "scheme" if "://" not in url else "address"


def _seconds_problem(seconds: float | None) -> str | None:
    return None if seconds is not None and 0 < seconds <= LONGEST_TIMEOUT_S else "seconds"


def _days_problem(days: float | None) -> str | None:
    return None if days is None or 0 <= days <= LONGEST_RETENTION_DAYS else "days"

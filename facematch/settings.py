"""Everything read from the environment: once, typed, the unit in the name."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from facematch.errors import SettingInvalid
from facematch.limits import PREFIX, Limits, refuse_unknown, refuse_zero, validate, variable

KEY_BYTES = 32
LONGEST_TIMEOUT_S = 7 * 24 * 3600
ASKED = {"id_number", "name"}  # of a person: no settings, the command line may take them from there
LIP_LANGUAGES = ("en", "zh")
Retention = tuple[tuple[str, float], ...]
Named = tuple[str, ...] | None  # as written: a claim's values, addresses of persons


def default_data_dir() -> Path:
    """The user's data directory, as each system has it."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "facematch"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "facematch"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "facematch"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator may set; the README's table lists each variable."""

    data_dir: Path = field(default_factory=default_data_dir)  # holds log/, keys/, cache/, state/ and files/
    url: str | None = None  # drive this server; None: the embedded service
    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None  # read at the first call and again when the server refuses the token
    log_url: str | None = field(default=None, repr=False)  # the log's database; None: SQLite in log/
    retention_days: Retention = ()  # how long calls are kept, by environment, "*" standing for the others; (): for ever
    log_key: str | None = field(default=None, repr=False)  # 64 hex digits; None: a 0600 file in keys/
    state_url: str | None = field(default=None, repr=False)  # the service's database; None: SQLite in state/
    state_key: str | None = field(default=None, repr=False)  # as log_key, of the service's state
    model_dir: Path | None = None  # where the networks' files are; None: the installed package
    speech_dir: Path | None = None  # where the speech models' folders are; None: the installed packages
    lip_languages: tuple[str, ...] = LIP_LANGUAGES
    liveness_model: Path | None = None  # an ONNX network of the MiniFASNet family; None: none is used
    allow_chosen_codes: bool = False  # /local/live-codes issues the code that is asked for: for evaluation only
    connect_timeout_s: float = 3.0
    timeout_s: float = 30.0  # for a whole call, first byte sent to last byte read
    demo: bool = False  # the dashboard starts in demo mode
    login: bool = False  # nobody sees a page without signing in; True also when there are secrets for it
    login_hours: float = 12.0  # after which whoever signed in is asked to do so again
    login_claim: str | None = None  # which claim decides whether somebody may come in; None: whom the provider knows
    login_values: Named = None  # one of these it must hold
    personal_claim: str | None = None  # which claim decides whether somebody may see personal data
    personal_values: Named = None  # one of these it must hold
    personal_emails: Named = None  # these may too, when the provider has verified the address
    limits: Limits = field(default_factory=Limits)

    @property
    def log_path(self) -> Path:
        """The SQLite file of the call log."""
        return self.data_dir / "log" / "calls.db"

    @property
    def log_spool_path(self) -> Path:
        """Where calls wait while the database of ``log_url`` does not answer."""
        return self.data_dir / "log" / "spool.db"

    @property
    def log_key_path(self) -> Path:
        """The key of the log's digests; apart from the log, so that copying the log does not copy it."""
        return self.data_dir / "keys" / "log.key"

    @property
    def state_path(self) -> Path:
        """The SQLite file of the service's state, unless ``state_url`` names another database."""
        return self.data_dir / "state" / "service.db"

    @property
    def state_key_path(self) -> Path:
        """The key of the library: digests of ID numbers, and what encrypts portraits."""
        return self.data_dir / "keys" / "state.key"

    @property
    def files_dir(self) -> Path:
        """The folder that stands in for the file server (``fds``)."""
        return self.data_dir / "files"

    @property
    def cache_dir(self) -> Path:
        """Networks made ready once; may be deleted at any time."""
        return self.data_dir / "cache"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read every ``FACEMATCH_…`` variable of *env*.

        Raises:
            SettingInvalid: A value cannot be used, or a variable with our prefix is unknown (a typing error).
        """
        ours = {
            name.removeprefix(PREFIX).lower(): value.strip() for name, value in env.items() if name.startswith(PREFIX)
        }
        given = {name: value for name, value in ours.items() if value}
        limits = Limits(**_read(Limits, given))
        settings = cls(**_read(cls, given, skip=("limits",)), limits=limits)
        known = ({f.name for f in (*fields(cls), *fields(Limits))} | ASKED) - {"limits"}
        for name in sorted(given.keys() - known):
            raise SettingInvalid(variable(name), "unknown", "no such setting")
        _validate(settings)
        return settings


def _read(kind: type, given: Mapping[str, str], skip: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        f.name: _convert(f.name, f.type, given[f.name]) for f in fields(kind) if f.name in given and f.name not in skip
    }


def _convert(name: str, kind: object, text: str) -> object:
    try:
        return _CONVERT[kind](text)
    except ValueError as error:
        if kind is bool:
            raise SettingInvalid(variable(name), "choice", f"0 or 1, not {text!r}") from error
        raise SettingInvalid(variable(name), "number", f"not a number: {text!r}") from error


def _not_negative(number: type[int] | type[float], text: str) -> int | float:
    value = number(text)
    if not 0 <= value < float("inf"):
        raise ValueError(text)
    return value


def _retention(text: str) -> Retention:
    """``90``, ``embedded=30`` or both, with a comma between."""
    pairs = (entry.rpartition("=") for entry in text.split(","))
    return tuple((env.strip() or "*", float(_not_negative(float, days))) for env, _, days in pairs)


_TRUTH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise ValueError(text)
    return _TRUTH[text.lower()]


_CONVERT: Mapping[object, Any] = {
    bool: _truth,
    int: lambda text: _not_negative(int, text),
    float: lambda text: _not_negative(float, text),
    str: str,
    str | None: str,
    Path: lambda text: Path(text).expanduser(),
    Path | None: lambda text: Path(text).expanduser(),
    Retention: _retention,
    Named: lambda text: tuple(word.strip() for word in text.split(",") if word.strip()) or None,
    tuple[str, ...]: lambda text: tuple(word.strip().lower().replace("jpg", "jpeg") for word in text.split(",")),
}


def _validate_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a bracket without its pair, a port beyond 65535
        usable = False
    if not usable or "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingInvalid(variable("url"), "address", "not an http or https address without user name and query")


def _validate(settings: Settings) -> None:
    if settings.url is not None:
        _validate_url(settings.url)
    refuse_zero(settings, ("connect_timeout_s", "timeout_s"))
    for name in ("connect_timeout_s", "timeout_s"):
        if getattr(settings, name) > LONGEST_TIMEOUT_S:
            raise SettingInvalid(variable(name), "number", f"at most {LONGEST_TIMEOUT_S:,} seconds")
    _validate_roles(settings)
    validate(settings.limits)
    refuse_unknown("lip_languages", settings.lip_languages, LIP_LANGUAGES)
    for name in ("log_url", "state_url"):
        if (url := getattr(settings, name)) is not None and not url.startswith("postgresql"):
            raise SettingInvalid(variable(name), "address", "not a postgresql:// address")
    for name in ("log_key", "state_key"):
        if (key := getattr(settings, name)) is not None and not _is_key(key):
            raise SettingInvalid(variable(name), "key", "64 hexadecimal digits")


def _validate_roles(settings: Settings) -> None:
    """A claim without its values would let nobody in, and values without their claim would be overlooked."""
    refuse_zero(settings, ("login_hours",))
    for claim, values in (("login_claim", "login_values"), ("personal_claim", "personal_values")):
        if (getattr(settings, claim) is None) != (getattr(settings, values) is None):
            raise SettingInvalid(variable(values), "choice", f"only together with {variable(claim)}")


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == KEY_BYTES
    except ValueError:
        return False

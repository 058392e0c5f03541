"""Everything read from the environment: once, typed, the unit in the name."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from facematch.errors import SettingInvalid

PREFIX = "FACEMATCH_"
MIB = 1024 * 1024
KEY_BYTES = 32
LARGEST_SIDE_PX = 20_000  # 400 megapixels are 1.2 GB as RGB
TOP_SCORE = 100
RIGHT_ANGLE_DEG = 90


@dataclass(frozen=True, slots=True)
class Limits:
    """What the embedded service accepts; the numbers and their precedents are in the README."""

    body_max_bytes: int = 16 * MIB
    image_max_base64_bytes: int = 3 * MIB
    image_min_side_px: int = 64
    image_max_side_px: int = 4000
    image_formats: tuple[str, ...] = ("jpeg", "png")  # webp and bmp may be added
    faces: str = "one"  # one, largest or central: see engine.choose
    face_min_px: int = 80
    face_warn_px: int = 100
    pose_warn_deg: float = 15.0
    pose_refuse_deg: float = 30.0
    pass_score: int = 70
    evidence_ttl_s: float = 600.0


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

    data_dir: Path = field(default_factory=default_data_dir)  # holds log/, keys/ and cache/
    url: str | None = None  # drive this server; None: the embedded service
    token: str | None = field(default=None, repr=False)
    log_key: str | None = field(default=None, repr=False)  # 64 hex digits; None: a 0600 file in keys/
    model_dir: Path | None = None  # where the networks' files are; None: the installed package
    connect_timeout_s: float = 3.0
    timeout_s: float = 30.0  # for a whole call, first byte sent to last byte read
    limits: Limits = field(default_factory=Limits)

    @property
    def log_path(self) -> Path:
        """The SQLite file of the call log."""
        return self.data_dir / "log" / "calls.db"

    @property
    def log_key_path(self) -> Path:
        """The key of the log's digests; apart from the log, so that copying the log does not copy it."""
        return self.data_dir / "keys" / "log.key"

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
        known = {f.name for f in (*fields(cls), *fields(Limits))} - {"limits"}
        for name in sorted(given.keys() - known):
            raise SettingInvalid(PREFIX + name.upper(), "unknown", "no such setting")
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
        raise SettingInvalid(PREFIX + name.upper(), "number", f"not a number: {text!r}") from error


def _not_negative(number: type[int] | type[float], text: str) -> int | float:
    value = number(text)
    if not 0 <= value < float("inf"):
        raise ValueError(text)
    return value


_CONVERT: Mapping[object, Any] = {
    int: lambda text: _not_negative(int, text),
    float: lambda text: _not_negative(float, text),
    str: str,
    str | None: str,
    Path: lambda text: Path(text).expanduser(),
    Path | None: lambda text: Path(text).expanduser(),
    tuple[str, ...]: lambda text: tuple(word.strip().lower().replace("jpg", "jpeg") for word in text.split(",")),
}


def _validate_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a bracket without its pair, a port beyond 65535
        usable = False
    if not usable or "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingInvalid("FACEMATCH_URL", "address", "not an http or https address without user name and query")


_HIGHEST = {"pass_score": TOP_SCORE, "image_max_side_px": LARGEST_SIDE_PX, "pose_refuse_deg": RIGHT_ANGLE_DEG}
_IN_ORDER = (
    ("image_min_side_px", "image_max_side_px"),
    ("pose_warn_deg", "pose_refuse_deg"),
    ("face_min_px", "face_warn_px"),
)


def _refuse_zero(owner: Settings | Limits, *names: str) -> None:
    for name in names:
        if not getattr(owner, name):
            raise SettingInvalid(PREFIX + name.upper(), "number", "must be more than 0")


def _validate_ranges(limits: Limits) -> None:
    for name, highest in _HIGHEST.items():
        if getattr(limits, name) > highest:
            raise SettingInvalid(PREFIX + name.upper(), "number", f"must be at most {highest:,}")
    for low, high in _IN_ORDER:
        lower, upper = getattr(limits, low), getattr(limits, high)
        if lower > upper:
            was_set = low if lower != getattr(Limits(), low) else high
            problem = f"{PREFIX}{low.upper()} is {lower}, above {PREFIX}{high.upper()}, {upper}"
            raise SettingInvalid(PREFIX + was_set.upper(), "number", problem)


def _validate(settings: Settings) -> None:
    limits = settings.limits
    if settings.url is not None:
        _validate_url(settings.url)
    _refuse_zero(settings, "connect_timeout_s", "timeout_s")
    _refuse_zero(limits, "body_max_bytes", "image_max_base64_bytes", "evidence_ttl_s")
    _validate_ranges(limits)
    if limits.faces not in ("one", "largest", "central"):
        raise SettingInvalid("FACEMATCH_FACES", "choice", "one of: one, largest, central")
    if unknown := set(limits.image_formats) - {"jpeg", "png", "webp", "bmp"}:
        raise SettingInvalid("FACEMATCH_IMAGE_FORMATS", "choice", f"unknown format {min(unknown)!r}")
    if settings.log_key is not None and not _is_key(settings.log_key):
        raise SettingInvalid("FACEMATCH_LOG_KEY", "key", "64 hexadecimal digits")


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == KEY_BYTES
    except ValueError:
        return False

"""What the embedded service accepts: every limit is a setting; the README tells what each means."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network

from facematch.errors import SettingInvalid

PREFIX = "FACEMATCH_"
MIB = 1024 * 1024
LARGEST_SIDE_PX = 20_000  # 400 megapixels are 1.2 GB as RGB
TOP_SCORE = 100
RIGHT_ANGLE_DEG = 90
IMAGE_FORMATS = ("jpeg", "png", "webp", "bmp")
VIDEO_FORMATS = ("mp4", "mov", "webm", "avi", "flv")


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes, lengths and lifetimes."""

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
    video_max_base64_bytes: int = 8 * MIB
    video_formats: tuple[str, ...] = VIDEO_FORMATS
    video_min_short_px: int = 320  # short side, in either orientation
    video_min_long_px: int = 480
    video_max_side_px: int = 4000
    video_max_frames: int = 1200  # as they are in the file: 20 s at 60 a second
    video_max_pixels: int = 2_500_000_000  # of all frames together: 20 s of 1080p at 60 a second, some 20 s of one core
    video_stop_s: float = 20.0  # beyond it nothing is decoded
    silent_min_s: float = 2.0
    silent_max_s: float = 15.0
    lip_min_s: float = 3.0
    lip_max_s: float = 15.0
    live_code_ttl_s: float = 300.0
    name_max_characters: int = 32
    uri_public: bool = False  # fetch links to public addresses
    uri_nets: tuple[str, ...] = ()  # and to these networks, for example 10.0.0.0/8
    uri_photo_s: float = 3.0  # the whole fetch of a photo
    uri_video_s: float = 4.0
    file_max_bytes: int = 16 * MIB  # one file of the fds folder
    files_max: int = 1000
    calls_max: int = 32  # comparisons under way or waiting in one worker; beyond it 429
    async_max: int = 16  # accepted and not finished, over all workers; beyond it errcode 16
    result_ttl_s: float = 1800.0  # of an async call
    evidence_ttl_s: float = 600.0


_POSITIVE = (
    *("body_max_bytes", "image_max_base64_bytes", "video_max_base64_bytes", "file_max_bytes", "files_max"),
    *("evidence_ttl_s", "result_ttl_s", "live_code_ttl_s", "uri_photo_s", "uri_video_s"),
    *("calls_max", "async_max", "name_max_characters", "video_max_frames", "video_max_pixels", "video_stop_s"),
)
_HIGHEST = {
    "pass_score": TOP_SCORE,
    "image_max_side_px": LARGEST_SIDE_PX,
    "video_max_side_px": LARGEST_SIDE_PX,
    "pose_refuse_deg": RIGHT_ANGLE_DEG,
}
_IN_ORDER = (
    ("image_min_side_px", "image_max_side_px"),
    ("pose_warn_deg", "pose_refuse_deg"),
    ("face_min_px", "face_warn_px"),
    ("video_min_short_px", "video_min_long_px"),
    ("video_min_long_px", "video_max_side_px"),
    ("silent_min_s", "silent_max_s"),
    ("silent_max_s", "video_stop_s"),
    ("lip_min_s", "lip_max_s"),
    ("lip_max_s", "video_stop_s"),
)


def validate(limits: Limits) -> None:
    """Refuse what cannot work.

    Raises:
        SettingInvalid: A value is out of range, or two contradict each other.
    """
    refuse_zero(limits, _POSITIVE)
    for name, highest in _HIGHEST.items():
        if getattr(limits, name) > highest:
            raise SettingInvalid(variable(name), "number", f"must be at most {highest:,}")
    for low, high in _IN_ORDER:
        _keep_order(limits, low, high)
    if limits.faces not in ("one", "largest", "central"):
        raise SettingInvalid(variable("faces"), "choice", "one of: one, largest, central")
    refuse_unknown("image_formats", limits.image_formats, IMAGE_FORMATS)
    refuse_unknown("video_formats", limits.video_formats, VIDEO_FORMATS)
    for net in limits.uri_nets:
        _check_net(net)


def variable(name: str) -> str:
    """The environment's name of a field."""
    return PREFIX + name.upper()


def refuse_zero(owner: object, names: Iterable[str]) -> None:
    """Each of *names* must be more than 0."""
    for name in names:
        if not getattr(owner, name):
            raise SettingInvalid(variable(name), "number", "must be more than 0")


def refuse_unknown(name: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Each word of the list *given* must be among *known*."""
    if unknown := set(given) - set(known):
        raise SettingInvalid(variable(name), "choice", f"unknown word {min(unknown)!r}")


def _keep_order(limits: Limits, low: str, high: str) -> None:
    lower, upper = getattr(limits, low), getattr(limits, high)
    if lower > upper:
        was_set = low if lower != getattr(Limits(), low) else high
        problem = f"{variable(low)} is {lower}, above {variable(high)}, {upper}"
        raise SettingInvalid(variable(was_set), "number", problem)


def _check_net(net: str) -> None:
    try:
        ip_network(net)
    except ValueError as error:
        raise SettingInvalid(variable("uri_nets"), "address", "a word of the list is no network") from error

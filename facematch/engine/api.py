"""What a face engine can do; the service depends on this, not on a network or a codec."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from facematch.contract import VideoType
from facematch.footage import Challenge, Clip, Liveness
from facematch.local import Model
from facematch.seen import Face, Seen

Pixels = NDArray[np.uint8]
Sound = NDArray[np.float32]
SOUND_HZ = 16_000
Embedding = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded photo, upright by its EXIF orientation."""

    pixels: Pixels  # (height, width, 3), RGB, long side at most 2400
    source_width: int  # as stored in the file
    source_height: int
    format: str  # "jpeg", "png", "webp" or "bmp"
    notes: tuple[str, ...]  # what decoding had to do: exif_turned, alpha, grey, sixteen_bit, cmyk, palette, reduced
    decode_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What was seen on a picture, and the chosen face's embedding, which is None when ``seen.refused``."""

    seen: Seen | None  # None: an embedding that was kept
    embedding: Embedding | None  # (128,), unit length


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two faces are."""

    cosine: float  # in [-1, 1]
    score: int  # 0 to 100


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One kept frame of a video, small in memory: planes of YUV 4:2:0 in video range."""

    time_s: float  # from the first frame
    planes: Pixels  # (height * 3 / 2, width), as OpenCV's I420; even width and height, upright

    def rgb(self) -> Pixels:
        """(height, width, 3), RGB; converted anew at each call."""
        import cv2  # Pillow and numpy are enough to decode a photo

        return np.asarray(cv2.cvtColor(self.planes, cv2.COLOR_YUV2RGB_I420), np.uint8)

    @property
    def grey(self) -> Pixels:
        """(height, width), the Y plane, a view."""
        return self.planes[: self.planes.shape[0] * 2 // 3]


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """A decoded video: every frame up to 30 a second, upright, long side at most 960."""

    frames: tuple[Frame, ...]  # in order of time, at least 2
    width: int  # of the frames
    height: int
    source_width: int  # as filmed, upright
    source_height: int
    source_frames: int  # decoded from the file
    source_rate: float  # frames a second in the file, on average
    duration_s: float
    format: str  # "mp4", "mov", "webm", "avi" or "flv"
    codec: str
    sound: Sound | None  # (n,), in [-1, 1], 16 kHz, from the first frame on; None: no sound track, or not asked for
    notes: tuple[str, ...]  # rotated, no_duration, variable_rate, truncated, reduced
    decode_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """The followed face on one kept frame."""

    index: int  # into ``Video.frames``
    face: Face | None  # None: not found there


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """A video and the one face that was followed through it."""

    video: Video
    spots: tuple[Spot, ...]  # in order of time; about 12 a second for SILENT, 25 for LIP
    clip: Clip  # the evidence
    look: Look | None  # at the best frame; None when ``clip.refused``


class Engine(Protocol):
    """Safe to use from several threads at once."""

    @property
    def name(self) -> str:
        """Networks, digests and runtime in one short text; goes into every log record."""
        ...

    @property
    def mapping(self) -> str:
        """The version of the function from cosine to score."""
        ...

    @property
    def models(self) -> tuple[Model, ...]: ...

    def warm_up(self) -> None:
        """Load the networks and run each once.

        Raises:
            WeightsMissing: A file is not where it should be.
            WeightsWrong: A file's SHA-256 is not the pinned one.
        """
        ...

    def warm_up_speech(self) -> None:
        """Load what hears spoken digits, which takes seconds; what cannot be loaded becomes ``lip_problem``."""
        ...

    def decode(self, data: bytes) -> Picture:
        """Decode the bytes of a photo under guards.

        Raises:
            PictureRefused: 2101 (no picture, broken, unknown format) or 2102 (too many or too few pixels).
        """
        ...

    @property
    def lip_languages(self) -> tuple[str, ...]:
        """In which spoken digits are recognised here, of "en" and "zh"; empty: LIP is not available."""
        ...

    @property
    def lip_problem(self) -> str | None:
        """Why LIP is not available, or not in every language that was asked for."""
        ...

    def look(self, picture: Picture) -> Look:
        """Find the face, judge it, and compute its embedding unless it is refused."""
        ...

    def compare(self, reference: Look, probe: Look) -> Comparison:
        """Compare two looks that were not refused; of each only the embedding counts."""
        ...

    def open_video(self, data: bytes, video_type: VideoType) -> Video:
        """Decode the bytes of a video under guards; the sound only for LIP.

        Raises:
            VideoRefused: 1104 no video, broken, unknown format; 1107 empty; 1108 too few or too many pixels;
                1120 too short; 1121 too long or too many frames; 1101 LIP and no sound track.
        """
        ...

    def watch(self, video: Video, video_type: VideoType) -> Watch:
        """Follow one face through the video and look at its best frame; ``clip.refused`` says why it cannot be used."""
        ...

    def silent(self, watch: Watch) -> Liveness:
        """Judge whether a living person was filmed; *watch* was not refused."""
        ...

    def lip_liveness(self, watch: Watch) -> Liveness:
        """Judge the same for LIP, without the cues of a clip that repeats; *watch* was not refused."""
        ...

    def lip(self, watch: Watch, code: str) -> Challenge:
        """Judge whether the followed person reads *code* aloud; *watch* was not refused.

        Raises:
            SpeechUnavailable: No language can be recognised here.
        """
        ...

"""What the caller compares."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pybase64

from facematch.contract import Media
from facematch.errors import RequestInvalid


@dataclass(frozen=True, slots=True)
class Photo:
    """The bytes of a photo's file, unopened: judging them is the service's business."""

    data: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be sent at all."""
        if not self.data:
            raise RequestInvalid("the photo is empty: 0 bytes")

    @classmethod
    def from_path(cls, path: Path | str) -> Self:
        """Read a file.

        Raises:
            RequestInvalid: It cannot be read, or is empty.
        """
        try:
            return cls(Path(path).read_bytes())
        except OSError as error:
            raise RequestInvalid(f"the photo cannot be read: {error.strerror}") from error

    def media(self) -> Media:
        """The photo as the wire carries it."""
        return Media(pybase64.b64encode_as_string(self.data))

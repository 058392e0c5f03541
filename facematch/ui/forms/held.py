"""A photo or a video as a form holds it, wherever it came from."""

from dataclasses import dataclass, field
from typing import Literal

from facematch.client import Photo, Video
from facematch.contract import Origin
from facematch.ui.words import Speaker


@dataclass(frozen=True, slots=True)
class Held:
    """A photo or a video that a form holds; one that the server is to fetch has an address in place of bytes."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)
    source: str  # upload, camera, recorder, sample, link or file_server
    kind: Literal["photo", "video"] = "photo"
    origin: Origin = "self"
    address: str | None = field(default=None, repr=False)  # of uri the link, of fds the path

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send."""
        return not (self.data if self.origin == "self" else self.address)

    def medium(self) -> Photo | Video:
        """What the client sends of it.

        Raises:
            RequestInvalid: It is empty, or its link is none.
        """
        medium = Photo if self.kind == "photo" else Video
        return medium(self.data if self.origin == "self" else self.address or "", self.origin)


def shown_name(held: Held, say: Speaker, *, shows_personal: bool) -> str:
    """What *held* is called on the screen: a file's name, a link or a path may name a person, a sample's does not."""
    return held.name if shows_personal or held.source == "sample" else say(f"held.{held.kind}")

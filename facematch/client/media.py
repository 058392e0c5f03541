"""What the caller compares: photos and videos as bytes, files, links or paths on the file server; never judged here."""

from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import urlsplit

from facematch.client.local_file import LocalFile
from facematch.contract import Origin
from facematch.errors import RequestInvalid


@dataclass(frozen=True, slots=True)
class Medium:
    """A photo or a video, not looked at: judging it is the service's business.

    Raises:
        RequestInvalid: It cannot be sent at all: empty, not text where text is needed, or a link that is none.
    """

    word: ClassVar[str]  # what it is called in a message

    data: bytes | LocalFile | str = field(repr=False)  # the file; for the other origins the link or the path
    origin: Origin = "self"

    def __post_init__(self) -> None:
        """Refuse what cannot be sent at all."""
        if self.size == 0 or self.data == "":
            raise RequestInvalid(f"the {self.word} is empty: 0 {'bytes' if self.origin == 'self' else 'characters'}")
        if isinstance(self.data, bytes | LocalFile) != (self.origin == "self"):
            raise RequestInvalid(f"the {self.word} needs bytes for origin self, a text for uri and fds")
        if isinstance(self.data, str) and not is_unicode(self.data):
            raise RequestInvalid(f"the {self.word}'s link or path is not valid Unicode")
        if self.origin == "uri" and not _is_link(self.link):
            raise RequestInvalid(f"the {self.word}'s link is not an http or https address")

    @classmethod
    def from_path(cls, path: Path | str) -> Self:
        """A file of this machine. It is read while it is sent, block by block, and must not change until then.

        Raises:
            RequestInvalid: It cannot be read, or is empty.
        """
        try:
            return cls(LocalFile.at(path))
        except (OSError, ValueError) as error:
            raise cls._unreadable(error) from error

    @classmethod
    def from_link(cls, url: str) -> Self:
        """What the server is to fetch from *url*, http or https.

        Raises:
            RequestInvalid: It is no such address.
        """
        return cls(url, "uri")

    @classmethod
    def from_file_server(cls, path: str) -> Self:
        """What the server is to read from its file server.

        Raises:
            RequestInvalid: The path is empty.
        """
        return cls(path, "fds")

    @property
    def file(self) -> bytes | None:
        """The bytes, when they are at hand: given as such."""
        return self.data if isinstance(self.data, bytes) else None

    @property
    def size(self) -> int | None:
        """How many bytes are to be sent of it; None when the server is to get them itself."""
        if isinstance(self.data, LocalFile):
            return self.data.size
        return None if isinstance(self.data, str) else len(self.data)

    @property
    def link(self) -> str | None:
        """The address, when the server is to fetch it."""
        return self.data if isinstance(self.data, str) and self.origin == "uri" else None

    def blocks(self, size: int) -> Generator[bytes, None, None]:
        """The bytes that are to be sent, *size* at a time; none when the server is to get them itself.

        Raises:
            RequestInvalid: The file cannot be read any more, or changed.
        """
        if isinstance(self.data, bytes):
            yield from (self.data[start : start + size] for start in range(0, len(self.data), size))
        elif isinstance(self.data, LocalFile):
            try:
                yield from self.data.blocks(size)
            except OSError as error:
                raise self._unreadable(error) from error

    @classmethod
    def _unreadable(cls, error: OSError | ValueError) -> RequestInvalid:
        reason = error.strerror if isinstance(error, OSError) else "not a path"  # a NUL in it
        return RequestInvalid(f"the {cls.word} cannot be read: {reason}")


@dataclass(frozen=True, slots=True)
class Photo(Medium):
    """A photo: ``Photo(data)``, ``from_path``, ``from_link`` or ``from_file_server``."""

    word: ClassVar[str] = "photo"


@dataclass(frozen=True, slots=True)
class Video(Medium):
    """A video, built like a ``Photo``. Whether it is SILENT or LIP is said with the call."""

    word: ClassVar[str] = "video"


def is_unicode(text: str) -> bool:
    """Whether *text* can be sent: a lone surrogate cannot."""
    return text.encode("utf-8", "replace").decode() == text


def _is_link(text: str | None) -> bool:
    try:
        parts = urlsplit(text or "")
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False

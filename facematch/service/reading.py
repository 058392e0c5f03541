"""From the media of a request to pictures and videos: fetched, then decoded."""

from contextlib import nullcontext
from dataclasses import replace

from facematch.contract import Media, Probe
from facematch.engine.api import Engine, Picture, Video
from facematch.local import Side
from facematch.service.cores import Cores
from facematch.service.refusals import blamed_on
from facematch.service.sources import Fetched, Sources


class Reader:
    """Reads one side of a request.

    Args:
        engine: What decodes.
        sources: What fetches, from the request itself, a link or the file server.
        cores: One of which the caller holds; it is lent to others while a link is fetched.
    """

    def __init__(self, engine: Engine, sources: Sources, cores: Cores) -> None:
        self._engine = engine
        self._sources = sources
        self._cores = cores

    def photo(self, media: Media, side: Side) -> Fetched:
        """The bytes of a photo.

        Raises:
            RequestRefused: It cannot be fetched, or is too large.
        """
        with self._cores.lent() if media.origin == "uri" else nullcontext():
            return self._sources.photo(media, side)

    def picture(self, media: Media, side: Side) -> Picture:
        """A photo, decoded.

        Raises:
            RequestRefused: As for ``photo``, or it cannot be decoded.
        """
        fetched = self.photo(media, side)
        with blamed_on(side):
            picture = self._engine.decode(fetched.data)
        return replace(picture, notes=(*fetched.notes, *picture.notes))

    def probe(self, probe: Probe) -> Picture | Video:
        """The photo or the video under test, decoded.

        Raises:
            RequestRefused: It cannot be fetched or decoded, or breaks a limit.
        """
        if probe.video_type is None:
            return self.picture(probe.media, "faceData")
        with self._cores.lent() if probe.media.origin == "uri" else nullcontext():
            fetched = self._sources.video(probe.media)
        with blamed_on("faceData"):
            video = self._engine.open_video(fetched.data, probe.video_type)
        return replace(video, notes=(*fetched.notes, *video.notes))

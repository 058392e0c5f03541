"""From the media of a request to pictures and videos: fetched, then decoded."""

from contextlib import nullcontext
from dataclasses import replace

from facematch.contract import Media, VideoType
from facematch.engine.api import Engine, Picture, Video
from facematch.local import Side
from facematch.service.cargo import Cargo
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

    def picture(self, cargo: Cargo, side: Side) -> Picture:
        """A photo, decoded.

        Raises:
            RequestRefused: As for ``photo``, or it cannot be decoded.
        """
        fetched = self._unloaded_photo(cargo, side)
        with blamed_on(side):
            picture = self._engine.decode(fetched.data)
        return replace(picture, notes=(*fetched.notes, *picture.notes))

    def probe(self, cargo: Cargo) -> Picture | Video:
        """The photo or the video under test, decoded.

        Raises:
            RequestRefused: It cannot be fetched or decoded, or breaks a limit.
        """
        video_type = cargo.request.probe.video_type
        return self.picture(cargo, "faceData") if video_type is None else self._video(cargo, video_type)

    def _video(self, cargo: Cargo, video_type: VideoType) -> Video:
        fetched = self._unloaded_video(cargo)
        with blamed_on("faceData"):
            video = self._engine.open_video(fetched.data, video_type)
        return replace(video, notes=(*fetched.notes, *video.notes))

    # Methods of their own, for the text of a medium is gone with their frame: decoding goes on without it.

    def _unloaded_photo(self, cargo: Cargo, side: Side) -> Fetched:
        return self.photo(cargo.unload(side), side)

    def _unloaded_video(self, cargo: Cargo) -> Fetched:
        media = cargo.unload("faceData")
        with self._cores.lent() if media.origin == "uri" else nullcontext():
            return self._sources.video(media)

"""A request's media, each handed out once: what was decoded is not kept beside what it was decoded from."""

from dataclasses import replace

from facematch.contract import IdentityRequest, MatchRequest, Media
from facematch.local import Side

HEAVY = 8 * 2**20  # characters of a medium


class Cargo:
    """A request on its way through the service.

    Args:
        request: As it was read; whoever made it must not keep it.
    """

    def __init__(self, request: MatchRequest | IdentityRequest) -> None:
        self._media: dict[Side, Media] = {"faceData": request.probe.media}
        bare = replace(request, probe=replace(request.probe, media=_bare(request.probe.media)))
        if isinstance(bare, MatchRequest):
            self._media["image"] = bare.reference
            bare = replace(bare, reference=_bare(bare.reference))
        # Whether it takes tens of megabytes: a video as it was sent, its packets, its frames; a photo by its size.
        self.is_heavy = request.probe.video_type is not None or any(
            len(media.data) > HEAVY for media in self._media.values()
        )
        self.request: MatchRequest | IdentityRequest = bare  # its media are empty

    def unload(self, side: Side) -> Media:
        """The photo or the video of *side*; a second time there is none.

        Raises:
            KeyError: It was handed out before, or the request has none.
        """
        return self._media.pop(side)


def _bare(media: Media) -> Media:
    return replace(media, data="")

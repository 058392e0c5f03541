"""One comparison that is to be asked for: what is sent, and what its row in the log says of it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from facematch import contract
from facematch.client.body import BLOCK_BYTES, Body, marked
from facematch.client.media import Medium, Photo, Video, is_unicode
from facematch.contract import IdentityRequest, MatchRequest, Origin, Probe, VideoType
from facematch.errors import OriginNotAllowed, RequestInvalid
from facematch.identity import normalised
from facematch.log import Draft, Key
from facematch.log.privacy import mask_id

Mode = Literal["photo", "SILENT", "LIP"]


@dataclass(frozen=True, slots=True)
class Question:
    """Made by ``about_photo`` or ``about_identity``; holds personal data. In the request marks stand for the media."""

    request: MatchRequest | IdentityRequest = field(repr=False)
    reference: Photo | None
    probe: Photo | Video
    body: Body

    @property
    def path(self) -> str:
        """Of the contract."""
        return contract.MATCH if isinstance(self.request, MatchRequest) else contract.IDENTITY

    @property
    def endpoint(self) -> str:
        """The word of the log."""
        return "match" if isinstance(self.request, MatchRequest) else "match_idno"

    @property
    def mode(self) -> Mode:
        """The word of the log."""
        return self.request.probe.video_type or "photo"

    def refuse_origins_but(self, allowed: Collection[Origin]) -> None:
        """Nothing happens when each medium is handed over in an *allowed* way.

        Raises:
            OriginNotAllowed: One is not.
        """
        for medium in (self.reference, self.probe):
            if medium is not None and medium.origin not in allowed:
                raise OriginNotAllowed(medium.word, medium.origin)

    def mark(self, draft: Draft, key: Key | None) -> None:
        """Fill in the row's columns about media and subject: digests and a mask. Files are read for it.

        Raises:
            RequestInvalid: A file cannot be read any more, or changed.
        """
        if isinstance(self.request, IdentityRequest):
            number = normalised(self.request.id_number)
            draft.subject_mask = mask_id(number)
            draft.subject_hmac = None if key is None else key.digest(number.encode())
        draft.ref_digest = _digest(key, self.reference)
        draft.probe_digest = _digest(key, self.probe)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a probe is to be judged.

    Args:
        video_type: SILENT or LIP; None: LIP when there is a live code, else SILENT. A photo has none.
        live_code: The digits that the person reads; LIP needs them.
        is_async: Whether the server may answer later.
    """

    video_type: VideoType | None = None
    live_code: str | None = field(default=None, repr=False)
    is_async: bool = False


def about_photo(reference: Photo, probe: Photo | Video, terms: Terms) -> Question:
    """Does *probe* show the person on *reference*?

    Raises:
        RequestInvalid: *terms* do not go with *probe*.
    """
    media: dict[str, Medium] = {}
    shown = _judged(probe, terms, media)
    request = MatchRequest(marked(reference, media), shown, terms.live_code, terms.is_async)
    return Question(request, reference, probe, Body(request.to_wire(), media))


def about_identity(id_number: str, name: str, probe: Photo | Video, terms: Terms) -> Question:
    """Does *probe* show the person of that name and number? Both are sent as they are typed.

    Raises:
        RequestInvalid: Either is empty, or *terms* do not go with *probe*.
    """
    for word, text in (("ID number", id_number), ("name", name)):
        if not text.strip():
            raise RequestInvalid(f"the {word} is empty")
        if not is_unicode(text):
            raise RequestInvalid(f"the {word} is not valid Unicode")
    media: dict[str, Medium] = {}
    shown = _judged(probe, terms, media)
    request = IdentityRequest(id_number, name, shown, terms.live_code, terms.is_async)
    return Question(request, None, probe, Body(request.to_wire(), media))


def _judged(probe: Photo | Video, terms: Terms, media: dict[str, Medium]) -> Probe:
    if isinstance(probe, Photo):
        if terms.video_type is not None or terms.live_code is not None:
            raise RequestInvalid("a video type and a live code go with a video, not with a photo")
        return Probe(marked(probe, media))
    video_type = terms.video_type or ("SILENT" if terms.live_code is None else "LIP")
    if video_type == "LIP" and not terms.live_code:
        raise RequestInvalid("LIP needs a live code")
    if terms.live_code is not None and not is_unicode(terms.live_code):
        raise RequestInvalid("the live code is not valid Unicode")
    return Probe(marked(probe, media), "video", video_type)


def _digest(key: Key | None, medium: Photo | Video | None) -> bytes | None:
    if key is None or medium is None or medium.size is None:
        return None
    return key.digest_of(medium.blocks(BLOCK_BYTES))

"""What a call goes through, in the order of the specification: the first failure wins, later stages do not run."""

from facematch import codes
from facematch.contract import IdentityRequest, MatchRequest
from facematch.engine.api import Engine, Look, Picture, Video, Watch
from facematch.errors import RequestRefused
from facematch.footage import Challenge, Liveness
from facematch.limits import Limits
from facematch.local import Evidence
from facematch.service.cargo import Cargo
from facematch.service.cores import Cores
from facematch.service.library import Library
from facematch.service.live_codes import LiveCodes
from facematch.service.progress import Progress
from facematch.service.reading import Reader
from facematch.service.refusals import PROBE, engine_told


class Flow:
    """Takes requests whose parameters were read to a decision.

    Args:
        engine: What sees, hears and compares.
        limits: The threshold.
        reader: What fetches and decodes.
        library: Who is enrolled.
        live_codes: Which were issued.
        cores: One is held for the whole of a call.
    """

    def __init__(
        self, engine: Engine, *, limits: Limits, reader: Reader, library: Library, live_codes: LiveCodes, cores: Cores
    ) -> None:
        self._engine = engine
        self._limits = limits
        self._reader = reader
        self._library = library
        self._live_codes = live_codes
        self._cores = cores

    def admit(self, request: MatchRequest | IdentityRequest, owner: str) -> None:
        """What is told before anything heavy: can the digits be heard here, may the live code be used?

        Raises:
            RequestRefused: 1001 LIP is not available; 1131, 1132 or 1133, the live code. It is not spent.
        """
        if request.live_code is None:
            return
        if not self._engine.lip_languages:
            why = self._engine.lip_problem or "no language is set up"
            raise RequestRefused(codes.LIVENESS_NOT_RUN, f"LIP is not available here: {why}", side=PROBE)
        self._live_codes.check(owner, request.live_code)

    def run(self, cargo: Cargo, trace_no: str, owner: str) -> tuple[Evidence, RequestRefused | None]:
        """Decide, and say what the answer is based on; the second item is why no comparison was reached."""
        progress, refused = Progress(), None
        with self._cores.taken(), progress.timed("total"):
            try:
                with engine_told(codes.COMPARISON_FAILED):
                    self._compare(cargo, owner, progress)
            except RequestRefused as error:
                # Its trace would keep what was decoded, in a ring with this very frame, until some later collection.
                refused = RequestRefused(error.errcode, error.detail, side=error.side)
        return progress.evidence(self._engine, self._limits, trace_no, refused), refused

    def nothing_seen(self, trace_no: str, refused: RequestRefused) -> Evidence:
        """The evidence of a call that was not admitted."""
        return Progress().evidence(self._engine, self._limits, trace_no, refused)

    def _compare(self, cargo: Cargo, owner: str, progress: Progress) -> None:
        request = cargo.request
        if isinstance(request, MatchRequest):
            picture, medium = self._read(cargo, progress)
            with progress.timed("reference"):
                reference = self._reference(picture, progress)
        else:
            medium = self._read_probe(cargo, request, progress)
            reference = self._enrolled(request, progress)
        with progress.timed("probe"):
            probe, watch = self._probe(medium, request, progress)
        if watch is not None:
            self._judge(watch, request, owner, progress)
        with progress.timed("compare"):
            progress.comparison = self._engine.compare(reference, probe)

    def _read(self, cargo: Cargo, progress: Progress) -> tuple[Picture, Picture | Video]:
        with progress.timed("read"):
            return self._reader.picture(cargo, "image"), self._reader.probe(cargo)

    def _read_probe(self, cargo: Cargo, request: IdentityRequest, progress: Progress) -> Picture | Video:
        with progress.timed("read"):
            medium = self._reader.probe(cargo)
        self._library.check_form(request.id_number, request.name)
        return medium

    def _enrolled(self, request: IdentityRequest, progress: Progress) -> Look:
        with progress.timed("library"):
            portrait = self._library.portrait_of(request)
        with progress.timed("reference"):
            return self._library.look_at(portrait)

    def _reference(self, picture: Picture, progress: Progress) -> Look:
        look = self._engine.look(picture)
        progress.reference = look.seen
        if look.seen is not None and (no := look.seen.refused) is not None:
            raise RequestRefused(no.errcode, no.detail, side="image")
        return look

    def _probe(
        self, medium: Picture | Video, request: MatchRequest | IdentityRequest, progress: Progress
    ) -> tuple[Look, Watch | None]:
        """The probe's face; of a video its best frame, and the video as it was watched."""
        if isinstance(medium, Picture):
            look, watch = self._engine.look(medium), None
            no = None if look.seen is None else look.seen.refused
        else:
            watch = self._engine.watch(medium, request.probe.video_type or "SILENT")
            progress.clip, no, look = watch.clip, watch.clip.refused, watch.look or Look(None, None)
        progress.probe = look.seen
        if no is not None:
            raise RequestRefused(no.errcode, no.detail, side=PROBE)
        return look, watch

    def _judge(self, watch: Watch, request: MatchRequest | IdentityRequest, owner: str, progress: Progress) -> None:
        """Is a living person there, and does it read the live code, if there is one? What ends before spends none."""
        code = request.live_code
        with engine_told(codes.LIVENESS_NOT_RUN):
            with progress.timed("liveness"):
                liveness = self._engine.silent(watch) if code is None else self._engine.lip_liveness(watch)
            progress.liveness = liveness
            _end_unless_passed(liveness)
            if code is None:
                return
            self._live_codes.spend(owner, code)
            with progress.timed("challenge"):
                challenge = self._engine.lip(watch, code)
            progress.challenge = challenge
            _end_unless_passed(challenge)


def _end_unless_passed(judged: Liveness | Challenge) -> None:
    if judged.outcome != "passed":
        raise RequestRefused(judged.errcode, judged.detail, side=PROBE)

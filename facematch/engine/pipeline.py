"""The face engine: a photo's or a video's bytes to a look, two looks to a score, a watched video to a verdict."""

import threading
from importlib.metadata import version

from facematch.contract import VideoType
from facematch.engine import networks
from facematch.engine.api import Comparison, Look, Picture, Video, Watch
from facematch.engine.decode import decode
from facematch.engine.embed import cosine_of
from facematch.engine.lip import judge_lip
from facematch.engine.lip_liveness import judge_lip_liveness
from facematch.engine.liveness_model import LivenessModel
from facematch.engine.look import look_at
from facematch.engine.score import MAPPING, score_of
from facematch.engine.silent import judge_silent
from facematch.engine.speech import Speech
from facematch.engine.video import open_video
from facematch.engine.watch import watch
from facematch.engine.weights import SFACE, YUNET
from facematch.footage import Challenge, Liveness
from facematch.local import Model
from facematch.settings import Settings


class FaceEngine:
    """YuNet and SFace on ONNX Runtime; implements `facematch.engine.api.Engine`.

    Nothing is loaded until `warm_up` or the first call that needs it; `decode` and `open_video` need no network.

    Args:
        settings: What is accepted, where the networks and the speech models are, and where to keep them made ready.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limits = settings.limits
        self._loading = threading.Lock()
        self._networks: networks.Networks | None = None
        self._liveness_model: LivenessModel | None = None
        self._speech = Speech(settings.speech_dir, settings.lip_languages, settings.cache_dir)

    @property
    def name(self) -> str:
        """Networks, digests and runtime in one short text."""
        networks = " + ".join(f"{each.name} {each.sha256[:8]}" for each in (YUNET, SFACE))
        return f"{networks}, ONNX Runtime {version('onnxruntime')}"

    @property
    def mapping(self) -> str:
        """The version of the function from cosine to score."""
        return MAPPING

    @property
    def models(self) -> tuple[Model, ...]:
        """The files that are used, once `warm_up` has checked them; of speech those that are there."""
        model = self._liveness_model
        liveness = () if model is None else (Model(model.name, model.sha256, "liveness"),)
        return YUNET.model, SFACE.model, *self._speech.models, *liveness

    @property
    def lip_languages(self) -> tuple[str, ...]:
        """In which spoken digits are recognised here; empty: LIP is not available."""
        return self._speech.languages

    @property
    def lip_problem(self) -> str | None:
        """Why LIP is not available, or not in every language that was asked for."""
        return self._speech.problem

    def warm_up(self) -> None:
        """Load the networks and run each once; later calls, and calls by other threads, find them there.

        Raises:
            WeightsMissing: A file is not where it should be.
            WeightsWrong: A file's SHA-256 is not the pinned one, or the liveness model is no such network.
        """
        self._ready()

    def warm_up_speech(self) -> None:
        """Load the speech models; what cannot be loaded becomes ``lip_problem``."""
        self._speech.warm_up()

    def decode(self, data: bytes) -> Picture:
        """Decode the bytes of a photo under guards; see `facematch.engine.decode.decode`."""
        return decode(data, self._limits)

    def look(self, picture: Picture) -> Look:
        """Find the face, judge it, and compute its embedding unless it is refused."""
        return look_at(picture, self._ready(), self._limits)

    def compare(self, reference: Look, probe: Look) -> Comparison:
        """Compare two looks that were not refused.

        Raises:
            ValueError: One of them was.
        """
        if reference.embedding is None or probe.embedding is None:
            raise ValueError("a refused look has nothing to compare")
        cosine = cosine_of(reference.embedding, probe.embedding)
        return Comparison(cosine, score_of(cosine))

    def open_video(self, data: bytes, video_type: VideoType) -> Video:
        """Decode the bytes of a video under guards; see `facematch.engine.video.open_video`."""
        return open_video(data, video_type, self._limits)

    def watch(self, video: Video, video_type: VideoType) -> Watch:
        """Follow one face through the video and look at its best frame."""
        return watch(video, video_type, self._ready(), self._limits)

    def silent(self, watch: Watch) -> Liveness:
        """Judge whether a living person was filmed; see `facematch.engine.silent`."""
        self._ready()
        return judge_silent(watch, self._liveness_model)

    def lip_liveness(self, watch: Watch) -> Liveness:
        """Judge the same for LIP; see `facematch.engine.lip_liveness`."""
        self._ready()
        return judge_lip_liveness(watch, self._liveness_model)

    def lip(self, watch: Watch, code: str) -> Challenge:
        """Judge whether the followed person reads *code* aloud; see `facematch.engine.lip`.

        Raises:
            SpeechUnavailable: No language can be recognised here.
        """
        return judge_lip(watch, code, self._speech)

    def _ready(self) -> networks.Networks:
        if self._networks is None:
            with self._loading:
                self._networks = self._networks or self._load()
        return self._networks

    def _load(self) -> networks.Networks:
        if self._settings.liveness_model is not None:
            self._liveness_model = LivenessModel.load(self._settings.liveness_model)
        return networks.load(self._settings.model_dir, self._settings.cache_dir)

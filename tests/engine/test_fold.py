"""The folded networks against OpenCV, which runs the files as shipped."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from facematch.engine.align import aligned
from facematch.engine.cache import folded
from facematch.engine.decode import decode
from facematch.engine.detect import Detector
from facematch.engine.embed import Embedder
from facematch.engine.runtime import open_session
from facematch.engine.view import shrunk
from facematch.engine.weights import SFACE, YUNET, read_weights
from facematch.limits import Limits

from .photos import OBAMA, OTHERS, stored

PHOTOS = (*OBAMA, *OTHERS)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    for weights in (YUNET, SFACE):
        (folder / weights.file).write_bytes(read_weights(weights, None))
    return folder


@pytest.fixture(scope="module")
def detector(cache_dir: Path) -> Detector:
    return Detector(open_session(folded(YUNET, read_weights(YUNET, None), cache_dir, any_size=True)))


@pytest.fixture(scope="module")
def embedder(cache_dir: Path) -> Embedder:
    return Embedder(open_session(folded(SFACE, read_weights(SFACE, None), cache_dir, any_size=False)))


@pytest.mark.parametrize("long_side", [300, 320, 640])
@pytest.mark.parametrize("name", PHOTOS)
def test_boxes_and_points_are_those_of_opencv(name, long_side, detector, shipped):
    pixels = shrunk(decode(stored(name), Limits()).pixels, long_side).pixels
    size = pixels.shape[1], pixels.shape[0]
    reference = cv2.FaceDetectorYN.create(str(shipped / YUNET.file), "", size, 0.6, 0.3, 5000)
    _, theirs = reference.detect(np.ascontiguousarray(pixels[:, :, ::-1]))

    ours = detector.detect(pixels, 0.6)

    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours[:, :14], theirs[np.argsort(-theirs[:, 14])][:, :14], atol=0.01)


@pytest.mark.parametrize("name", PHOTOS)
def test_embeddings_are_those_of_opencv(name, embedder, shipped, looks):
    seen = looks[name].seen
    crop = aligned(decode(stored(name), Limits()).pixels, seen.faces[seen.chosen].points)
    reference = cv2.FaceRecognizerSF.create(str(shipped / SFACE.file), "")
    theirs = reference.feature(np.ascontiguousarray(crop[:, :, ::-1]))[0]

    ours = embedder.embed(crop)

    assert ours @ theirs / np.linalg.norm(theirs) > 0.9999


def test_pixels_without_a_face_give_no_rows_of_the_usual_width(detector):
    finds = detector.detect(np.full((64, 96, 3), 128, np.uint8), 0.6)

    assert finds.shape == (0, 15)
    assert finds.dtype == np.float32


class TestCache:
    source = read_weights(YUNET, None)

    def network(self, cache_dir: Path | None) -> bytes:
        return folded(YUNET, self.source, cache_dir, any_size=True)

    def test_a_network_is_made_once_and_then_read(self, tmp_path):
        made = self.network(tmp_path)
        (file,) = tmp_path.glob("*.onnx")
        before = file.stat().st_mtime_ns

        assert self.network(tmp_path) == made
        assert file.stat().st_mtime_ns == before
        assert YUNET.sha256[:16] in file.name

    @pytest.mark.parametrize("suffix", [".onnx", ".sha256"])
    @pytest.mark.parametrize("damage", [b"", b"rubbish"], ids=["emptied", "overwritten"])
    def test_a_damaged_cache_is_made_anew(self, tmp_path, suffix, damage):
        made = self.network(tmp_path)
        (file,) = tmp_path.glob(f"*{suffix}")
        file.write_bytes(damage)

        assert self.network(tmp_path) == made
        assert file.read_bytes() != damage

    def test_a_cache_that_cannot_be_written_costs_nothing_but_time(self, tmp_path):
        blocked = tmp_path / "file"
        blocked.write_text("not a folder")

        assert self.network(blocked / "cache") == self.network(None)

    def test_nothing_but_the_network_and_its_digest_stays_behind(self, tmp_path):
        self.network(tmp_path)

        assert sorted(path.suffix for path in tmp_path.iterdir()) == [".onnx", ".sha256"]

    def test_its_folder_and_files_are_the_owners_alone(self, tmp_path):
        self.network(tmp_path / "new" / "cache")

        paths = list(tmp_path.rglob("*"))
        assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
        assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}

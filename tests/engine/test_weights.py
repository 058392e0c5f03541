from pathlib import Path

import pytest

from facematch.engine.pipeline import FaceEngine
from facematch.engine.weights import SFACE, YUNET, read_weights
from facematch.errors import WeightsMissing, WeightsWrong
from facematch.settings import Settings


@pytest.mark.parametrize("weights", [YUNET, SFACE], ids=lambda weights: weights.name)
def test_a_folder_named_by_the_operator_takes_the_place_of_the_package(weights, tmp_path: Path):
    data = read_weights(weights, None)
    (tmp_path / weights.file).write_bytes(data)

    assert read_weights(weights, tmp_path) == data


def test_one_changed_byte_is_refused_with_both_digests_and_a_remedy(tmp_path: Path):
    data = bytearray(read_weights(YUNET, None))
    data[1000] ^= 1
    (tmp_path / YUNET.file).write_bytes(data)

    with pytest.raises(
        WeightsWrong, match=f"{YUNET.file}.*{YUNET.sha256[:12]}… expected, [0-9a-f]{{12}}… found.*replace"
    ):
        read_weights(YUNET, tmp_path)


def test_an_absent_file_is_named_with_what_to_set(tmp_path: Path):
    with pytest.raises(WeightsMissing, match=f"{SFACE.file}.*FACEMATCH_MODEL_DIR"):
        read_weights(SFACE, tmp_path)


def test_the_engine_starts_without_weights_and_fails_when_it_must_load_them(tmp_path: Path):
    engine = FaceEngine(Settings(data_dir=tmp_path, model_dir=tmp_path))

    assert YUNET.sha256[:8] in engine.name
    with pytest.raises(WeightsMissing):
        engine.warm_up()

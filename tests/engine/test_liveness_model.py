from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from facematch.engine.api import Frame, Watch
from facematch.engine.found_faces import FoundFace
from facematch.engine.liveness_model import LivenessModel
from facematch.engine.pipeline import FaceEngine
from facematch.engine.silent import judge_silent
from facematch.errors import WeightsMissing, WeightsWrong
from facematch.seen import Face
from facematch.settings import Settings

from .clips import encoded
from .living import living

RED, BLUE = (220, 40, 40), (40, 40, 220)


def network(path: Path, *, side: int = 80, classes: int = 3) -> Path:
    """A stand-in of the family: the redder the face, the surer it is of a living person; it reads channel 2 as red."""
    weights = np.zeros((3, classes), np.float32)
    weights[2, 1], weights[0, 1] = 0.05, -0.05
    nodes = [
        helper.make_node("GlobalAveragePool", ["input"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "stand_in",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, side, side])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, classes])],
        [helper.make_tensor("weights", TensorProto.FLOAT, weights.shape, weights.ravel())],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return path


def found(pixels: NDArray[np.uint8], box: tuple[float, float, float, float]) -> FoundFace:
    planes = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2YUV_I420), np.uint8)
    return FoundFace(Frame(0.0, planes), Face(box, ((0.0, 0.0),) * 5, 0.9))


def coloured(inside: tuple[int, int, int], outside: tuple[int, int, int]) -> NDArray[np.uint8]:
    """A square of 108 pixels, 2.7 times a box of 40, in the middle of a picture."""
    pixels = np.full((240, 320, 3), outside, np.uint8)
    pixels[66:174, 106:214] = inside
    return pixels


BOX = 140.0, 100.0, 40.0, 40.0


def test_a_red_face_is_living_to_a_network_that_likes_red(tmp_path: Path) -> None:
    model = LivenessModel.load(network(tmp_path / "net.onnx"))

    assert model.live([found(coloured(RED, BLUE), BOX)]) > 0.95
    assert model.live([found(coloured(BLUE, RED), BOX)]) < 0.05


def test_the_network_sees_2_7_times_the_box_and_no_more(tmp_path: Path) -> None:
    """A window that showed the other colour as well would be less sure."""
    model = LivenessModel.load(network(tmp_path / "net.onnx"))
    whole = model.live([found(np.full((240, 320, 3), RED, np.uint8), BOX)])

    assert model.live([found(coloured(RED, BLUE), BOX)]) == pytest.approx(whole, abs=0.01)


def test_a_window_that_would_leave_the_picture_is_moved_inside(tmp_path: Path) -> None:
    model = LivenessModel.load(network(tmp_path / "net.onnx"))
    pixels = np.full((240, 320, 3), BLUE, np.uint8)
    pixels[:108, :108] = RED

    assert model.live([found(pixels, (0.0, 0.0, 40.0, 40.0))]) > 0.95


def test_several_frames_are_averaged(tmp_path: Path) -> None:
    model = LivenessModel.load(network(tmp_path / "net.onnx"))
    red, blue = found(coloured(RED, RED), BOX), found(coloured(BLUE, BLUE), BOX)

    assert model.live([red, blue]) == pytest.approx((model.live([red]) + model.live([blue])) / 2, abs=1e-6)


def test_no_face_is_no_answer(tmp_path: Path) -> None:
    model = LivenessModel.load(network(tmp_path / "net.onnx"))

    with pytest.raises(ValueError, match="no face"):
        model.live([])


def test_name_and_digest_are_those_of_the_file(tmp_path: Path) -> None:
    model = LivenessModel.load(network(tmp_path / "net.onnx"))

    assert model.name == "net.onnx"
    assert len(model.sha256) == 64


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"net\.onnx cannot be read") as caught:
        LivenessModel.load(tmp_path / "net.onnx")

    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x07" * 500])
def test_a_file_that_is_no_network_is_wrong(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)

    with pytest.raises(WeightsWrong, match="not an ONNX network"):
        LivenessModel.load(path)


def test_a_network_of_another_input_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(WeightsWrong, match="80"):
        LivenessModel.load(network(tmp_path / "net.onnx", side=112))


def test_a_network_that_wants_two_inputs_is_wrong(tmp_path: Path) -> None:
    path = network(tmp_path / "net.onnx")
    loaded = onnx.load(path)
    loaded.graph.input.append(helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))
    onnx.save(loaded, path)

    with pytest.raises(WeightsWrong, match="not an ONNX network"):
        LivenessModel.load(path)


def test_a_network_of_another_output_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(WeightsWrong, match="3 numbers"):
        LivenessModel.load(network(tmp_path / "net.onnx", classes=2))


@pytest.fixture(scope="module")
def portrait_watch(engine: FaceEngine) -> Watch:
    return engine.watch(engine.open_video(encoded(list(living(engine))), "SILENT"), "SILENT")


def tinted(watch: Watch, blue: int, red: int) -> Watch:
    """The same clip with all colour replaced by one."""
    frames = []
    for frame in watch.video.frames:
        planes = frame.planes.copy()
        height = planes.shape[0] * 2 // 3
        planes[height : height * 5 // 4], planes[height * 5 // 4 :] = blue, red
        frames.append(replace(frame, planes=planes))
    return replace(watch, video=replace(watch.video, frames=tuple(frames)))


def test_a_network_that_sees_an_attack_refuses_a_clip_that_would_pass(tmp_path: Path, portrait_watch: Watch) -> None:
    model = LivenessModel.load(network(tmp_path / "net.onnx"))
    bluish, reddish = tinted(portrait_watch, 200, 90), tinted(portrait_watch, 90, 200)

    refused, passed = judge_silent(bluish, model), judge_silent(reddish, model)

    assert judge_silent(bluish, None).outcome == "passed"
    assert (refused.outcome, refused.errcode, refused.decided_by) == ("refused", 1003, "model")
    assert passed.outcome == "passed"
    assert passed.model == f"net.onnx {model.sha256}"


def test_the_engine_uses_the_network_of_its_settings(tmp_path: Path, settings: Settings, portrait_watch: Watch) -> None:
    engine = FaceEngine(replace(settings, liveness_model=network(tmp_path / "net.onnx")))

    liveness = engine.silent(tinted(portrait_watch, 200, 90))

    assert liveness.decided_by == "model"
    assert engine.models[-1].task == "liveness"

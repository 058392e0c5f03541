"""One face followed through a clip, and what makes a clip unusable."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageFilter

from facematch.engine.api import Frame, Video, Watch
from facematch.engine.one_person import least_alike
from facematch.engine.pipeline import FaceEngine
from facematch.limits import Limits

from .clips import RATE, SIZE, Frames, blank, encoded, on_wall, person, swaying, wall

PASS = Limits().pass_score


def watched(engine: FaceEngine, frames: Frames, video_type: str = "SILENT") -> Watch:
    return engine.watch(unencoded(frames), video_type)


def unencoded(frames: Frames) -> Video:
    """The frames as a video, without the time and the loss of a codec."""
    height, width = frames[0].shape[:2]
    kept = tuple(Frame(nth / RATE, _planes(pixels)) for nth, pixels in enumerate(frames))
    seconds = len(frames) / RATE
    return Video(kept, width, height, width, height, len(frames), RATE, seconds, "mp4", "h264", None, (), 1.0)


def _planes(pixels):
    import cv2

    return cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2YUV_I420)


def changed(frames: Frames, change) -> Frames:
    return [np.asarray(change(Image.fromarray(pixels))) for pixels in frames]


def still(image: Image.Image, left: float, top: float, seconds: float = 2.4) -> Frames:
    return [on_wall(image, left, top)] * round(seconds * RATE)


def two_persons(small: int, seconds: float = 2.4) -> Frames:
    canvas = wall((900, 600))
    canvas.paste(person("obama_1.jpg", 560), (0, 20))
    canvas.paste(person("biden_1.jpg", small), (480, 20))
    return [np.asarray(canvas)] * round(seconds * RATE)


@pytest.fixture(scope="module")
def good(engine: FaceEngine) -> Watch:
    return watched(engine, swaying("obama_1.jpg"))


def test_a_followed_face_is_found_throughout_and_compared(engine, good, looks):
    assert good.clip.refused is None
    assert good.clip.found == good.clip.followed == len(good.spots) == 30
    assert {check.verdict for check in good.clip.checks} == {"pass"}
    assert engine.compare(looks["obama_2.jpg"], good.look).score >= PASS
    assert engine.compare(looks["biden_1.jpg"], good.look).score < PASS


def test_a_real_file_goes_all_the_way(engine, looks):
    video = engine.open_video(encoded(swaying("obama_1.jpg")), "SILENT")
    watch = engine.watch(video, "SILENT")

    assert (watch.clip.refused, watch.clip.format, watch.clip.codec) == (None, "mp4", "h264")
    assert (watch.clip.frames, watch.clip.duration_s) == (60, pytest.approx(2.4))
    assert watch.look.seen.source_width == 480
    assert engine.compare(looks["obama_3.jpg"], watch.look).score >= PASS


def test_the_spots_move_with_the_face(good):
    lefts = np.array([spot.face.box[0] for spot in good.spots])
    sway = [12 * np.sin(2 * np.pi * good.video.frames[spot.index].time_s) for spot in good.spots]

    assert lefts - lefts.mean() == pytest.approx(np.array(sway) - np.mean(sway), abs=4)


def test_lip_looks_at_every_frame_and_silent_at_every_second_one(engine, good):
    lip = watched(engine, swaying("obama_1.jpg"), "LIP")

    assert [spot.index for spot in lip.spots] == list(range(60))
    assert [spot.index for spot in good.spots] == list(range(0, 60, 2))


def test_the_strip_shows_twelve_small_pictures_with_the_face_and_its_likeness(good):
    shots = good.clip.shots

    assert len(shots) == 12
    assert [shot.time_s for shot in shots] == sorted({shot.time_s for shot in shots})
    assert all(shot.picture.startswith(b"\xff\xd8\xff") and len(shot.picture) < 30_000 for shot in shots)
    assert all(shot.cosine > 0.9 and shot.face.confidence > 0.9 for shot in shots)


def test_the_sharpest_frame_is_the_one_that_is_compared(engine):
    frames = changed(swaying("obama_1.jpg"), lambda image: image.filter(ImageFilter.GaussianBlur(4)))
    frames[40] = swaying("obama_1.jpg")[40]
    clip = watched(engine, frames).clip

    assert (clip.refused, clip.best_s) == (None, pytest.approx(1.6))


def test_a_wall_has_no_face_and_still_gives_evidence(engine):
    watch = watched(engine, blank(2))

    assert (watch.clip.refused.errcode, watch.clip.refused.check) == (1004, "found")
    assert (watch.look, watch.clip.found, len(watch.clip.shots)) == (None, 0, 12)


def test_black_frames_have_no_face(engine):
    assert watched(engine, blank(2, level=0)).clip.refused.errcode == 1004


def test_a_face_that_leaves_is_found_too_seldom(engine):
    clip = watched(engine, swaying("obama_1.jpg", 1.2) + blank(1.2)).clip

    assert (clip.refused.errcode, clip.refused.check) == (1004, "found")
    assert clip.found == 15


def test_a_face_that_comes_back_after_a_moment_is_followed_on(engine):
    frames = swaying("obama_1.jpg", 3.2)
    frames[30:38] = blank(0.32)
    watch = watched(engine, frames)

    assert (watch.clip.refused, watch.spots[-1].face is None) == (None, False)
    assert watch.clip.found == watch.clip.followed - 4


def test_two_persons_are_one_too_many(engine):
    clip = watched(engine, two_persons(680)).clip

    assert (clip.refused.errcode, clip.refused.check) == (2012, "second_face")


def test_by_setting_the_larger_of_two_persons_is_followed(settings, looks):
    engine = FaceEngine(replace(settings, limits=Limits(faces="largest")))
    watch = engine.watch(unencoded(two_persons(420)), "SILENT")

    assert watch.clip.refused is None
    assert engine.compare(looks["obama_1.jpg"], watch.look).score >= PASS


def test_a_small_face_in_the_background_is_left_aside(engine):
    assert watched(engine, two_persons(220)).clip.refused is None


@pytest.mark.parametrize("part", [0.3, 0.5, 0.8])
def test_a_change_of_person_is_noticed_wherever_it_happens(engine, part):
    one, other = swaying("obama_1.jpg"), swaying("biden_1.jpg")
    at = round(part * len(one))
    clip = watched(engine, one[:at] + other[at:]).clip
    told_s = float(clip.refused.detail.split(" s on")[0].split()[-1])

    assert (clip.refused.errcode, clip.refused.check) == (2012, "one_person")
    assert told_s == pytest.approx(at / RATE, abs=0.4)


def test_a_person_who_comes_and_goes_is_noticed(engine):
    frames = swaying("obama_1.jpg", 3.2)
    frames[30:50] = swaying("biden_1.jpg", 3.2)[30:50]

    assert watched(engine, frames).clip.refused.check == "one_person"


@pytest.mark.parametrize(
    ("change", "errcode", "check"),
    [
        (lambda image: image.point(lambda level: level * 0.06), 1201, "too_dark"),
        (lambda image: image.point(lambda level: level * 3), 1202, "too_bright"),
        (lambda image: image.filter(ImageFilter.GaussianBlur(9)), 2004, "sharpness"),
        (lambda image: image.rotate(180), 2004, "roll"),
    ],
    ids=["dark", "bright", "blurred", "upside down"],
)
def test_a_face_that_cannot_be_compared_is_refused_for_its_cause(engine, change, errcode, check):
    clip = watched(engine, changed(swaying("obama_1.jpg", 2), change)).clip

    assert (clip.refused.errcode, clip.refused.check) == (errcode, check)


def test_a_clip_filmed_sideways_is_used(engine, looks):
    watch = watched(engine, changed(swaying("obama_1.jpg", 2), lambda image: image.rotate(90, expand=True)))

    assert (watch.clip.refused, watch.look.seen.turned) == (None, 90)
    assert engine.compare(looks["obama_2.jpg"], watch.look).score >= PASS


def test_a_face_of_too_few_pixels_is_refused(engine):
    clip = watched(engine, still(person("obama_1.jpg", 200), 150, 200)).clip

    assert (clip.refused.errcode, clip.refused.check) == (1108, "face_size")


def test_a_face_cut_by_the_edge_is_refused(engine):
    portrait = person("obama_1.jpg", 900)
    clip = watched(engine, still(portrait, SIZE[0] - portrait.width * 0.52, 0)).clip

    assert (clip.refused.errcode, clip.refused.check) == (1102, "in_frame")


def test_threads_see_the_same(engine, good):
    with ThreadPoolExecutor(3) as pool:
        others = list(pool.map(lambda _: watched(engine, swaying("obama_1.jpg")), range(3)))

    faces = [spot.face for spot in good.spots]
    assert all([spot.face for spot in other.spots] == faces for other in others)
    assert all(other.clip.checks == good.clip.checks for other in others)


def test_of_two_halves_each_is_unlike_the_other_though_both_are_like_their_mean():
    one, other = np.eye(128, dtype=np.float32)[:2]
    change = least_alike([one] * 6 + [other] * 6)

    assert (change.cosine, change.start) == (pytest.approx(0), 6)
    assert float(one @ (one + other) / np.sqrt(2)) > 0.7


def test_one_face_alone_cannot_differ():
    assert least_alike([np.eye(128, dtype=np.float32)[0]]).cosine == 1

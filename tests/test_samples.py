"""The samples that ship: complete, credited, small, and doing what they promise."""

import csv
from importlib import resources
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from facematch import codes
from facematch.engine.pipeline import FaceEngine
from facematch.errors import PictureRefused
from facematch.limits import Limits
from facematch.samples import PAIRS, SOURCES, make, photo
from facematch.settings import Settings

REMAKE = "made anew, the picture differs: python -m facematch.samples.make"


def shipped() -> set[str]:
    return {entry.name for entry in resources.files("facematch.samples").joinpath("photos").iterdir()}


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(photo(name).decode().splitlines()))


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return make.derived()


def test_every_file_is_either_a_credited_original_or_a_listed_derivative(made):
    derived = {row["file"] for row in table("DERIVED.csv")}

    assert derived == set(made)
    assert shipped() == set(SOURCES) | derived | {"LICENCES.csv", "DERIVED.csv"}


def test_every_original_has_evidence_of_its_licence_and_a_credit_line():
    rows = table("LICENCES.csv")

    assert len(rows) == 6
    assert all(all(row.values()) for row in rows)
    assert SOURCES["eileen_collins_1.png"].person == "Eileen Collins"
    assert SOURCES["eileen_collins_1.png"].credit == "NASA"


def test_what_a_picture_is_derived_from_is_a_credited_original():
    named = {name for row in table("DERIVED.csv") for name in row["derived_from"].split()}

    assert named <= set(SOURCES)


@pytest.mark.parametrize(
    "name", sorted({*SOURCES, *(row["file"] for row in table("DERIVED.csv"))} - {"not_a_photo.jpg"})
)
def test_a_photo_can_be_decoded_and_is_within_the_service_s_limits(name):
    picture = Image.open(BytesIO(photo(name)))
    picture.load()

    assert min(picture.size) >= 64
    assert max(picture.size) <= 4000
    assert len(photo(name)) * 4 / 3 <= 3 * 2**20


def test_the_photo_that_is_none_says_so():
    assert b"text file" in photo("not_a_photo.jpg")


def test_the_shipped_pictures_are_what_the_recipe_makes(made):
    for name, content in made.items():
        if name == "not_a_photo.jpg":
            assert content == photo(name), REMAKE
            continue
        ours, theirs = (Image.open(BytesIO(data)).convert("RGB") for data in (photo(name), content))
        assert ours.size == theirs.size, REMAKE
        assert max(ImageStat.Stat(ImageChops.difference(ours, theirs)).mean) < 1.0, REMAKE


def test_derived_pictures_carry_no_orientation_or_other_exif(made):
    pictures = [Image.open(BytesIO(photo(name))) for name in made if name != "not_a_photo.jpg"]

    assert [dict(picture.getexif()) for picture in pictures] == [{}] * 6


def test_the_samples_are_small(made):
    assert all(len(photo(name)) < 150_000 for name in made)
    assert sum(len(photo(name)) for name in shipped()) < 5_000_000


def test_an_unknown_photo_is_an_error():
    with pytest.raises(FileNotFoundError):
        photo("nobody.jpg")


def test_pairs_have_different_keys_and_name_shipped_files():
    assert len({pair.key for pair in PAIRS}) == len(PAIRS)
    assert {name for pair in PAIRS for name in (pair.reference, pair.probe)} <= shipped()


def test_an_expected_refusal_is_an_errcode_of_the_catalogue():
    refusals = {pair.expected for pair in PAIRS if isinstance(pair.expected, int)}

    assert refusals == {codes.NO_FACE, codes.SEVERAL_FACES, codes.POOR_QUALITY, codes.TOO_DARK, codes.NOT_DECODABLE}
    assert {pair.expected for pair in PAIRS} > {"match", "no_match"}


def test_a_refusal_can_be_seen_on_either_side():
    bad = {row["file"] for row in table("DERIVED.csv")} - {"sideways.jpg"}
    refused = [pair for pair in PAIRS if isinstance(pair.expected, int)]

    assert any(pair.reference in bad for pair in refused)
    assert any(pair.probe in bad for pair in refused)
    assert all((pair.reference in bad) != (pair.probe in bad) for pair in refused)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> FaceEngine:
    return FaceEngine(Settings(data_dir=tmp_path_factory.mktemp("engine")))


def what_comes_of(engine: FaceEngine, reference: bytes, probe: bytes) -> str | int:
    """``"match"`` or ``"no_match"`` at the default pass score, or the errcode of the first refusal."""
    try:
        looks = [engine.look(engine.decode(data)) for data in (reference, probe)]
    except PictureRefused as refusal:
        return refusal.errcode
    refused = [look.seen.refused.errcode for look in looks if look.seen.refused]
    if refused:
        return refused[0]
    return "match" if engine.compare(*looks).score >= Limits().pass_score else "no_match"


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.key)
def test_the_engine_gives_each_pair_what_it_promises(engine, pair):
    assert what_comes_of(engine, photo(pair.reference), photo(pair.probe)) == pair.expected


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if isinstance(pair.expected, int)], ids=lambda pair: pair.key)
def test_a_failing_pair_has_one_good_photo_and_one_bad(engine, pair):
    alone = [what_comes_of(engine, photo(name), photo(name)) for name in (pair.reference, pair.probe)]

    assert sorted(alone, key=str) == [pair.expected, "match"]

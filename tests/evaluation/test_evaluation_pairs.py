from pathlib import Path

import pytest

from facematch.evaluation.pairs import Pair, PairsInvalid, read_pairs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"not opened here")
    return tmp_path


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "pairs.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_paths_start_from_the_folder_of_the_list_and_other_columns_are_ignored(folder: Path) -> None:
    path = written(folder, "fold,same,file_y,file_x\n3,1,b.jpg,a.jpg\n3,0,a.jpg,b.jpg\n")

    assert read_pairs(path) == (
        Pair(2, folder / "a.jpg", folder / "b.jpg", mated=True),
        Pair(3, folder / "b.jpg", folder / "a.jpg", mated=False),
    )


def test_paths_start_from_the_root_that_is_given(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = written(tmp_path_factory.mktemp("elsewhere"), "file_x,file_y,same\na.jpg,b.jpg,1\n")

    assert read_pairs(path, folder)[0].probe == folder / "b.jpg"


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(folder: Path) -> None:
    path = written(folder, b"\xef\xbb\xbffile_x,file_y,same\r\na.jpg,b.jpg,1\r\n")

    assert read_pairs(path) == (Pair(2, folder / "a.jpg", folder / "b.jpg", mated=True),)


def test_the_number_of_a_row_is_the_line_that_an_editor_shows(folder: Path) -> None:
    path = written(folder, "file_x,file_y,same\n\n\na.jpg,b.jpg,1\n")

    assert [pair.row for pair in read_pairs(path)] == [4]


def test_a_limit_reads_the_first_pairs_only(folder: Path) -> None:
    path = written(folder, "file_x,file_y,same\na.jpg,b.jpg,1\na.jpg,b.jpg,0\ngone.jpg,b.jpg,0\n")

    assert [pair.mated for pair in read_pairs(path, limit=2)] == [True, False]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the list of pairs is empty"),
        ("file_x,file_y,same\n", "the list of pairs has a header and no pairs"),
        ("file_x,same\na.jpg,1\n", "the list of pairs has no column file_y; it needs file_x, file_y, same"),
        ("a.jpg,b.jpg,1\n", "the list of pairs has no column file_x or file_y or same"),
        ("file_x,file_y,same\na.jpg,b.jpg,1\na.jpg,b.jpg,yes\n", "row 3: same is neither 1 nor 0"),
        ("file_x,file_y,same\na.jpg,b.jpg\n", "row 2: same is neither 1 nor 0"),
        ("file_x,file_y,same\na.jpg,,1\n", "row 2: file_y is empty"),
        ('file_x,file_y,same\n"a.jpg,b.jpg,1\n', "the list of pairs is not CSV"),
        (b"file_x,file_y,same\n\xff\xfe,b.jpg,1\n", "the list of pairs is not UTF-8 text"),
        ("file_x,file_y,same\na.jpg,b.jpg,1\nJohn_Doe.jpg,b.jpg,1\n", "1 photo is missing: row 3 file_x"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_in_one_sentence(folder: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(PairsInvalid) as caught:
        read_pairs(written(folder, text))

    assert str(caught.value).startswith(message)
    assert "John_Doe" not in str(caught.value)


def test_of_many_missing_photos_the_first_rows_are_named_and_all_are_counted(folder: Path) -> None:
    path = written(folder, "file_x,file_y,same\n" + "gone.jpg,b.jpg,1\n" * 7)

    with pytest.raises(PairsInvalid, match=r"^7 photos are missing: row 2 file_x, .*, row 6 file_x, …$"):
        read_pairs(path)


def test_a_list_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(PairsInvalid, match="cannot be read: No such file"):
        read_pairs(folder / "gone.csv")

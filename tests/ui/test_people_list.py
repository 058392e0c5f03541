"""A table of persons as spreadsheets write it: any ends of lines, a broken one, one that is too long."""

import pytest

from facematch.ui.kept.people_list import LINES_MAX, TEMPLATE, read

PERSON = "190001196102030010"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_is_read_whatever_ends_its_lines(end, encoding):
    found = read(end.join(("身份证号,姓名", f"{PERSON},演示甲", "")).encode(encoding), [], name_max=32)

    assert [(line.number, line.id_number, line.name) for line in found.usable] == [(2, PERSON, "演示甲")]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'id_number,name\n1,"' + b"x" * 140_000, "table"),
        (b"\xff\xff\xff", "encoding"),
        (b"", "columns"),
        (b"who,when\n1,2\n", "columns"),
        (b"id_number,name\n", "empty"),
        (b"id_number,name\n" + b"1,x\n" * (LINES_MAX + 1), "long"),
    ],
)
def test_a_file_that_is_no_such_table_is_told_why(data, problem):
    assert read(data, [], name_max=32).problem == problem


def test_of_a_full_table_each_line_is_checked_and_nothing_of_it_is_in_a_message():
    found = read(b"id_number;name\n" + f"{PERSON};x\n".encode() * LINES_MAX, [], name_max=32)

    assert (len(found.lines), len(found.usable), found.lines[1].problem) == (LINES_MAX, 1, "twice")
    assert PERSON not in repr(found)
    assert read(TEMPLATE, ["jia.jpg"], name_max=32).usable

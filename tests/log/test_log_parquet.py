"""The calls as Parquet: the columns of CSV, each of its kind, in batches; a selection of them, and without persons."""

import io
from datetime import UTC, datetime

import pytest
from past_calls import NOON, put
from pyarrow import parquet

from facematch.analytics.rows import Selection
from facematch.analytics.taken import span
from facematch.log import export
from facematch.log.export import Span, csv_pages, parquet_bytes


@pytest.fixture
def place(database_place):
    return database_place


def from_parquet(log, chosen=Span()):  # noqa: B008 - frozen
    return parquet.read_table(io.BytesIO(parquet_bytes(log, chosen)))


def test_each_column_is_of_its_kind_and_all_of_csv_are_there(log):
    put(log, errmsg="说", extra='{"cosine": 0.5}', label=1, success=1)
    table = from_parquet(log)

    kinds = {field.name: str(field.type) for field in table.schema}
    assert list(kinds) == next(csv_pages(log, Span())).strip().split(",")
    assert kinds["ts_ms"] == "timestamp[ms, tz=UTC]"
    assert (kinds["success"], kinds["attack"], kinds["score"], kinds["errcode"]) == ("bool", "bool", "double", "int64")
    (row,) = table.to_pylist()
    assert row["ts_ms"] == datetime.fromtimestamp(NOON / 1000, UTC)
    assert (row["success"], row["attack"], row["label"], row["errmsg"]) == (True, None, 1, "说")


def test_an_empty_selection_is_a_file_with_columns_and_no_rows(log):
    put(log)
    table = from_parquet(log, span(Selection(score=(1.0, 2.0)), personal=True))

    assert (table.num_rows, "score" in table.column_names) == (0, True)


def test_many_pages_become_few_groups_and_lose_no_row(log, monkeypatch):
    monkeypatch.setattr(export, "PAGE_ROWS", 7)
    monkeypatch.setattr(export, "_PAGES_IN_GROUP", 3)
    ids = [put(log, NOON + number) for number in range(50)]
    data = parquet_bytes(log, Span())

    assert parquet.ParquetFile(io.BytesIO(data)).metadata.num_row_groups == 3
    assert from_parquet(log)["id"].to_pylist() == ids


def test_what_a_selection_chooses_is_what_leaves_and_persons_stay_when_they_may_not_be_seen(log):
    put(log, score=50.0, subject_mask="3****1", actor="Li Na")
    wanted = put(log, score=70.5, subject_mask="3****2", actor="Li Na")
    chosen = Selection(score=(70.0, 71.0))

    assert from_parquet(log, span(chosen, personal=True))["subject_mask"].to_pylist() == ["3****2"]
    table = from_parquet(log, span(chosen, personal=False))
    assert table["id"].to_pylist() == [wanted]
    assert not {"subject_mask", "actor", "item_id"} & set(table.column_names)
    text = "".join(csv_pages(log, span(chosen, personal=False)))
    assert (text.count("\r\n"), "****" in text, "Li Na" in text) == (2, False, False)

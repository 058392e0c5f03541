"""The library: found by number, matched by name, masked in lists, readable only with the key and in its own row."""

import json

import numpy as np
import pytest

from facematch.errors import StateUnavailable
from facematch.service.state import Portrait

NUMBER, NAME = "99010119900307123X", "演示甲"
OTHER_NUMBER, OTHER_NAME = "990101198502291234", "Demo B"


def test_an_enrolled_person_is_found_by_number_with_the_portrait(state, portrait):
    person = state.persons.enrol(NUMBER, NAME, portrait)
    found = state.persons.find(NUMBER)

    assert (found.id, found.portrait.file, found.portrait.engine) == (person.id, portrait.file, "engine 1")
    assert found.portrait.embedding.dtype == np.float32
    assert np.array_equal(found.portrait.embedding, portrait.embedding)


def test_a_number_that_was_not_enrolled_finds_nobody(state, portrait):
    state.persons.enrol(NUMBER, NAME, portrait)

    assert [state.persons.find(each) for each in (OTHER_NUMBER, "", NUMBER[:-1], "\x00", "\ud800")] == [None] * 5


def test_the_last_character_of_a_number_may_be_a_small_x(state):
    state.persons.enrol(NUMBER.lower(), NAME, None)

    assert state.persons.find(NUMBER).name_matches(NAME)
    assert state.persons.find(NUMBER.lower()).name_matches(NAME)


@pytest.mark.parametrize("written", ["Zoë Müller", "  zoë müller\t", "ＺＯＥ\u0308 ＭÜＬＬＥＲ", "ZOË MÜLLER"])
def test_width_case_and_outer_space_of_a_name_do_not_count(state, written):
    state.persons.enrol(NUMBER, "Zoë Müller", None)

    assert state.persons.find(NUMBER).name_matches(written)


@pytest.mark.parametrize("written", ["Zoe Müller", "Zoë  Müller", "Zoë", "", "Müller Zoë", "\ud800"])
def test_another_name_does_not_match(state, written):
    state.persons.enrol(NUMBER, "Zoë Müller", None)

    assert not state.persons.find(NUMBER).name_matches(written)


def test_the_list_is_masked_and_in_order_of_enrolment(state, portrait, sql):
    refused = Portrait(b"a blurred photo", None, "engine 1", 2103)
    enrolled = [
        state.persons.enrol(NUMBER.lower(), NAME, portrait),
        state.persons.enrol(OTHER_NUMBER, OTHER_NAME, refused),
        state.persons.enrol("990101197001011237", "Ｄemo C", None),
    ]
    for place, person in enumerate(enrolled):
        sql("UPDATE fm_persons SET enrolled_ms = :place WHERE id = :id", place=place, id=person.id)
    listed = state.persons.all()

    assert [(each.id_number, each.name, each.portrait) for each in listed] == [
        ("9****************X", "演*", "usable"),
        ("9****************4", "D*", "unusable"),
        ("9****************7", "D*", "none"),
    ]
    assert [each.id for each in listed] == [each.id for each in enrolled]
    assert listed[0].enrolled_at == "1970-01-01T00:00:00+00:00"


def test_a_refused_portrait_keeps_why(state):
    state.persons.enrol(NUMBER, NAME, Portrait(b"a blurred photo", None, "engine 1", 2103))
    kept = state.persons.find(NUMBER).portrait

    assert (kept.file, kept.embedding, kept.engine, kept.errcode) == (b"a blurred photo", None, "engine 1", 2103)


def test_who_has_no_photo_has_no_portrait(state):
    state.persons.enrol(NUMBER, NAME, None)

    assert state.persons.find(NUMBER).portrait is None


def test_enrolling_a_number_again_replaces_everything_but_the_id(state, portrait):
    first = state.persons.enrol(NUMBER, NAME, portrait)
    second = state.persons.enrol(NUMBER, OTHER_NAME, None)
    found = state.persons.find(NUMBER)

    assert (second.id, found.id, found.portrait) == (first.id, first.id, None)
    assert (found.name_matches(NAME), found.name_matches(OTHER_NAME)) == (False, True)
    assert len(state.persons.all()) == 1


def test_a_deleted_person_is_gone_and_the_others_stay(state, portrait):
    gone = state.persons.enrol(NUMBER, NAME, portrait)
    state.persons.enrol(OTHER_NUMBER, OTHER_NAME, portrait)

    assert (state.persons.delete(gone.id), state.persons.delete(gone.id)) == (True, False)
    assert [state.persons.delete(each) for each in ("", "\x00", "\ud800", "x" * 99)] == [False] * 4
    assert state.persons.find(NUMBER) is None
    assert state.persons.find(OTHER_NUMBER).portrait.file == portrait.file


def test_two_persons_of_one_name_do_not_show_as_such(state, sql):
    state.persons.enrol(NUMBER, NAME, None)
    state.persons.enrol(OTHER_NUMBER, NAME, None)

    assert len({bytes(digest) for (digest,) in sql("SELECT name_digest FROM fm_persons")}) == 2


@pytest.mark.parametrize(
    "move",
    [
        "UPDATE fm_persons SET portrait = (SELECT portrait FROM fm_persons WHERE id = :other)",
        "UPDATE fm_persons SET embedding = (SELECT embedding FROM fm_persons WHERE id = :other)",
    ],
)
def test_what_was_moved_from_another_persons_row_is_refused(state, portrait, sql, move):
    state.persons.enrol(NUMBER, NAME, portrait)
    other = state.persons.enrol(OTHER_NUMBER, OTHER_NAME, portrait)
    sql(move, other=other.id)

    assert state.persons.find(OTHER_NUMBER).portrait.file == portrait.file
    with pytest.raises(StateUnavailable, match="was changed"):
        state.persons.find(NUMBER)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE fm_persons SET portrait = embedding",
        "UPDATE fm_persons SET embedding = portrait",
        "UPDATE fm_persons SET engine = 'engine 2'",
    ],
)
def test_what_was_changed_within_its_row_is_refused(state, portrait, sql, change):
    state.persons.enrol(NUMBER, NAME, portrait)
    sql(change)

    with pytest.raises(StateUnavailable, match="enrol the person anew"):
        state.persons.find(NUMBER)


def test_persons_outlive_a_restart(settings, opened, portrait):
    first = opened(settings)
    first.persons.enrol(NUMBER, NAME, portrait)
    first.close()

    assert opened(settings).persons.find(NUMBER).portrait.file == portrait.file


def test_ten_processes_that_enrol_one_number_leave_one_person(state, settings, processes):
    for process in processes:
        process.open(settings)
    assert [process.answer() for process in processes] == ["open"] * 10
    for lap in range(5):
        for name, process in enumerate(processes):
            process.tell("persons", "enrol", NUMBER, f"name {name} of lap {lap}", None)
    told = [process.answer() for process in processes for _ in range(5)]
    closed = [process.ask("", "close") for process in processes]

    assert closed == [None] * 10
    assert len(state.persons.all()) == 1
    assert all(json.dumps(each).startswith('"Person(') for each in told)


def test_nothing_of_a_person_shows_when_the_parts_are_printed(state, portrait):
    shown = repr((state.persons.enrol(NUMBER, NAME, portrait), state.persons.find(NUMBER), portrait))

    assert not any(secret in shown for secret in (NUMBER, NAME, "bytes of a photo", "0.99", "secret"))

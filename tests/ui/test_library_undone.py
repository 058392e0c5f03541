"""The ID library taken back: an undo that fails, whom an import replaced, and who is replaced only when told."""

import sqlite3
from contextlib import closing, contextmanager

import pytest

from facematch.samples import DEMO_PERSONS
from facematch.ui.formats import plain
from facematch.ui.words import Speaker

from .conftest import texts
from .test_library import PERSON, enrol, press, typed


@pytest.fixture(params=["en"])
def say(request):
    return Speaker(request.param)


@contextmanager
def enrolling_refused(data_dir):
    """The state's database takes no person meanwhile, as one on a full disk."""
    with closing(sqlite3.connect(data_dir / "state" / "service.db")) as db:
        db.execute("CREATE TRIGGER no_room BEFORE INSERT ON fm_persons BEGIN SELECT RAISE(ABORT, 'full'); END")
        yield
        db.execute("DROP TRIGGER no_room")


def offers_undo(at):
    return "undo_library" in [button.key for button in at.button]


def test_an_undo_that_the_service_refuses_stays_on_offer_with_what_it_puts_back(panel, service, data_dir):
    at = enrol(panel("library"), PERSON.portrait)
    (person,) = service.persons()
    press(at, f"do_person_{person.id}")
    with enrolling_refused(data_dir):
        press(at, "undo_library")
        assert at.error
        assert offers_undo(at.run())
    press(at, "undo_library")
    assert [each.portrait for each in service.persons()] == ["usable"]

    (again,) = service.persons()
    press(at, f"do_person_{again.id}")
    assert offers_undo(at)


def test_a_replacement_whose_undo_the_service_refuses_can_still_be_undone(panel, service, data_dir):
    at = enrol(enrol(panel("library"), PERSON.portrait), "blurred.jpg")
    with enrolling_refused(data_dir):
        press(at, "undo_library")
        assert [each.portrait for each in service.persons()] == ["unusable"]
    press(at.run(), "undo_library")

    assert [each.portrait for each in service.persons()] == ["usable"]


def test_whom_this_session_enrolled_is_replaced_only_when_told(panel, say, service):
    at = enrol(panel("library"), PERSON.portrait)
    (person,) = service.persons()
    button = typed(at, PERSON.id_number, "Somebody Else")

    assert button.label == say("person.replace")
    assert say("person.replaces", name="S\\*", number=plain(person.id_number)) in [each.value for each in at.warning]


def test_somebody_whom_this_session_did_not_enrol_is_replaced_only_when_told(panel, say, service):
    service.enrol(PERSON.id_number, PERSON.name)
    (person,) = service.persons()
    at = panel("library")
    assert typed(at, PERSON.id_number, "Somebody Else").label == say("person.enrol.do")
    button = typed(at, PERSON.id_number, PERSON.name)

    assert button.label == say("person.replace.alike")
    told = say("person.replaces.alike", name=plain(person.name), number=plain(person.id_number))
    assert told in [each.value for each in at.warning]


def imported(at, *persons):
    lines = ["id_number,name", *(f"{each.id_number},{each.name}" for each in persons)]
    at.file_uploader(key="import_table_0").upload("people.csv", "\n".join(lines).encode(), "text/csv")
    return press(at.run(), "import_do")


def test_undoing_an_import_puts_back_whom_it_replaced(panel, say, service):
    at = imported(enrol(panel("library"), PERSON.portrait), PERSON, DEMO_PERSONS[1])
    assert [each.portrait for each in service.persons()] == ["none", "none"]
    press(at, "undo_library")

    assert [each.portrait for each in service.persons()] == ["usable"]
    assert say("person.as_before") in texts(at)


def test_undoing_an_import_tells_who_stays_replaced(panel, say, service):
    service.enrol(DEMO_PERSONS[2].id_number, "Somebody Else")
    at = imported(enrol(panel("library"), PERSON.portrait), *DEMO_PERSONS[:3])
    press(at, "undo_library")

    assert sorted(each.portrait for each in service.persons()) == ["none", "usable"]
    assert say("person.partly_before", removed=1, back=1, stays=1) in [each.value for each in at.warning]


def test_an_import_that_replaced_strangers_alone_offers_no_undo(panel, service):
    service.enrol(PERSON.id_number, PERSON.name)

    assert not offers_undo(imported(panel("library"), PERSON))


def test_whom_an_import_replaced_is_not_put_back_when_the_new_one_is_deleted(panel, say, service):
    at = imported(enrol(panel("library"), PERSON.portrait), PERSON)
    (person,) = service.persons()
    press(at, f"do_person_{person.id}")

    assert service.persons() == ()
    assert not offers_undo(at)

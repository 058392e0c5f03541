"""The ID library of the embedded service: enrol, delete, undo, and what must not be shown."""

import pytest

from facematch import codes, samples
from facematch.samples import DEMO_PERSONS
from facematch.ui.words import Speaker

from .conftest import texts

PERSON = DEMO_PERSONS[0]
WRONG = PERSON.id_number[:-1] + "5"


@pytest.fixture(params=["en"])
def say(request):
    return Speaker(request.param)


def typed(at, number, name, portrait=None):
    turn = at.session_state.get("library.round", 0)
    at.text_input(key=f"enrol_number_{turn}").set_value(number)
    at.text_input(key=f"enrol_name_{turn}").set_value(name)
    if portrait is not None:
        at.file_uploader(key=f"enrol_portrait_{turn}").upload(portrait, samples.photo(portrait), "image/jpeg")
    at.run()
    assert not at.exception
    return at.button(key="person_enrol_do")


def enrol(at, portrait=None):
    typed(at, PERSON.id_number, PERSON.name, portrait).click().run()
    assert not at.exception
    return at


def press(at, key):
    at.button(key=key).click().run()
    assert not at.exception
    return at


def test_a_number_is_checked_before_it_is_sent(panel, say, service):
    at = panel("library")
    button = typed(at, WRONG, PERSON.name)
    assert button.disabled
    assert say("person.check_digit.misfit") in texts(at)
    button = typed(at, PERSON.id_number, " ")
    assert say("person.check_digit.right") in texts(at)

    assert button.disabled
    assert service.persons() == ()


def test_an_enrolled_person_is_shown_masked_and_the_form_is_empty_again(panel, say, service):
    at = enrol(panel("library"), PERSON.portrait)

    (person,) = service.persons()
    assert person.portrait == "usable"
    assert say("person.portrait.usable") in texts(at)
    assert PERSON.id_number not in texts(at).replace(f"`{PERSON.id_number}`", "")  # the table of demo persons
    assert [at.text_input(key="enrol_number_1").value, at.text_input(key="enrol_name_1").value] == ["", ""]


def test_a_portrait_that_the_engine_refuses_is_told_with_its_reason_and_can_be_undone(panel, say, service):
    at = enrol(panel("library"), "blurred.jpg")
    assert say("person.unusable") in at.warning[0].value
    assert codes.CATALOGUE[codes.POOR_QUALITY].words(say.language).remedy in at.warning[0].value
    assert [person.portrait for person in service.persons()] == ["unusable"]
    press(at, "undo_library")

    assert service.persons() == ()


def test_a_file_that_is_no_photo_enrols_nobody(panel, say, service):
    at = enrol(panel("library"), "not_a_photo.jpg")

    assert codes.CATALOGUE[codes.NOT_DECODABLE].words(say.language).meaning in at.error[0].value
    assert service.persons() == ()
    assert at.text_input(key="enrol_name_0").value == PERSON.name


def test_a_deletion_is_undone_as_long_as_the_session_remembers(panel, say, service):
    at = enrol(panel("library"), PERSON.portrait)
    (person,) = service.persons()
    press(at, f"do_person_{person.id}")
    assert service.persons() == ()
    press(at, "undo_library")
    (again,) = service.persons()
    assert (again.id_number, again.name, again.portrait) == (person.id_number, person.name, "usable")
    press(at, "person_forget")
    assert any("cannot be undone" in text.value for text in at.markdown)
    press(at, f"do_person_{again.id}")

    assert service.persons() == ()
    assert [button.key for button in at.button if button.key == "undo_library"] == []


def test_replacing_somebody_is_told_and_undone(panel, say, service):
    at = enrol(enrol(panel("library"), PERSON.portrait), "blurred.jpg")
    assert at.warning[0].value.startswith(say("person.replaced", name="", number="").partition(":")[0])
    assert [person.portrait for person in service.persons()] == ["unusable"]
    press(at, "undo_library")

    assert [person.portrait for person in service.persons()] == ["usable"]


def test_the_demo_persons_come_and_go_together(panel, say, service):
    at = panel("library")
    assert f"`{PERSON.id_number}`" in texts(at)
    press(at, "person_demo_enrol")
    assert len(service.persons()) == len(DEMO_PERSONS)
    press(at, "undo_library")

    assert service.persons() == ()


def test_a_person_whom_somebody_else_deleted_meanwhile_is_gone_from_the_list(panel, say, service):
    at = enrol(panel("library"))
    (person,) = service.persons()
    service.delete_person(person.id)
    press(at, f"do_person_{person.id}")

    assert say("person.none") in texts(at)


def test_in_demo_mode_persons_are_only_counted(panel, say, service):
    at = enrol(panel("library"))
    (person,) = service.persons()
    at.session_state["demo"] = True
    at.run()

    assert say("person.count", count=1) in texts(at)
    assert person.name not in texts(at)
    assert [widget.key for widget in (*at.text_input, *at.button) if "enrol" in str(widget.key)] == []


def test_several_are_enrolled_from_a_file_and_each_refused_line_is_told(panel, say, service):
    lines = [
        "身份证号,姓名,照片",
        *(f"{each.id_number},{each.name},{each.portrait or ''}" for each in DEMO_PERSONS),
        f"{WRONG},x,",
        f"{PERSON.id_number},{PERSON.name},",
    ]
    at = panel("library")
    at.file_uploader(key="import_table_0").upload("people.csv", "\n".join(lines).encode("gb18030"), "text/csv")
    photos = sorted({each.portrait for each in DEMO_PERSONS if each.portrait})
    at.file_uploader(key="import_photos_0").set_value([(name, samples.photo(name), "image/jpeg") for name in photos])
    at.run()
    assert say("import.line", line=8, why=say("import.line.number")) in texts(at)
    assert say("import.line", line=9, why=say("import.line.twice")) in texts(at)
    press(at, "import_do")
    assert sorted(person.portrait for person in service.persons()) == ["none", *["unusable"], *["usable"] * 4]
    assert say("import.line", line=7, why="2103") in texts(at)
    press(at, "undo_library")

    assert service.persons() == ()


def test_more_than_a_page_of_persons_is_turned_and_searched(panel, say, service):
    numbers = [f"19000119800101{index:03d}" for index in range(13)]
    weights, checks = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
    for index, number in enumerate(numbers):
        check = checks[sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11]
        service.enrol(number + check, "单" if index else "另一个")
    at = panel("library")
    assert len([b for b in at.button if str(b.key).startswith("do_person_")]) == 10
    at.get("pagination")[0].set_value(2).run()
    assert len([b for b in at.button if str(b.key).startswith("do_person_")]) == 3
    at.text_input(key="persons_search").set_value("另").run()

    assert len([b for b in at.button if str(b.key).startswith("do_person_")]) == 1

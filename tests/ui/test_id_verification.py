import pytest

from facematch import codes, samples
from facematch.log.privacy import mask_id
from facematch.samples import DEMO_PERSONS
from facematch.ui import services
from facematch.ui.identity.demo_persons import CASES
from tests.id_numbers import EXAMPLE, FULL_WIDTH

from .conftest import HISTORY, rows, texts, upload

ID_VERIFICATION = "pages/id_verification.py"
FIRST = DEMO_PERSONS[0]


def enter(at, number, name):
    at.text_input(key="_id_number").set_value(number)
    at.text_input(key="_id_name").set_value(name)
    return at.run()


def verify(at):
    at.button(key="ask").click().run()
    assert not at.exception
    return at


def verify_case(at, key):
    at.button(key=f"case_{key}").click().run()
    return verify(at)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_demo_person_is_filled_in_with_one_click_and_gives_what_it_is_made_to_give(open_page, say, data_dir, case):
    at = verify_case(open_page(ID_VERIFICATION), case.key)

    (row,) = rows(data_dir)
    assert row["endpoint"] == "match_idno"
    if isinstance(case.expected, bool):
        assert (row["outcome"], row["success"]) == ("ok", int(case.expected))
        shown = at.success if case.expected else at.warning
        assert say("verdict.passed" if case.expected else "verdict.not_passed") in shown[0].value
    else:
        assert row["errcode"] == case.expected
        told = codes.CATALOGUE[case.expected].words(say.language)
        assert all(words in at.error[0].value for words in (told.meaning, told.cause, told.remedy))


def test_number_and_name_are_masked_once_sent_and_sent_again_with_another_probe(open_page, say, data_dir):
    at = verify_case(open_page(ID_VERIFICATION), "own_photo")

    assert say("verdict.passed") in texts(at)
    assert not at.text_input
    assert mask_id(FIRST.id_number) in texts(at).replace("\\", "")
    assert FIRST.id_number not in texts(at)
    assert FIRST.name not in texts(at)
    at.file_uploader(key="probe_upload_1").upload("b.jpg", samples.photo("biden_1.jpg"), "image/jpeg")
    at.run()
    assert not at.success  # the result was of another photo
    assert say("verdict.not_passed") in texts(verify(at))
    assert [row["success"] for row in rows(data_dir)] == [1, 0]


def test_another_person_begins_with_an_empty_form_and_nothing_is_kept_of_the_last(open_page):
    at = verify_case(open_page(ID_VERIFICATION), "own_photo")
    at.button(key="id_another").click().run()

    assert [field.value for field in at.text_input] == ["", ""]
    assert not at.success
    assert at.session_state["shelf.identified"].outcome is None
    assert not {"identity.sent", "identity.number", "identity.name"} & at.session_state._state.filtered_state.keys()


def test_a_claim_is_never_whole_in_a_repr(open_page):
    at = verify_case(open_page(ID_VERIFICATION), "own_photo")

    held = [at.session_state["identity.sent"], at.session_state["shelf.identified"]]
    assert held[0].id_number == FIRST.id_number
    assert FIRST.id_number not in repr(held)
    assert FIRST.name not in repr(held)


def test_a_number_that_fails_the_checks_can_be_sent_and_the_page_says_so(open_page, say, data_dir):
    at = open_page(ID_VERIFICATION)
    assert say("id.advice") in texts(at)
    upload(at, "probe", "obama_1.jpg")
    verify(enter(at, "123", "Nobody"))

    assert rows(data_dir)[0]["errcode"] == codes.BAD_ID_NUMBER
    assert say("library_side.state.ended") in texts(at)


@pytest.mark.parametrize(("as_typed", "errcode"), [(False, codes.UNKNOWN_ID_NUMBER), (True, codes.BAD_ID_NUMBER)])
def test_full_width_digits_are_set_right_unless_they_are_to_be_sent_as_typed(open_page, data_dir, as_typed, errcode):
    at = open_page(ID_VERIFICATION)
    upload(at, "probe", "obama_1.jpg")
    enter(at, FULL_WIDTH.lower(), "Nobody")
    at.toggle(key="_id_as_typed").set_value(as_typed).run()
    verify(at)

    assert rows(data_dir)[0]["errcode"] == errcode


def test_what_is_missing_is_told_and_nothing_is_sent(open_page, say, data_dir):
    at = verify(enter(open_page(ID_VERIFICATION), EXAMPLE, ""))
    lacking = say("list.join").join((say("id.lacks.name"), say("id.lacks.probe")))

    assert say("id.missing", what=lacking) in [warning.value for warning in at.warning]
    assert at.text_input(key="_id_number").value == EXAMPLE
    assert not at.button(key="ask").disabled
    assert rows(data_dir) == []


def test_what_was_typed_and_what_came_of_it_outlive_a_page_switch(open_page, say):
    enter(open_page(ID_VERIFICATION), EXAMPLE, "Nobody")
    open_page(HISTORY)
    at = open_page(ID_VERIFICATION)
    assert [field.value for field in at.text_input] == [EXAMPLE, "Nobody"]

    verify_case(at, "own_photo")
    open_page(HISTORY)
    at = open_page(ID_VERIFICATION)
    assert say("verdict.passed") in at.success[0].value


def test_the_demo_persons_are_taken_out_again(open_page, say):
    at = open_page(ID_VERIFICATION)
    at.button(key="case_own_photo").click().run()
    own = services.embedded()
    with services.FaceMatchClient(own.server.url, own.token) as client:
        assert len(client.local.persons()) == len(DEMO_PERSONS)
        at.button(key="demo_remove").click().run()
        assert client.local.persons() == ()
    assert say("demo_persons.gone") in texts(at)


def test_persons_that_were_enrolled_before_stay_when_the_demo_persons_go(open_page, say):
    at = open_page(ID_VERIFICATION)
    own, first = services.embedded(), DEMO_PERSONS[0]
    with services.FaceMatchClient(own.server.url, own.token) as client:
        kept = client.local.enrol(first.id_number, first.name).person
        at.button(key="case_own_photo").click().run()
        at.button(key="demo_remove").click().run()

        assert [person.id for person in client.local.persons()] == [kept.id]


def test_on_a_stage_neither_masks_nor_the_wire_are_shown(open_page, say):
    at = verify_case(open_page(ID_VERIFICATION), "own_photo")
    assert say("wire.title") in texts(at)
    at.toggle(key="_demo").set_value(True).run()

    assert not at.exception
    assert say("verdict.passed") in at.success[0].value
    assert mask_id(FIRST.id_number) not in texts(at).replace("\\", "")
    assert say("id.sent.hidden") in texts(at)
    assert say("wire.title") not in texts(at)
    assert not any(say("evidence.times", total="|").partition("|")[0] in each.label for each in at.expander)


def test_demo_persons_that_were_deleted_elsewhere_are_enrolled_again_and_taken_out_by_the_same_button(open_page, say):
    at = verify_case(open_page(ID_VERIFICATION), "own_photo")
    own = services.embedded()
    with services.FaceMatchClient(own.server.url, own.token) as client:
        for person in client.local.persons()[1:]:
            client.local.delete_person(person.id)
        for key in ("own_photo", "no_portrait"):
            verify_case(at, key)
        assert codes.CATALOGUE[codes.NO_LIBRARY_PHOTO].words(say.language).meaning in at.error[0].value
        assert say("demo_persons.enrolled", count=len(DEMO_PERSONS)) in texts(at)
        at.button(key="demo_remove").click().run()

        assert client.local.persons() == ()

"""Is an answer kept as it was given, are two readers blind to one another, and is nobody given too much to read?"""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.casefiles.file_assignment import Assignment, File, Rater, assign


@pytest.fixture
def pair_of_readings(rolled_back):
    """Both readings of one file that is read twice."""
    from assay.workbench import adjudication
    from assay.workbench.models import CaseFile

    return next(found for file in CaseFile.objects.all() if (found := adjudication.double_readings(file)))


@pytest.fixture
def reading(pair_of_readings):
    return pair_of_readings[0]


def answer_all(reading, first="met"):
    from assay.workbench import answer_saving

    for place, question in enumerate(answer_saving.reading_questions(reading).questions):
        answer_text = first if place == 0 else question.answers[0]
        answer_saving.save_answer(reading, question.key, answer_text, "As the record shows.")


def differ(pair):
    """Both finish, and differ on the first question; the adjudicator's reading."""
    from assay.workbench import answer_saving

    for reading, first in zip(pair, ("met", "partly_met"), strict=True):
        answer_all(reading, first)
        assert answer_saving.finish_reading(reading).errors == ()
    return pair[0].file.readings.get(round="adjudicated")


def test_the_same_answer_sent_twice_is_kept_once(enter, reading):
    client = enter(reading.account.code)
    for _ in range(2):
        response = client.post(
            f"/reading/{reading.id}/answer/specialist", {"answer": "met"}, headers={"HX-Request": "true"}
        )
        assert "Saved at" in response.content.decode()
    assert reading.answers.count() == 1


def test_an_answer_without_the_reason_it_needs_is_kept_and_told(enter, reading):
    client = enter(reading.account.code)
    response = client.post(
        f"/reading/{reading.id}/answer/specialist", {"answer": "not_met"}, headers={"HX-Request": "true"}
    )
    assert "needs a reason" in response.content.decode()
    assert [(answer.answer, answer.reason) for answer in reading.answers.all()] == [("not_met", "")]


def test_a_reason_that_names_somebody_is_told_at_once_and_the_file_is_not_finished_with_it(enter, reading):
    from assay.workbench import answer_saving

    answer_all(reading)
    client, form_data = enter(reading.account.code), {"answer": "met", "reason": "Det Sgt Secretword, 07700 900123."}
    response = client.post(f"/reading/{reading.id}/answer/specialist", form_data, headers={"HX-Request": "true"})
    assert "seems to contain a name after a title or rank and a telephone number" in response.content.decode()
    assert client.post(f"/reading/{reading.id}/finish").status_code == 422
    assert "specialist" not in [answer.question for answer in answer_saving.validate_reading(reading).answers]


def test_a_comment_that_names_somebody_is_not_kept(enter, reading):
    page = enter(reading.account.code).post(
        f"/reading/{reading.id}/comment", {"on": "specialist", "text": "Ask DC Secretword."}
    )
    assert "seems to contain a name" in page.content.decode()
    assert not reading.comments.exists()


def test_an_answer_from_a_window_that_has_become_old_takes_no_others_place_and_says_what_stands(enter, reading):
    client, path = enter(reading.account.code), f"/reading/{reading.id}/answer/specialist"
    part = {"headers": {"HX-Request": "true"}}
    client.post(path, {"answer": "not_met", "reason": "Nobody was told.", "turn": "0"}, **part)
    late = client.post(path, {"answer": "met", "reason": "", "turn": "0"}, **part)
    text = late.content.decode()
    assert late.status_code == 409
    assert "in another window" in text
    assert "Nobody was told." in text
    assert [(item.answer, item.reason) for item in reading.answers.all()] == [("not_met", "Nobody was told.")]
    assert client.post(path, {"answer": "met", "turn": "1"}, **part).status_code == 200  # as the part that came says
    repeated = client.post(path, {"answer": "met", "turn": "1"}, **part)
    assert (repeated.status_code, reading.answers.count()) == (200, 2)  # sent twice: it did stand already


def test_without_a_script_an_answer_is_kept_too(enter, reading):
    response = enter(reading.account.code).post(f"/reading/{reading.id}/answer/specialist", {"answer": "met"})
    assert response["Location"] == f"/reading/{reading.id}#specialist"
    assert reading.answers.get().answer == "met"


def test_what_is_no_question_or_too_long_is_not_kept(enter, reading):
    client = enter(reading.account.code)
    assert client.post(f"/reading/{reading.id}/answer/no_such", {"answer": "met"}).status_code == 409
    assert client.post(f"/reading/{reading.id}/answer/specialist", {"reason": "x" * 4001}).status_code == 409
    assert reading.answers.count() == 0


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["specialist", "supervised"]), st.sampled_from(["met", "not_met", ""]))))
def test_undoing_everything_leads_back_to_the_beginning_and_changes_no_answer_that_was_given(workspaces, changes):
    from django.db import transaction

    from assay.workbench import answer_saving
    from assay.workbench.models import Reading

    with transaction.atomic():
        reading = Reading.objects.order_by("id").first()
        new = sum(answer_saving.save_answer(reading, question, answer, "").new for question, answer in changes)
        given_before = list(reading.answers.values_list("turn", "answer"))
        for _ in range(new):
            answer_saving.undo_answer(reading)
        with pytest.raises(answer_saving.NotPossible):
            answer_saving.undo_answer(reading)
        assert all(current_answer.answer == "" for current_answer in answer_saving.current_answers(reading).values())
        assert list(reading.answers.values_list("turn", "answer"))[:new] == given_before
        transaction.set_rollback(True)


def test_an_undo_brings_back_the_answer_before_with_its_reason(reading):
    from assay.workbench import answer_saving

    answer_saving.save_answer(reading, "specialist", "met", "One.")
    answer_saving.save_answer(reading, "specialist", "not_met", "Two.")
    answer_saving.undo_answer(reading)
    answer = answer_saving.current_answers(reading)["specialist"]
    assert (answer.answer, answer.reason) == ("met", "One.")


def test_a_file_is_finished_only_when_nothing_is_open_and_all_that_is_missing_is_told_at_once(enter, reading):
    client = enter(reading.account.code)
    page = client.post(f"/reading/{reading.id}/finish")
    question_count = len(re.findall(r"data-question", page.content.decode()))
    assert page.status_code == 422
    assert page.content.decode().count("<li><a href=") >= question_count
    answer_all(reading)
    assert client.post(f"/reading/{reading.id}/finish")["Location"] == "/queue"
    assert client.post(f"/reading/{reading.id}/answer/specialist", {"answer": "not_met"}).status_code == 409


RANDOM_VALUE = r'(?:value|nonce)="[A-Za-z0-9+/=_-]{16,}"'
"""What is random on each page may hold anything, a code of three signs too."""


def test_neither_of_two_readers_can_see_that_or_what_the_other_answers(enter, pair_of_readings):
    first_reading, other = pair_of_readings
    answer_all(first_reading, "partly_met")
    client = enter(other.account.code)
    assert client.get(f"/reading/{first_reading.id}").status_code == 404
    for path in ("/queue", f"/reading/{other.id}"):
        page = re.sub(RANDOM_VALUE, "", client.get(path).content.decode())
        assert "As the record shows." not in page
        assert first_reading.account.code not in page
        assert "second" not in page


def test_an_adjudicator_is_asked_when_both_have_finished_and_differ_and_only_where_they_do(enter, pair_of_readings):
    from assay.workbench import answer_saving

    single, other = pair_of_readings
    answer_all(single)
    answer_saving.finish_reading(single)
    assert not single.file.readings.filter(round="adjudicated").exists()
    answer_all(other, "partly_met")
    answer_saving.finish_reading(other)
    judged = single.file.readings.get(round="adjudicated")
    assert judged.account.code == "J01"
    page = enter("J01").get(f"/reading/{judged.id}").content.decode()
    assert page.count("data-question") == 1
    assert single.account.code not in page
    assert other.account.code not in page
    assert page.count("As the record shows.") == 2


def test_where_two_agree_nobody_decides(pair_of_readings):
    from assay.workbench import answer_saving

    for reading in pair_of_readings:
        answer_all(reading)
        answer_saving.finish_reading(reading)
    assert not pair_of_readings[0].file.readings.filter(round="adjudicated").exists()


def test_a_decision_stands_only_with_a_reason(pair_of_readings):
    from assay.workbench import answer_saving

    judged = differ(pair_of_readings)
    question = answer_saving.reading_questions(judged).questions[0].key
    answer_saving.save_answer(judged, question, "met", "")
    assert len(answer_saving.finish_reading(judged).errors) == 1
    answer_saving.save_answer(judged, question, "met", "The call was passed on at once.")
    assert answer_saving.finish_reading(judged).errors == ()


def test_a_finished_file_is_opened_again_with_a_reason_until_its_adjudication_has_begun(enter, pair_of_readings):
    single, _ = pair_of_readings
    judged = differ(pair_of_readings)
    client = enter(single.account.code)
    assert client.post(f"/reading/{single.id}/reopen", {"why": "short"}).status_code == 409
    enter("J01").get(f"/reading/{judged.id}")
    late = client.post(f"/reading/{single.id}/reopen", {"why": "I misread the second entry."})
    assert (late.status_code, "adjudication has begun" in late.content.decode()) == (409, True)


def test_opening_a_file_again_takes_its_adjudication_back(enter, pair_of_readings):
    single, _ = pair_of_readings
    differ(pair_of_readings)
    enter(single.account.code).post(f"/reading/{single.id}/reopen", {"why": "I misread the second entry."})
    single.refresh_from_db()
    assert single.state == "open"
    assert not single.file.readings.filter(round="adjudicated").exists()


def test_a_text_is_not_in_the_page_before_it_is_asked_for_and_that_it_was_shown_is_written_down(enter, rolled_back):
    from assay.workbench.models import Event, Reading

    reading = Reading.objects.filter(file__steps__text__gt="").first()
    step = reading.file.steps.exclude(text="").first()
    client = enter(reading.account.code)
    assert step.text not in client.get(f"/reading/{reading.id}").content.decode().replace("&#39;", "'")
    page_text = client.post(f"/reading/{reading.id}/text/{step.place}").content.decode()
    assert step.text.split()[0] in page_text
    assert Event.objects.last().kind == "text shown"
    assert json.loads(Event.objects.last().about) == {"reading": reading.id, "step": step.place}


def test_what_the_tools_mark_is_shown_only_after_an_answer_of_ones_own(enter, rolled_back):
    from assay.workbench import answer_saving
    from assay.workbench.models import Reading

    reading = Reading.objects.filter(file__steps__text__gt="").first()
    place = reading.file.steps.exclude(text="").first().place
    client = enter(reading.account.code)
    ask = f"/reading/{reading.id}/passages/{place}"
    assert "Answer one question about this file first" in client.post(ask).content.decode()
    answer_saving.save_answer(reading, "specialist", "met", "")
    assert "not a finding" in client.post(ask).content.decode()


def test_a_passage_is_marked_where_it_stands_with_the_rule_that_found_it():
    from assay.workbench.models import Step
    from assay.workbench.rating_pages import text_pieces

    text = "Officer writes: she is making poor lifestyle choices. Seen at home at 14:00."
    pieces = text_pieces(Step(text=text, by_role=""))
    assert "".join(piece.text for piece in pieces) == text
    marked = [piece for piece in pieces if piece.why]
    assert [piece.text for piece in marked] == [piece.text for piece in marked if "lifestyle" in piece.text] != []


def test_hard_reading_ends_for_the_day_and_goes_on_with_what_was_opened(enter, rolled_back, settings_of_place):
    from assay.workbench.models import Reading
    from assay.workbench.reading_limit import is_hard

    settings_of_place(hard_from_words=1, hard_files_a_day=1)
    first, second = list(Reading.objects.filter(account__code="M01"))[:2]
    assert is_hard(first.file)
    client = enter("M01")
    assert client.get(f"/reading/{first.id}").status_code == 200
    assert client.get(f"/reading/{second.id}").status_code == 404
    assert client.get(f"/reading/{first.id}").status_code == 200
    assert "not before tomorrow" in client.get("/queue").content.decode()


@given(st.integers(0, 12), st.integers(0, 12))
def test_hard_files_do_not_follow_one_another_while_others_are_left(workspaces, other_files, hard):
    from assay.workbench.reading_limit import interleave

    order = interleave(["-"] * other_files, ["H"] * hard)
    assert sorted(order) == sorted(["-"] * other_files + ["H"] * hard)
    if other_files >= hard:
        assert "HHH" not in "".join(order)
        assert "HH" not in "".join(order) or other_files == hard


@given(st.integers(2, 5), st.integers(0, 20), st.integers(0, 20))
def test_hard_reading_is_shared_out_as_evenly_as_files_are(people, hard, other_files):
    files = [File("INV01", f"C{place}", "INV01") for place in range(hard + other_files)]
    heavy = {file.pair for file in files[:hard]}
    found = assign(files, [Rater(f"M{place}") for place in range(people)], double=0, seed="s", hard=heavy)
    for assignments in (found, [assignment for assignment in found if assignment.file.pair in heavy]):
        loads = [sum(assignment.marker == f"M{place}" for assignment in assignments) for place in range(people)]
        assert max(loads) - min(loads) <= 1
    assert all(isinstance(assignment, Assignment) for assignment in found)


def test_no_two_actions_share_a_key_and_a_clash_is_told_at_both(enter):
    from assay.workbench.keyboard_keys import ACTIONS, key_errors

    key_by_label = {name: key for name, (key, _label) in ACTIONS.items()}
    assert key_errors(key_by_label) == {}
    assert set(key_errors({**key_by_label, "next": "1"})) == {"next", "answer1"}
    assert set(key_errors({**key_by_label, "next": "ab"})) == {"next"}
    client = enter("M01")
    assert client.post("/keys", {"on": "yes", **key_by_label, "next": "k"}).status_code == 422
    assert client.post("/keys", {"on": "yes", **key_by_label, "next": "n"}).status_code == 302
    assert '"next": "n"' in client.get("/keys").wsgi_request.user.keys.__repr__().replace("'", '"')


def test_a_comment_leads_to_what_it_is_on_and_can_be_closed(enter, reading):
    client = enter(reading.account.code)
    client.post(f"/reading/{reading.id}/comment", {"on": "specialist", "text": "Which team?"})
    assert '<a href="#specialist">' in client.get(f"/reading/{reading.id}").content.decode()
    comment = reading.comments.get()
    client.post(f"/reading/{reading.id}/comment/{comment.id}/close")
    comment.refresh_from_db()
    assert comment.closed
    assert client.post(f"/reading/{reading.id}/comment", {"on": "elsewhere", "text": "x"}).status_code == 409


def test_nobody_is_at_the_workspaces_without_an_account_and_a_sample_comes_once(rolled_back, tmp_path):
    from assay.errors import UsageError
    from assay.workbench.sample_opening import open_sample

    strangers = tmp_path / "markers.csv"
    strangers.write_text("marker_code\nM01\nM99\n", encoding="utf-8")
    with pytest.raises(UsageError, match="M99"):
        open_sample(rolled_back.place, "crimes", "responses_case", strangers)
    with pytest.raises(UsageError, match="already"):
        open_sample(rolled_back.place, "crimes", "responses_case", rolled_back.markers)

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

    for place, one in enumerate(answer_saving.reading_questions(reading).questions):
        said = first if place == 0 else one.answers[0]
        answer_saving.save_answer(reading, one.key, said, "As the record shows.")


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
        sent = client.post(
            f"/reading/{reading.id}/answer/specialist", {"answer": "met"}, headers={"HX-Request": "true"}
        )
        assert "Saved at" in sent.content.decode()
    assert reading.answers.count() == 1


def test_an_answer_without_the_reason_it_needs_is_kept_and_told(enter, reading):
    client = enter(reading.account.code)
    sent = client.post(
        f"/reading/{reading.id}/answer/specialist", {"answer": "not_met"}, headers={"HX-Request": "true"}
    )
    assert "stands only with a reason" in sent.content.decode()
    assert [(one.answer, one.reason) for one in reading.answers.all()] == [("not_met", "")]


def test_a_reason_that_names_somebody_is_told_at_once_and_the_file_is_not_finished_with_it(enter, reading):
    from assay.workbench import answer_saving

    answer_all(reading)
    client, told = enter(reading.account.code), {"answer": "met", "reason": "Det Sgt Secretword, 07700 900123."}
    sent = client.post(f"/reading/{reading.id}/answer/specialist", told, headers={"HX-Request": "true"})
    assert "seems to hold a name after a title or rank and a telephone number" in sent.content.decode()
    assert client.post(f"/reading/{reading.id}/finish").status_code == 422
    assert "specialist" not in [one.question for one in answer_saving.validate_reading(reading).answers]


def test_a_comment_that_names_somebody_is_not_kept(enter, reading):
    page = enter(reading.account.code).post(
        f"/reading/{reading.id}/comment", {"on": "specialist", "text": "Ask DC Secretword."}
    )
    assert "seems to hold a name" in page.content.decode()
    assert not reading.comments.exists()


def test_an_answer_from_a_window_that_has_become_old_takes_no_others_place_and_says_what_stands(enter, reading):
    client, path = enter(reading.account.code), f"/reading/{reading.id}/answer/specialist"
    part = {"headers": {"HX-Request": "true"}}
    client.post(path, {"answer": "not_met", "reason": "Nobody was told.", "turn": "0"}, **part)
    late = client.post(path, {"answer": "met", "reason": "", "turn": "0"}, **part)
    said = late.content.decode()
    assert late.status_code == 409
    assert "in another window" in said
    assert "Nobody was told." in said
    assert [(one.answer, one.reason) for one in reading.answers.all()] == [("not_met", "Nobody was told.")]
    assert client.post(path, {"answer": "met", "turn": "1"}, **part).status_code == 200  # as the part that came says
    same = client.post(path, {"answer": "met", "turn": "1"}, **part)
    assert (same.status_code, reading.answers.count()) == (200, 2)  # sent twice: it did stand already


def test_without_a_script_an_answer_is_kept_too(enter, reading):
    sent = enter(reading.account.code).post(f"/reading/{reading.id}/answer/specialist", {"answer": "met"})
    assert sent["Location"] == f"/reading/{reading.id}#specialist"
    assert reading.answers.get().answer == "met"


def test_what_is_no_question_or_too_long_is_not_kept(enter, reading):
    client = enter(reading.account.code)
    assert client.post(f"/reading/{reading.id}/answer/no_such", {"answer": "met"}).status_code == 409
    assert client.post(f"/reading/{reading.id}/answer/specialist", {"reason": "x" * 4001}).status_code == 409
    assert reading.answers.count() == 0


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["specialist", "supervised"]), st.sampled_from(["met", "not_met", ""]))))
def test_undoing_everything_leads_back_to_the_beginning_and_changes_no_answer_that_was_given(desks, changes):
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
        assert all(one.answer == "" for one in answer_saving.current_answers(reading).values())
        assert list(reading.answers.values_list("turn", "answer"))[:new] == given_before
        transaction.set_rollback(True)


def test_an_undo_brings_back_the_answer_before_with_its_reason(reading):
    from assay.workbench import answer_saving

    answer_saving.save_answer(reading, "specialist", "met", "One.")
    answer_saving.save_answer(reading, "specialist", "not_met", "Two.")
    answer_saving.undo_answer(reading)
    standing = answer_saving.current_answers(reading)["specialist"]
    assert (standing.answer, standing.reason) == ("met", "One.")


def test_a_file_is_finished_only_when_nothing_is_open_and_all_that_is_missing_is_told_at_once(enter, reading):
    client = enter(reading.account.code)
    page = client.post(f"/reading/{reading.id}/finish")
    asked = len(re.findall(r"data-question", page.content.decode()))
    assert page.status_code == 422
    assert page.content.decode().count("<li><a href=") >= asked
    answer_all(reading)
    assert client.post(f"/reading/{reading.id}/finish")["Location"] == "/queue"
    assert client.post(f"/reading/{reading.id}/answer/specialist", {"answer": "not_met"}).status_code == 409


DRAWN = r'(?:value|nonce)="[A-Za-z0-9+/=_-]{16,}"'
"""What is drawn by chance for each page may hold anything, a code of three signs too."""


def test_neither_of_two_readers_can_see_that_or_what_the_other_answers(enter, pair_of_readings):
    one, other = pair_of_readings
    answer_all(one, "partly_met")
    client = enter(other.account.code)
    assert client.get(f"/reading/{one.id}").status_code == 404
    for path in ("/queue", f"/reading/{other.id}"):
        page = re.sub(DRAWN, "", client.get(path).content.decode())
        assert "As the record shows." not in page
        assert one.account.code not in page
        assert "second" not in page


def test_an_adjudicator_is_asked_when_both_have_finished_and_differ_and_only_where_they_do(enter, pair_of_readings):
    from assay.workbench import answer_saving

    one, other = pair_of_readings
    answer_all(one)
    answer_saving.finish_reading(one)
    assert not one.file.readings.filter(round="adjudicated").exists()
    answer_all(other, "partly_met")
    answer_saving.finish_reading(other)
    judged = one.file.readings.get(round="adjudicated")
    assert judged.account.code == "J01"
    page = enter("J01").get(f"/reading/{judged.id}").content.decode()
    assert page.count("data-question") == 1
    assert one.account.code not in page
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
    one, _ = pair_of_readings
    judged = differ(pair_of_readings)
    client = enter(one.account.code)
    assert client.post(f"/reading/{one.id}/reopen", {"why": "short"}).status_code == 409
    enter("J01").get(f"/reading/{judged.id}")
    late = client.post(f"/reading/{one.id}/reopen", {"why": "I misread the second entry."})
    assert (late.status_code, "adjudication has begun" in late.content.decode()) == (409, True)


def test_opening_a_file_again_takes_its_adjudication_back(enter, pair_of_readings):
    one, _ = pair_of_readings
    differ(pair_of_readings)
    enter(one.account.code).post(f"/reading/{one.id}/reopen", {"why": "I misread the second entry."})
    one.refresh_from_db()
    assert one.state == "open"
    assert not one.file.readings.filter(round="adjudicated").exists()


def test_a_text_is_not_in_the_page_before_it_is_asked_for_and_that_it_was_shown_is_written_down(enter, rolled_back):
    from assay.workbench.models import Event, Reading

    reading = Reading.objects.filter(file__steps__text__gt="").first()
    step = reading.file.steps.exclude(text="").first()
    client = enter(reading.account.code)
    assert step.text not in client.get(f"/reading/{reading.id}").content.decode().replace("&#39;", "'")
    shown = client.post(f"/reading/{reading.id}/text/{step.place}").content.decode()
    assert step.text.split()[0] in shown
    assert Event.objects.last().kind == "text shown"
    assert json.loads(Event.objects.last().about) == {"reading": reading.id, "step": step.place}


def test_what_the_tools_mark_is_shown_only_after_an_answer_of_ones_own(enter, rolled_back):
    from assay.workbench import answer_saving
    from assay.workbench.models import Reading

    reading = Reading.objects.filter(file__steps__text__gt="").first()
    place = reading.file.steps.exclude(text="").first().place
    client = enter(reading.account.code)
    ask = f"/reading/{reading.id}/passages/{place}"
    assert "Answer one question of this file first" in client.post(ask).content.decode()
    answer_saving.save_answer(reading, "specialist", "met", "")
    assert "no finding" in client.post(ask).content.decode()


def test_a_passage_is_marked_where_it_stands_with_the_rule_that_found_it():
    from assay.workbench.models import Step
    from assay.workbench.rating_pages import text_pieces

    text = "Officer writes: she is making poor lifestyle choices. Seen at home at 14:00."
    pieces = text_pieces(Step(text=text, by_role=""))
    assert "".join(one.text for one in pieces) == text
    marked = [one for one in pieces if one.why]
    assert [one.text for one in marked] == [one.text for one in marked if "lifestyle" in one.text] != []


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
def test_hard_files_do_not_follow_one_another_while_others_are_left(desks, others, hard):
    from assay.workbench.reading_limit import interleave

    order = interleave(["-"] * others, ["H"] * hard)
    assert sorted(order) == sorted(["-"] * others + ["H"] * hard)
    if others >= hard:
        assert "HHH" not in "".join(order)
        assert "HH" not in "".join(order) or others == hard


@given(st.integers(2, 5), st.integers(0, 20), st.integers(0, 20))
def test_hard_reading_is_shared_out_as_evenly_as_files_are(people, hard, others):
    files = [File("INV01", f"C{place}", "INV01") for place in range(hard + others)]
    heavy = {one.pair for one in files[:hard]}
    found = assign(files, [Rater(f"M{place}") for place in range(people)], double=0, seed="s", hard=heavy)
    for mine in (found, [one for one in found if one.file.pair in heavy]):
        loads = [sum(one.marker == f"M{place}" for one in mine) for place in range(people)]
        assert max(loads) - min(loads) <= 1
    assert all(isinstance(one, Assignment) for one in found)


def test_no_two_actions_share_a_key_and_a_clash_is_told_at_both(enter):
    from assay.workbench.keyboard_keys import ACTIONS, key_errors

    own = {name: key for name, (key, _said) in ACTIONS.items()}
    assert key_errors(own) == {}
    assert set(key_errors({**own, "next": "1"})) == {"next", "answer1"}
    assert set(key_errors({**own, "next": "ab"})) == {"next"}
    client = enter("M01")
    assert client.post("/keys", {"on": "yes", **own, "next": "k"}).status_code == 422
    assert client.post("/keys", {"on": "yes", **own, "next": "n"}).status_code == 302
    assert '"next": "n"' in client.get("/keys").wsgi_request.user.keys.__repr__().replace("'", '"')


def test_a_comment_leads_to_what_it_is_on_and_can_be_closed(enter, reading):
    client = enter(reading.account.code)
    client.post(f"/reading/{reading.id}/comment", {"on": "specialist", "text": "Which team?"})
    assert '<a href="#specialist">' in client.get(f"/reading/{reading.id}").content.decode()
    one = reading.comments.get()
    client.post(f"/reading/{reading.id}/comment/{one.id}/close")
    one.refresh_from_db()
    assert one.closed
    assert client.post(f"/reading/{reading.id}/comment", {"on": "elsewhere", "text": "x"}).status_code == 409


def test_nobody_is_at_the_desks_without_an_account_and_a_sample_comes_once(rolled_back, tmp_path):
    from assay.errors import UsageError
    from assay.workbench.sample_opening import open_sample

    strangers = tmp_path / "markers.csv"
    strangers.write_text("marker_code\nM01\nM99\n", encoding="utf-8")
    with pytest.raises(UsageError, match="M99"):
        open_sample(rolled_back.place, "crimes", "responses_case", strangers)
    with pytest.raises(UsageError, match="already"):
        open_sample(rolled_back.place, "crimes", "responses_case", rolled_back.markers)

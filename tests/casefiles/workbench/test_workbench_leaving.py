"""Is an adjudication never lost, and do the open files of somebody who leaves go to others, who begin anew?"""

import pytest

from assay.casefiles.file_allocation import assigned_of, sample_ratings
from assay.errors import UsageError
from assay.workbench.demo_workbench import KEY, QUESTIONS
from casefiles.workbench.test_workbench_marking import answer_all, differ, pair_of_readings  # noqa: F401
from casefiles.workbench.test_workbench_sealing import sealable  # noqa: F401

WITHOUT_ADJUDICATOR = "marker_code,away_from,part,auditor_of,adjudicator\nM01,,,,\nM02,,,,\nM03,,,,\n"


def judged(file):
    return file.readings.filter(round="adjudicated").first()


def both_finish_and_differ(pair):
    from assay.workbench import answer_saving

    for reading, first in zip(pair, ("met", "partly_met"), strict=True):
        answer_all(reading, first)
        answer_saving.finish_reading(reading)


@pytest.fixture
def waiting(pair_of_readings):  # noqa: F811
    """A file on which two differ, finished while the account of the only adjudicator was closed."""
    from assay.workbench.accounts import close_account

    close_account("J01")
    both_finish_and_differ(pair_of_readings)
    assert judged(pair_of_readings[0].file) is None
    return pair_of_readings[0].file


def test_a_file_that_waits_for_an_adjudicator_is_given_when_their_account_is_opened_again(waiting):
    from assay.workbench.accounts import make_account

    make_account("J01", "inspector", renew=True)
    assert judged(waiting).account.code == "J01"


def test_a_file_that_waits_is_given_to_an_adjudicator_who_is_named_later(waiting, rolled_back, tmp_path):
    from assay.workbench.accounts import make_account
    from assay.workbench.file_reassignment import change_readers

    make_account("J02", "inspector")
    assert judged(waiting) is None  # the sample does not know of J02 yet
    readers = tmp_path / "readers.csv"
    readers.write_text(f"{WITHOUT_ADJUDICATOR}J02,,,,yes\n", encoding="utf-8")
    reassignments = change_readers(waiting.sample.key, waiting.sample.questions, readers)
    assert (reassignments.adjudications, judged(waiting).account.code) == (1, "J02")


def test_of_two_adjudicators_the_one_whose_account_is_open_is_given_the_file(pair_of_readings, tmp_path):  # noqa: F811
    from assay.workbench.accounts import close_account, make_account
    from assay.workbench.file_reassignment import change_readers

    sample = pair_of_readings[0].file.sample
    make_account("J02", "inspector")
    readers = tmp_path / "readers.csv"
    readers.write_text(f"{WITHOUT_ADJUDICATOR}J01,,,,yes\nJ02,,,,yes\n", encoding="utf-8")
    change_readers(sample.key, sample.questions, readers)
    for leaver, stays in (("J01", "J02"), ("J02", "J01")):
        make_account(stays, "inspector", renew=True)
        close_account(leaver)
        file = pair_of_readings[0].file
        file.readings.filter(round="adjudicated").delete()
        file.readings.update(state="open")
        file.sample.refresh_from_db()
        both_finish_and_differ(list(file.readings.order_by("round")))
        assert judged(file).account.code == stays


def test_the_open_adjudication_of_a_leaver_goes_to_another(pair_of_readings, tmp_path):  # noqa: F811
    from assay.workbench.accounts import make_account
    from assay.workbench.file_reassignment import change_readers, reassign_files

    differ(pair_of_readings)
    sample, file = pair_of_readings[0].file.sample, pair_of_readings[0].file
    assert reassign_files("J01").left == 1  # nobody else may adjudicate yet
    make_account("J02", "inspector")
    readers = tmp_path / "readers.csv"
    readers.write_text(f"{WITHOUT_ADJUDICATOR}J02,,,,yes\n", encoding="utf-8")
    change_readers(sample.key, sample.questions, readers)
    reassignments = reassign_files("J01")
    assert (reassignments.new_files, reassignments.left, judged(file).account.code) == ({"J02": 1}, 0, "J02")


def test_a_leavers_open_files_go_to_readers_who_never_had_them_and_begin_empty(enter, rolled_back):
    from assay.workbench import answer_saving
    from assay.workbench.accounts import close_account
    from assay.workbench.file_reassignment import reassign_files
    from assay.workbench.models import Event, Reading

    client, before = enter("M01"), list(Reading.objects.filter(account__code="M01"))
    answer_saving.save_answer(before[0], "specialist", "met", "As shown.")
    assert close_account("M01") == len(before) > 2
    reassignments = reassign_files("M01")
    assert sum(reassignments.new_files.values()) + reassignments.left == len(before)
    assert not Reading.objects.filter(account__code="M01", file__readings__account__code="M02").exclude(state="open")
    for old in before:
        now = Reading.objects.filter(file=old.file, round=old.round, kind=old.kind).get()
        other_reader_ids = set(
            Reading.objects.filter(file=old.file).exclude(pk=now.pk).values_list("account__code", flat=True)
        )
        assert now.account.code not in other_reader_ids
        assert now.account.code != "M01" or reassignments.left
        assert now.pk == old.pk or not now.answers.exists()
    assert Event.objects.filter(kind="file reassigned").count() == sum(reassignments.new_files.values())
    assert client.get("/queue")["Location"].startswith("/sign-in")


def test_what_a_leaver_finished_stays_and_is_sealed_as_theirs(pair_of_readings, tmp_path):  # noqa: F811
    from assay.workbench import answer_saving
    from assay.workbench.accounts import make_account
    from assay.workbench.file_reassignment import change_readers, reassign_files
    from assay.workbench.models import Reading
    from assay.workbench.rating_handover import is_ready

    first_reading, other = pair_of_readings
    make_account("M04", "inspector")
    readers = tmp_path / "readers.csv"
    readers.write_text("marker_code\nM01\nM02\nM03\nM04\n", encoding="utf-8")
    change_readers(first_reading.file.sample.key, first_reading.file.sample.questions, readers)
    answer_all(first_reading)
    answer_saving.finish_reading(first_reading)
    reassign_files(first_reading.account.code)
    first_reading.refresh_from_db()
    assert first_reading.state == "done"
    reassign_files(other.account.code)
    instead = Reading.objects.filter(file=first_reading.file, round=other.round).get()
    assert instead.account.code not in (first_reading.account.code, other.account.code)
    answer_all(instead)
    answer_saving.finish_reading(instead)
    assert is_ready(first_reading.file)


def test_a_file_that_was_reassigned_is_sealed_as_read_by_whoever_read_it_instead(sealable, pair_of_readings, tmp_path):  # noqa: F811
    from assay.workbench import answer_saving
    from assay.workbench.accounts import make_account
    from assay.workbench.file_reassignment import change_readers, reassign_files
    from assay.workbench.models import Reading
    from assay.workbench.rating_handover import seal_ready_files
    from assay.workbench.workbench_verification import verify_workbench

    single, other = pair_of_readings
    sample, leaver = single.file.sample, other.account.code
    make_account("M04", "inspector")
    readers = tmp_path / "readers.csv"
    readers.write_text("marker_code\nM01\nM02\nM03\nM04\n", encoding="utf-8")
    change_readers(sample.key, sample.questions, readers)
    reassign_files(leaver)
    instead = Reading.objects.get(file=single.file, round=other.round)
    for reading in (single, instead):
        answer_all(reading)
        answer_saving.finish_reading(reading)
    done = seal_ready_files(sealable.place, sample, "A01")
    assert (done.files, done.marks) == (1, 2 * len(answer_saving.reading_questions(single).questions))
    marks = [
        mark
        for mark in sample_ratings(sealable.place.inspection, KEY, QUESTIONS)
        if mark["subject_ref"] == single.file.subject_ref
    ]
    assert {(mark["marker_code"], mark["marking_round"]) for mark in marks} == {
        (single.account.code, single.round), (instead.account.code, other.round)}  # fmt: skip
    assignments = [
        assignment
        for assignment in assigned_of(sealable.place.inspection, KEY, QUESTIONS)
        if assignment.file.pair == single.file.pair
    ]
    assert {(assignment.marker, assignment.round) for assignment in assignments} == {
        (single.account.code, "first"),
        (instead.account.code, "second"),
    }
    assert leaver not in {assignment.marker for assignment in assignments}
    assert verify_workbench(sealable.place) == []


def test_answers_of_a_recalled_file_stay_verified_and_are_destroyed_with_the_rest(rolled_back):
    from assay.workbench import answer_saving
    from assay.workbench.file_reassignment import reassign_files
    from assay.workbench.models import Answer, Reading
    from assay.workbench.workbench_verification import verify_workbench

    reading = Reading.objects.filter(account__code="M01").first()
    answer_saving.save_answer(reading, "specialist", "met", "As shown.")
    reassign_files("M01")
    assert Answer.objects.filter(reading_id=reading.pk).exists()
    assert verify_workbench(rolled_back.place) == []


@pytest.fixture
def recalled(enter):
    """A reading that was given to somebody else while its reader still had its page open: their browser, the reading."""
    from assay.workbench.file_reassignment import reassign_files
    from assay.workbench.models import Comment, Reading

    client, ids = enter("M01"), list(Reading.objects.filter(account__code="M01").values_list("pk", flat=True))
    for number in ids:
        Comment.objects.create(reading_id=number, on="specialist", text=f"Comment on reading {number}.")
    reassign_files("M01")
    return client, Reading.everything.filter(pk__in=ids, state="recalled").first()


@pytest.mark.parametrize("part", [True, False])
@pytest.mark.parametrize(
    ("act", "form_data"),
    [
        ("answer/specialist", {"answer": "met"}),
        ("undo", {}),
        ("finish", {}),
        ("reopen", {"why": "A date was wrong."}),
        ("comment", {"on": "specialist", "text": "Seen."}),
        ("text/1", {}),
    ],
)
def test_whoever_works_on_a_file_that_was_given_away_is_told_so_and_nothing_is_kept(recalled, act, form_data, part):
    from assay.workbench.models import Answer, Comment

    client, reading = recalled
    before = Answer.objects.count(), Comment.objects.count()
    response = client.post(f"/reading/{reading.pk}/{act}", form_data, headers={"HX-Request": "true"} if part else {})
    assert response.status_code == 409
    assert "This file was assigned to somebody else." in response.content.decode()
    assert (Answer.objects.count(), Comment.objects.count()) == before


def test_an_action_on_a_file_given_away_in_the_same_moment_is_refused_in_words(recalled):
    from assay.workbench import answer_saving

    reading = recalled[1]
    for act in (answer_saving.undo_answer, answer_saving.finish_reading, lambda reading: answer_saving.save_answer(reading, "specialist", "met", ""),
                lambda item: answer_saving.reopen_reading(item, "A date was wrong.")):  # fmt: skip
        with pytest.raises(answer_saving.NotPossible, match="assigned to somebody else"):
            act(reading)


def test_a_reading_of_another_is_still_not_there(recalled, enter):
    number = recalled[1].pk
    assert enter("M02").post(f"/reading/{number}/undo").status_code == 404


def test_comments_of_a_file_that_was_given_away_leave_the_page_of_the_analyst(recalled, enter):
    from assay.workbench.models import Comment, Reading

    _, reading = recalled
    comment = Comment.objects.create(reading=Reading.objects.first(), on="specialist", text="A comment that counts.")
    page = enter("A01").get(f"/sample/{reading.file.sample_id}").content.decode()
    assert f"Comment on reading {reading.pk}." not in page
    assert comment.text in page


def test_a_reading_goes_to_somebody_of_the_same_part_who_may_read_the_file_and_never_had_it():
    from assay.casefiles.file_assignment import Assignment, File, Rater, reassign

    file = File("INV01", "C1", "INV01")
    staff = [Rater("M01"), Rater("M02"), Rater("M03", away_from=("INV01",)), Rater("J01", adjudicator=True),
             Rater("F01", auditor_of="INV01")]  # fmt: skip
    assignments = [Assignment(file, "M01", "first"), Assignment(file, "M04", "second")]
    [(old, new)] = reassign(assignments, [(assignments[0], {"M01", "M04"})], staff, "s")
    assert (old.marker, new) == ("M01", Assignment(file, "M02", "first"))
    assert reassign(assignments, [(assignments[0], {"M01", "M02", "M04"})], staff, "s") == []
    [(_, judge)] = reassign(assignments, [(Assignment(file, "J09", "adjudicated"), {"J09"})], staff, "s")
    assert judge.marker == "J01"
    [(_, auditor)] = reassign(assignments, [(Assignment(file, "F09", "first", "force_auditor"), {"F09"})], staff, "s")
    assert auditor == Assignment(file, "F01", "first", "force_auditor")


def test_nobody_who_is_not_there_can_be_left_or_named(rolled_back, tmp_path):
    from assay.workbench.file_reassignment import change_readers, reassign_files

    with pytest.raises(UsageError, match="no account"):
        reassign_files("M99")
    with pytest.raises(UsageError, match="not in the workbench"):
        change_readers("none", "responses_case", rolled_back.markers)
    strangers = tmp_path / "readers.csv"
    strangers.write_text("marker_code\nM99\n", encoding="utf-8")
    with pytest.raises(UsageError, match="M99"):
        change_readers("crimes", "responses_case", strangers)

"""Does what was finished become marks of the inspection, and is any changed byte of it found, and named?"""

import contextlib
import fcntl
import shutil

import pyarrow.parquet as pq
import pytest

from assay.casefiles import file_allocation
from assay.casefiles.file_allocation import sample_ratings, stage_of
from assay.casefiles.ratings import SCHEMA, check_chain, inspector_ratings
from assay.casefiles.sample_results import answers_to, results
from assay.engine.provenance.stage_folders import output_hash, table_bytes_differ
from assay.engine.provenance.verification import verify
from assay.engine.stage_runner import StageRunner
from assay.errors import EvidenceError, UsageError
from assay.ingest.rating_chain_checks import chain_hash
from assay.workbench.demo_workbench import KEY, QUESTIONS
from casefiles.workbench.test_workbench_marking import answer_all, differ, pair_of_readings  # noqa: F401


@pytest.fixture
def sealable(rolled_back, tmp_path):
    """The workbench; what is written into the inspection's folder is taken back afterwards."""
    folder = rolled_back.place.inspection
    mark_rows = shutil.copytree(folder, tmp_path / "kept")
    yield rolled_back
    shutil.rmtree(folder)
    shutil.copytree(mark_rows, folder)


def test_a_file_that_two_have_read_is_sealed_when_its_difference_is_decided(sealable, pair_of_readings):  # noqa: F811
    from assay.workbench import answer_saving
    from assay.workbench.models import Sample
    from assay.workbench.rating_handover import seal_ready_files
    from assay.workbench.workbench_verification import verify_workbench

    place, sample = sealable.place, Sample.objects.get()
    judged = differ(pair_of_readings)
    done = seal_ready_files(place, sample, "A01")
    assert (done.files, done.marks, done.undecided) == (0, 0, 1)

    question = answer_saving.reading_questions(judged).questions[0].key
    answer_saving.save_answer(judged, question, "not_met", "Nobody was told.")
    answer_saving.finish_reading(judged)
    done = seal_ready_files(place, sample, "A01")
    question_count = len(answer_saving.reading_questions(judged).questions)
    assert (done.files, done.marks, done.undecided) == (1, 2 * question_count + 1, 0)

    marks = sample_ratings(place.inspection, KEY, QUESTIONS)
    assert answers_to(inspector_ratings(marks), question) == {judged.file.pair: "not_met"}
    estimate = next(item for item in results(place.inspection, KEY, QUESTIONS) if item.question.key == question)
    assert estimate.answers["not_met"] == 1
    assert verify(place.inspection) == []
    assert verify_workbench(place) == []
    assert seal_ready_files(place, sample, "A01").marks == 0
    assert len(sample_ratings(place.inspection, KEY, QUESTIONS)) == len(marks)


def test_where_nobody_is_there_to_decide_a_file_on_which_two_differ_is_not_sealed(sealable, pair_of_readings):  # noqa: F811
    from assay.workbench.models import Sample
    from assay.workbench.rating_handover import seal_ready_files

    differ(pair_of_readings).delete()
    done = seal_ready_files(sealable.place, Sample.objects.get(), "A01")
    assert (done.files, done.marks, done.undecided) == (0, 0, 1)


def finished_before_the_check(reading):
    """A reading that was finished by older rules: the reason that its first answer needs is not there."""
    from assay.workbench import answer_saving
    from assay.workbench.models import DONE

    answer_all(reading)
    answer_saving.save_answer(reading, answer_saving.reading_questions(reading).questions[0].key, "not_met", "")
    reading.state = DONE
    reading.save(update_fields=["state"])


@pytest.mark.parametrize("state", ["done", "sealing"])
def test_a_finished_file_with_an_answer_that_is_refused_now_is_not_sealed_but_named(
    sealable,
    pair_of_readings,  # noqa: F811
    enter,
    state,
):
    from assay.workbench import answer_saving
    from assay.workbench.models import Sample
    from assay.workbench.rating_handover import seal_ready_files

    (first_reading, other), sample = pair_of_readings, Sample.objects.get()
    finished_before_the_check(first_reading)
    answer_all(other, "not_met")
    answer_saving.finish_reading(other)
    first_reading.state = state
    first_reading.save(update_fields=["state"])
    done = seal_ready_files(sealable.place, sample, "A01")
    assert (done.files, done.marks, done.waiting) == (0, 0, len(sample.files.all()) - 1)
    name = f"{first_reading.file.force_code} {first_reading.file.subject_ref} ({first_reading.account.code})"
    assert done.to_reopen == (name,)
    page = enter("A01").get(f"/sample/{sample.id}").content.decode()
    assert f"1 file must be opened again: {name}." in page
    assert "0 files are ready to be sealed." in page

    answer_saving.reopen_reading(first_reading, "The reason was not there.")
    answer_saving.save_answer(
        first_reading,
        answer_saving.reading_questions(first_reading).questions[0].key,
        "not_met",
        "As the record shows.",
    )
    assert answer_saving.finish_reading(first_reading).errors == ()
    done = seal_ready_files(sealable.place, sample, "A01")
    assert (done.files, done.to_reopen) == (1, ())


def test_a_reading_that_is_refused_now_can_be_opened_again_after_its_adjudication_has_begun(sealable, pair_of_readings):  # noqa: F811
    from assay.workbench import answer_saving
    from assay.workbench.models import Answer, Sample
    from assay.workbench.rating_handover import seal_ready_files

    judged, single = differ(pair_of_readings), pair_of_readings[0]
    question = answer_saving.reading_questions(judged).questions[0].key
    answer_saving.save_answer(judged, question, "not_met", "Nobody was told.")
    answer_saving.finish_reading(judged)
    judged.opened = True
    judged.save(update_fields=["opened"])
    single.refresh_from_db()
    with pytest.raises(answer_saving.NotPossible, match="adjudication has begun"):
        answer_saving.reopen_reading(single, "A date was wrong.")
    last = single.answers.last()
    Answer.objects.create(
        reading=single, question=question, turn=last.turn + 1, answer="not_met", reason="", event=9001
    )
    done = seal_ready_files(sealable.place, Sample.objects.get(), "A01")
    assert (done.files, [name.split("(")[1] for name in done.to_reopen]) == (0, [f"{single.account.code})"])
    answer_saving.reopen_reading(single, "The reason was not there.")
    answer_saving.save_answer(single, question, "met", "As the record shows.")
    answer_saving.finish_reading(single)
    done = seal_ready_files(sealable.place, Sample.objects.get(), "A01")
    assert (done.files, done.to_reopen) == (1, ())


def test_while_the_inspection_is_run_nothing_is_sealed_and_the_page_says_why(
    sealable,
    pair_of_readings,  # noqa: F811
    monkeypatch,
    enter,
):
    from assay.workbench import answer_saving, rating_handover
    from assay.workbench.models import DONE, Sample

    for reading in pair_of_readings:
        answer_all(reading)
        answer_saving.finish_reading(reading)
    monkeypatch.setattr(rating_handover, "PATIENCE_SECONDS", 0.2)
    with (sealable.place.inspection / ".lock").open("ab") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="Somebody else is at work"):
            rating_handover.seal_ready_files(sealable.place, Sample.objects.get(), "A01")
        response = enter("A01").post(f"/sample/{Sample.objects.get().id}/seal")
    assert response.status_code == 409
    assert "Somebody else is at work" in response.content.decode()
    for reading in pair_of_readings:
        reading.refresh_from_db()
    assert {item.state for item in pair_of_readings} == {DONE}
    assert sample_ratings(sealable.place.inspection, KEY, QUESTIONS) == []


@pytest.fixture
def marks_path(sealable, pair_of_readings):  # noqa: F811
    """Where sealed marks lie."""
    from assay.workbench import answer_saving
    from assay.workbench.models import Sample
    from assay.workbench.rating_handover import seal_ready_files

    for reading in pair_of_readings:
        answer_all(reading)
        answer_saving.finish_reading(reading)
    seal_ready_files(sealable.place, Sample.objects.get(), "A01")
    return sealable.place.inspection / stage_of(KEY, QUESTIONS, "marks") / "marks.parquet"


def test_any_changed_byte_of_the_marks_is_found_even_one_that_no_reader_looks_at(sealable, marks_path):
    whole, expected_hash = marks_path.read_bytes(), output_hash(marks_path)
    unread = []
    for place in (*range(0, len(whole), len(whole) // 40), *range(len(whole) - 300, len(whole), 7)):
        marks_path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert table_bytes_differ(marks_path), place
        with contextlib.suppress(Exception):
            unread += [place] if output_hash(marks_path) == expected_hash else []
    assert unread  # by what the table says nothing differs there
    marks_path.write_bytes(whole[: unread[0]] + bytes([whole[unread[0]] ^ 1]) + whole[unread[0] + 1 :])
    stage = stage_of(KEY, QUESTIONS, "marks")
    assert [(difference.where, difference.sentence) for difference in verify(sealable.place.inspection)] == [
        (stage, f"{stage}/marks.parquet differs: its bytes changed since it was sealed.")
    ]


@pytest.mark.parametrize(
    "spoil", [lambda marks: marks[:-1], lambda marks: [*marks[:-1], {**marks[-1], "answer": "not_met"}]]
)
def test_marks_whose_chain_was_made_anew_are_refused_and_nothing_is_sealed_upon_them(sealable, marks_path, spoil):
    from assay.workbench.models import Sample
    from assay.workbench.rating_handover import seal_ready_files

    *before, last = spoil(pq.read_table(marks_path).to_pylist())
    last = {**last, "chain_hash": chain_hash(f"{before[-1]['chain_hash']}{last['force_code']}", last)}
    pq.write_table(pq.read_table(marks_path).from_pylist([*before, last], SCHEMA), marks_path)
    check_chain([*before, last], "marks")  # in itself it holds
    stage = stage_of(KEY, QUESTIONS, "marks")
    with pytest.raises(EvidenceError, match="not the rating that was sealed last"):
        sample_ratings(sealable.place.inspection, KEY, QUESTIONS)
    with pytest.raises(EvidenceError, match="not the rating that was sealed last"):
        file_allocation._update_ratings_receipt(known(sealable.place.inspection), KEY, QUESTIONS)
    assert stage in [difference.where for difference in verify(sealable.place.inspection)]
    assert seal_ready_files(sealable.place, Sample.objects.get(), "A01").marks == 0


def known(folder):
    """The book of an inspection that has taken up the stages of case files."""
    stage_runner = StageRunner(folder)
    stage_runner.load_receipts("casefiles")
    return stage_runner


def test_a_sealing_that_was_stopped_is_brought_to_its_end_and_doubles_no_mark(sealable, pair_of_readings, monkeypatch):  # noqa: F811
    from assay.workbench import answer_saving, rating_handover
    from assay.workbench.models import Reading, Sample

    for reading in pair_of_readings:
        answer_all(reading)
        answer_saving.finish_reading(reading)
    seal, sample = rating_handover.seal_answers, Sample.objects.get()

    def stopped(*args):
        seal(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(rating_handover, "seal_answers", stopped)
    with pytest.raises(KeyboardInterrupt):
        rating_handover.seal_ready_files(sealable.place, sample, "A01")
    assert set(Reading.objects.filter(file=reading.file).values_list("state", flat=True)) == {"sealing"}
    monkeypatch.setattr(rating_handover, "seal_answers", seal)
    rating_handover.seal_ready_files(sealable.place, sample, "A01")
    marks = sample_ratings(sealable.place.inspection, KEY, QUESTIONS)
    assert len(marks) == 2 * len(answer_saving.reading_questions(reading).questions)
    assert set(Reading.objects.filter(file=reading.file).values_list("state", flat=True)) == {"sealed"}


@pytest.fixture
def taken_apart(workspaces):
    """The lines and answers after three changes of one answer."""
    from django.db import transaction

    from assay.workbench import answer_saving
    from assay.workbench.models import Answer, Event, Reading
    from assay.workbench.rating_handover import COLUMNS

    with transaction.atomic():
        reading = Reading.objects.order_by("id").first()
        for answer in ("met", "not_met", "met"):
            answer_saving.save_answer(reading, "specialist", answer, "As shown.")
        lines, answers = list(Event.objects.values(*COLUMNS)), list(Answer.objects.all())
        transaction.set_rollback(True)
    return lines, answers


@pytest.mark.parametrize("column", ["at", "who", "kind", "about", "before", "hash"])
def test_one_changed_character_in_any_line_of_the_audit_log_is_found_and_its_line_named(taken_apart, column):
    from assay.workbench.audit_log import chain_errors

    lines, _ = taken_apart
    assert list(chain_errors(iter(lines))) == []
    changed = [{**line} for line in lines]
    word = changed[3][column]
    changed[3][column] = word[:-1] + ("0" if word[-1] != "0" else "1")
    assert "line 4" in next(chain_errors(iter(changed)))


def test_a_line_that_is_gone_or_moved_is_found(taken_apart):
    from assay.workbench.audit_log import chain_errors

    lines, _ = taken_apart
    assert "line 5" in next(chain_errors(iter([*lines[:3], *lines[4:]])))
    assert list(chain_errors(iter([*lines[:3], lines[4], lines[3], *lines[5:]]))) != []


def test_the_tables_themselves_refuse_to_change_what_was_written_down(rolled_back):
    from django.db import DatabaseError, transaction

    from assay.workbench import answer_saving, label_rounds, record_pairs
    from assay.workbench.models import Account, Answer, Event, Label, Minute, Pair, Reading, Reply, Text, Verdict
    from assay.workbench.workbench_retirement import GUARDED_MODELS

    analyst, panel = Account.objects.get(code="A01"), Account.objects.get(code="P01")
    answer_saving.save_answer(Reading.objects.first(), "specialist", "met", "")
    label_rounds.save_label(rolled_back.place, analyst, Text.objects.first(), "no")
    record_pairs.save_verdict(analyst, Pair.objects.first(), min(record_pairs.VERDICTS))
    Minute.objects.create(held_on="2026-01-01", present="P01", text="It was talked over.", account=panel, event=9001)
    Reply.objects.create(force_code="INV01", letter="1", account=panel, agrees=True, event=9002)
    changes = {Answer: {"answer": "not_met"}, Event: {"who": "M02"}, Label: {"says": "yes"}, Verdict: {"says": "same"},
               Minute: {"text": "It was not."}, Reply: {"force_code": "INV02"}}  # fmt: skip
    assert set(changes) == {*GUARDED_MODELS, Event}
    for rows, change in ((manager.objects, change) for manager, change in changes.items()):
        assert rows.exists()
        for act in (lambda rows=rows: rows.all().delete(), lambda rows=rows, change=change: rows.update(**change)):
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                act()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "update workbench_event set who = 'M02' where number = 5",
            "audit log of the workbench, line 5: its content was changed",
        ),
        ("update workbench_event set about = substr(about, 2)", "line 2: its content was changed"),
        ("update workbench_event set about = '[]'", "line 2: its content was changed"),
        ("delete from workbench_event where number = (select max(number) from workbench_event)", "should end at line"),
        ("update workbench_answer set answer = 'met'", "answer 1 of reading"),
        ("update workbench_answer set reason = reason || ' '", "answer 1 of reading"),
        ("delete from workbench_answer", "the content that it names is missing"),
    ],
)
def test_what_was_changed_in_the_tables_behind_their_guards_is_named(rolled_back, statement, message):
    from django.db import connection

    from assay.workbench import answer_saving
    from assay.workbench.models import Reading
    from assay.workbench.workbench_verification import verify_workbench

    answer_saving.save_answer(Reading.objects.first(), "specialist", "not_met", "As shown.")
    assert verify_workbench(rolled_back.place) == []
    with connection.cursor() as cursor:
        cursor.execute("select name from sqlite_master where type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"drop trigger {name}")
        cursor.execute(statement)
    assert message in " ".join(verify_workbench(rolled_back.place))
    from django.test import RequestFactory  # whoever audits can still read the page of the audit log

    from assay.workbench.auditor_pages import audit_log_page
    from assay.workbench.models import Account

    request = RequestFactory().get("/audit-log")
    request.user = Account.objects.get(code="T01")
    assert audit_log_page(request).status_code == 200


def test_an_audit_log_that_is_not_the_one_kept_with_the_marks_is_found(sealable, pair_of_readings):  # noqa: F811
    from assay.workbench import answer_saving
    from assay.workbench.models import Sample
    from assay.workbench.rating_handover import AUDIT_LOG_STAGE, seal_ready_files
    from assay.workbench.workbench_verification import verify_workbench

    for reading in pair_of_readings:
        answer_all(reading)
        answer_saving.finish_reading(reading)
    seal_ready_files(sealable.place, Sample.objects.get(), "A01")
    assert verify_workbench(sealable.place) == []
    path = sealable.place.inspection / AUDIT_LOG_STAGE / "trail.parquet"
    mark_rows = pq.read_table(path).to_pylist()
    mark_rows[6]["hash"] = "0" * 64
    pq.write_table(pq.read_table(path).from_pylist(mark_rows), path)
    assert verify_workbench(sealable.place) == [
        "audit log of the workbench, line 7: it differs from the copy in the inspection."
    ]
    assert [difference.where for difference in verify(sealable.place.inspection)] == ["casefiles/trail"]

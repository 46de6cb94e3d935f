"""The whole pipeline at record level, on four synthetic forces: received, run, cached, interrupted and verified."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import zipfile
import zlib
from collections import Counter, defaultdict
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

from assay.engine.provenance import Ledger, read_receipt, read_stage, verify
from assay.engine.provenance.stage_folders import is_partial_output, list_files, list_stages
from assay.engine.provenance.verification import TRUTH_FOLDER
from assay.errors import EvidenceError, UsageError
from assay.grading.force_evidence import EvidenceTables
from assay.grading.force_proposals import propose_grades
from assay.grading.grading_rules import rules
from assay.indicators.indicator_catalogue import indicators
from assay.indicators.record_persons import NO_PERSON
from assay.sdc.change_log import PRIMARY, SECONDARY
from assay.synthetic.injection_page import find_injection_page, injection_page
from assay.synthetic.simulation.inspection_scores import score_inspection
from assay.synthetic.synthetic_data import KEY as REQUEST_KEY
from assay.synthetic.world_settings import ANNOUNCED
from assay.workflows.judge.answer_cards import show_answers
from assay.workflows.judge.grade_provenance import trace_grade, trace_record
from assay.workflows.judge.inspection_plan import read_editions
from assay.workflows.receive.other_sender_intake import receive_evidence
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.release import release_editions, reproduction
from assay.workflows.release.report_pack import make_pack
from assay.workflows.release.reproduction import IDENTICAL, reproduce
from assay.workflows.retire.retirement import retire
from assay.workflows.run.inspection_pipeline import run_inspection, run_stages
from ingest.other_sent import KENT, PARTNERSHIP, REQUEST, WHOLE
from journeys.outputs import Known, text_of
from journeys.workbench_day import first_day, fresh_play, pages_found
from journeys.workbench_sealed import by_pencil, first_shown, on_the_page
from made_once import AS_OPTIONS, ONE_YEAR, SMALL, without_secondary_suppression
from report.conftest import browser  # noqa: F401

FIVE = ("met", "not_met", "not_known", "not_known_if_counted", "excluded")
STAGE_GROUPS = (
    "answerability", "persons", "groups", "narratives", "records", "enquiries", "redefined", "readings", "comparison", "people",
    "confirmed", "hidden", "scale", "voices", "triangulation", "lessons", "judgement", "disclosure", "changed", "counted",
    "suppressions",
    "report",
)  # fmt: skip


@pytest.fixture(scope="module")
def country(demo):
    """An inspection of four synthetic forces that was run, with the returns beside it; nothing may change it."""
    return demo


@pytest.fixture
def copy(country, tmp_path):
    """A copy that a test may spoil."""
    shutil.copytree(country.folder, tmp_path / "demo")
    shutil.copytree(sent_folder(country), tmp_path / "demo-sent")
    return tmp_path / "demo"


@pytest.fixture(scope="module")
def packed(country, tmp_path_factory):
    """A copy that a pack was made of, and that pack."""
    place = tmp_path_factory.mktemp("packed")
    shutil.copytree(country.folder, place / "demo")
    return SimpleNamespace(folder=place / "demo", pack=make_pack(place / "demo", place / "one.zip").pack)


def sent_folder(country) -> Path:
    return country.folder.with_name("demo-sent")


def hashes(folder: Path) -> dict[str, dict[str, str]]:
    """What every stage left, by hash."""
    return {stage: dict(read_receipt(folder, stage).outputs) for stage in list_stages(folder)}


@pytest.mark.first  # it makes the demonstration, which other tests copy; they run beside it, in other processes
@pytest.mark.xdist_group("practice")
@pytest.mark.browser
def test_from_a_fresh_play_all_find_work_no_opening_or_mark_is_lost_and_what_is_sealed_moves_the_figure_in_the_report(
    country,
    tmp_path,
    monkeypatch,
    browser,  # noqa: F811
):
    """Begun by `assay workbench start` (`workbench_play`), behind a slow line.

    Both editions have primary suppression only: it is asserted that the later one is protected against the earlier one,
    and `sdc/test_linear_programming_attack.py` attacks two editions with secondary suppression.
    """
    monkeypatch.setattr(
        import_module("assay.report.figure_exports"), "write_spreadsheets", lambda *_: []
    )  # tested elsewhere
    with fresh_play(tmp_path, country.folder, browser) as play:
        copy, pages = play.inspection, pages_found(play)
        for way in (
            "M01 /queue",
            "A01 /samples",
            "A01 /labels",
            "A02 /pairs",
            "L01 /letters",
            "L01 /points",
            "P01 /panel",
        ):
            assert pages[way] > 0, way
        assert pages["L01 /points"] == 20  # a page of them
        assert "Speaks for it" in pages["reasons"]

        first_page = first_shown(browser, copy)
        files, before, _ = on_the_page(browser, copy, first_page.text)
        assert (files, before) == by_pencil(copy, first_page.key)

        make_pack(copy, tmp_path / "first.zip", although_waiting=True)
        first_day(play)
    behind = verify(copy)  # the report was made before these marks
    assert behind
    stale = {"triangulation", "scale", "lessons", "judgement", "disclosure", "changed", "counted", "report"}
    assert {difference.where for difference in behind} <= stale
    assert all(difference.sentence.endswith("run it again.") for difference in behind)

    with without_secondary_suppression(), protected_against() as prior_releases:
        run_inspection(copy)
    more, after, seconds_between = on_the_page(browser, copy, first_page.text)
    assert (more, after) == by_pencil(copy, first_page.key)
    assert int(more) > int(files) > 0
    low, high = (int(end.rstrip("%")) for end in seconds_between.split(" to "))
    assert low < int(after.rstrip("%")) < high
    assert int(after.rstrip("%")) < int(before.rstrip("%"))  # of the files sealed since, one was met
    assert verify(copy) == []
    case_files = {"case_files": read_stage(copy, "counted", "case_files")}
    stages, (first,) = release_editions.prior_editions(copy, case_files, dict)
    assert stages == ["issued/edition_1"]
    assert prior_releases == [[first.released]] * len(prior_releases) != []
    assert suppressed(read_stage(copy, "disclosure", "ladders")) >= suppressed(first.released["ladders"]) != set()
    assert "issued/edition_1/counted_ladders.parquet" in read_receipt(copy, "disclosure").inputs
    retire(copy)  # the exact counts of what is out go with the inspection
    assert list((copy / "issued").rglob("*.parquet")) == []


@contextmanager
def protected_against():
    """The tables of the prior releases against which disclosure control protects, one list for each time that it does."""
    found, control = [], import_module("assay.sdc.disclosure_control")
    protect = control._protect_tables

    def record_and_protect(tables, forms, policy, prior_releases):
        if "ladders" in forms:
            found.append([prior.released for prior in prior_releases])
        return protect(tables, forms, policy, prior_releases)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(control, "_protect_tables", record_and_protect)
        yield found


def suppressed(ladders):
    """Which counts are empty; none of these moved between the two editions of the test above."""
    key = ("indicator", "place_code", "when_reported")
    counts = ("records", "outside", "excluded", "met", "not_met", "not_known")
    return {
        (*(row[key_column] for key_column in key), name)
        for row in ladders.to_pylist()
        for name in counts
        if row[name] is None
    }


def test_the_folder_verifies(country):
    assert verify(country.folder) == []


def test_outside_and_the_five_answers_add_up_to_the_facts_of_every_indicator(country):
    record_by_form = {indicator.key: indicator.record for indicator in indicators()}
    rows = read_stage(country.folder, "enquiries", "ladders").to_pylist()
    facts = {record: read_stage(country.folder, "records", record) for record in set(record_by_form.values())}
    checked = 0
    for row in rows:
        if row["when_reported"] == "all" and not row["not_askable"] and row["place_code"] != "ALL":
            fact_count = Counter(facts[record_by_form[row["indicator"]]]["force_code"].to_pylist())[row["place_code"]]
            assert row["outside"] + sum(row[name] for name in FIVE) == row["records"] == fact_count, row["indicator"]
            checked += 1
    assert checked > 40


def test_no_answer_about_victims_is_wholly_not_known_where_their_entries_say_who_they_are(country):
    definition_rows = [
        row for row in read_stage(country.folder, "records", "described").to_pylist() if row["role"] == "victim"
    ]
    assert sum(row["sex_group"] is not None for row in definition_rows) > len(definition_rows) / 2
    groups_by_form = defaultdict(Counter)
    for name, form in (("parted", "indicator"), ("parted_waits", "wait")):
        for row in read_stage(country.folder, "people", name).to_pylist():
            if (row["side"], row["characteristic"]) == ("victim", "sex"):
                groups_by_form[row[form]][row["people"]] += (
                    row["records"] if form == "wait" else row["met"] + row["not_met"]
                )
    assert {"recorded_in_24_hours", "return_interview_in_72_hours", "missing_graded_low", "referral_to_answer"} <= set(
        groups_by_form
    )
    large_groups = {form: +groups for form, groups in groups_by_form.items() if groups.total() >= 5}
    assert len(large_groups) > 40
    assert [form for form, groups in large_groups.items() if not set(groups) - {"not known", NO_PERSON}] == []
    left = {row["form"] for row in read_stage(country.folder, "people", "without_breakdown").to_pylist()}
    assert set(read_stage(country.folder, "enquiries", "answers")["indicator"].to_pylist()) <= left | set(
        groups_by_form
    )


def test_every_row_that_came_in_is_accepted_or_set_aside_by_reason(country):
    for stage in list_stages(country.folder / "returns"):
        counted_rows = read_stage(country.folder, f"returns/{stage}", "counted").to_pylist()
        assert counted_rows
        for row in counted_rows:
            assert row["accepted"] + row["set_aside"] == (row["records"] or 0), (stage, row["table_name"])


def test_a_second_run_keeps_every_stage_and_changes_no_byte(copy):
    before = hashes(copy)
    done = run_inspection(copy)
    assert done.cached_stages == STAGE_GROUPS
    assert hashes(copy) == before


def test_returns_that_are_sent_again_unchanged_are_kept(copy):
    intake_result = receive_returns(copy, [copy.with_name("demo-sent") / "returns"])
    assert intake_result.refused == ()
    kinds = Counter(entry.kind for entry in Ledger(copy / "ledger.jsonl").entries())
    assert kinds["return accepted"] == len(intake_result.returns)


def receipts(folder: Path) -> dict[str, str]:
    """Every receipt, word for word."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("receipt.json"))}


def kill_while_asking(folder: Path) -> None:
    """Begin the demonstration in a process of its own, and kill that process as soon as it evaluates the indicators."""
    command = [sys.executable, "-m", "assay.cli", "demo", "--out", str(folder), *AS_OPTIONS, *ONE_YEAR]
    cwd, environment = Path(__file__).parents[2] / "src", os.environ | {"PYTHONHASHSEED": "2"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=cwd, env=environment) as process:
        assert any("Evaluating indicators" in line for line in process.stderr)
        process.kill()


KILLED_AT_THE_REPORT = """
import json, os, signal, sys
from pathlib import Path
from assay.engine.provenance import read_stage
from assay.sdc import restore_suppressions
from assay.synthetic.demo import run_demo
from assay.workflows.run import inspection_pipeline
restore_suppressions(read_stage(Path(sys.argv[3]), "suppressions", "suppressions"))
inspection_pipeline.write_report = lambda *_: print("killed", flush=True) or os.kill(os.getpid(), signal.SIGKILL)
run_demo(Path(sys.argv[1]), **json.loads(sys.argv[2]))
"""


def kill_at_the_report(folder: Path, solved: Path) -> None:
    """Take up the demonstration in another process, and kill that process as soon as it would write the report. The
    groups of linked tables that are `solved` there are not solved again: `sdc/test_suppression_order.py` asserts that
    their suppressions do not depend on the process."""
    command = [sys.executable, "-c", KILLED_AT_THE_REPORT, str(folder), json.dumps(SMALL), str(solved)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"PYTHONHASHSEED": "3"}, check=False
    )
    assert (done.stdout, done.returncode) == ("killed\n", -signal.SIGKILL), done.stderr[-2000:]


def not_ended(folder: Path) -> bool:
    return any("did not come to its end" in str(difference) for difference in verify(folder))


def test_the_same_country_ends_with_the_same_receipts_word_for_word_though_its_inspection_was_killed_twice(
    country, tmp_path
):
    """Synthetic data, returns, answers, ratings and release are the same whenever they are made, however often the run was
    killed, and by whichever processes: each has a hash seed of its own, so that its sets have an order of their own. A
    receipt holds the hashes of what the stage wrote, and the statements that were run.
    """
    folder = tmp_path / "demo"
    kill_while_asking(folder)
    assert ((folder / "records" / "receipt.json").is_file(), (folder / "report").exists(), not_ended(folder)) == (
        True,
        False,
        True,
    )
    kill_at_the_report(folder, country.folder)
    assert ((folder / "disclosure" / "receipt.json").is_file(), (folder / "report").exists(), not_ended(folder)) == (
        True,
        False,
        True,
    )
    page = injection_page(country.folder.with_name("demo-sent") / TRUTH_FOLDER)
    done = run_inspection(folder, closing_page=page)
    assert {"records", "enquiries", "disclosure"} <= set(done.cached_stages)
    found, expected = receipts(folder), receipts(country.folder)
    assert found.keys() == expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []
    assert verify(folder) == []
    assert not [name for name in list_files(folder) if is_partial_output(name)]


def test_a_stage_whose_file_was_damaged_is_made_again_and_no_other(copy, country):
    damaged = copy / "answerability" / "answerability.parquet"
    damaged.write_bytes(damaged.read_bytes()[:500])
    assert [str(difference) for difference in verify(copy)] == [
        "answerability/answerability.parquet can no longer be read."
    ]
    assert set(STAGE_GROUPS) - set(run_inspection(copy).cached_stages) == {"answerability"}
    assert hashes(copy) == hashes(country.folder)
    assert verify(copy) == []


def test_a_damaged_table_of_a_return_is_named_since_nothing_can_make_it_again(copy):
    crimes = next((copy / "returns").rglob("crimes.parquet"))
    crimes.write_bytes(crimes.read_bytes()[:500])
    with pytest.raises(EvidenceError, match=r"crimes.parquet can no longer be read. Put the file back"):
        run_inspection(copy)


def edition_of(folder: Path) -> int:
    return tomllib.loads((folder / "return.toml").read_text())["return"]["edition"]


def a_return(country) -> Path:
    """The return of a force that sent one edition: the first such."""
    found = [path.parent for path in sorted((sent_folder(country) / "returns").rglob("return.toml"))]
    return next(path for path in found if edition_of(path) == 1)


def test_the_same_edition_with_other_bytes_is_refused_and_the_accepted_stays(copy, country, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(a_return(country), other)
    (other / "return.toml").write_text((other / "return.toml").read_text() + "\n# one more line\n")
    before = hashes(copy)
    intake_result = receive_returns(copy, [other])
    assert "R02" in intake_result.refused[0].refusal
    assert hashes(copy) == before


def test_the_records_behind_an_answer_are_as_many_as_the_ladder_says(country):
    rows = read_stage(country.folder, "enquiries", "ladders").to_pylist()
    for row in rows:
        if row["when_reported"] == "all" and row["place_code"] != "ALL" and row["not_met"]:
            place = {"force": row["place_code"], "folder": country.folder, "csv_path": None}
            answers_shown = show_answers(row["indicator"], answer="not met", **place).data
            assert len(answers_shown["records"]) == row["not_met"]


def test_the_list_of_records_is_written_to_a_file(country, tmp_path):
    rows = read_stage(country.folder, "enquiries", "ladders").to_pylist()
    row = next(row for row in rows if row["place_code"] == "ALL" and row["not_met"] and row["when_reported"] == "all")
    where = {"force": "", "folder": country.folder, "csv_path": tmp_path / "cases.csv"}
    show_answers(row["indicator"], answer="not met", **where)
    lines = (tmp_path / "cases.csv").read_text().splitlines()
    assert lines[0] == "indicator,force_code,record_ref,answer,reason"
    assert len(lines) == 1 + row["not_met"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"key": "told_of_arest"}, "Did you mean told_of_arrest"),
        ({"answer": "maybe"}, "There is no answer 'maybe'"),
        ({"force": "Atlantis"}, "includes no force called 'Atlantis'"),
        ({"key": "report_to_charge"}, "is not an indicator"),
    ],
)
def test_what_cannot_be_shown_says_what_can(country, words, sentence):
    options = {"key": "told_of_arrest", "force": "", "answer": "", "folder": country.folder, "csv_path": None} | words
    with pytest.raises(UsageError, match=sentence):
        show_answers(options.pop("key"), **options)


ORGANISATION_FORMS = {form.key for form in indicators() if form.record in ("force", "sent_table")}
"""Their records are police organisations and no people."""
COUNT_COLUMNS = (
    "records",
    "met",
    "not_met",
    "not_known",
    "not_known_if_counted",
    "excluded",
    "outside",
    "base",
    "ended",
)


def test_no_released_count_of_people_is_from_one_to_four(country):
    seen = 0
    for path in (country.folder / "disclosure").glob("*.parquet"):
        table = pq.read_table(path)
        if path.stem != "indicator_funnel":  # the line of a funnel is drawn at every base, whoever has it
            rows = [
                row
                for row in table.to_pylist()
                if not ORGANISATION_FORMS & {v for v in row.values() if isinstance(v, str)}
            ]
            counts = [row[name] for row in rows for name in COUNT_COLUMNS if isinstance(row.get(name), int | float)]
            seen += len(counts)
            assert [count for count in counts if 1 <= count <= 4] == [], path.stem
    assert seen > 100


def test_no_file_that_leaves_holds_a_name_a_reference_or_a_phrase_from_the_returns(country, packed, tmp_path):
    known = Known()
    for path in sorted((sent_folder(country) / "returns").rglob("*.*")):
        known.learn(path)
    for part in ("returns", "identities", "texts"):
        for path in sorted((country.folder / part).rglob("*.parquet")):
            known.learn(path)
    assert (len(known.marks) > 1000, len(known.names) > 50, len(known.narratives) > 500) == (True, True, True)
    leaving = [
        path for part in ("report", "disclosure") for path in (country.folder / part).rglob("*") if path.is_file()
    ]
    assert {".html", ".csv", ".json", ".xlsx", ".ods", ".parquet"} <= {path.suffix for path in leaving}
    seen: set[bytes] = set()
    found = {path.name: known.found_in(text_of(path, seen)) for path in [*leaving, packed.pack]}
    assert {name: sorted(marks) for name, marks in found.items() if marks} == {}
    # One name, one reference and one note, packed twice and in the stream of a PDF, would be found.
    forename, surnames = next(iter(known.names.items()))
    injected = [f"{forename} {min(surnames)}", max(known.marks), known.narratives[0]]
    (tmp_path / "inner.zip").write_bytes(archive("page.html", " ".join(injected).encode()))
    (tmp_path / "outer.zip").write_bytes(archive("inner.zip", (tmp_path / "inner.zip").read_bytes()))
    stream_of_pdf = zlib.compress(" ".join(injected).encode("latin-1"))
    (tmp_path / "one.pdf").write_bytes(b"%PDF-1.7\nstream\n" + stream_of_pdf + b"\nendstream")
    for name in ("outer.zip", "one.pdf"):
        assert {*injected[:2], injected[2][:40]} <= known.found_in(text_of(tmp_path / name))


def archive(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return stream.getvalue()


def test_the_log_of_what_was_changed_stays_inside_and_names_every_cell_that_is_empty(country):
    log = read_stage(country.folder, "changed", "changes").to_pylist()
    changes = {(row["table"], row["row"], row["column"], row["change"]) for row in log}
    for row in read_stage(country.folder, "disclosure", "ladders").to_pylist():
        where = " / ".join(row[name] for name in ("indicator", "place_code", "when_reported"))
        for word in row["suppressed_cells"].split():
            change = SECONDARY if word.startswith("secondary:") else PRIMARY
            assert ("ladders", where, word.removeprefix("secondary:"), change) in changes
    receipt = read_receipt(country.folder, "changed")
    assert receipt.set_aside[PRIMARY] > 1000
    assert receipt.taken == receipt.passed_on + sum(receipt.set_aside.values())
    # No value: a number stands in it only as the policy's own.
    reasons = {re.sub(r"otherwise .+ of .+, .+, could be derived", "", row["why"]) for row in log}
    assert reasons <= {"", "it is 1 to 7", "it rests on few", "every count that is shown is rounded to 5",
                    "a curve is shown only on some days, and only if all counts of its waits are shown",
                    "too few people answered", "it would reveal a suppressed count in the same row",
                    "one or two contributed nearly all of it, or its contributors are not known",
                    "fewer than 10 authors or 2 teams are known for it"}  # fmt: skip
    assert not [path for path in (country.folder / "report").rglob("*") if path.stem == "changes"]


def test_what_is_counted_of_people_is_a_multiple_of_five(country):
    for row in read_stage(country.folder, "disclosure", "ladders").to_pylist():
        if row["indicator"] not in ORGANISATION_FORMS:
            counts = [row[name] for name in (*FIVE, "outside", "records") if row[name] is not None]
            assert all(count % 5 == 0 for count in counts), row["indicator"]


def test_what_is_heard_after_fieldwork_does_not_estimate_anew_how_many_no_list_holds(country):
    entries = list(Ledger(country.folder / "ledger.jsonl").entries())
    stages_written = [
        entry.about["stage"]
        for entry in entries
        if entry.kind == "stage written" and "INSPECTION" in entry.about["stage"]
    ]
    assert stages_written == ["others/INSPECTION/edition_1", "others/INSPECTION/edition_2"]
    assert sum(entry.kind == "stage written" and entry.about["stage"] == "hidden" for entry in entries) == 1


def test_lists_that_a_partnership_lays_side_by_side_are_estimated_from_whenever_they_are_heard(copy, tmp_path):
    (tmp_path / "sent.toml").write_text(PARTNERSHIP.replace(REQUEST.key, REQUEST_KEY))
    for name, text in WHOLE.items():
        (tmp_path / f"{name}.csv").write_text(text.replace(KENT, "INV01"))
    assert receive_evidence(copy, [tmp_path]).all_usable
    run = run_stages(copy)
    run.stage_runner.end_run()
    read = [name for name in run.stage_runner.receipts["hidden"].inputs if "fernshire-partnership" in name]
    assert sorted(Path(name).stem for name in read) == sorted(WHOLE)
    assert {"enquiries", "people"} <= set(run.stage_runner.cached_stages)
    assert "hidden" not in run.stage_runner.cached_stages


def test_the_truth_behind_the_demo_lies_in_its_folder_where_it_can_be_scored_by(country):
    scored = score_inspection(country.folder)
    truth = tomllib.loads((sent_folder(country) / "truth" / "truth.toml").read_text())["injected"]
    assert {failing.failing.key: list(failing.injected) for failing in scored.failings} == truth
    assert scored.summary_lines()[0].startswith(f"Injected {sum(map(len, truth.values()))} times, found ")


def test_the_demo_answers_as_json_too(country):
    assert (country.answer["returns"], country.answer["folder"]) == (4, str(country.folder))


def test_the_plan_is_sealed_before_the_first_return_and_every_rated_force_has_its_proposals(country):
    kinds = [entry.kind for entry in Ledger(country.folder / "ledger.jsonl").entries()]
    assert kinds.index("plan sealed") < kinds.index("return accepted")
    # On a day of the story, not on that of the demonstration: made again tomorrow, the report is the same.
    assert [edition.sealed_on for edition in read_editions(country.folder)] == [ANNOUNCED]
    grades = read_stage(country.folder, "disclosure", "grades").to_pylist()
    lines = {row["line"] for row in grades}
    assert "overall" in lines
    assert len(grades) == len(lines) * len({row["place_code"] for row in grades})
    assert all(row["why_none"] for row in grades if row["proposed"] == "not enough evidence")


def test_from_a_grade_two_steps_lead_to_records_and_two_lead_back(country):
    codes = dict.fromkeys(read_stage(country.folder, "disclosure", "grades")["place_code"].to_pylist())
    steps = ((code, step) for code in codes for step in trace_grade(country.folder, code, "responses").data["steps"])
    code, step = next((code, step) for code, step in steps if step["records"] and step["evidence_keys"] != "files")
    back = trace_record(country.folder, step["records"][0], code).data["bears_on"]
    assert (code, step["evidence_keys"], step["characteristic"]) in {
        (row["force_code"], row["indicator"], row["characteristic"]) for row in back}  # fmt: skip


def test_nobody_is_judged_on_what_disclosure_suppresses(country):
    """Whoever holds the released tables works out the same grades again."""
    names = (
        "ladders", "force_estimates", "source_verdicts", "lessons_applied", "indicator_spread", "claim_tests",
        "combined_tests",
    )  # fmt: skip
    tables = EvidenceTables(*(read_stage(country.folder, "disclosure", name).to_pylist() for name in names))
    grade_rows = read_stage(country.folder, "disclosure", "grades").to_pylist()
    forces = list(dict.fromkeys(row["place_code"] for row in grade_rows))
    proposed_again = {
        (proposal.place, proposal.line): proposal.grade
        for proposal in propose_grades(tables, indicators(), forces, rules())
    }
    assert {(row["place_code"], row["line"]): row["proposed"] for row in grade_rows} == proposed_again


RELEASE_ON = STAGE_GROUPS.index("lessons")


def test_a_pack_is_made_again_from_the_inspection_to_the_byte(packed, monkeypatch):
    """What leads to the release is put back: that it is the same when it is made again, the run killed twice shows."""
    left = []

    def run(folder, **options):
        left.extend(list_stages(folder))
        for stage in STAGE_GROUPS[:RELEASE_ON]:
            shutil.copytree(packed.folder / stage, folder / stage)
        return run_inspection(folder, **options)

    monkeypatch.setattr(reproduction, "run_inspection", run)
    found = reproduce(packed.pack, packed.folder, closing_page=find_injection_page(packed.folder))
    assert set(left) & set(STAGE_GROUPS) == set()
    assert "returns/INV01/edition_1" in left
    assert [name for name, verdict in found.files.items() if verdict != IDENTICAL] == []
    assert len(found.files) > 200
    assert verify(packed.folder) == []


def test_returns_as_they_were_sent_are_taken_in_anew_before_a_report_is_made_again(
    country, packed, tmp_path, monkeypatch
):
    seen = {}

    def run(folder, **_):
        seen.update(hashes(folder))
        shutil.copytree(country.folder / "report", folder / "report")

    monkeypatch.setattr(reproduction, "run_inspection", run)
    partial_folder = tmp_path / "some-sent"
    shutil.copytree(sent_folder(country) / "returns" / "INV01", partial_folder / "returns" / "INV01")
    shutil.copytree(sent_folder(country) / "others", partial_folder / "others")
    shutil.copy(sent_folder(country) / "request.toml", partial_folder)
    assert reproduce(packed.pack, partial_folder).is_reproduced
    senders_accepted = {
        stage: left
        for stage, left in hashes(country.folder).items()
        if stage.startswith(("returns/INV01", "identities/INV01"))
    }
    assert len(senders_accepted) == 2
    assert {stage: seen[stage] for stage in senders_accepted} == senders_accepted
    assert [stage for stage in seen if stage.startswith("others/")]

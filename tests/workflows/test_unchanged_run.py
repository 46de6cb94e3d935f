"""Does an unchanged run prepare no table, and does every change in the inputs of a release cause a new one?"""

import ast
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine import stage_runner
from assay.engine.provenance import EventKind, content_hash, read_receipt, read_stage
from assay.engine.provenance.stage_folders import list_stages
from assay.engine.stage_runner import StageRunner
from assay.errors import DisclosureError
from assay.facts.inspection_run import InspectionRun
from assay.progress import no_progress
from assay.sdc import is_released, policy, restore_released
from assay.workflows.judge import grading_stage, proposed_grades
from assay.workflows.judge.grading_stage import record_decision
from assay.workflows.judge.inspection_plan import seal_plan
from assay.workflows.judge.recommendation_follow_up import Deadlines, record_recommendation, record_reply, revisit
from assay.workflows.release import prepared_tables, release_editions, release_inputs, release_stage
from assay.workflows.release.accuracy_points import ANSWER_SCHEMA
from assay.workflows.release.release_inputs import RELEASE_PACKAGES, folder_tables
from assay.workflows.run import lessons_stage
from assay.workflows.run.inspection_pipeline import run_inspection

SRC = Path(__file__).parents[2] / "src"
SINGLE_ROW = pa.table({"n": [1]})
DAY = date(2026, 9, 1)
RELEASED = ("lessons", "judgement", "disclosure", "changed", "counted")


@pytest.fixture(scope="module")
def country(demo, tmp_path_factory):
    """A copy that only runs and commands change, and of which each test makes its own copy."""
    folder = tmp_path_factory.mktemp("unchanged") / "demo"
    shutil.copytree(demo.folder, folder)
    return folder


@pytest.fixture
def copy(country, tmp_path):
    shutil.copytree(country, tmp_path / "demo")
    return tmp_path / "demo"


class Prepared(Exception):
    """A table was prepared."""


def refuse(*_, **__):
    raise Prepared


@pytest.fixture
def prepares_nothing(monkeypatch):
    """Raise if a table is prepared, protected, released or restored."""
    for module, name in (
        (prepared_tables, "exact_tables"), (prepared_tables, "apply_policy"), (prepared_tables, "evidence_sources_table"),
        (release_stage, "release"), (release_stage, "restore_released"), (release_stage, "apply_policy_with_suppressions"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, refuse)


def begun(folder: Path) -> InspectionRun:
    """A run that comes to its release, every stage before it kept as it stands."""
    run = InspectionRun(folder, no_progress, DAY)
    before = (*RELEASED, "suppressions", "report")
    for stage in list_stages(folder):
        if stage not in before and stage.split("/")[0] not in ("issued", "added"):
            run.stage_runner.load_receipts(stage)
    return run


def test_a_run_in_which_nothing_changed_prepares_no_table(copy, prepares_nothing):
    done = run_inspection(copy)
    assert {*RELEASED, "suppressions", "report"} <= set(done.cached_stages)
    assert 1 <= len(done.headline) <= 3  # that no force stands out is an answer too


def test_the_stages_of_a_run_that_comes_to_its_release_are_kept(country, prepares_nothing):
    run = begun(country)
    release_stage.release_tables(run)
    assert run.stage_runner.cached_stages == [*RELEASED, "suppressions"]


def a_decision_of_the_panel(folder, run):
    row = next(row for row in read_stage(folder, "judgement", "grades").to_pylist() if row["line"] == "scale")
    record_decision(folder, row["place_code"], "scale", row["proposed"], "", DAY)


def an_edition_of_the_plan(folder, run):
    seal_plan(folder, day=DAY, notice=date(2025, 12, 1), reason="The day of notice was written down wrongly.")


def a_return_that_was_refused(folder, run):
    run.stage_runner.ledger.append(EventKind.RETURN_REFUSED, name="INV09", rule="no cover")


def an_entry_by_hand(folder, run):
    run.stage_runner.ledger.append(EventKind.MANUAL, who="A", what="Looked at a list.", why="To see.")


def a_return_that_was_withdrawn(folder, run):
    run.accepted_returns = run.accepted_returns[:-1]


def other_declarations(folder, run):
    declarations = dict(list(run.inspection.declarations.items())[1:])
    run.inspection = replace(run.inspection, declarations=declarations)


def another_request(folder, run):
    run.inspection = replace(run.inspection, request=replace(run.inspection.request, title="Another title"))


def answers_to_the_points(folder, run):
    rows = [{"place_code": "INV01", "point": "1", "about": "a", "sentence": "b", "answer": "accepted", "why": ""}]
    write_rows(folder, "accuracy/INV01/edition_9", "answers", pa.Table.from_pylist(rows, ANSWER_SCHEMA))


def a_recommendation_with_a_reply(folder, run):
    days = Deadlines(DAY, date(2026, 11, 1), date(2027, 9, 1))
    record_recommendation(
        folder, "INV01", "kept_informed", test="told_of_arrest", owner="The chief constable", text="", days=days
    )
    key = read_stage(folder, "recommended", "asked")["key"][0].as_py()
    record_reply(folder, key, date(2026, 9, 20), date(2026, 9, 21))


def a_revisit(folder, run):
    a_recommendation_with_a_reply(folder, run)
    revisit(folder, folder, date(2026, 12, 1))


def an_edition_that_is_out(folder, run):
    tables = {
        f"{release_editions.RELEASED_PREFIX}ladders": SINGLE_ROW,
        f"{release_editions.EXACT_PREFIX}ladders": SINGLE_ROW,
    }
    StageRunner(folder).write_stage_output("issued/edition_1", tables, packages=(), inputs={}, rows_in=2, rows_out=2)


def a_new_mark(folder, run):
    write_rows(folder, "casefiles/marks/a_sample/a_set", "marks", SINGLE_ROW)


def a_list_of_files_that_was_drawn(folder, run):
    write_rows(folder, "casefiles/samples/another", "files", SINGLE_ROW)


def a_document(folder, run):
    write_rows(folder, "others/SOMEBODY/edition_1", "documents", SINGLE_ROW)


def answers_to_a_survey(folder, run):
    write_rows(folder, "surveys/other", "results", SINGLE_ROW)


def an_earlier_inspection(folder, run):
    write_rows(folder, "earlier", "calls", SINGLE_ROW)


def a_file_of_marks_that_somebody_changed(folder, run):
    pq.write_table(SINGLE_ROW, next((folder / "casefiles" / "marks").rglob("*.parquet")))


def other_code(folder, run):
    run.patched.setattr(stage_runner, "sources_hash", lambda packages: "0" * 64)


def other_libraries(folder, run):
    run.patched.setattr(stage_runner, "_pinned_versions", lambda: {"pin polars": "0"})


def a_receipt_that_the_ledger_does_not_hold(folder, run):
    path = folder / "disclosure" / "receipt.json"
    path.write_text(path.read_text().replace('"sql": []', '"sql": ["SELECT 1"]'))


def write_rows(folder, stage, name, table):
    StageRunner(folder).write_stage_output(stage, {name: table}, packages=(), inputs={}, rows_in=1, rows_out=1)


@pytest.mark.parametrize(
    "change",
    [
        a_decision_of_the_panel, an_edition_of_the_plan, a_return_that_was_refused, an_entry_by_hand,
        a_return_that_was_withdrawn, other_declarations, another_request, answers_to_the_points,
        a_recommendation_with_a_reply, a_revisit, an_edition_that_is_out, a_new_mark, a_list_of_files_that_was_drawn,
        a_document, answers_to_a_survey, an_earlier_inspection, a_file_of_marks_that_somebody_changed, other_code,
        other_libraries, a_receipt_that_the_ledger_does_not_hold,
    ],
    ids=lambda change: change.__name__,
)  # fmt: skip
def test_the_release_is_made_anew_after(change, copy, prepares_nothing, monkeypatch):
    run = begun(copy)
    run.patched = monkeypatch
    change(copy, run)
    for stage in list_stages(copy):
        if stage.split("/")[0] in ("casefiles", "others", "surveys", "earlier"):
            run.stage_runner.load_receipts(stage)
    with pytest.raises(Prepared):
        release_stage.release_tables(run)


@pytest.mark.parametrize(
    "stage",
    ["answerability", "enquiries", "readings", "confirmed", "comparison", "people", "hidden", "scale", "voices",
     "triangulation", "records", "redefined"],
)  # fmt: skip
def test_the_release_is_made_anew_after_other_content_of(stage, country, prepares_nothing):
    run = begun(country)
    receipt = run.stage_runner.receipts[stage]
    other_hashes = dict.fromkeys(receipt.outputs, "0" * 64)
    run.stage_runner.receipts[stage] = replace(receipt, outputs=other_hashes)
    with pytest.raises(Prepared):
        release_stage.release_tables(run)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def file_of(module: str) -> Path | None:
    place = SRC / module.replace(".", "/")
    return next((path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file()), None)


def reached_from(*modules: str) -> set[str]:
    """Every module of ours that these import, directly or through others."""
    found: set[str] = set()
    todo = list(modules)
    while todo:
        module = todo.pop()
        path = file_of(module) if module.startswith("assay.") else None
        if path and module not in found:
            found.add(module)
            todo += imported(path)
    return found


PREPARING = (prepared_tables, release_inputs, proposed_grades, lessons_stage, grading_stage, release_stage)
NO_TABLE_RESTS_ON = {
    "assay.report": "it is written from released tables",
    "assay.progress": "it says how far a run is",
    "assay.temporary_folders": "it says where temporary files lie",
}


def test_every_package_whose_code_prepares_a_released_table_is_part_of_the_key():
    in_key = tuple(f"{package.__name__}." for package in RELEASE_PACKAGES)
    modules = reached_from(*(module.__name__ for module in PREPARING))
    outside = [module for module in modules if not f"{module}.".startswith(in_key)]
    assert {".".join(module.split(".")[:2]) for module in outside} == set(NO_TABLE_RESTS_ON)


def restored(folder: Path):
    return restore_released(folder, "disclosure", policy=policy("record level"), ledger_head="ab", edition="again")


def test_released_tables_are_restored_as_they_left(country):
    released, receipt = restored(country), read_receipt(country, "disclosure")
    assert is_released(released)
    left = {f"{name}.parquet": content_hash(table) for name, table in released.tables.items()}
    assert left == dict(receipt.outputs)


def test_a_released_table_that_somebody_changed_is_not_restored(copy):
    path = copy / "disclosure" / "places.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(DisclosureError, match="disclosure/places is not the table that its receipt names"):
        restored(copy)


def test_released_tables_whose_receipt_the_ledger_does_not_hold_are_not_restored(copy):
    a_receipt_that_the_ledger_does_not_hold(copy, None)
    with pytest.raises(DisclosureError, match="ledger does not hold the receipt of disclosure"):
        restored(copy)


def test_a_table_that_disclosure_would_refuse_is_not_restored_although_its_receipt_names_it(tmp_path):
    write_rows(tmp_path, "disclosure", "crimes", SINGLE_ROW)
    with pytest.raises(DisclosureError, match="Table 'crimes' is not in the closed list"):
        restored(tmp_path)


def test_only_strands_are_counted_from_tables_with_disclosure_control(country):
    run = begun(country)
    before_control = {
        *release_editions.record_tables(prepared_tables.exact_tables(run)),
        *release_editions.MADE_OF_RELEASED,
    }
    assert {Path(name).stem for name in read_receipt(country, "counted").outputs} == before_control
    assert not set(release_editions.record_tables(folder_tables(run)))


EXACT_LADDERS = f"issued/edition_1/{release_editions.EXACT_PREFIX}ladders.parquet"


def last_run(folder: Path, inputs: tuple[str, ...] = (), **tables: pa.Table):
    """A run that released these tables; `inputs` names the editions that it protected."""
    settings = {release_editions.COUNTS_KEY: "k"}
    for stage in ("disclosure", "counted"):
        StageRunner(folder).write_stage_output(
            stage,
            tables,
            packages=(),
            inputs=dict.fromkeys(inputs, "0" * 64),
            rows_in=0,
            rows_out=0,
            settings=settings,
        )


def edition_out(folder: Path, exact: dict[str, pa.Table], released: dict[str, pa.Table]):
    parts = {release_editions.EXACT_PREFIX: exact, release_editions.RELEASED_PREFIX: released}
    tables = {f"{prefix}{name}": table for prefix, part in parts.items() for name, table in part.items()}
    StageRunner(folder).write_stage_output("issued/edition_1", tables, packages=(), inputs={}, rows_in=0, rows_out=0)


def by_receipts(folder: Path, counts_key: str = "k"):
    return release_editions.prior_editions_by_receipts(folder, counts_key)


@pytest.mark.parametrize("sources", [[1], [2]])  # what sources of evidence say is no count
def test_an_edition_that_is_out_is_known_by_its_receipt(tmp_path, sources):
    tables = {"ladders": SINGLE_ROW, "source_verdicts": SINGLE_ROW}
    last_run(tmp_path, **tables)
    out = tables | {"source_verdicts": pa.table({"n": sources})}
    edition_out(tmp_path, out, out)
    assert by_receipts(tmp_path) == []
    assert by_receipts(tmp_path, "another key") is None


@pytest.mark.parametrize("part", [0, 1])  # the exact counts, and the released cells
def test_an_edition_with_other_figures_is_not_known_by_its_receipt(tmp_path, part):
    last_run(tmp_path, ladders=SINGLE_ROW)
    out = [{"ladders": SINGLE_ROW}, {"ladders": SINGLE_ROW}]
    out[part] = {"ladders": pa.table({"n": [2]})}
    edition_out(tmp_path, *out)
    assert by_receipts(tmp_path) is None


def test_an_edition_that_the_last_run_protected_is_a_prior_release_for_the_same_run(tmp_path):
    """Also if the last run then released the same cells: the same run without the edition could release others."""
    last_run(tmp_path, inputs=(EXACT_LADDERS,), ladders=SINGLE_ROW)
    edition_out(tmp_path, {"ladders": SINGLE_ROW}, {"ladders": SINGLE_ROW})
    assert by_receipts(tmp_path) == ["issued/edition_1"]


@pytest.mark.parametrize(
    ("present", "former"),
    [
        ({"case_files": pa.table({"answered": [1]})}, {"case_files": pa.table({"told": [1]})}),
        ({"force_estimates": SINGLE_ROW}, {"standing": SINGLE_ROW}),
    ],
    ids=["column", "table"],
)
def test_an_edition_with_former_names_is_not_compared_by_its_receipt(tmp_path, present, former):
    """Equal counts under another name have another hash, so the receipts cannot tell."""
    last_run(tmp_path, **present)
    edition_out(tmp_path, former, former)
    assert by_receipts(tmp_path) is None


def test_counts_that_somebody_changed_are_made_again_before_they_are_compared(tmp_path):
    last_run(tmp_path, ladders=SINGLE_ROW)
    edition_out(tmp_path, {"ladders": SINGLE_ROW}, {"ladders": SINGLE_ROW})
    assert by_receipts(tmp_path) == []
    pq.write_table(pa.table({"n": [2]}), tmp_path / "counted" / "ladders.parquet")
    assert by_receipts(tmp_path) is None

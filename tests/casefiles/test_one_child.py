"""Is the sheet of a child one chronology across forces, and never by a link that nobody has confirmed?"""

import csv
import shutil
from datetime import date

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assay.casefiles.case_assembly import CONFIRMED_BY_REVIEW, EXACT_MATCH, OWN_RECORD, assemble_cases
from assay.casefiles.case_timeline import build_timelines
from assay.casefiles.file_allocation import assigned_of, clusters_of_sample, issue_sheets
from assay.casefiles.file_sampling import draw_sample
from assay.engine.provenance.verification import verify
from assay.errors import UsageError
from assay.linkage.reviewed_links import read_verdicts
from assay.workflows.run.linkage_sensitivity import receive_verdicts, write_review_pairs

CHILD = """title = "Children"
subject = "child"
seed = "read out"
files = 500
"""
TODAY = date(2026, 6, 1)


@pytest.fixture
def inspection(country, tmp_path):
    return shutil.copytree(country / "inspection", tmp_path / "inspection")


@pytest.fixture
def likely(inspection):
    """Two entries of two forces that linkage alone makes one child: of the file of each force, and of the other."""
    tied_rows = pq.read_table(inspection / "persons" / "tied.parquet").to_pylist()
    by_person: dict[str, list[dict]] = {}
    for row in tied_rows:
        if not row["on_list"]:
            by_person.setdefault(row["main"], []).append(row)
    people = pq.read_table(inspection / "records" / "person.parquet").to_pylist()
    victims = {f"{row['force_code']} {row['involvement_ref']}" for row in people if row["child_at_offence"]}
    for person_entries in by_person.values():
        first, other = person_entries[0], person_entries[-1]
        if first["force_code"] != other["force_code"] and {first["entry"], other["entry"]} <= victims:
            return first, other
    raise AssertionError("this country has no child whom linkage alone finds in two forces")


def file_of(entry) -> tuple[str, str]:
    return entry["force_code"], entry["main"]


def verdict(inspection, tmp_path, pairs, answer_text: str, name="verdicts"):
    """Says the same of every pair of exact-match clusters in `pairs`."""
    verdict_result = pq.read_table(inspection / "persons" / "pairs.parquet")
    from assay.linkage.clerical_review import pair_refs

    refs = dict(
        zip(
            zip(verdict_result["knot"].to_pylist(), verdict_result["other_knot"].to_pylist(), strict=True),
            pair_refs(verdict_result),
            strict=True,
        )
    )
    path = tmp_path / f"{name}.csv"
    path.write_text("pair_ref,verdict\n" + "".join(f"{refs[pair]},{answer_text}\n" for pair in pairs), encoding="utf-8")
    return receive_verdicts(inspection, path)


def held_by(linked_cases, file) -> set[tuple[str, int]]:
    rows = linked_cases.rows.filter(
        (linked_cases.rows["file_force"] == file[0]) & (linked_cases.rows["subject_ref"] == file[1])
    )
    return set(zip(rows["force_code"], rows["tie"], strict=True))


def test_what_linkage_alone_finds_likely_stands_on_no_sheet_and_is_counted(inspection, likely):
    first, other = likely
    linked_cases = assemble_cases(inspection, [file_of(first), file_of(other)])
    for entry in likely:
        assert held_by(linked_cases, file_of(entry)) == {(entry["force_code"], 0)}
        assert file_of(entry) in linked_cases.unconfirmed
    assert linked_cases.other_forces() == {}


def test_once_somebody_said_the_same_each_forces_file_has_the_steps_of_the_other_and_says_whose(
    inspection, likely, tmp_path
):
    first, other = likely
    verdict(inspection, tmp_path, [(first["knot"], other["knot"])], "same")
    files = [file_of(first), file_of(other)]
    linked_cases = assemble_cases(inspection, files)
    assert linked_cases.unconfirmed == frozenset()
    assert linked_cases.other_forces() == {files[0]: (other["force_code"],), files[1]: (first["force_code"],)}
    steps = build_timelines(inspection, "child", files, linked_cases, today=TODAY).steps
    first_steps = [step for step in steps if (step.force_code, step.subject_ref) == files[0]]
    assert {(first_step.held_by, first_step.tied_by) for first_step in first_steps} == {
        (first["force_code"], OWN_RECORD),
        (other["force_code"], CONFIRMED_BY_REVIEW),
    }
    assert [first_step.when for first_step in first_steps] == sorted(
        first_step.when for first_step in first_steps
    )  # one chronology, not one force after another
    own_timeline = build_timelines(
        inspection, "child", [files[1]], assemble_cases(inspection, [files[1]]), today=TODAY
    ).steps
    own_steps = [(step.when, step.description) for step in own_timeline if step.tied_by == OWN_RECORD]
    assert own_steps == [
        (first_step.when, first_step.description)
        for first_step in first_steps
        if first_step.held_by == other["force_code"]
    ]


@pytest.mark.parametrize("verdict_answer", ["different", "cannot tell"])
def test_any_other_verdict_leaves_the_sheet_as_it_was(inspection, likely, tmp_path, verdict_answer):
    first, other = likely
    verdict(inspection, tmp_path, [(first["knot"], other["knot"])], verdict_answer)
    assert assemble_cases(inspection, [file_of(first)]).other_forces() == {}


def test_a_verdict_that_is_taken_back_takes_the_steps_back(inspection, likely, tmp_path):
    first, other = likely
    pair = (first["knot"], other["knot"])
    verdict(inspection, tmp_path, [pair], "same")
    verdict(inspection, tmp_path, [pair], "different", "later")
    assert read_verdicts(inspection)["verdict"].to_pylist() == ["different"]
    assert assemble_cases(inspection, [file_of(first)]).other_forces() == {}


def test_exact_keys_across_forces_are_a_confirmed_link_and_say_so(inspection, likely):
    first, other = likely
    path = inspection / "persons" / "tied.parquet"
    tied_table = pq.read_table(path)
    is_other = pc.equal(tied_table["entry"], other["entry"])
    clusters = pc.if_else(is_other, pa.scalar(first["knot"]), tied_table["knot"])
    pq.write_table(tied_table.set_column(tied_table.column_names.index("knot"), "knot", clusters), path)
    found = assemble_cases(inspection, [file_of(first)])
    steps = build_timelines(inspection, "child", [file_of(first)], found, today=TODAY).steps
    assert {step.tied_by for step in steps if step.held_by == other["force_code"]} == {EXACT_MATCH}
    assert other["entry"] not in {entry for _, entry in found.unconfirmed}


def test_in_its_own_force_too_a_record_that_similarity_alone_ties_stands_on_no_sheet(inspection, likely):
    """Two entries of one force become one person by match probability: the file is that of the first alone."""
    first, _ = likely
    path = inspection / "records" / "person.parquet"
    people = pq.read_table(path)
    here = pc.and_(
        pc.equal(people["force_code"], first["force_code"]), pc.not_equal(people["person_id"], first["main"])
    )
    person_row = people.filter(here).to_pylist()[0]
    is_it = pc.and_(here, pc.equal(people["person_id"], person_row["person_id"]))
    ids = pc.if_else(is_it, pa.scalar(first["main"]), people["person_id"])
    pq.write_table(people.set_column(people.column_names.index("person_id"), "person_id", ids), path)
    linked_cases = assemble_cases(inspection, [file_of(first)])
    assert person_row["crime_ref"] not in linked_cases.rows["crime_ref"].to_list()
    assert file_of(first) in linked_cases.unconfirmed


def test_nobody_reads_a_child_on_whose_sheet_steps_of_their_own_force_stand(inspection, likely, tmp_path):
    first, other = likely
    verdict(inspection, tmp_path, [(first["knot"], other["knot"])], "same")
    (tmp_path / "children.toml").write_text(CHILD)
    excluded_forces = f"M1,{first['force_code']}\nM2,{other['force_code']}\nM3,\n"
    (tmp_path / "markers.csv").write_text(f"marker_code,away_from\n{excluded_forces}")
    draw_sample(inspection, tmp_path / "children.toml")
    issued_sheets = issue_sheets(inspection, "children", "assessments_child", tmp_path / "markers.csv", tmp_path)
    assignments = assigned_of(inspection, "children", "assessments_child")
    markers_of_pair = {
        assignment.marker for assignment in assignments if assignment.file.pair in (file_of(first), file_of(other))
    }
    assert markers_of_pair == {"M3"}
    assert {assignment.file.also for assignment in assignments if assignment.file.pair == file_of(first)} == {
        (other["force_code"],)
    }
    assert issued_sheets.elsewhere == 2
    assert "2 files have with steps of other forces, by confirmed links." in issued_sheets.summary_lines()
    assert not [
        difference
        for difference in verify(inspection)
        if "casefiles" in str(difference) or "reviewed" in str(difference)
    ]


def test_the_second_sheet_names_the_force_of_each_step_and_by_what_it_is_tied(inspection, likely, tmp_path):
    first, other = likely
    verdict(inspection, tmp_path, [(first["knot"], other["knot"])], "same")
    (tmp_path / "children.toml").write_text(CHILD)
    (tmp_path / "markers.csv").write_text("marker_code,away_from\nM3,\n")
    draw_sample(inspection, tmp_path / "children.toml")
    issued_sheets = issue_sheets(inspection, "children", "assessments_child", tmp_path / "markers.csv", tmp_path)
    rows = fastexcel.read_excel(issued_sheets.sheets["M3"]).load_sheet("Steps", dtypes="string").to_arrow().to_pylist()
    child_rows = [row for row in rows if (row["force_code"], row["subject_ref"]) == file_of(first)]
    assert {(row["held_by"], row["tied_by"] or "") for row in child_rows} == {
        (first["force_code"], ""), (other["force_code"], CONFIRMED_BY_REVIEW),
    }  # fmt: skip


def test_pairs_that_touch_the_files_of_a_sample_are_looked_at_and_say_nothing_of_precision(
    inspection, likely, tmp_path
):
    first, other = likely
    (tmp_path / "children.toml").write_text(CHILD)
    (tmp_path / "markers.csv").write_text("marker_code,away_from\nM3,\n")
    draw_sample(inspection, tmp_path / "children.toml")
    issued_sheets = issue_sheets(inspection, "children", "assessments_child", tmp_path / "markers.csv", tmp_path)
    assert issued_sheets.unconfirmed >= 2
    assert any("No reviewer has confirmed it" in line for line in issued_sheets.summary_lines())
    clusters = clusters_of_sample(inspection, "children")
    assert {first["knot"], other["knot"]} <= clusters
    write_review_pairs(inspection, 100, "word", tmp_path / "pairs.csv", sample="children", clusters=clusters)
    with (tmp_path / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(row["knot"] in clusters or row["other_knot"] in clusters for row in rows)
    assert (first["knot"], other["knot"]) in [(row["knot"], row["other_knot"]) for row in rows]
    with (tmp_path / "back.csv").open("w", encoding="utf-8", newline="") as out:
        lines = csv.DictWriter(out, rows[0])
        lines.writeheader()
        lines.writerows([{**row, "verdict": "same"} for row in rows])
    verdict_result = receive_verdicts(inspection, tmp_path / "back.csv")
    assert verdict_result.as_dict()["at"] == []
    assert any("not randomly sampled" in line for line in verdict_result.summary_lines())
    assert assemble_cases(inspection, [file_of(first)]).other_forces() == {file_of(first): (other["force_code"],)}


def test_only_persons_can_be_the_same(inspection, tmp_path):
    (tmp_path / "crimes.toml").write_text(CHILD.replace("child", "crime"))
    draw_sample(inspection, tmp_path / "crimes.toml")
    with pytest.raises(UsageError, match="Only samples of children or suspects"):
        clusters_of_sample(inspection, "crimes")


def test_without_linkage_a_person_is_who_their_sender_says(inspection, likely):
    for name in ("tied", "pairs", "joins"):
        (inspection / "persons" / f"{name}.parquet").unlink()
    first, other = likely
    linked_cases = assemble_cases(inspection, [file_of(first)])
    assert other["force_code"] not in {row["force_code"] for row in linked_cases.rows.to_dicts()}

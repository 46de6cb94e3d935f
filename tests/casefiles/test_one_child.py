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
from assay.workflows.run.linkage_sensitivity import take_in_verdicts, write_review_pairs

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
    tied = pq.read_table(inspection / "persons" / "tied.parquet").to_pylist()
    by_person: dict[str, list[dict]] = {}
    for row in tied:
        if not row["on_list"]:
            by_person.setdefault(row["main"], []).append(row)
    people = pq.read_table(inspection / "records" / "person.parquet").to_pylist()
    victims = {f"{row['force_code']} {row['involvement_ref']}" for row in people if row["child_at_offence"]}
    for mine in by_person.values():
        first, other = mine[0], mine[-1]
        if first["force_code"] != other["force_code"] and {first["entry"], other["entry"]} <= victims:
            return first, other
    raise AssertionError("this country has no child whom linkage alone finds in two forces")


def file_of(entry) -> tuple[str, str]:
    return entry["force_code"], entry["main"]


def verdict(inspection, tmp_path, pairs, said: str, name="verdicts"):
    """Says the same of every pair of knots in `pairs`."""
    told = pq.read_table(inspection / "persons" / "pairs.parquet")
    from assay.linkage.clerical_review import pair_refs

    refs = dict(
        zip(zip(told["knot"].to_pylist(), told["other_knot"].to_pylist(), strict=True), pair_refs(told), strict=True)
    )
    path = tmp_path / f"{name}.csv"
    path.write_text("pair_ref,verdict\n" + "".join(f"{refs[pair]},{said}\n" for pair in pairs), encoding="utf-8")
    return take_in_verdicts(inspection, path)


def held_by(tied, file) -> set[tuple[str, int]]:
    rows = tied.rows.filter((tied.rows["file_force"] == file[0]) & (tied.rows["subject_ref"] == file[1]))
    return set(zip(rows["force_code"], rows["tie"], strict=True))


def test_what_linkage_alone_finds_likely_stands_on_no_sheet_and_is_counted(inspection, likely):
    first, other = likely
    tied = assemble_cases(inspection, [file_of(first), file_of(other)])
    for entry in likely:
        assert held_by(tied, file_of(entry)) == {(entry["force_code"], 0)}
        assert file_of(entry) in tied.unconfirmed
    assert tied.other_forces() == {}


def test_once_somebody_said_the_same_each_forces_file_has_the_steps_of_the_other_and_says_whose(
    inspection, likely, tmp_path
):
    first, other = likely
    verdict(inspection, tmp_path, [(first["knot"], other["knot"])], "same")
    files = [file_of(first), file_of(other)]
    tied = assemble_cases(inspection, files)
    assert tied.unconfirmed == frozenset()
    assert tied.other_forces() == {files[0]: (other["force_code"],), files[1]: (first["force_code"],)}
    steps = build_timelines(inspection, "child", files, tied, today=TODAY).steps
    mine = [one for one in steps if (one.force_code, one.subject_ref) == files[0]]
    assert {(one.held_by, one.tied_by) for one in mine} == {
        (first["force_code"], OWN_RECORD),
        (other["force_code"], CONFIRMED_BY_REVIEW),
    }
    assert [one.when for one in mine] == sorted(one.when for one in mine)  # one chronology, not one force after another
    alone = build_timelines(inspection, "child", [files[1]], assemble_cases(inspection, [files[1]]), today=TODAY).steps
    own = [(one.when, one.what) for one in alone if one.tied_by == OWN_RECORD]
    assert own == [(one.when, one.what) for one in mine if one.held_by == other["force_code"]]


@pytest.mark.parametrize("said", ["different", "cannot tell"])
def test_any_other_verdict_leaves_the_sheet_as_it_was(inspection, likely, tmp_path, said):
    first, other = likely
    verdict(inspection, tmp_path, [(first["knot"], other["knot"])], said)
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
    tied = pq.read_table(path)
    is_other = pc.equal(tied["entry"], other["entry"])
    knots = pc.if_else(is_other, pa.scalar(first["knot"]), tied["knot"])
    pq.write_table(tied.set_column(tied.column_names.index("knot"), "knot", knots), path)
    found = assemble_cases(inspection, [file_of(first)])
    steps = build_timelines(inspection, "child", [file_of(first)], found, today=TODAY).steps
    assert {one.tied_by for one in steps if one.held_by == other["force_code"]} == {EXACT_MATCH}
    assert other["entry"] not in {entry for _, entry in found.unconfirmed}


def test_in_its_own_force_too_a_record_that_likeness_alone_ties_stands_on_no_sheet(inspection, likely):
    """Two entries of one force become one person by likeness: the file is that of the first alone."""
    first, _ = likely
    path = inspection / "records" / "person.parquet"
    people = pq.read_table(path)
    here = pc.and_(
        pc.equal(people["force_code"], first["force_code"]), pc.not_equal(people["person_id"], first["main"])
    )
    taken = people.filter(here).to_pylist()[0]
    is_it = pc.and_(here, pc.equal(people["person_id"], taken["person_id"]))
    ids = pc.if_else(is_it, pa.scalar(first["main"]), people["person_id"])
    pq.write_table(people.set_column(people.column_names.index("person_id"), "person_id", ids), path)
    tied = assemble_cases(inspection, [file_of(first)])
    assert taken["crime_ref"] not in tied.rows["crime_ref"].to_list()
    assert file_of(first) in tied.unconfirmed


def test_nobody_reads_a_child_on_whose_sheet_steps_of_their_own_force_stand(inspection, likely, tmp_path):
    first, other = likely
    verdict(inspection, tmp_path, [(first["knot"], other["knot"])], "same")
    (tmp_path / "children.toml").write_text(CHILD)
    away = f"M1,{first['force_code']}\nM2,{other['force_code']}\nM3,\n"
    (tmp_path / "markers.csv").write_text(f"marker_code,away_from\n{away}")
    draw_sample(inspection, tmp_path / "children.toml")
    given = issue_sheets(inspection, "children", "assessments_child", tmp_path / "markers.csv", tmp_path)
    held = assigned_of(inspection, "children", "assessments_child")
    both = {one.marker for one in held if one.file.pair in (file_of(first), file_of(other))}
    assert both == {"M3"}
    assert {one.file.also for one in held if one.file.pair == file_of(first)} == {(other["force_code"],)}
    assert given.elsewhere == 2
    assert "2 files have steps of other forces, by confirmed links." in given.summary_lines()
    assert not [one for one in verify(inspection) if "casefiles" in str(one) or "reviewed" in str(one)]


def test_the_second_sheet_names_the_force_of_each_step_and_by_what_it_is_tied(inspection, likely, tmp_path):
    first, other = likely
    verdict(inspection, tmp_path, [(first["knot"], other["knot"])], "same")
    (tmp_path / "children.toml").write_text(CHILD)
    (tmp_path / "markers.csv").write_text("marker_code,away_from\nM3,\n")
    draw_sample(inspection, tmp_path / "children.toml")
    given = issue_sheets(inspection, "children", "assessments_child", tmp_path / "markers.csv", tmp_path)
    rows = fastexcel.read_excel(given.sheets["M3"]).load_sheet("Steps", dtypes="string").to_arrow().to_pylist()
    mine = [row for row in rows if (row["force_code"], row["subject_ref"]) == file_of(first)]
    assert {(row["held_by"], row["tied_by"] or "") for row in mine} == {
        (first["force_code"], ""), (other["force_code"], CONFIRMED_BY_REVIEW),
    }  # fmt: skip


def test_pairs_that_touch_the_files_of_a_sample_are_looked_at_and_say_nothing_of_precision(
    inspection, likely, tmp_path
):
    first, other = likely
    (tmp_path / "children.toml").write_text(CHILD)
    (tmp_path / "markers.csv").write_text("marker_code,away_from\nM3,\n")
    draw_sample(inspection, tmp_path / "children.toml")
    given = issue_sheets(inspection, "children", "assessments_child", tmp_path / "markers.csv", tmp_path)
    assert given.unconfirmed >= 2
    assert any("Nobody has confirmed it" in line for line in given.summary_lines())
    knots = clusters_of_sample(inspection, "children")
    assert {first["knot"], other["knot"]} <= knots
    write_review_pairs(inspection, 100, "word", tmp_path / "pairs.csv", sample="children", clusters=knots)
    with (tmp_path / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(row["knot"] in knots or row["other_knot"] in knots for row in rows)
    assert (first["knot"], other["knot"]) in [(row["knot"], row["other_knot"]) for row in rows]
    with (tmp_path / "back.csv").open("w", encoding="utf-8", newline="") as out:
        lines = csv.DictWriter(out, rows[0])
        lines.writeheader()
        lines.writerows([{**row, "verdict": "same"} for row in rows])
    told = take_in_verdicts(inspection, tmp_path / "back.csv")
    assert told.as_dict()["at"] == []
    assert any("not drawn by chance" in line for line in told.summary_lines())
    assert assemble_cases(inspection, [file_of(first)]).other_forces() == {file_of(first): (other["force_code"],)}


def test_only_persons_can_be_the_same(inspection, tmp_path):
    (tmp_path / "crimes.toml").write_text(CHILD.replace("child", "crime"))
    draw_sample(inspection, tmp_path / "crimes.toml")
    with pytest.raises(UsageError, match="only persons can be the same"):
        clusters_of_sample(inspection, "crimes")


def test_without_linkage_a_person_is_who_their_sender_says(inspection, likely):
    for name in ("tied", "pairs", "joins"):
        (inspection / "persons" / f"{name}.parquet").unlink()
    first, other = likely
    tied = assemble_cases(inspection, [file_of(first)])
    assert other["force_code"] not in {row["force_code"] for row in tied.rows.to_dicts()}

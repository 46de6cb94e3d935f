"""Is a reproduced report compared with the pack file by file, and is each difference named?"""

import json
import shutil
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from assay.cli import app
from assay.engine.provenance import EventKind, Ledger, write_stage
from assay.errors import EvidenceError, UsageError
from assay.ingest.inspection_folder import SETTINGS_FILE
from assay.workflows.release import reproduction
from assay.workflows.release.report_pack import make_pack
from assay.workflows.release.reproduction import DIFFERS, EQUAL_CONTENT, IDENTICAL, NOT_MADE, NOT_PACKED, reproduce
from report.test_report_pack import changed


@pytest.fixture(scope="module")
def inspection(record_report, tmp_path_factory):
    """A folder in which a run wrote a report, beside a stage that arrived from outside; and its pack."""
    folder = tmp_path_factory.mktemp("to-reproduce") / "inspection"
    folder.mkdir()
    (folder / SETTINGS_FILE).write_text("# a request\n")
    ledger = Ledger(folder / "ledger.jsonl")
    write_stage(folder, "returns/INV01", files={"a.txt": "x"}, rows_in=0, rows_out=0, ledger=ledger)
    ledger.append(EventKind.RUN_BEGAN, code_version="0", python="3", system="x")
    write_stage(folder, "report", fill=filled(record_report.folder), rows_in=0, rows_out=0, ledger=ledger)
    ledger.append(EventKind.RUN_ENDED, stages=1)
    return SimpleNamespace(folder=folder, pack=make_pack(folder, folder.with_name("one.zip")).pack)


def filled(report, **other):
    """Copies a report into a stage, with some of its files other ones: {name: bytes, or None}."""

    def fill(folder):
        shutil.copytree(report, folder, dirs_exist_ok=True)
        for name, content in other.items():
            if content is None:
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(content)

    return fill


@pytest.fixture
def run_gives(record_report, monkeypatch):
    """What the run is taken to write: the same report, but for some files."""
    seen = SimpleNamespace(stages=None, persons=None)

    def prepare(**other):
        def run(folder, *, persons, progress, closing_page):
            assert closing_page is None  # a report on returns has none
            seen.stages, seen.persons = sorted(path.name for path in folder.iterdir()), persons
            write_stage(folder, "report", fill=filled(record_report.folder, **other), rows_in=0, rows_out=0)

        monkeypatch.setattr(reproduction, "run_inspection", run)
        return seen

    return prepare


def test_a_report_that_is_made_again_is_the_same_to_the_byte_and_the_inspection_is_left_as_it_was(
    inspection, run_gives
):
    seen = run_gives()
    before = {path: path.read_bytes() for path in inspection.folder.rglob("*") if path.is_file()}
    found = reproduce(inspection.pack, inspection.folder)
    assert found.is_reproduced
    assert set(found.files.values()) == {IDENTICAL}
    assert len(found.files) > 300
    assert seen.stages == [SETTINGS_FILE, "ledger.jsonl", "returns"]  # what the run made is gone before it runs
    assert {path: path.read_bytes() for path in inspection.folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in inspection.folder.parent.iterdir() if path.name.startswith(".reproduce")] == []


def test_a_file_with_another_figure_differs_and_one_that_is_lacking_or_more_is_named(
    inspection, run_gives, record_report
):
    index = (record_report.folder / "index.html").read_bytes().replace(b"</main>", b"<p>1,234</p></main>")
    run_gives(**{"index.html": index, "plan.html": None, "more.html": b"x"})
    found = reproduce(inspection.pack, inspection.folder)
    assert not found.is_reproduced
    differences_found = {name: verdict for name, verdict in found.files.items() if verdict != IDENTICAL}
    assert differences_found == {
        "report/index.html": DIFFERS,
        "report/report.pdf": DIFFERS,  # it is set from that page
        "report/plan.html": NOT_MADE,
        "report/more.html": NOT_PACKED,
    }
    assert "  - report/index.html: differs" in found.summary_lines()


def test_a_page_under_another_seal_that_says_the_same_is_the_same_in_content(inspection, run_gives, record_report):
    folder, seal, other = record_report.folder, b"0" * 64, b"1" * 64
    resealed = {path.relative_to(folder).as_posix(): path.read_bytes().replace(seal, other)
                for path in folder.rglob("*") if path.suffix in (".html", ".json")}  # fmt: skip
    run_gives(**resealed)
    found = reproduce(inspection.pack, inspection.folder)
    assert found.is_reproduced
    assert found.files["report/index.html"] == EQUAL_CONTENT
    assert found.files["report/figures/ladders.csv"] == IDENTICAL


def test_other_versions_are_told_before_any_file(inspection, run_gives, tmp_path):
    run_gives()
    about_text = json.dumps({"program": "assay", "version": "9.9.9", "waiting": []}).encode()
    older = changed(inspection.pack, tmp_path / "older.zip", {"about.json": about_text, "lock/run.txt": b"duckdb==1"})
    summary_lines = reproduce(older, inspection.folder).summary_lines()
    assert "version 9.9.9" in summary_lines[0]
    assert "other pinned packages" in summary_lines[1]


def test_what_is_neither_an_inspection_nor_returns_is_refused_and_so_is_what_is_no_pack(inspection, tmp_path):
    with pytest.raises(UsageError, match="neither the folder of an inspection"):
        reproduce(inspection.pack, tmp_path)
    (tmp_path / "x.zip").write_text("x")
    with pytest.raises(EvidenceError, match="is not a pack"):
        reproduce(tmp_path / "x.zip", inspection.folder)


def test_the_command_ends_with_its_own_code_where_a_file_differs(inspection, run_gives):
    run_gives(**{"style.css": b"x"})
    ran = CliRunner().invoke(app, ["inspect", "reproduce", str(inspection.pack), "--returns", str(inspection.folder)])
    assert ran.exit_code == 5
    assert "report/style.css: differs" in ran.output

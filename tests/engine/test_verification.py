"""Does `verify` find no difference in an unchanged inspection, and every change in another?"""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.provenance import (
    EventKind,
    Ledger,
    Receipt,
    current_stage,
    read_receipt,
    read_stage,
    verify,
    write_stage,
)
from assay.errors import EvidenceError

pytestmark = pytest.mark.quick

COUNTS = pa.table({"place_code": ["E23A", "E23B"], "offences": [7, 5]})
SHARES = pa.table({"place_code": ["E23A"], "share": [0.25]})


@pytest.fixture
def inspection(tmp_path):
    folder = tmp_path / "inspection"
    ledger = Ledger(folder / "ledger.jsonl")
    returns = write_stage(
        folder, "returns", {"recorded": COUNTS}, ledger=ledger, inputs={"sent/a.csv": "f" * 64},
        rows_in=3, rows_out=2, set_aside={"outcomes only": 1},
    )  # fmt: skip
    read = {"returns/recorded.parquet": returns.outputs["recorded.parquet"]}
    records = write_stage(
        folder,
        "records",
        {"recorded": COUNTS, "shares": SHARES},
        ledger=ledger,
        inputs=read,
        rows_in=2,
        rows_out=2,
    )
    read = {"records/shares.parquet": records.outputs["shares.parquet"]}
    pages = {"index.html": "<p>7</p>", "figures/recorded.csv": "place_code,offences\nE23A,7\n"}
    settings = {"ledger_head": ledger.head}
    write_stage(folder, "report", files=pages, ledger=ledger, inputs=read, settings=settings, rows_in=1, rows_out=1)
    return folder


def sentences_of(folder, **options) -> list[str]:
    return [difference.sentence for difference in verify(folder, **options)]


def test_a_sound_inspection_differs_in_nothing(inspection):
    assert sentences_of(inspection) == []


def test_a_folder_without_an_inspection_is_refused_rather_than_found_sound(tmp_path):
    with pytest.raises(EvidenceError, match="nothing to verify"):
        verify(tmp_path)


def test_one_changed_cell_is_named_by_its_table(inspection):
    changed = pa.table({"place_code": ["E23A", "E23B"], "offences": [7, 6]})
    pq.write_table(changed, inspection / "records" / "recorded.parquet")
    assert sentences_of(inspection) == ["records/recorded.parquet differs: what it says changed since it was written."]


def test_the_same_rows_written_in_another_order_are_the_same(inspection):
    pq.write_table(COUNTS.take([1, 0]), inspection / "records" / "recorded.parquet", compression="none")
    assert sentences_of(inspection) == []


def test_one_changed_byte_of_a_page_is_named_by_its_page(inspection):
    (inspection / "report" / "index.html").write_text("<p>8</p>")
    assert sentences_of(inspection) == ["report/index.html differs: its bytes changed since it was written."]


def test_a_table_that_was_damaged_is_named_as_unreadable(inspection):
    (inspection / "records" / "shares.parquet").write_bytes(b"PAR1")
    assert sentences_of(inspection) == ["records/shares.parquet can no longer be read."]


def test_a_missing_file_is_named(inspection):
    (inspection / "report" / "figures" / "recorded.csv").unlink()
    assert sentences_of(inspection) == ["report/figures/recorded.csv is missing; its receipt says that it was written."]


def test_a_file_that_no_receipt_knows_is_named(inspection):
    (inspection / "records" / "extra.csv").write_text("1")
    (inspection / "notes.txt").write_text("1")
    assert sentences_of(inspection) == [
        "notes.txt has no receipt: nothing says where it comes from.",
        "records/extra.csv is in no receipt: who put it there?",
    ]


def test_a_missing_stage_is_missed_by_those_who_read_it_and_by_the_ledger(inspection):
    shutil.rmtree(inspection / "returns")
    assert sentences_of(inspection) == [
        "The ledger says that returns was written, but it is not here.",
        "records read returns/recorded.parquet, which is in no receipt.",
    ]


def test_a_stage_written_again_leaves_its_readers_out_of_date(inspection):
    other = pa.table({"place_code": ["E23A"], "share": [0.5]})
    ledger = Ledger(inspection / "ledger.jsonl")
    write_stage(inspection, "records", {"shares": other}, ledger=ledger, rows_in=1, rows_out=1)
    assert sentences_of(inspection) == [
        "report read another records/shares.parquet than the one that is here: run it again."
    ]


def draw_sample(folder, input_hash: str) -> None:
    """Draw a sample that read `shares` with this hash."""
    write_stage(
        folder, "casefiles/samples/files", {"files": COUNTS}, ledger=Ledger(folder / "ledger.jsonl"),
        inputs={"records/shares.parquet": input_hash}, rows_in=2, rows_out=2,
    )  # fmt: skip


def test_a_sample_is_drawn_once_so_its_inputs_may_be_written_again_after_the_draw(inspection):
    draw_sample(inspection, read_receipt(inspection, "records").outputs["shares.parquet"])
    write_again = {"recorded": COUNTS, "shares": SHARES.append_column("note", pa.array(["x"]))}
    write_stage(
        inspection, "records", write_again, ledger=Ledger(inspection / "ledger.jsonl"), inputs={}, rows_in=2, rows_out=2
    )
    assert sentences_of(inspection) == [
        "report read another records/shares.parquet than the one that is here: run it again."
    ]


def test_a_sample_that_read_another_input_than_the_one_before_its_draw_is_named(inspection):
    draw_sample(inspection, "a" * 64)
    assert sentences_of(inspection) == [
        "casefiles/samples/files read another records/shares.parquet than the one that is here: run it again."
    ]


def test_a_table_changed_together_with_its_receipt_is_caught_by_the_ledger(inspection):
    other = pa.table({"place_code": ["E23A", "E23B"], "offences": [7, 6]})
    previous = read_receipt(inspection, "records")
    tables = {"recorded": other, "shares": SHARES}
    write_stage(inspection, "records", tables, inputs=dict(previous.inputs), rows_in=2, rows_out=2)
    assert sentences_of(inspection) == ["records/receipt.json is not the receipt that the ledger saw written."]


def test_a_receipt_edited_so_that_it_does_not_add_up_is_named(inspection):
    path = inspection / "returns" / "receipt.json"
    path.write_text(path.read_text().replace('"taken": 3', '"taken": 4'))
    sentences = sentences_of(inspection)
    assert any("returns took 4 rows" in sentence for sentence in sentences)
    assert "records read returns/recorded.parquet" in sentences[-1]


def test_a_receipt_moved_to_another_stage_is_named(inspection):
    shutil.copy(inspection / "returns" / "receipt.json", inspection / "records" / "receipt.json")
    assert "records/receipt.json says that it is the receipt of 'returns'." in sentences_of(inspection)


def test_a_changed_ledger_line_is_named(inspection):
    ledger = inspection / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"number": 1', b'"number": 7'))
    assert "ledger.jsonl, line 1: its words have been changed since it was written." in sentences_of(inspection)


def test_a_ledger_cut_short_is_caught_by_the_stages_it_no_longer_knows(inspection):
    ledger = inspection / "ledger.jsonl"
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:1]))
    found = sentences_of(inspection)
    assert "The ledger does not say that report was ever written." in found
    assert "report names a ledger head that the ledger does not hold." in found


def test_a_ledger_begun_anew_does_not_hold_the_head_that_was_printed(inspection):
    printed = Ledger(inspection / "ledger.jsonl").head
    assert sentences_of(inspection, head=printed) == []
    assert sentences_of(inspection, head="a" * 64) == [
        "ledger.jsonl does not hold the head aaaaaaaaaaaa: lines are gone.",
    ]


def test_a_missing_ledger_is_named(inspection):
    (inspection / "ledger.jsonl").unlink()
    assert sentences_of(inspection) == ["ledger.jsonl is missing: nothing says when the stages were made."]


def test_a_receipt_that_does_not_add_up_leaves_the_old_stage_as_it_was(inspection):
    before = read_receipt(inspection, "records")
    with pytest.raises(EvidenceError, match="not accounted for"):
        write_stage(inspection, "records", {"recorded": COUNTS}, rows_in=3, rows_out=2)
    assert read_receipt(inspection, "records") == before
    assert sentences_of(inspection) == []


def test_a_stage_that_fails_while_it_is_written_leaves_the_old_one_as_it_was(inspection):
    def stopped(partial_output):
        (partial_output / "half.html").write_text("<p>")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_stage(inspection, "report", fill=stopped, rows_in=0, rows_out=0)
    assert sentences_of(inspection) == []
    half = inspection / ".unfinished-report"  # what a process leaves that was killed
    half.mkdir()
    (half / "half.html").write_text("<p>")
    assert sentences_of(inspection) == [".unfinished-report/half.html is left over from a run that was stopped."]
    changed_pages = {"index.html": "<p>7</p>", "figures/recorded.csv": "place_code,offences\nE23A,7\n"}
    previous = read_receipt(inspection, "report")
    write_stage(
        inspection,
        "report",
        files=changed_pages,
        inputs=dict(previous.inputs),
        settings=dict(previous.settings),
        rows_in=1,
        rows_out=1,
    )
    assert sentences_of(inspection) == []


def test_a_stage_reads_back_as_it_was_written(inspection):
    assert read_stage(inspection, "records", "recorded").equals(COUNTS)
    with pytest.raises(EvidenceError, match="records holds no table outcomes"):
        read_stage(inspection, "records", "outcomes")


def test_an_unchanged_stage_need_not_run_again_and_any_change_makes_it_run(inspection):
    source_hashes = {"sent/a.csv": "f" * 64}
    assert current_stage(inspection, "returns", inputs=source_hashes) == read_receipt(inspection, "returns")
    assert current_stage(inspection, "returns", inputs={"sent/a.csv": "0" * 64}) is None
    assert current_stage(inspection, "returns", inputs=source_hashes, sources="new code") is None
    assert current_stage(inspection, "never-written", inputs=source_hashes) is None
    pq.write_table(COUNTS.slice(1), inspection / "returns" / "recorded.parquet")
    assert current_stage(inspection, "returns", inputs=source_hashes) is None


def test_a_stage_kept_is_as_good_as_written_in_the_ledger(inspection):
    tables = {"recorded": COUNTS}
    receipt = write_stage(inspection, "enquiries/scale", tables, rows_in=2, rows_out=2)
    assert sentences_of(inspection) == ["The ledger does not say that enquiries/scale was ever written."]
    ledger = Ledger(inspection / "ledger.jsonl")
    ledger.append(EventKind.STAGE_KEPT, stage="enquiries/scale", receipt=receipt.hash)
    assert sentences_of(inspection) == []


@pytest.mark.parametrize("name", ["records/inner", "../outside", ""])
def test_a_stage_lies_neither_inside_another_nor_outside_the_folder(inspection, name):
    with pytest.raises(EvidenceError):
        write_stage(inspection, name, {"recorded": COUNTS}, rows_in=2, rows_out=2)


def test_the_same_work_gives_the_same_receipt(tmp_path):
    hashes = {
        write_stage(tmp_path / name, "records", {"recorded": COUNTS}, rows_in=2, rows_out=2).hash for name in "ab"
    }
    assert len(hashes) == 1
    assert isinstance(read_receipt(tmp_path / "a", "records"), Receipt)


def test_a_run_that_was_cut_short_is_named(inspection):
    ledger = Ledger(inspection / "ledger.jsonl")
    ledger.append(EventKind.RUN_BEGAN, code_version="0", python="3", system="any")
    assert any("did not come to its end" in sentence for sentence in sentences_of(inspection))
    ledger.append(EventKind.RUN_ENDED, stages=3)
    assert sentences_of(inspection) == []

"""Is no reference to a record left after retirement, and is each remaining one reported?"""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from assay import contract
from assay.cli import app
from assay.contract import separated_columns
from assay.engine.provenance import EventKind, Ledger, read_receipt, sign_head, verify, write_stage
from assay.engine.provenance.file_signatures import make_signing_keys
from assay.engine.provenance.remaining_references import References, collect_references, search_files
from assay.engine.provenance.stage_folders import RECEIPT, list_stages
from assay.engine.provenance.verification import CODES_KEY, PENDING_REFERENCES
from assay.engine.stage_runner import StageRunner
from assay.errors import EvidenceError
from assay.ingest import other_senders
from assay.ingest.inspection_folder import create_inspection
from assay.workflows.reading.entry_reading import unlock_entry, unlock_log
from assay.workflows.release.report_pack import make_pack
from assay.workflows.release.reproduction import verify_printed
from assay.workflows.retire import retirement
from assay.workflows.retire.ledger_entry_codes import entry_code
from assay.workflows.retire.retirement import retire, withdraw
from ingest.other_sent import REQUEST
from made_once import without_attack, without_pdfs

CRIMES = pa.table({"crime_ref": ["CR-000417", "CR-000418", "7"], "force_code": ["INV01"] * 3})
RETURN = "returns/INV01/edition_1"


@pytest.fixture
def folder(tmp_path):
    """An inspection that holds one return of three crimes."""
    place = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    write_stage_rows(place, RETURN, {})
    return place


def write_stage_rows(folder, stage, settings):
    write_stage(
        folder,
        stage,
        {"crimes": CRIMES},
        ledger=Ledger(folder / "ledger.jsonl"),
        settings=settings,
        rows_in=3,
        rows_out=3,
    )


def given_as_before(folder):
    """Files given out as an earlier version wrote it: the list stands in the receipt."""
    rows = [{"subject_ref": ref, "marker": "I01"} for ref in CRIMES["crime_ref"].to_pylist()]
    write_stage_rows(folder, "casefiles/given/files/responses_case", {"assigned": json.dumps(rows)})


def test_nothing_is_left_of_an_inspection_whose_receipts_hold_no_reference(folder):
    done = retire(folder)
    assert (done.complete, done.remaining, len(done.sought)) == (True, (), 3)
    assert "3 destroyed references were searched for in every remaining file: none was found." in done.summary_lines()
    assert verify(folder) == []


def test_a_receipt_that_holds_references_is_named_and_the_retirement_is_no_success(folder):
    given_as_before(folder)
    done = CliRunner().invoke(app, ["inspect", "retire", str(folder), "--yes"])
    assert done.exit_code == 5
    assert "casefiles/given/files/responses_case/receipt.json: 3 references" in done.output
    assert "CR-0004" not in done.output
    assert "CR-0004" not in (folder / "ledger.jsonl").read_text()


def test_a_retirement_that_left_references_says_so_again_until_the_file_is_another(folder):
    given_as_before(folder)
    place = folder / "casefiles/given/files/responses_case" / RECEIPT
    assert not retire(folder).complete
    assert [(file.path, file.count) for file in retire(folder).remaining] == [(place.relative_to(folder).as_posix(), 3)]
    place.write_text("{}")
    assert retire(folder).complete


@pytest.mark.parametrize(
    "name", ["panel/minutes.txt", "report/index.html", "disclosure/a.json", "plan/of CR-000418.txt"]
)
def test_a_reference_in_what_stays_is_found_wherever_it_stands(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text('{"said": "the panel looked at CR-000417 (7)"}')
    assert [file.path for file in retire(folder).remaining] == [name]


def test_a_reference_that_is_left_beside_a_workbench_is_found_too(folder):
    (folder.parent / "trial-workbench").mkdir()
    (folder.parent / "trial-workbench" / "log.txt").write_text("CR-000418")
    done = CliRunner().invoke(app, ["inspect", "retire", str(folder), "--yes", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["references_left"]) == (
        5, [{"place": "trial-workbench/log.txt", "references": 1}]
    )  # fmt: skip


def test_a_retirement_that_was_stopped_before_it_searched_says_that_it_cannot_tell(folder):
    Ledger(folder / "ledger.jsonl").append(EventKind.RETIRED, rule="The inspection was retired.")
    (folder / RETURN / "crimes.parquet").unlink()
    done = retire(folder)
    assert not done.complete
    assert "could not be searched" in done.summary_lines()[-1]


class Killed(BaseException):
    """What ends a process at once."""


def test_a_retirement_that_was_killed_between_folder_and_workbench_searches_both_again(folder):
    (folder.parent / "trial-workbench").mkdir()
    (folder.parent / "trial-workbench" / "log.txt").write_text("CR-000418")
    given_as_before(folder)

    def killed(_):
        raise Killed

    with pytest.raises(Killed):
        retire(folder, destroy_external=killed)
    assert not (folder / RETURN / "crimes.parquet").exists()
    done = CliRunner().invoke(app, ["inspect", "retire", str(folder), "--yes", "--json"])
    left = json.loads(done.stdout)
    assert (done.exit_code, left["references_sought"], "unknown" in left) == (5, 3, False)
    assert {row["place"]: row["references"] for row in left["references_left"]} == {
        "casefiles/given/files/responses_case/receipt.json": 3, "trial-workbench/log.txt": 1,
    }  # fmt: skip
    assert not (folder / PENDING_REFERENCES).exists()
    assert verify(folder) == []


@pytest.mark.parametrize("step", ["close_lists", "_destroy", "_destroy_unreceipted", "_search"])
def test_a_retirement_that_was_killed_at_any_step_finds_what_is_left_when_it_runs_again(folder, monkeypatch, step):
    (folder / "panel").mkdir()
    (folder / "panel" / "minutes.txt").write_text("the panel looked at CR-000417")
    real = getattr(retirement, step)

    def done_and_killed(*arguments, **keywords):
        real(*arguments, **keywords)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(retirement, step, done_and_killed)
        with pytest.raises(Killed):
            retire(folder)
    done = retire(folder)
    assert ([(file.path, file.count) for file in done.remaining], done.search_limit) == ([("panel/minutes.txt", 1)], "")
    assert not (folder / PENDING_REFERENCES).exists()


def test_references_of_a_stopped_retirement_are_readable_by_their_owner_alone(folder):
    with pytest.raises(Killed):
        retire(folder, destroy_external=lambda _: (_ for _ in ()).throw(Killed))
    assert (folder / PENDING_REFERENCES).stat().st_mode & 0o077 == 0


def test_the_ledger_says_how_many_references_were_looked_for(folder):
    retire(folder)
    (details,) = [
        entry.about for entry in Ledger(folder / "ledger.jsonl").entries() if entry.kind == "references sought"
    ]
    assert (details["references"], details["left"]) == (3, 0)


def references_of(folder):
    known = (
        *contract.tables(),
        *other_senders.tables(),
        *separated_columns.PARTS,
        *(f"INV{n:02}" for n in range(1, 10)),
    )
    return References(collect_references(folder.rglob("*.parquet")), exclude=known)


def test_no_receipt_and_no_line_of_the_ledger_of_a_whole_inspection_holds_a_reference(demo, tmp_path):
    references = references_of(demo.folder)
    assert len(references) > 1000
    for stage in list_stages(demo.folder):
        (tmp_path / stage).mkdir(parents=True)
        (tmp_path / stage / RECEIPT).write_text(read_receipt(demo.folder, stage).to_json())
    shutil.copy(demo.folder / "ledger.jsonl", tmp_path / "ledger.jsonl")
    assert search_files(tmp_path, references) == []


def first_note(folder):
    table = pa.concat_tables([pq.read_table(path) for path in sorted(folder.glob("returns/INV01/*/notes.parquet"))])
    return next(row["note_ref"] for row in table.to_pylist() if row["note_ref"])


def test_a_whole_inspection_leaves_no_reference_when_it_is_retired_after_a_text_was_unlocked(demo, tmp_path):
    copy = shutil.copytree(demo.folder, tmp_path / "demo")
    reference = first_note(copy)
    unlock_entry(copy, "INV01", reference, reader_code="insp-07", reason="To check who is meant.")
    assert [event["entry"] for event in unlock_log(copy).events] == [reference]
    done = retire(copy)
    assert (done.complete, len(done.sought) > 1000) == (True, True)
    assert verify(copy) == []
    assert not (copy / "references.key").exists()
    (event,) = unlock_log(copy).events
    assert len(event["entry"]) == 26


def test_an_unlocked_text_is_signed_for_and_missed_when_its_line_is_cut(demo, tmp_path, monkeypatch):
    copy = shutil.copytree(demo.folder, tmp_path / "demo")
    monkeypatch.delenv("ASSAY_SIGNING_KEY")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert CliRunner().invoke(app, ["signature", "make-keys"]).exit_code == 0
    public = tmp_path / "config" / "assay" / "signing-public.toml"
    unlock_entry(copy, "INV01", first_note(copy), reader_code="insp-07", reason="To check who is meant.")
    check = ["inspect", "verify", str(copy), "--public-key", str(public)]
    done = CliRunner().invoke(app, check)
    assert (done.exit_code, "are signed with the key" in done.output) == (0, True)
    ledger = copy / "ledger.jsonl"
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:-1]))
    done = CliRunner().invoke(app, check)
    assert (done.exit_code, "the last line is missing" in done.output) == (5, True)


def test_the_pack_and_the_folder_of_a_whole_inspection_bear_the_seal_that_is_recomputed(demo, tmp_path):
    copy = shutil.copytree(demo.folder, tmp_path / "demo")
    receipt = json.loads((copy / "report/figures/public-receipt.json").read_text())
    with without_pdfs(), without_attack():
        make_pack(copy, tmp_path / "pack.zip", although_waiting=True)
        for printed in (receipt["ledger_head"], receipt["receipt_sha256"]):
            for place in (copy, tmp_path / "pack.zip"):
                done = CliRunner().invoke(app, ["inspect", "verify", str(place), "--seal", printed])
                assert done.exit_code == 0, done.output
        for place in (copy, tmp_path / "pack.zip"):
            assert CliRunner().invoke(app, ["inspect", "verify", str(place), "--seal", "0" * 64]).exit_code == 5
    assert "Copy the whole hash" in str(
        CliRunner().invoke(app, ["inspect", "verify", str(copy), "--seal", "abc"]).exception
    )


def test_a_released_figure_changed_with_every_receipt_is_found_by_the_printed_hash_of_the_public_receipt(
    demo, tmp_path
):
    copy = shutil.copytree(demo.folder, tmp_path / "demo")
    path = copy / "report/figures/public-receipt.json"
    receipt = json.loads(path.read_text())
    figures = copy / "report/figures/findings.json"
    figures.write_text(figures.read_text().replace("crimes", "offences"))
    with without_attack():
        done = CliRunner().invoke(app, ["inspect", "verify", str(copy), "--seal", receipt["receipt_sha256"], "--json"])
    assert any("does not hold the figures" in difference for difference in json.loads(done.stdout)["differences"])
    path.write_text(json.dumps(receipt | {"edition": "another"}))
    with without_attack():
        done = CliRunner().invoke(app, ["inspect", "verify", str(copy), "--seal", receipt["receipt_sha256"], "--json"])
    assert any(
        "not the receipt that it says it is" in difference for difference in json.loads(done.stdout)["differences"]
    )


@pytest.mark.parametrize("copy", ["trial-format-0/returns/crimes.csv", "trial-workbench-before.sqlite3"])
def test_a_copy_that_an_upgrade_left_beside_the_folder_is_searched_too(folder, copy):
    place = folder.with_name(copy.split("/")[0]) / "/".join(copy.split("/")[1:])
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("CR-000417\n")
    done = CliRunner().invoke(app, ["inspect", "retire", str(folder), "--yes"])
    assert done.exit_code == 5
    assert f"{copy}: 1 reference" in done.output


# The codes by which the ledger names entries


def unlocked_entry(folder, force_code):
    entry = entry_code(folder, force_code, "notes", "N1")
    Ledger(folder / "ledger.jsonl").append(
        EventKind.TEXT_UNLOCKED, who="I01", body=force_code, entry=entry, why="a reason"
    )


@pytest.fixture
def two_returns(folder, monkeypatch):
    """Two organisations, each with one return."""
    write_stage_rows(folder, "returns/INV02/edition_1", {})

    def stored_references(inspection):
        organisations = [
            force_code
            for force_code in ("INV01", "INV02")
            if (folder / f"returns/{force_code}/edition_1/crimes.parquet").is_file()
        ]
        return [
            SimpleNamespace(
                force_code=item, stage=f"returns/{item}/edition_1", return_edition=SimpleNamespace(edition=1)
            )
            for item in organisations
        ]

    for name in ("all_accepted_returns", "current_returns"):
        monkeypatch.setattr(retirement, name, stored_references)
    return folder


def test_the_key_of_codes_goes_with_the_last_return_whose_entries_the_ledger_names(two_returns):
    unlocked_entry(two_returns, "INV01")
    done = withdraw(two_returns, "INV01")
    assert not (two_returns / CODES_KEY).exists()
    assert CODES_KEY not in " ".join(done.summary_lines())
    assert verify(two_returns) == []


def test_the_key_of_codes_stays_while_another_return_needs_it_and_the_withdrawal_says_why(two_returns):
    unlocked_entry(two_returns, "INV01")
    unlocked_entry(two_returns, "INV02")
    done = withdraw(two_returns, "INV01")
    assert (two_returns / CODES_KEY).exists()
    assert "references.key stays: it links codes in the ledger to entries of INV02" in done.summary_lines()[-1]
    withdraw(two_returns, "INV02")
    assert not (two_returns / CODES_KEY).exists()


def test_the_key_of_codes_stays_while_a_closed_urgent_list_of_another_force_names_records_by_it(two_returns):
    codes = {
        "who": "I01",
        "body": "INV02",
        "edition": 1,
        "numbers": "1 right",
        "why": "Answered.",
        "dealt_with": "c0de",
    }
    Ledger(two_returns / "ledger.jsonl").append(EventKind.URGENT_CLOSED, **codes)
    unlocked_entry(two_returns, "INV01")
    withdraw(two_returns, "INV01")
    assert (two_returns / CODES_KEY).exists()


def test_a_withdrawal_that_was_killed_leaves_no_key_when_it_is_finished(two_returns, monkeypatch):
    unlocked_entry(two_returns, "INV01")
    with monkeypatch.context() as patched:
        patched.setattr(retirement, "_destroy", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            withdraw(two_returns, "INV01")
    withdraw(two_returns, "INV01")
    assert not (two_returns / CODES_KEY).exists()


def test_to_look_up_codes_makes_no_key(folder):
    Ledger(folder / "ledger.jsonl").append(EventKind.TEXT_UNLOCKED, who="I01", body="INV01", entry="x", why="a reason")
    assert [event["entry"] for event in unlock_log(folder).events] == ["x"]
    assert not (folder / CODES_KEY).exists()


@pytest.mark.parametrize("text", ["", "no base64 ü", "AAAA"])
def test_a_key_of_codes_that_was_damaged_is_a_sentence(folder, text):
    (folder / CODES_KEY).write_text(text)
    with pytest.raises(EvidenceError, match="holds no key"):
        entry_code(folder, "INV01", "notes", "N1")


def test_whoever_unlocks_first_at_once_makes_one_key_for_all(folder):
    with ThreadPoolExecutor(8) as threads:
        codes = set(threads.map(lambda _: entry_code(folder, "INV01", "notes", "N1"), range(32)))
    assert len(codes) == 1
    assert sorted(path.name for path in folder.iterdir() if CODES_KEY in path.name) == [CODES_KEY]


# What was printed


@pytest.mark.parametrize("more", [{}, {"tables": [5]}, {"tables": 5, "ledger_head": None}, {"tables": {"t": 1}}])
def test_a_public_receipt_that_was_changed_is_a_difference_and_no_traceback(folder, more):
    path = folder / "report/figures/public-receipt.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"receipt_sha256": "f" * 64, **more}))
    found = [str(difference) for difference in verify_printed(folder, "f" * 64)]
    assert any("public-receipt.json" in item for item in found)


def test_a_public_key_for_a_pack_is_refused_with_the_command_that_checks_one(tmp_path):
    (tmp_path / "pack.zip").write_bytes(b"")
    done = CliRunner().invoke(app, ["inspect", "verify", str(tmp_path / "pack.zip"), "--public-key", "k.toml"])
    assert "assay signature check" in str(done.exception)


def test_published_figures_made_anew_in_the_same_place_are_signed_from_their_first_line(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_SIGNING_KEY", str(make_signing_keys(tmp_path / "keys")[0]))
    for _ in range(2):
        runner = StageRunner(tmp_path / "published")
        runner.begin_run()
        runner.end_run()
        assert len(runner.ledger.entries()) == 2
        shutil.rmtree(tmp_path / "published")


def test_a_text_is_not_noted_as_shown_in_a_ledger_that_somebody_changed(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_SIGNING_KEY", str(make_signing_keys(tmp_path / "keys")[0]))
    ledger = Ledger(folder / "ledger.jsonl")
    sign_head(ledger)
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    cut = ledger.path.read_bytes()
    with pytest.raises(EvidenceError, match="nothing more was written"):
        unlock_entry(folder, "INV01", "N1", reader_code="I01", reason="To see what it says")
    assert ledger.path.read_bytes() == cut

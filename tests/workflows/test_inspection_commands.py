"""Do commands report an error as a sentence with the next step, and write nothing?"""

import pytest
from typer.testing import CliRunner

from assay import cli, contract
from assay.engine.provenance import Ledger
from assay.errors import AssayError
from assay.ingest.inspection_folder import create_inspection
from assay.workflows.receive.request_contract import parse_request
from assay.workflows.receive.return_intake import IntakeResult, ReturnResult, receive_returns
from assay.workflows.run.published_pipeline import inspect_published


def run(*words):
    """(exit code, what was said) of a command, as `main` ends it."""
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    if isinstance(done.exception, AssayError):
        return done.exception.exit_code, str(done.exception)
    return done.exit_code, done.output


@pytest.fixture
def inspection(tmp_path):
    days = ("2025-04-01", "2026-04-01")
    request = parse_request(None, key="TRIAL-2026", title="", period=days, history_from="2023-04-01")
    return create_inspection(tmp_path / "trial", request, {}).folder


@pytest.fixture
def sent_folder(tmp_path):
    """A folder of two returns: one without a cover, one with a cover that cannot be read."""
    for name, manifest_text in (("a", None), ("b", "not [TOML")):
        (tmp_path / "sent" / name).mkdir(parents=True)
        (tmp_path / "sent" / name / "crimes.csv").write_text("force_code\n")
        if manifest_text:
            (tmp_path / "sent" / name / "return.toml").write_text(manifest_text)
    return tmp_path / "sent"


def test_a_return_without_a_cover_is_refused_by_name_beside_the_others(inspection, sent_folder):
    intake_result = receive_returns(inspection, [sent_folder])
    assert [return_result.name for return_result in intake_result.refused] == ["a", "b"]
    assert all("R01" in return_result.refusal for return_result in intake_result.refused)
    kinds = [entry.kind for entry in Ledger(inspection / "ledger.jsonl").entries()]
    assert kinds.count("return refused") == 2


def test_receiving_nothing_usable_ends_with_code_three(inspection, sent_folder):
    code, output = run("inspect", "receive", inspection, sent_folder)
    assert code == 3
    assert "Accepted: 0 of 2 returns." in output


def test_a_return_of_which_no_row_can_be_used_is_sent_again_before_a_run(tmp_path):
    refused_tables = ReturnResult("a", "INV01", 1, 0, 31, 23, None, tables_refused=("crimes (R03)",))
    lines = IntakeResult(tmp_path, (refused_tables,)).summary_lines()
    assert lines[-1].startswith("No row of INV01 can be used.")
    assert lines[-1].endswith("sends it again as edition 2.")
    usable = ReturnResult("b", "INV02", 1, 7, 0, 0, None)
    lines = IntakeResult(tmp_path, (refused_tables, usable)).summary_lines()
    assert any(line.startswith("No row of INV01") for line in lines)
    assert any(line.startswith("Next: assay inspect run") for line in lines)


def test_published_statistics_never_enter_the_folder_of_an_inspection_of_returns(inspection):
    before = (inspection / "ledger.jsonl").read_bytes()
    with pytest.raises(AssayError, match="holds an inspection of returns"):
        inspect_published(None, inspection)
    assert (inspection / "ledger.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("inspect", "run", "{trial}"), 2, "holds no return. Take some in first: assay inspect receive"),
        (("inspect", "show", "told_of_arrest", "--folder", "{trial}"), 2, "has not been run yet: assay inspect run"),
        (("inspect", "receive", "{trial}", "{trial}/inspection.toml"), 2, "is not a folder. Name a folder"),
        (("inspect", "new", "{trial}-2", "--request", "{trial}/none.toml"), 2, "There is no file"),
        (
            ("inspect", "new", "{trial}-2", "--request", "{trial}/inspection.toml", "--tier", "1"),
            2,
            "--tier: read with",
        ),
        (("contract", "--out", "{trial}/inspection.toml"), 2, "is a file. Name a folder"),
        (("inspect", "indicator-card", "told_of_arest"), 2, "Did you mean told_of_arrest"),
        (("demo", "--out", "{trial}/.."), 2, "holds other files"),
    ],
)
def test_what_a_command_cannot_do_is_said_with_the_next_step(inspection, words, code, sentence):
    got, output = run(*(word.format(trial=inspection) for word in words))
    assert (got, sentence in output) == (code, True), output


def test_the_contract_is_a_schema_for_each_table_that_is_asked_and_one_workbook(tmp_path):
    code, output = run("contract", "--out", tmp_path / "contract")
    assert code == 0
    names = {path.name for path in (tmp_path / "contract").rglob("*") if path.is_file()}
    schemas = {f"{name}.json" for name in contract.requested_tables()}
    assert names == {"data-return.xlsx", "datapackage.json"} | schemas
    assert "files in" in output


def test_a_card_names_its_standard_in_words():
    code, output = run("inspect", "indicator-card", "told_of_arrest")
    assert code == 0
    assert "1 working day" in output
    assert "Victims' Code" in output

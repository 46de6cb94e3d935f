"""Which questions can be answered from the first tier alone, and is nothing unsent counted as zero?

Beside it one return is spoilt, and one comes again in a later edition.
"""

import json
import re
import shutil
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from assay import contract
from assay.cli import app
from assay.engine.provenance import Ledger, read_receipt, read_stage, verify
from assay.errors import UsageError
from assay.indicators.indicator_catalogue import forms
from assay.ingest.inspection_folder import new_inspection
from assay.synthetic import generate_country, read_world
from assay.synthetic.demo import generate_returns
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.run.inspection_pipeline import run_inspection
from made_once import FRONT_PAGE, with_pages_only, without_secondary_suppression, without_spreadsheets

FIRST, FULL, SPOILT = "INV02", "INV01", "INV03"
INDICATORS_ASKED = {
    "recorded_in_24_hours", "suspect_ethnicity_self_recorded", "suspect_ethnicity_officer_recorded",
    "cse_flag_on_cse_offence", "suspect_identified", "charged_of_closed", "still_pending",
}  # fmt: skip
"""What tier 1 promises: recording, completeness, flags and outcomes (return contract, section 5)."""
COUNT_KEYS = {"cse_crimes", "group_crimes"}
FIRST_TIER = {name for name, table in contract.tables().items() if table.tier == 1}


def needs_first_tier_only(key):
    """Whether tables of the first tier are all that a form needs; of several that serve, one is enough."""
    needs = next(form for form in forms() if form.key == key).needs
    return all(any(part.split(".")[0] in FIRST_TIER for part in need.split("|")) for need in needs)


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """Three forces are asked; one sends tier 1, one a return that is spoilt, and one all, and again in a later edition.
    All are taken in and not yet run."""
    home = tmp_path_factory.mktemp("first")
    generate_returns(home / "sent", world=read_world("plain").sized(forces=3, crimes=40), seed=5, tier_one=[FIRST])
    (home / "sent" / "returns" / SPOILT / "return.toml").write_text("this is [not TOML")
    new_inspection(home / "trial", home / "sent" / "request.toml")
    first = receive_returns(home / "trial", [home / "sent" / "returns"])
    later = shutil.copytree(home / "sent" / "returns" / FULL, home / "later")
    manifest_text = (later / "return.toml").read_text()
    assert manifest_text.count("\nedition = 1\n") == 1
    (later / "return.toml").write_text(manifest_text.replace("\nedition = 1\n", "\nedition = 2\n"))
    return SimpleNamespace(folder=home / "trial", first=first, again=receive_returns(home / "trial", [later]))


@pytest.fixture(scope="module")
def trial(accepted):
    return accepted.folder


@pytest.fixture(scope="module")
def done(trial):
    with without_spreadsheets(), without_secondary_suppression(), with_pages_only(FRONT_PAGE, "answerable.html"):
        return run_inspection(trial)


@pytest.fixture(scope="module")
def run(done):
    return done.folder


def test_answerability_is_told_before_any_run(trial):
    command_result = CliRunner().invoke(app, ["inspect", "answerable", str(trial), "--json"])
    found = json.loads(command_result.stdout)["answerability"]
    assert not (trial / "enquiries").exists()
    assert {code: sum(answers.values()) for code, answers in found.items()} == dict.fromkeys(
        ("INV01", "INV02", "INV03"), 50
    )
    assert found["INV03"] == {"whole": 0, "part": 0, "none": 50}  # nothing of it could be read
    assert 0 < found[FIRST]["whole"] < found[FULL]["whole"]
    force_result = CliRunner().invoke(app, ["inspect", "answerable", str(trial), "--force", FIRST])
    assert "the table orders (held, but cannot be extracted)" in force_result.stdout
    assert "neither not known nor zero" in force_result.stdout


def test_a_bad_return_of_one_force_never_stops_the_others(accepted, done):
    assert (len(accepted.first.returns), len(accepted.first.refused)) == (3, 1)
    assert "R01" in accepted.first.refused[0].refusal
    assert (done.requested, done.returns) == (3, 2)  # of the later edition and of the earlier only one counts
    assert verify(done.folder) == []


def test_a_later_edition_supersedes_and_the_earlier_is_kept(accepted, done):
    assert accepted.again.refused == ()
    assert (done.folder / "returns" / FULL / "edition_1" / "receipt.json").exists()
    receipt = read_receipt(done.folder, "persons")
    read = {name.split("/")[2] for name in receipt.inputs if name.startswith(f"returns/{FULL}/")}
    assert read == {"edition_2"}
    assert "return superseded" in [entry.kind for entry in Ledger(done.folder / "ledger.jsonl").entries()]


def test_a_force_that_was_not_asked_is_refused_by_name(trial):
    command_result = CliRunner().invoke(app, ["inspect", "answerable", str(trial), "--force", "nowhere"])
    assert isinstance(command_result.exception, UsageError)


def test_tier_1_alone_answers_scale_outcomes_recording_completeness_and_flags(run):
    ladders = [row for row in read_stage(run, "enquiries", "ladders").to_pylist() if row["place_code"] == FIRST]
    indicators_asked = {row["indicator"] for row in ladders if not row["not_askable"]}
    assert indicators_asked >= INDICATORS_ASKED
    assert {key for key in indicators_asked if not needs_first_tier_only(key)} == set()
    for row in ladders:
        if row["indicator"] in INDICATORS_ASKED and row["when_reported"] == "all":
            assert row["met"] + row["not_met"] > 0, row["indicator"]
    counts = [
        row for row in read_stage(run, "enquiries", "counts_by_definition").to_pylist() if row["place_code"] == FIRST
    ]
    counts_asked = {row["count"] for row in counts if not row["not_askable"]}
    assert counts_asked >= COUNT_KEYS
    assert {key for key in counts_asked if not needs_first_tier_only(key)} == set()


def test_what_it_did_not_send_is_a_sentence_and_never_a_number(run):
    for name in ("ladders", "wait_medians", "counts_by_definition"):
        rows = [row for row in read_stage(run, "enquiries", name).to_pylist() if row["place_code"] == FIRST]
        barred = [row for row in rows if row["not_askable"]]
        assert barred
        for row in barred:
            numbers = [value for value in row.values() if isinstance(value, int | float) and value is not None]
            assert numbers == [], (name, row)
            assert "did not send" in row["not_askable"]


def test_a_force_that_was_not_compared_is_not_called_like_the_others(run):
    rows = [row for row in read_stage(run, "comparison", "force_estimates").to_pylist() if row["place_code"] == FIRST]
    assert {row["outlier_alert"] for row in rows if row["q_value"] is None} == {None}


def test_the_stage_is_the_first_of_the_pipeline_and_its_table_is_released(run):
    released = {row["question"]: row for row in read_stage(run, "disclosure", "answerability").to_pylist()
                if row["place_code"] == FIRST}  # fmt: skip
    assert len(released) == 50
    assert released["Q42"]["answer"] == "none"
    page = (run / "report" / "answerable.html").read_text(encoding="utf-8")
    assert "neither &lsquo;not known&rsquo; nor zero" in re.sub(r"<[^>]+>", "", page)  # the glossary links the term
    assert page.count('role="rowheader"') > 3 + 50


def test_hours_that_forces_report_correct_the_estimate(run):
    (crimes,) = [row for row in read_stage(run, "disclosure", "burden").to_pylist() if row["table_name"] == "crimes"]
    (orders,) = [row for row in read_stage(run, "disclosure", "burden").to_pylist() if row["table_name"] == "orders"]
    assert (crimes["reported"], orders["reported"]) == (2, 1)
    assert crimes["likely"] != crimes["prior_likely"]


def test_a_force_that_sends_the_first_tier_holds_and_sends_the_same_rows_of_it(tmp_path):
    country = generate_country(tmp_path / "every", forces=3, crimes_per_force=20, seed=5)
    first = generate_country(tmp_path / "first", forces=3, crimes_per_force=20, seed=5, tier_one=[FIRST])
    file_names = {path.name for path in first.returns[FIRST].iterdir()}
    assert {name.partition(".")[0] for name in file_names} - {"return", "mapping"} == FIRST_TIER
    for name in file_names - {"return.toml", "mapping.toml"}:
        assert (first.returns[FIRST] / name).read_bytes() == (country.returns[FIRST] / name).read_bytes(), name
    for code in (FULL, "INV03"):
        for path in country.returns[code].iterdir():
            assert path.read_bytes() == (first.returns[code] / path.name).read_bytes(), (code, path.name)


def test_a_synthetic_force_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="has no force INV09"):
        generate_country(tmp_path / "none", forces=3, crimes_per_force=5, tier_one=["INV09"])


def test_the_answer_of_the_command_is_that_of_the_run(run):
    answerability = json.loads(
        CliRunner().invoke(app, ["inspect", "answerable", str(run), "--force", FULL, "--json"]).stdout
    )
    stage_rows = pq.read_table(run / "answerability" / "answerability.parquet").to_pylist()
    full_rows = [
        {n: row[n] for n in ("question", "answer", "modes", "why")} for row in stage_rows if row["force_code"] == FULL
    ]
    assert answerability["answerability"] == full_rows

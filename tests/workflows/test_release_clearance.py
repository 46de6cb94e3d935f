"""Is a force's page released only after a named approval of the figures that were seen?"""

from dataclasses import replace
from datetime import date

import pytest

from assay.engine.provenance import EventKind, Ledger
from assay.errors import UsageError
from assay.ingest.inspection_folder import create_inspection, open_inspection
from assay.reference import real_organisations
from assay.reference.data_requests import SYNTHETIC, DataRequest
from assay.report.release_approvals import RELEASE_QUESTIONS
from assay.workflows.release.release_clearance import clear_page, read_clearances, record_wording_review

KENT, TODAY = "E23000032", date(2026, 6, 1)
SEAL, OTHER = "a" * 64, "b" * 64


@pytest.fixture(params=["real"])
def folder(tmp_path, request):
    """An inspection whose figures were released once."""
    organisations = {organisation.code: organisation for organisation in real_organisations()}
    if request.param == SYNTHETIC:
        organisations = {"INV01": replace(organisations[KENT], code="INV01", name="Anvilshire (invented)")}
    days = (date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1))
    data_request = DataRequest("TRIAL-2026", "A trial", *days, False, request.param, organisations)
    inspection_folder = create_inspection(tmp_path / "trial", data_request, {}).folder
    Ledger(inspection_folder / "ledger.jsonl").append(EventKind.RELEASED, policy="record level", tables=1, seal=SEAL)
    return inspection_folder


def now(folder, seal=SEAL):
    return read_clearances(open_inspection(folder), seal)


def test_every_page_waits_until_somebody_says_yes(folder):
    assert KENT in now(folder).withheld
    clear_page(folder, KENT, "Chief inspector", list(RELEASE_QUESTIONS), TODAY)
    assert KENT not in now(folder).withheld
    assert now(folder).page_approval(KENT) == "Chief inspector, 1 June 2026"
    assert len(now(folder).withheld) == len(open_inspection(folder).request.organisations) - 1


def test_a_yes_lapses_when_the_figures_change(folder):
    clear_page(folder, KENT, "Chief inspector", list(RELEASE_QUESTIONS), TODAY)
    assert KENT in now(folder, OTHER).withheld


@pytest.mark.parametrize("left", list(RELEASE_QUESTIONS))
def test_one_question_left_open_keeps_the_page_back(folder, left):
    with pytest.raises(UsageError, match=f"Still to be answered with --yes:\n{left}"):
        clear_page(folder, KENT, "Chief inspector", [key for key in RELEASE_QUESTIONS if key != left], TODAY)
    assert KENT in now(folder).withheld


@pytest.mark.parametrize(
    ("force", "approver", "yes", "message"),
    [
        ("E99", "Chief inspector", list(RELEASE_QUESTIONS), "includes no force"),
        (KENT, " ", list(RELEASE_QUESTIONS), "Say who said yes"),
        (KENT, "Chief inspector", [*RELEASE_QUESTIONS, "weather"], "does not ask for 'weather'"),
    ],
)
def test_a_yes_of_nobody_or_to_nothing_is_refused(folder, force, approver, yes, message):
    with pytest.raises(UsageError, match=message):
        clear_page(folder, force, approver, yes, TODAY)


def test_before_anything_was_released_there_is_no_page_to_look_at(folder):
    (folder / "ledger.jsonl").unlink()
    Ledger(folder / "ledger.jsonl").append(EventKind.INSPECTION_MADE, request="T", format_version="1")
    with pytest.raises(UsageError, match="Nothing was released yet"):
        clear_page(folder, KENT, "Chief inspector", list(RELEASE_QUESTIONS), TODAY)


def test_the_wording_is_not_reviewed_until_survivors_representatives_were_asked(folder):
    assert now(folder).wording_sentence.endswith("not done.")
    record_wording_review(folder, "Survivors' panel of the inspectorate", TODAY)
    assert now(folder).wording_sentence.endswith("done (Survivors' panel of the inspectorate, 1 June 2026).")
    with pytest.raises(UsageError, match="Say who said yes"):
        record_wording_review(folder, "", TODAY)


@pytest.mark.parametrize("folder", [SYNTHETIC], indirect=True)
def test_of_synthetic_forces_the_demonstration_answers_itself(folder):
    assert now(folder).withheld == frozenset()
    assert "nobody in it is real" in now(folder).page_approval("INV01")

"""Can anything that is run, or taken in, come by the truth?"""

import datetime as dt

import pytest

from assay.engine.provenance import verify
from assay.engine.stage_runner import StageRunner
from assay.errors import PurposeRefused, UsageError
from assay.facts.inspection_run import InspectionRun
from assay.ingest.inspection_folder import new_inspection
from assay.progress import no_progress
from assay.synthetic.simulation.direct_loading import load_return
from assay.synthetic.simulation.trial_worlds import TrialWorld, generate_world
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.retire.retirement import retire


@pytest.fixture
def sent_folder(tmp_path):
    generate_world(tmp_path / "sent", TrialWorld("two", 8, 2, 8))
    return tmp_path / "sent"


@pytest.fixture
def inspection(sent_folder, tmp_path):
    """An inspection that holds one return, with a truth in its folder."""
    inspection = new_inspection(tmp_path / "in", sent_folder / "request.toml")
    load_return(sent_folder / "returns" / "INV01", inspection, StageRunner(inspection.folder))
    (inspection.folder / "truth").mkdir()
    (inspection.folder / "truth" / "truth.toml").write_bytes((sent_folder / "truth" / "truth.toml").read_bytes())
    return inspection


def run_of(inspection) -> InspectionRun:
    return InspectionRun(inspection.folder, no_progress, dt.date(2026, 7, 1))


def test_a_stage_that_asks_for_a_table_under_truth_is_refused(inspection):
    paths_asked = [inspection.folder / "truth" / "crimes.parquet"]
    with pytest.raises(PurposeRefused, match="only assay synthetic score reads it"):
        run_of(inspection).open_table(None, "crimes", paths_asked, "records")


@pytest.mark.parametrize("way", ["../../../truth/crimes", "../../../records/../truth/crimes"])
def test_no_way_round_leads_to_the_truth(inspection, way):
    with pytest.raises(PurposeRefused, match="truth"):
        run_of(inspection).table_files(way)


def test_a_link_to_the_truth_is_the_truth(inspection):
    (inspection.folder / "records").mkdir()
    (inspection.folder / "records" / "crime.parquet").symlink_to(inspection.folder / "truth" / "truth.toml")
    with pytest.raises(PurposeRefused, match="truth"):
        run_of(inspection).open_table(None, "crime", [inspection.folder / "records" / "crime.parquet"], "enquiries")


def test_every_other_table_of_the_inspection_may_be_asked_for(inspection):
    [path] = run_of(inspection).table_files("crimes")
    assert path.is_file()


def test_the_truth_is_never_taken_in_as_a_return(inspection, sent_folder):
    for place in (inspection.folder / "truth", sent_folder / "truth"):
        with pytest.raises(UsageError, match="not a return"):
            receive_returns(inspection.folder, [place])


def test_a_folder_of_returns_with_the_truth_beside_them_is_taken_in_without_it(sent_folder, tmp_path):
    inspection = new_inspection(tmp_path / "other", sent_folder / "request.toml")
    intake_result = receive_returns(inspection.folder, [sent_folder])
    assert [(return_result.name, return_result.refusal) for return_result in intake_result.returns] == [
        ("INV01", ""),
        ("INV02", ""),
    ]


def test_verify_passes_the_truth_over_and_retiring_destroys_it(inspection):
    assert [found.where for found in verify(inspection.folder) if "truth" in str(found)] == []
    retire(inspection.folder)
    assert not (inspection.folder / "truth" / "truth.toml").exists()

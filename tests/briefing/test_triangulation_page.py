"""Does the evidence page show every source, and less certainty if one is removed?"""

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from assay.cli import app
from assay.engine.provenance import Ledger, read_receipt, read_stage, verify, write_stage
from assay.errors import UsageError
from assay.grading.triangulation import triangulate
from assay.ingest.inspection_folder import create_inspection
from assay.ingest.stage_names import TRIANGULATION
from assay.workflows.briefing.triangulation_page import write_evidence_page
from assay.workflows.receive.other_sender_intake import withdraw_sender
from assay.workflows.retire.retirement import retire
from briefing.conftest import hear_voices
from ingest.other_sent import KENT, REQUEST
from report.browsing import OVERFLOW, WIDE, barriers


def statement(page):
    """What the page says of whether victims are told."""
    part = page.read_text(encoding="utf-8").split('<article id="kept_informed"')[1].split("</article>")[0]
    return part.split('<p class="surety">')[1].split("</p>")[0]


def test_a_folder_that_an_earlier_version_ran_is_refused_with_what_to_do(tmp_path):
    folder = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    former = {"force_estimates": pa.table({"place_code": [KENT], "unusual": [True]})}
    write_stage(folder, "comparison", former, rows_in=1, rows_out=1, ledger=Ledger(folder / "ledger.jsonl"))
    with pytest.raises(UsageError, match=r"An earlier version ran .* Run it again: assay inspect run"):
        triangulate(folder, KENT)


def test_taking_a_strand_away_changes_the_pages_own_statement_of_certainty(country):
    before = statement(write_evidence_page(country.folder, KENT).path)
    assert before.startswith("The strands disagree: data for it, victims against it")
    withdraw_sender(country.folder, "SURVIVORS")
    assert not (country.folder / TRIANGULATION / "source_verdicts.parquet").exists()
    hear_voices(country.folder)
    after = statement(write_evidence_page(country.folder, KENT).path)
    assert after.startswith("Rests on data alone, for it")
    assert after.endswith("victims were not asked.")


def test_the_tables_stand_in_the_inspection_with_a_receipt_that_names_every_stage_they_rest_on(country):
    triangulated = triangulate(country.folder)
    strand_rows = read_stage(country.folder, TRIANGULATION, "source_verdicts").to_pylist()
    sure = read_stage(country.folder, TRIANGULATION, "certainty").to_pylist()
    assert len(strand_rows) == 6 * len(sure) == 6 * len(triangulated)
    assert {row["place_code"] for row in sure} == {"ALL", *REQUEST.organisations}
    assert [
        row["disagree"] for row in sure if row["characteristic"] == "kept_informed" and row["place_code"] == KENT
    ] == [True]
    stages = {name.rpartition("/")[0] for name in read_receipt(country.folder, TRIANGULATION).inputs}
    assert stages == {"enquiries", "comparison", "voices", "others/SURVIVORS/edition_1"}
    assert verify(country.folder) == []
    retire(country.folder)
    assert not (country.folder / TRIANGULATION / "certainty.parquet").exists()


def test_an_inspection_that_was_not_run_has_no_strands(tmp_path):
    folder = create_inspection(tmp_path / "new", REQUEST, {}).folder
    with pytest.raises(UsageError, match="assay inspect run"):
        triangulate(folder)


def test_the_command_names_the_disagreement_and_the_page(country):
    done = CliRunner().invoke(app, ["inspect", "triangulate", str(country.folder), "Kent"])
    assert "on 1 characteristic strands disagree" in done.output
    assert (country.beside / f"trial-{KENT}-evidence-sources.html").is_file()


@pytest.mark.browser
def test_the_page_has_no_barrier_and_nothing_wider_than_the_screen(window, axe, country):
    window.messages.clear()
    window.goto(write_evidence_page(country.folder, KENT).path.as_uri())
    assert window.messages == []
    assert barriers(window, axe) == []
    assert window.evaluate(OVERFLOW) == 0
    assert window.evaluate(WIDE) == []

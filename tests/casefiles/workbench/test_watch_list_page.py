"""Do the inspection's own people see where to look first, is every look written down, and does no force see it?"""

import shutil

import pytest

from assay.compare.comparison_tables import as_table
from assay.compare.failure_mode_tests import FAILURE_MODE_TESTS
from assay.compare.indicator_comparison import FORCE_ESTIMATES
from assay.compare.watch_list import OTHER_FORCES, WATCH_LIST
from assay.engine.provenance import Ledger, write_stage

FIRST = {
    "failing": "F12", "place_code": "INV02", "rank": 1, "probability": 0.62, "measure": "missing_often_planned",
    "comparator": OTHER_FORCES, "side": "lower", "share": 0.25, "base": 40, "expected": 0.5, "beyond": 0.4,
    "not_compared": "",
}  # fmt: skip
LAST = FIRST | dict.fromkeys(("rank", "probability", "share", "base", "expected", "beyond")) | {"place_code": "INV01"}

TEST = {"failure_mode": "F12", "place_code": "INV02", "p_value": 0.001}


@pytest.fixture
def folder(rolled_back):
    """The inspection with a watch list of one failing; its ledger and stages are put back afterwards."""
    inspection = rolled_back.place.inspection
    ledger = (inspection / "ledger.jsonl").read_bytes()
    stage, saved = inspection / "comparison", inspection.parent / "comparison-saved"
    if stage.is_dir():
        shutil.move(stage, saved)
    yield inspection
    shutil.rmtree(stage, ignore_errors=True)
    if saved.is_dir():
        shutil.move(saved, stage)
    (inspection / "ledger.jsonl").write_bytes(ledger)


def listed(inspection):
    tables = {
        "watch_list": as_table([FIRST, LAST], WATCH_LIST),
        "combined_tests": as_table([TEST], FAILURE_MODE_TESTS),
        "force_estimates": as_table([], FORCE_ESTIMATES),
    }
    write_stage(inspection, "comparison", tables, rows_in=2, rows_out=2, ledger=Ledger(inspection / "ledger.jsonl"))


def test_an_inspector_sees_probability_margin_and_base_and_who_is_not_compared(folder, enter):
    listed(folder)
    page = enter("M01").get("/watch-list").content.decode()
    for words in (
        "F12. ",
        "probably worse",
        "62%",
        "below 40%",
        "25% of 40 ",
        "1 force is not compared",
        "1.5",
        "All failings together",
        ">0.7<",
    ):
        assert words in page, words


def test_a_force_never_sees_it(folder, enter):
    listed(folder)
    answer = enter("L01").get("/watch-list")
    assert answer.status_code in (403, 404)
    assert "62%" not in answer.content.decode()


def test_every_look_is_in_the_audit_log(folder, enter):
    from assay.workbench.audit_log import Kind
    from assay.workbench.models import Event

    listed(folder)
    enter("M01").get("/watch-list")
    assert Event.objects.filter(kind=Kind.WATCH_LIST_SEEN.value).count() == 1


def test_before_a_run_the_page_says_what_to_do(folder, enter):
    page = enter("A01").get("/watch-list").content.decode()
    assert "assay inspect run" in page

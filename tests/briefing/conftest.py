"""A small hand-written inspection: the records of one force and the victims' answers contradict each other."""

from types import SimpleNamespace

import pytest

from assay.compare.comparison_tables import as_table
from assay.compare.indicator_comparison import FORCE_ESTIMATES
from assay.engine.provenance import Ledger, write_stage
from assay.grading.evidence_links import evidence_links
from assay.indicators.indicator_answers import SCHEMAS
from assay.indicators.indicator_catalogue import indicators
from assay.indicators.voice_statements import voices
from assay.ingest.inspection_folder import create_inspection
from assay.ingest.other_sender_tables import accepted_rows
from assay.ingest.stage_names import VOICES
from assay.workflows.receive.other_sender_intake import receive_evidence
from casefiles.conftest import country as synthetic_country  # noqa: F401
from ingest.other_sent import DOCUMENT, KENT, REQUEST, VOICE, write_sent
from report.conftest import axe, browser, window  # noqa: F401  the same windows that look at the report

ANSWERED = {"told_of_arrest": (90, 10), "recorded_in_24_hours": (40, 60), "charged_of_closed": (9, 91)}


def ladder(key, place, met, not_met):
    share = met / (met + not_met)
    counts = {"records": met + not_met, "outside": 0, "excluded": 0, "not_known_if_counted": 0, "not_known": 0}
    shares = dict.fromkeys(("share", "share_lowest", "share_highest"), share)
    return {
        "indicator": key,
        "place_code": place,
        "when_reported": "all",
        "met": met,
        "not_met": not_met,
        **counts,
        **shares,
    }


def hear_voices(folder):
    """The stage of voices, from whatever senders are held now."""
    voice_tables = voices(accepted_rows(folder))
    rows = sum(table.num_rows for table in voice_tables.values())
    write_stage(folder, VOICES, voice_tables, rows_in=rows, rows_out=rows, ledger=Ledger(folder / "ledger.jsonl"))


@pytest.fixture
def country(tmp_path):
    """An inspection with records and voices, and the folder beside it."""
    return inspected(tmp_path, ANSWERED, [theme("not_informed", 12)])


@pytest.fixture
def troubled(tmp_path):
    """An inspection in which every measure and every theme speaks against one force, and eighty documents were seen."""
    contradicting = {name for tie in evidence_links().links.values() for name in tie.said_against}
    seen = [DOCUMENT | {"document_ref": f"D{n}", "kept_as": f"{n}.txt"} for n in range(80)]
    write_sent(tmp_path / "seen", sender="INSPECTION", kind="inspection", documents=seen)
    inspection = inspected(
        tmp_path,
        {indicator.key: (10, 90) for indicator in indicators()},
        [theme(name, 20) for name in sorted(contradicting)],
    )
    receive_evidence(inspection.folder, [tmp_path / "seen"])
    return inspection


def theme(name, people):
    return {"voice_ref": "V1", "line": "responses", "theme": name, "people": people}


def inspected(tmp_path, answered, themes):
    folder = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    ledger = Ledger(folder / "ledger.jsonl")
    rows = [ladder(key, place, *counts) for key, counts in answered.items() for place in ("ALL", KENT)]
    write_stage(folder, "enquiries", {"ladders": as_table([{"not_askable": "", "suppressed_cells": "", **row} for row in rows],
                                                          SCHEMAS["ladders"])}, rows_in=6, rows_out=6,
                ledger=ledger)  # fmt: skip
    estimates = [
        {"indicator": "charged_of_closed", "place_code": KENT, "base": 100, "outlier_alert": True, "direction": "lower"}
    ]
    write_stage(
        folder,
        "comparison",
        {"force_estimates": as_table(estimates, FORCE_ESTIMATES)},
        rows_in=1,
        rows_out=1,
        ledger=ledger,
    )
    receive_evidence(folder, [write_sent(tmp_path / "sent", voices=[VOICE], voice_themes=themes)])
    hear_voices(folder)
    return SimpleNamespace(folder=folder, beside=tmp_path)

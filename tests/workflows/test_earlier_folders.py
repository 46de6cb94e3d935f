"""Does a folder of each earlier format still open, verify and continue?"""

import hashlib
import json
from datetime import date

import pytest

from assay.engine.provenance import EventKind, Ledger, lock_folder, verify
from assay.ingest.inspection_folder import FORMAT_VERSION, open_inspection

MANIFEST = """format_version = "1"

[request]
key = "TRIAL-2026"
title = "A trial"
period_from = 2025-04-01
period_to = 2026-04-01
history_from = 2023-04-01
group_history = false
register = "real"

[declared.crimes]
in_scope = "Crimes of the request."
window = "period"
purposes = ["facts"]
legal_basis = "As advised."
holder = "The records officer."
used_until = 2031-01-01
destroy_by = 2031-01-01
"""
RECEIPT = {
    "code_version": "0.1.0", "inputs": {}, "outputs": {"a.txt": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"},
    "passed_on": 1, "seed": None, "set_aside": {"left out": 1}, "settings": {}, "sources": "", "sql": [],
    "stage": "records", "taken": 2,
}  # fmt: skip
LINES = (
    ("2026-11-01T09:00:00.000+00:00", "inspection made", {"request": "TRIAL-2026", "format_version": "1"}),
    ("2026-11-01T09:00:01.000+00:00", "run began", {"code_version": "0.1.0", "python": "3.11.7", "system": "Linux"}),
    ("2026-11-01T09:00:02.000+00:00", "stage written", {"stage": "records"}),
    ("2026-11-01T09:00:03.000+00:00", "run ended", {"stages": 1}),
)


def format_1(folder):
    """What version 0.1.0 wrote: cover, one stage with its receipt, and the ledger, byte for byte."""
    (folder / "records").mkdir(parents=True)
    (folder / "inspection.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "records" / "a.txt").write_text("a")
    receipt = json.dumps(RECEIPT, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / "records" / "receipt.json").write_text(receipt)
    before, text = "0" * 64, ""
    for number, (moment, kind, details) in enumerate(LINES, start=1):
        details = details | (
            {"receipt": hashlib.sha256(receipt.encode()).hexdigest()} if kind == "stage written" else {}
        )
        entry_text = json.dumps(
            [number, moment, kind, details, before], sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        line = {"number": number, "at": moment, "kind": kind, "about": details, "before": before}
        before = hashlib.sha256(entry_text.encode()).hexdigest()
        text += json.dumps(line | {"hash": before}, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / "ledger.jsonl").write_text(text)
    return folder


FOLDER_MAKERS = {"1": format_1}


def test_there_is_a_folder_of_every_format_up_to_that_of_this_version():
    assert list(FOLDER_MAKERS) == [str(number) for number in range(1, int(FORMAT_VERSION) + 1)]


@pytest.mark.parametrize("make_folder", FOLDER_MAKERS.values(), ids=FOLDER_MAKERS)
def test_an_earlier_folder_opens_and_holds(tmp_path, make_folder):
    folder = make_folder(tmp_path / "trial")
    inspection = open_inspection(folder)
    assert inspection.request.key == "TRIAL-2026"
    assert inspection.request.period_from == date(2025, 4, 1)
    assert list(inspection.declarations) == ["crimes"]
    assert verify(folder) == []


@pytest.mark.parametrize("make_folder", FOLDER_MAKERS.values(), ids=FOLDER_MAKERS)
def test_an_earlier_folder_can_be_worked_in_and_its_ledger_goes_on(tmp_path, make_folder):
    folder = make_folder(tmp_path / "trial")
    with lock_folder(folder):
        Ledger(folder / "ledger.jsonl").append(EventKind.MANUAL, who="a", what="b", why="c")
    assert Ledger(folder / "ledger.jsonl").chain_errors() == []
    assert verify(folder) == []


def test_one_letter_changed_in_an_earlier_folder_is_noticed(tmp_path):
    folder = format_1(tmp_path / "trial")
    (folder / "records" / "a.txt").write_text("b")
    assert [difference.where for difference in verify(folder)] == ["records"]

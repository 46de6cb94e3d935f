"""Write the pack of the synthetic report with this Python, and print its hash; not a test."""

import json
import platform
import sys
from pathlib import Path

from assay.engine.provenance import Ledger, write_stage
from assay.report import write_report
from assay.workflows.release.report_pack import make_pack
from report.record_fixture import record_released

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    ledger = Ledger(folder / "ledger.jsonl")
    write_stage(
        folder, "report", fill=lambda path: write_report(record_released(), path), rows_in=0, rows_out=0, ledger=ledger
    )
    pack_made = make_pack(folder, folder / "one.zip")
    print(json.dumps({"python": platform.python_version(), "content": pack_made.content}))

"""Make a practice workbench in a new folder from synthetic forces that were inspected already.

`python workbench_play.py MADE FOLDER PORT COUNTRY`: MADE is a demonstration of COUNTRY (JSON: forces, crimes, seed), with its
returns beside it. A copy of it lies where the command invents its own, so every stage that would be the same is kept;
all else is done by the command itself, and then it serves. Secondary suppression is left out: the demonstration has it.
"""

import json
import shutil
import sys
from importlib import import_module
from pathlib import Path

from assay.cli import main
from assay.workbench import demo_workbench

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_once import without_secondary_suppression


def start_from(prepared, country):
    """Let the next inspection to play in begin as a copy of `prepared`, without PDFs and spreadsheets, which are tested elsewhere."""
    demo_workbench.FORCES, demo_workbench.CRIMES, demo_workbench.SEED = (
        country["forces"],
        country["crimes"],
        country["seed"],
    )
    demonstrate = demo_workbench.run_demo

    def copied(out, **options):
        shutil.copytree(prepared, out)
        shutil.copytree(prepared.with_name(f"{prepared.name}-sent"), out.with_name(f"{out.name}-sent"))
        return demonstrate(out, **options)

    demo_workbench.run_demo = copied
    import_module("assay.report.pdf.added_pdfs").as_pdf = lambda *_: b"%PDF-1.7\n"
    import_module("assay.report.figure_exports").write_spreadsheets = lambda *_: []


if __name__ == "__main__":
    prepared_folder, folder, port, country = sys.argv[1:]
    start_from(Path(prepared_folder), json.loads(country))
    with without_secondary_suppression():
        main(["workbench", "start", folder, "--port", port])

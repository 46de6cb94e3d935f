"""Make a practice workbench in a new folder from synthetic forces that were inspected already.

`python workbench_play.py MADE FOLDER PORT COUNTRY`: MADE is a demonstration of COUNTRY (JSON: forces, crimes, seed), with its
returns beside it. A copy of it lies where the command invents its own, so every stage that would be the same is kept;
all else is done by the command itself, and then it serves. Of its report, PDFs, spreadsheets and the pages that nobody
opens are left out.
"""

import json
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from assay.cli import main
from assay.workbench import demo_workbench

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_once import FRONT_PAGE, with_pages_only, without_pdfs, without_spreadsheets

PAGES = (FRONT_PAGE, "casefiles.html")
"""The pages of its report that are opened."""


def start_from(prepared, country):
    """Let the next inspection to play in begin as a copy of `prepared`."""
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


if __name__ == "__main__":
    prepared_folder, folder, port, country = sys.argv[1:]
    start_from(Path(prepared_folder), json.loads(country))
    with ExitStack() as patches:
        for part in (without_pdfs(), without_spreadsheets(), with_pages_only(*PAGES)):
            patches.enter_context(part)
        main(["workbench", "start", folder, "--port", port])

"""Marks every file of an inspection to play in that is still to be read, but one: `python desk_rest.py INSPECTION FILE`.

In a process of its own, as other inspectors would do it while a browser is at that one file.
"""

import sys
from pathlib import Path

from assay.workbench.django_setup import start
from assay.workbench.workbench_folder import make_place


def mark_the_rest(but):
    """Nothing was met, wherever it can be said so."""
    from assay.workbench import answer_saving
    from assay.workbench.models import OPEN, Reading

    left = Reading.objects.filter(state=OPEN).exclude(file_id=but).select_related("file__sample", "account")
    for reading in left:
        for one in answer_saving.asked_of(reading).questions:
            answer_saving.save(
                reading, one.key, "not_met" if "not_met" in one.answers else one.answers[-1], "As recorded."
            )
        assert answer_saving.finish(reading).open == 0


if __name__ == "__main__":
    start(make_place(Path(sys.argv[1])))
    mark_the_rest(int(sys.argv[2]))

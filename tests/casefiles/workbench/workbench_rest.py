"""Marks every file of an inspection to play in that is still to be read, but one: `python workbench_rest.py INSPECTION FILE`.

In a process of its own, as other inspectors would do it while a browser is at that one file.
"""

import sys
from pathlib import Path

from assay.workbench.django_setup import start_django
from assay.workbench.workbench_folder import make_workbench_folder


def mark_the_rest(but):
    """Nothing was met, wherever it can be said so."""
    from assay.workbench import answer_saving
    from assay.workbench.models import OPEN, Reading

    left = Reading.objects.filter(state=OPEN).exclude(file_id=but).select_related("file__sample", "account")
    for reading in left:
        for question in answer_saving.reading_questions(reading).questions:
            answer_saving.save_answer(
                reading,
                question.key,
                "not_met" if "not_met" in question.answers else question.answers[-1],
                "As recorded.",
            )
        assert answer_saving.finish_reading(reading).open == 0


if __name__ == "__main__":
    start_django(make_workbench_folder(Path(sys.argv[1])))
    mark_the_rest(int(sys.argv[2]))

"""A small questionnaire, and files of answers as ODK and Kobo would export them."""

import csv
from pathlib import Path

from assay.casefiles.surveys.questionnaire_forms import Questionnaire, SurveyQuestion

YES_NO = {"yes": "Yes", "no": "No"}
QUESTIONNAIRE = Questionnaire(
    "small", "1", "A small survey", "staff",
    (SurveyQuestion("team", "Which team?", {"day": "Day", "night": "Night"}),),
    (SurveyQuestion("trained", "Are you trained?", YES_NO, "assessments"), SurveyQuestion("heard", "Are you heard?", YES_NO, "lessons")),
)  # fmt: skip
FORCES = {"INV01": "Alderwick", "INV02": "Brackenshire"}


def row(number, team="day", trained="yes", answer="yes", force="INV01", **more):
    fields = {
        "KEY": f"uuid:{number}",
        "checksum": QUESTIONNAIRE.checksum,
        "consent": "yes",
        "force_code": force,
        "team": team,
    }
    return fields | {"trained": trained, "heard": answer} | more


def write(path: Path, rows, *, names=lambda name: name, delimiter=",") -> Path:
    """The rows as a CSV file; `names` may put groups before a name."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([names(name) for name in rows[0]])
        writer.writerows([row.values() for row in rows])
    return path

"""Synthetic inspectors who rate files, with severity, drift and errors, and the true answers.

Raters read the exported sheet and fill in answers and reasons. The true answer depends on the quality of the force (the
mean of its rates) and on random effects of the file and question. A rater has a severity, a drift and an error rate, so
two raters of one file do not always agree. For a number they count items, each satisfactory or not with a probability
that follows from the same scale. Single texts have true ratings of their own (`text_truth_ratings`). `true_answers`
gives the truth of every file and question for the evaluation of estimates.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import xlsxwriter

from assay.errors import UsageError
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.text_truth_ratings import TextRatings

PARTS = ("Marks", "Steps", "About")
FIELDS = ("force_code", "subject_ref", "question", "answer", "reason", "may_be")
NUMBER = re.compile(r"a whole number(?:, at most ([a-z0-9_]+))?;")
"""Matches the sheet's note on a question answered by a number, which may be a part of another."""
COUNT_WEIGHTS = {1: 0.7, 2: 0.18, 3: 0.08, 5: 0.04}
"""Weights of the number of items in a file."""
AS_IT_SHOULD_BE = 2.0
"""Log odds that one item is satisfactory at average quality."""
LADDER = ("met", "partly_met", "not_met")
GRADES = ("good", "requires_improvement", "inadequate")
CUTS = (0.0, -1.0)
"""Thresholds on the quality scale: above the first the question is met, above the second partly met."""
REASONS = (
    "The entry does not say who decided, or when.",
    "Nothing stands in the record between the two reviews.",
    "It was planned and there is no word that it was done.",
    "It was done later than the plan said.",
    "Two entries contradict one another, and nobody put that right.",
)
LISTED = "references of suspects"
"""Beginning of the sheet's note on a question answered by a list of suspects, who are among its steps."""
ENTERED, OWN_FILE = "entered as suspect of the crime", "the person of this file"
NOT_ADDRESSED = 0.3
"""Probability that a suspect was not addressed at average quality."""
Row = list[str]
CREATION_DATE = dt.datetime(2026, 4, 1)


@dataclass(frozen=True)
class RatingHabits:
    """Rating habits of synthetic inspectors, in the units of the cut points `CUTS` (log-odds).

    Standard deviations of severity and of drift (over a hundred files), and shares of errors, of questions that a file
    does not answer, and of questions that do not arise.
    """

    severity: float = 0.5
    drift: float = 0.3
    slips: float = 0.04
    untold: float = 0.05
    not_arising: float = 0.08
    between_files: float = 1.0


@dataclass
class SyntheticInspectors:
    """The inspectors of one synthetic country."""

    truth: Path
    seed: int = 1
    habits: RatingHabits = field(default_factory=RatingHabits)
    _quality: dict[str, float] = field(default_factory=dict)
    _texts: TextRatings = field(init=False)

    def __post_init__(self) -> None:
        self._texts = TextRatings(self.truth, self.seed)

    def fill_sheet(self, sheet: Path, out: Path) -> None:
        """Fill in a rating sheet as its rater would, and write it to `out` (.xlsx); UsageError if it is no rating
        sheet."""
        parts = {name: sheet_cells(sheet, name) for name in PARTS}
        head, *rows = parts["Marks"]
        column = {name: head.index(name) for name in FIELDS}
        marker = next((row[1] for row in parts["About"] if row[0] == "marker_code"), "")
        files = list(dict.fromkeys((row[column["force_code"]], row[column["subject_ref"]]) for row in rows))
        suspects = _suspects(parts["Steps"])
        for row in rows:
            file = (row[column["force_code"]], row[column["subject_ref"]])
            if row[column["may_be"]].startswith(LISTED):
                row[column["answer"]] = self.suspect_list(file, row[column["question"]], suspects.get(file, []))
                continue
            answer, reason = self.answer(
                marker, file, row[column["question"]], files.index(file), row[column["may_be"]]
            )
            row[column["answer"]], row[column["reason"]] = answer, reason
        _write(out, {**parts, "Marks": [head, *rows]})

    def fill_checklist(self, checklist: Path, out: Path, marker: str = "M01") -> None:
        """Fill in an empty table of checks of documents, and write it to `out`.

        The reference of a document begins with the code of its force.
        """
        with checklist.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for place, row in enumerate(rows):
            force = row["document_ref"].partition("-")[0]
            answer_and_reason = self.answer(marker, (force, row["document_ref"]), row["item"], place)
            row["answer"], row["reason"], row["marker_code"] = *answer_and_reason, marker
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else [], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def answer(
        self, marker: str, file: tuple[str, str], question: str, read_before: int, may_be: str = ""
    ) -> tuple[str, str]:
        """Return the rater's answer, and the reason if one is needed.

        `read_before`: number of files already read; `may_be`: the sheet's note on permitted answers.
        """
        draw = RandomStream(self.seed, "marker", marker, *file, question)
        if text_answer := self._texts.rating(marker, file, question):
            return text_answer, draw.pick(REASONS) if text_answer != "not_applicable" else ""
        habit = RandomStream(self.seed, "habits", marker)
        severity = self.habits.severity * habit.normal() + self.habits.drift * habit.normal() * read_before / 100
        number = NUMBER.match(may_be)
        if number:
            answer = self._number_answer(file, question, number[1] or "", severity, marker)
            whole = self._number_answer(file, number[1], "", severity, marker) if number[1] else answer
            return answer, draw.pick(REASONS) if answer != whole else ""
        answer = self._true_answer(file, question)
        if answer in LADDER or answer in GRADES:
            ladder = GRADES if answer in GRADES else LADDER
            answer = _ladder_answer(self._scale(file, question) - severity, ladder)
            if draw.happens(self.habits.slips):
                answer = draw.pick(ladder)
        return answer, draw.pick(REASONS) if answer in (*LADDER[1:], *GRADES) else ""

    def suspect_list(self, file: tuple[str, str], question: str, refs: Sequence[str]) -> str:
        """Return the references of the suspects whom a list question names in a file; "none" if it names nobody."""
        draws = ((ref, RandomStream(self.seed, "listed", *file, question, ref)) for ref in refs)
        return ", ".join(ref for ref, draw in draws if draw.happens(NOT_ADDRESSED)) or "none"

    def true_answers(
        self, files: Iterable[tuple[str, str]], questions: Mapping[str, str]
    ) -> dict[tuple[str, str, str], str]:
        """Return the true answers by (force_code, subject_ref, question).

        `questions`: the sheet's note on permitted answers, by key of the question.
        """
        return {
            (*file, question): self._number_answer(file, question, number[1] or "")
            if (number := NUMBER.match(may_be))
            else self._texts.true_answer(file, question) or self._true_answer(file, question)
            for file in files
            for question, may_be in questions.items()
        }

    def _number_answer(
        self, file: tuple[str, str], question: str, part_of: str, severity: float = 0.0, marker: str = ""
    ) -> str:
        """Return a number as rated, or the true one without a rater; a part counts the satisfactory items."""
        whole = part_of or question
        if RandomStream(self.seed, "file tells", *file, whole).happens(self.habits.untold):
            return "not_enough_evidence"
        number = RandomStream(self.seed, "things", *file, whole).weighted(COUNT_WEIGHTS)
        if marker and (draw := RandomStream(self.seed, "counts", marker, *file, whole)).happens(self.habits.slips):
            number = max(1, number + draw.pick((-1, 1)))
        if not part_of:
            return str(number)
        likely = 1 / (1 + math.exp(-AS_IT_SHOULD_BE - self._scale(file, question) + severity))
        stream = RandomStream(self.seed, "each thing", *file, question)
        return str(sum(stream.happens(likely) for _ in range(number)))

    def _true_answer(self, file: tuple[str, str], question: str) -> str:
        graded = question.endswith("overall")
        draw = RandomStream(self.seed, "file tells", *file, question)
        if not graded and draw.happens(self.habits.not_arising):
            return "not_applicable"
        if not graded and draw.happens(self.habits.untold):
            return "not_enough_evidence"
        return _ladder_answer(self._scale(file, question), GRADES if graded else LADDER)

    def _scale(self, file: tuple[str, str], question: str) -> float:
        """Return the quality of one answer: effects of force, question and file, and their interaction."""
        spread = self.habits.between_files
        file_effect = spread * RandomStream(self.seed, "file", *file).normal()
        question_effect = 0.5 * RandomStream(self.seed, "question", question).normal()
        luck = 0.5 * RandomStream(self.seed, "luck", *file, question).normal()
        return self.quality(file[0]) + question_effect + file_effect + luck

    def quality(self, code: str) -> float:
        """Return the quality of a force: the mean of its rates on the logit scale, centred."""
        if not self._quality:
            self._quality = _qualities(self.truth)
        if code not in self._quality:
            raise UsageError(f"The truth in {self.truth} knows no force {code}.")
        return self._quality[code]


def _suspects(steps: Sequence[Row]) -> dict[tuple[str, str], list[str]]:
    """Return the suspects among the steps of each file, by reference, without the subject of the file."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in (dict(zip(steps[0], row, strict=True)) for row in steps[1:]):
        if row["what"] == ENTERED and row["detail"] != OWN_FILE:
            refs = found.setdefault((row["force_code"], row["subject_ref"]), [])
            refs += [row["about"]] if row["about"] not in refs else []
    return found


def _qualities(truth: Path) -> dict[str, float]:
    path = truth / "truth.toml"
    if not path.is_file():
        raise UsageError(f"{truth} holds no truth.toml: only the files of synthetic forces can be rated so.")
    forces: Mapping[str, Mapping[str, Mapping[str, float]]] = tomllib.loads(path.read_text(encoding="utf-8"))["forces"]
    means = {code: _mean_logit(force["rates"].values()) for code, force in forces.items()}
    middle = sorted(means.values())[len(means) // 2]
    return {code: 2 * (mean - middle) for code, mean in means.items()}


def _mean_logit(rates: Iterable[float]) -> float:
    logits = [math.log(rate / (1 - rate)) for rate in rates if 0 < rate < 1]
    return sum(logits) / max(len(logits), 1)


def _ladder_answer(scale: float, ladder: Sequence[str]) -> str:
    return ladder[0] if scale > CUTS[0] else ladder[1] if scale > CUTS[1] else ladder[2]


def sheet_cells(path: Path, name: str) -> list[Row]:
    """Read one sheet of an exported workbook, every cell as text; UsageError if it is missing."""
    try:
        frame = fastexcel.read_excel(path).load_sheet(name, header_row=None, dtypes="string").to_arrow()
    except (fastexcel.FastExcelError, OSError):
        raise UsageError(f"{path.name} is no such sheet: it has no part {name}.") from None
    columns = [[value or "" for value in column.to_pylist()] for column in frame.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _write(path: Path, parts: Mapping[str, Sequence[Row]]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as workbook:
        workbook.set_properties({"created": CREATION_DATE})  # the same answers give the same bytes
        for name, rows in parts.items():
            page = workbook.add_worksheet(name)
            for line, row in enumerate(rows):
                page.write_row(line, 0, row)

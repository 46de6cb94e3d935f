"""Open a sample in the workbench: assign files to readers, and copy the investigation steps of each file without names.

Files are assigned by `casefiles`, as for sheets. Their steps are copied here as a reader may see them, texts without
names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.case_timeline import Step as TimelineStep
from assay.casefiles.file_allocation import Allocation, allocate_files, design_of
from assay.casefiles.file_assignment import Rater, read_raters
from assay.casefiles.inclusion_probabilities import random_number
from assay.errors import UsageError
from assay.wording import count_phrase
from assay.workbench import audit_log
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.models import INSPECTOR, Account, CaseFile, Reading, Sample, Step
from assay.workbench.reading_limit import interleave, is_hard
from assay.workbench.workbench_folder import WorkbenchFolder


@dataclass(frozen=True)
class OpenedSample:
    """A sample opened in the workbench: its files, and the readings and hard files of each reader."""

    key: str
    questions: str
    files: int
    readings: dict[str, int]
    hard: dict[str, int]
    untold: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return dict(vars(self))

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        reader_lines = [
            f"  {code}: {count_phrase(files, 'file')}, {self.hard[code]} of them hard reading"
            for code, files in self.readings.items()
        ]
        summary = f"{self.key}, {self.questions}: {count_phrase(self.files, 'file')} in the workbench."
        return [summary, *reader_lines, *(f"Texts that belong to no step: {why}" for why in self.untold)]


def open_sample(workbench: WorkbenchFolder, key: str, questions: str, markers: Path) -> OpenedSample:
    """Open a sample in the workbench; UsageError if it was opened already, or a reader has no account."""
    staff = require_inspectors(read_raters(markers))
    if Sample.objects.filter(key=key, questions=questions).exists():
        raise UsageError(
            f"{key} is already in the workbench with {questions}. To change its readers: assay workbench readers"
        )
    title = design_of(workbench.inspection, key).title
    handout = allocate_files(workbench.inspection, key, questions, staff, hard_from_words=workbench.hard_from_words)
    return _create_sample(key, questions, title, handout, staff)


def require_inspectors(staff: list[Rater]) -> list[Rater]:
    """Return the readers; UsageError if one has no active inspector account."""
    codes = [rater.code for rater in staff]
    active_codes = set(
        Account.objects.filter(code__in=codes, role=INSPECTOR, is_active=True).values_list("code", flat=True)
    )
    if missing_codes := [code for code in codes if code not in active_codes]:
        raise UsageError(f"No inspector has an account {', '.join(missing_codes)}. Create it: assay workbench account")
    return staff


def rater_rows(staff: Sequence[Rater]) -> list[dict[str, Any]]:
    """Return the readers in the form in which a sample stores them."""
    return [{**vars(rater), "away_from": list(rater.away_from)} for rater in staff]


def _create_sample(key: str, questions: str, title: str, handout: Allocation, staff: Sequence[Rater]) -> OpenedSample:
    accounts = {item.code: item for item in Account.objects.filter(code__in=[item.code for item in staff])}
    steps: dict[tuple[str, str], list[TimelineStep]] = defaultdict(list)
    for step in handout.steps:
        steps[(step.force_code, step.subject_ref)].append(step)
    with audit_log.write_lines() as lines:
        sample = Sample.objects.create(
            key=key, questions=questions, title=title, seed=handout.seed, markers=rater_rows(staff),
            untold=list(handout.refusals),
        )  # fmt: skip
        drawn_files = sorted({assignment.file for assignment in handout.assignments}, key=lambda file: file.pair)
        files = {item.pair: _create_file(sample, item, steps[item.pair], handout) for item in drawn_files}
        Step.objects.bulk_create([item for pair, file in files.items() for item in _step_rows(file, steps[pair])])
        loads, hard = {}, {}
        for code in sorted({item.marker for item in handout.assignments}):
            reader_assignments = sorted((item for item in handout.assignments if item.marker == code),
                          key=lambda item: random_number(handout.seed, item.marker, *item.file.pair))  # fmt: skip
            hard_assignments = [item for item in reader_assignments if is_hard(files[item.file.pair])]
            ordered_assignments = interleave(
                [item for item in reader_assignments if item not in hard_assignments], hard_assignments
            )
            Reading.objects.bulk_create(
                [
                    Reading(
                        file=files[item.file.pair], account=accounts[code], round=item.round, kind=item.kind, place=turn
                    )
                    for turn, item in enumerate(ordered_assignments, start=1)
                ]
            )
            loads[code], hard[code] = len(reader_assignments), len(hard_assignments)
        lines.add(Kind.SAMPLE_OPENED, OPERATOR, sample=key, questions=questions, files=len(files))
    return OpenedSample(key, questions, len(files), loads, hard, handout.refusals)


def _create_file(sample: Sample, sampled_file: Any, steps: Sequence[TimelineStep], handout: Allocation) -> CaseFile:
    words = sum(len(step.text.split()) for step in steps)
    case_file: CaseFile = CaseFile.objects.create(
        sample=sample,
        force_code=sampled_file.force_code,
        subject_ref=sampled_file.subject_ref,
        stratum=sampled_file.stratum,
        also=list(sampled_file.also),
        listed=dict(handout.suspects.get(sampled_file.pair, {})),
        words=words,
    )
    return case_file


def _step_rows(file: CaseFile, steps: Sequence[TimelineStep]) -> list[Step]:
    return [
        Step(file=file, place=place, text=step.text, words=len(step.text.split()), **_short_fields(step))
        for place, step in enumerate(steps, start=1)
    ]


def _short_fields(step: TimelineStep) -> dict[str, str]:
    """Return the short texts of a step by their column, each cut to the length of the column."""
    names = ("when", "detail", "by_role", "held_by", "tied_by", "crime")
    values = {name: getattr(step, name) for name in names} | {"what": step.description, "about": step.person_ref}
    return {name: text[: Step._meta.get_field(name).max_length] for name, text in values.items()}

"""How does a sample come to the desks: who reads what, and what stands in each file?

Files are given out by `casefiles`, as they are for sheets; their steps are copied here as a marker may read them, the
texts without names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.case_timeline import Step as Told
from assay.casefiles.file_allocation import Given, design_of, hand_out
from assay.casefiles.file_assignment import Marker, read_markers
from assay.casefiles.inclusion_probabilities import number
from assay.errors import UsageError
from assay.wording import counted
from assay.workbench import audit_log
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.models import INSPECTOR, Account, CaseFile, Reading, Sample, Step
from assay.workbench.reading_limit import is_hard, spread
from assay.workbench.workbench_folder import Place


@dataclass(frozen=True)
class AtDesks:
    """A sample that was brought to the desks: how many files, readings, and files of hard reading, by marker."""

    key: str
    questions: str
    files: int
    readings: dict[str, int]
    hard: dict[str, int]
    untold: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return dict(vars(self))

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        each = [
            f"  {code}: {counted(held, 'file')}, {self.hard[code]} of them hard reading"
            for code, held in self.readings.items()
        ]
        said = f"{self.key}, {self.questions}: {counted(self.files, 'file')} at the desks."
        return [said, *each, *(f"What was written stands at no step: {why}" for why in self.untold)]


def open_sample(place: Place, key: str, questions: str, markers: Path) -> AtDesks:
    """Bring a sample to the desks. UsageError where it is there already, or a marker has no account."""
    staff = inspectors(read_markers(markers))
    if Sample.objects.filter(key=key, questions=questions).exists():
        raise UsageError(f"{key} is at the desks with {questions} already.")
    title = design_of(place.inspection, key).title
    given = hand_out(place.inspection, key, questions, staff, hard_from_words=place.hard_from_words)
    return _bring(key, questions, title, given, staff)


def inspectors(staff: list[Marker]) -> list[Marker]:
    """The same readers; UsageError where one has no open account of an inspector."""
    codes = [one.code for one in staff]
    there = set(Account.objects.filter(code__in=codes, role=INSPECTOR, is_active=True).values_list("code", flat=True))
    if lacking := [code for code in codes if code not in there]:
        raise UsageError(f"No inspector's account is named {', '.join(lacking)}. Make it: assay desk account")
    return staff


def told_of(staff: Sequence[Marker]) -> list[dict[str, Any]]:
    """Who may read, as a sample keeps it."""
    return [{**vars(one), "away_from": list(one.away_from)} for one in staff]


def _bring(key: str, questions: str, title: str, given: Given, staff: Sequence[Marker]) -> AtDesks:
    accounts = {one.code: one for one in Account.objects.filter(code__in=[one.code for one in staff])}
    steps: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for step in given.steps:
        steps[(step.force_code, step.subject_ref)].append(step)
    with audit_log.writing() as lines:
        sample = Sample.objects.create(
            key=key, questions=questions, title=title, seed=given.seed, markers=told_of(staff),
            untold=list(given.untold),
        )  # fmt: skip
        drawn = sorted({held.file for held in given.held}, key=lambda file: file.pair)
        files = {one.pair: _file(sample, one, steps[one.pair], given) for one in drawn}
        Step.objects.bulk_create([one for pair, file in files.items() for one in _steps(file, steps[pair])])
        loads, hard = {}, {}
        for code in sorted({one.marker for one in given.held}):
            mine = sorted((one for one in given.held if one.marker == code),
                          key=lambda one: number(given.seed, one.marker, *one.file.pair))  # fmt: skip
            heavy = [one for one in mine if is_hard(files[one.file.pair])]
            order = spread([one for one in mine if one not in heavy], heavy)
            Reading.objects.bulk_create([
                Reading(file=files[one.file.pair], account=accounts[code], round=one.round, kind=one.kind, place=turn)
                for turn, one in enumerate(order, start=1)
            ])  # fmt: skip
            loads[code], hard[code] = len(mine), len(heavy)
        lines.add(Kind.SAMPLE_OPENED, OPERATOR, sample=key, questions=questions, files=len(files))
    return AtDesks(key, questions, len(files), loads, hard, given.untold)


def _file(sample: Sample, one: Any, steps: Sequence[Told], given: Given) -> CaseFile:
    words = sum(len(step.written.split()) for step in steps)
    made: CaseFile = CaseFile.objects.create(
        sample=sample, force_code=one.force_code, subject_ref=one.subject_ref, stratum=one.stratum,
        also=list(one.also), listed=dict(given.beside.get(one.pair, {})), words=words,
    )  # fmt: skip
    return made


def _steps(file: CaseFile, steps: Sequence[Told]) -> list[Step]:
    same = ("when", "what", "detail", "by_role", "held_by", "tied_by", "crime", "about")
    return [
        Step(
            file=file, place=place, text=one.written, words=len(one.written.split()),
            **{name: getattr(one, name)[:Step._meta.get_field(name).max_length] for name in same},
        )
        for place, one in enumerate(steps, start=1)
    ]  # fmt: skip

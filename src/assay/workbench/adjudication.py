"""Give files on which two inspectors differ to an adjudicator.

The adjudicator sees where they differ only after both have finished, each blind to the other: both answers and both
reasons, without saying whose they are. The adjudicator's decision needs a reason and is final. Questions with equal
answers are not asked again.
"""

from __future__ import annotations

from collections.abc import Iterable

from assay.casefiles.file_assignment import (
    ADJUDICATED,
    FIRST,
    INSPECTOR,
    SECOND,
    Assignment,
    File,
    Rater,
    assign_adjudicators,
)
from assay.casefiles.rating_validation import ValidatedSheet
from assay.workbench import audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.models import DONE, OPEN, SEALED, SEALING, Account, CaseFile, Reading, Sample
from assay.workbench.models import INSPECTOR as INSPECTOR_ROLE
from assay.workbench.reading_answers import validate_single_reading

FINISHED = (DONE, SEALING, SEALED)


def double_readings(file: CaseFile) -> tuple[Reading, Reading] | None:
    """Return both inspectors' readings of a file that two inspectors read; None for any other file."""
    found = {reading.round: reading for reading in file.readings.filter(kind=INSPECTOR, round__in=(FIRST, SECOND))}
    return (found[FIRST], found[SECOND]) if len(found) == 2 else None


def both_ratings(file: CaseFile) -> tuple[ValidatedSheet, ValidatedSheet]:
    """Return the current answers of both inspectors on a file."""
    readings = double_readings(file)
    assert readings is not None, "an adjudication needs a file that two inspectors read"
    first, second = (validate_single_reading(reading) for reading in readings)
    return first, second


def differing_questions(first: ValidatedSheet, second: ValidatedSheet) -> tuple[str, ...]:
    """Return the questions to which both inspectors gave different answers, in order."""
    second_answers = {answer.question: answer.answer for answer in second.answers}
    return tuple(
        answer.question
        for answer in first.answers
        if second_answers.get(answer.question, answer.answer) != answer.answer
    )


def is_discrepant(file: CaseFile) -> bool:
    """Return True if both inspectors have finished a file and their answers differ."""
    readings = double_readings(file)
    return bool(
        readings and all(reading.state in FINISHED for reading in readings) and differing_questions(*both_ratings(file))
    )


def assign_adjudicator(lines: audit_log.Writer, file: CaseFile) -> Reading | None:
    """Give a discrepant file to the active adjudicator with the fewest files; None if nobody may take it."""
    if file.readings.filter(round=ADJUDICATED).exists() or not is_discrepant(file):
        return None
    eligible = [rater for rater in active_raters(file.sample) if rater.code not in reader_codes(file)]
    chosen_assignment = assign_adjudicators(assignments(file.sample), [to_file(file)], eligible, file.sample.seed)
    if not chosen_assignment:
        return None
    account = Account.objects.get(code=chosen_assignment[0].marker)
    reading: Reading = Reading.objects.create(file=file, account=account, round=ADJUDICATED, kind=INSPECTOR, state=OPEN)
    lines.add(Kind.ADJUDICATION_GIVEN, audit_log.NO_ACTOR, reading=reading.id, to=account.code)
    return reading


def assign_waiting_adjudications(lines: audit_log.Writer, samples: Iterable[Sample] | None = None) -> int:
    """Assign an adjudicator to every file that waits for one, and return the number of files."""
    sample_list = Sample.objects.all() if samples is None else samples
    files = (file for sample in sample_list for file in sample.files.select_related("sample"))
    return sum(assign_adjudicator(lines, file) is not None for file in files)


def active_raters(sample: Sample) -> list[Rater]:
    """Return the readers of a sample whose accounts are open."""
    codes = set(Account.objects.filter(role=INSPECTOR_ROLE, is_active=True).values_list("code", flat=True))
    return [rater for rater in raters(sample) if rater.code in codes]


def reader_codes(file: CaseFile) -> set[str]:
    """Return the codes of all persons who were ever assigned a file."""
    return set(Reading.everything.filter(file=file).values_list("account__code", flat=True))


def assignments(sample: Sample) -> list[Assignment]:
    """Return who was given which file of a sample to read, as objects of the package `casefiles`."""
    found = Reading.objects.filter(file__sample=sample).select_related("file", "account")
    return [Assignment(to_file(reading.file), reading.account.code, reading.round, reading.kind) for reading in found]


def to_file(file: CaseFile) -> File:
    """Return a file of the workbench as a `File` of the package `casefiles`."""
    return File(*file.pair, file.stratum, tuple(file.also))


def raters(sample: Sample) -> list[Rater]:
    """Return the readers who may be given files, as the raters' file listed them when the sample was opened."""
    return [Rater(**{**row, "away_from": tuple(row["away_from"])}) for row in sample.markers]

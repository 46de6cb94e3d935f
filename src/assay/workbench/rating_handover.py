"""Seal finished files: store their answers as ratings of the inspection, together with a copy of the audit log.

A file is ready when all its readers have finished, with the adjudicator if two differ. Until then nothing of it is
sealed, so that no rating of one reaches the other. Sealing can be interrupted at any point and started again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from assay import casefiles
from assay.casefiles.file_allocation import add_assignments
from assay.casefiles.file_assignment import ADJUDICATED
from assay.casefiles.rating_intake import seal_answers
from assay.casefiles.rating_validation import RatedAnswer
from assay.engine.provenance import lock_folder
from assay.engine.provenance.stage_folders import write_table_hashes
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.indicators.question_set_catalogue import question_set
from assay.workbench import adjudication, answer_saving, audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.models import DONE, SEALED, SEALING, CaseFile, Event, Reading, Sample
from assay.workbench.workbench_folder import WorkbenchFolder

AUDIT_LOG_STAGE = "casefiles/trail"
"""The stage with the audit log as of the last sealing of ratings."""
COLUMNS = ("number", "at", "who", "kind", "about", "before", "hash")
SCHEMA = pa.schema([(name, pa.int64() if name == "number" else pa.string()) for name in COLUMNS])
SOURCE = "workbench trail"

PATIENCE_SECONDS = 20.0
"""Seconds that a sealing waits for another, or for other work in the folder of the inspection."""


@dataclass(frozen=True)
class HandoverResult:
    """The result of sealing: how many files and ratings were sealed, and how many files are not ready yet.

    `to_reopen`: the finished files that were left out because an answer is invalid or a question open by the current
    rules, each with its readers.
    """

    files: int
    marks: int
    waiting: int
    undecided: int
    to_reopen: tuple[str, ...] = ()


def is_ready(file: CaseFile) -> bool:
    """Return True if all readers of a file have finished, including the adjudicator if two readers differ."""
    readings = list(file.readings.all())
    finished = all(reading.state in adjudication.FINISHED for reading in readings)
    has_adjudication = any(reading.round == ADJUDICATED for reading in readings)
    return finished and (has_adjudication or not adjudication.is_discrepant(file))


def readings_to_reopen(file: CaseFile) -> list[Reading]:
    """Return the finished readings of a file that have an invalid answer or an unanswered question.

    An adjudication rests on both readings, so it is named only if neither of them must be reopened.
    """
    finished = [reading for reading in file.readings.all() if reading.state in (DONE, SEALING)]
    refused = [reading for reading in finished if not _is_valid(reading)]
    return [reading for reading in refused if reading.round != ADJUDICATED] or refused


def files_to_reopen(files: Iterable[CaseFile]) -> tuple[str, ...]:
    """Return the name of each file that must be reopened, with the codes of its readers."""
    found = ((file, [reading.account.code for reading in readings_to_reopen(file)]) for file in files)
    return tuple(f"{file.force_code} {file.subject_ref} ({', '.join(codes)})" for file, codes in found if codes)


def _is_valid(reading: Reading) -> bool:
    found = answer_saving.validate_reading(reading)
    return not (found.errors or found.open)


def seal_ready_files(workbench: WorkbenchFolder, sample: Sample, actor: str) -> HandoverResult:
    """Seal every file that is ready, and keep the audit log beside the ratings."""
    with lock_folder(workbench.inspection, PATIENCE_SECONDS):
        with audit_log.write_lines() as lines:
            adjudication.assign_waiting_adjudications(lines, [sample])
        files = list(sample.files.prefetch_related("readings"))
        claimed = _claim_readings([file for file in files if is_ready(file)], actor, sample)
        marks = _seal(workbench, sample, claimed)
        with audit_log.write_lines():
            Reading.objects.filter(pk__in=[item.pk for item in claimed]).update(state=SEALED)
    undecided = sum(adjudication.is_discrepant(item) and not is_ready(item) for item in files)
    sealed = {item.file_id for item in claimed}
    to_reopen = files_to_reopen(item for item in sample.files.all() if is_ready(item))
    not_ready = sum(not is_ready(item) for item in files)
    return HandoverResult(len(sealed), marks, not_ready - undecided, undecided, to_reopen)


def _claim_readings(files: Iterable[CaseFile], actor: str, sample: Sample) -> list[Reading]:
    """Mark and return the readings to be sealed, so that nobody reopens one meanwhile.

    Those of an interrupted sealing are included.
    """
    with audit_log.write_lines() as lines:
        file_readings = Reading.objects.select_for_update().filter(file__in=list(files))
        claimed = [
            reading for reading in file_readings.select_related("file", "account") if reading.state in (DONE, SEALING)
        ]
        unfinished_files = {reading.file_id for reading in file_readings if reading.state not in adjudication.FINISHED}
        claimed = [
            reading for reading in claimed if reading.file_id not in unfinished_files
        ]  # opened again in the meantime
        refused = {reading.file_id for reading in claimed if not _is_valid(reading)}
        # An interrupted sealing before an upgrade left its readings closed: they must be open for correction.
        Reading.objects.filter(file__in=refused, state=SEALING).update(state=DONE)
        claimed = [reading for reading in claimed if reading.file_id not in refused]
        Reading.objects.filter(pk__in=[reading.pk for reading in claimed]).update(state=SEALING)
        if claimed:
            lines.add(Kind.SEALED, actor, sample=sample.key, questions=sample.questions, readings=len(claimed))
    return claimed


def _seal(workbench: WorkbenchFolder, sample: Sample, readings: Iterable[Reading]) -> int:
    answers: dict[str, list[RatedAnswer]] = defaultdict(list)
    for reading in readings:
        answers[reading.account.code] += answer_saving.validate_reading(reading).answers
    if not answers:
        return 0
    head = keep_audit_log(workbench)
    add_assignments(workbench.inspection, sample.key, sample.questions, adjudication.assignments(sample))
    questionnaire, timestamp, marks = question_set(sample.questions), datetime.now(), 0
    for code in sorted(answers):
        source = (SOURCE, head)
        marks += len(
            seal_answers(workbench.inspection, sample.key, questionnaire, code, answers[code], source, timestamp)
        )
    return marks


def keep_audit_log(workbench: WorkbenchFolder) -> str:
    """Write the current audit log as a stage of the inspection, and return its last hash."""
    rows = list(Event.objects.values(*COLUMNS))
    head = str(rows[-1]["hash"])
    StageRunner(workbench.inspection).run_stage(
        AUDIT_LOG_STAGE,
        lambda: StageOutput(
            {"trail": pa.Table.from_pylist(rows, SCHEMA)}, len(rows), len(rows), fill=write_table_hashes
        ),
        packages=(casefiles,),
        inputs={},
        settings={"head": head},
    )
    return head

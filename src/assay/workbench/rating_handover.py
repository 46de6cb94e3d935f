"""How do finished readings become marks of the inspection, sealed, with the trail of how they came to be?

A file is ready when everybody who reads it has finished, and where two differed the adjudicator too: until then nothing
of it is sealed, so that no mark of one reaches the other. Sealing can be stopped anywhere and asked for again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from assay import casefiles
from assay.casefiles.file_allocation import hand_more
from assay.casefiles.file_assignment import ADJUDICATED
from assay.casefiles.rating_intake import seal_answers
from assay.casefiles.rating_validation import Answered
from assay.engine.provenance import alone
from assay.engine.provenance.stage_folders import keep_bytes
from assay.engine.stage_runner import Book, Made
from assay.indicators.question_set_catalogue import question_set
from assay.workbench import adjudication, answer_saving, audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.models import DONE, SEALED, SEALING, CaseFile, Event, Reading, Sample
from assay.workbench.workbench_folder import Place

TRAIL = "casefiles/trail"
"""The stage that holds the trail as it was when marks were last sealed."""
COLUMNS = ("number", "at", "who", "kind", "about", "before", "hash")
SCHEMA = pa.schema([(name, pa.int64() if name == "number" else pa.string()) for name in COLUMNS])
SOURCE = "workbench trail"

PATIENCE_SECONDS = 20.0
"""How long a sealing waits for another, or for other work in the folder of the inspection."""


@dataclass(frozen=True)
class HandedIn:
    """How many files were sealed, with how many marks; how many wait for a reader, and how many for an adjudicator.
    `to_reopen`: the finished files that were left out since an answer is refused or a question open by the rules of
    now, each with its readers."""

    files: int
    marks: int
    waiting: int
    undecided: int
    to_reopen: tuple[str, ...] = ()


def ready(file: CaseFile) -> bool:
    """Whether everybody who reads a file has finished it, the adjudicator of two that differ among them."""
    readings = list(file.readings.all())
    finished = all(one.state in adjudication.FINISHED for one in readings)
    judged = any(one.round == ADJUDICATED for one in readings)
    return finished and (judged or not adjudication.differs(file))


def must_reopen(file: CaseFile) -> list[Reading]:
    """The finished readings of a file that hold an answer that is refused, or an open question, by the rules of now.
    An adjudication rests on both readings, so it is named only where neither of them must be opened again."""
    finished = [reading for reading in file.readings.all() if reading.state in (DONE, SEALING)]
    refused = [reading for reading in finished if not _holds(reading)]
    return [reading for reading in refused if reading.round != ADJUDICATED] or refused


def files_to_reopen(files: Iterable[CaseFile]) -> tuple[str, ...]:
    """The name of each file that must be opened again, with the codes of those who read it."""
    found = ((file, [reading.account.code for reading in must_reopen(file)]) for file in files)
    return tuple(f"{file.force_code} {file.subject_ref} ({', '.join(codes)})" for file, codes in found if codes)


def _holds(reading: Reading) -> bool:
    found = answer_saving.read(reading)
    return not (found.faults or found.open)


def hand_in(place: Place, sample: Sample, who: str) -> HandedIn:
    """Seal every file that is ready, and keep the trail beside the marks; UsageError while the inspection is run."""
    with alone(place.inspection, PATIENCE_SECONDS):
        with audit_log.writing() as lines:
            adjudication.give_waiting(lines, [sample])
        files = list(sample.files.prefetch_related("readings"))
        taken = _take([file for file in files if ready(file)], who, sample)
        marks = _seal(place, sample, taken)
        with audit_log.writing():
            Reading.objects.filter(pk__in=[one.pk for one in taken]).update(state=SEALED)
    undecided = sum(adjudication.differs(one) and not ready(one) for one in files)
    sealed = {one.file_id for one in taken}
    to_reopen = files_to_reopen(one for one in sample.files.all() if ready(one))
    left = sum(not ready(one) for one in files)
    return HandedIn(len(sealed), marks, left - undecided, undecided, to_reopen)


def _take(files: Iterable[CaseFile], who: str, sample: Sample) -> list[Reading]:
    """The readings to be sealed, so marked that nobody opens one again meanwhile; those of a sealing that was stopped
    among them."""
    with audit_log.writing() as lines:
        mine = Reading.objects.select_for_update().filter(file__in=list(files))
        found = [one for one in mine.select_related("file", "account") if one.state in (DONE, SEALING)]
        whole = {one.file_id for one in mine if one.state not in adjudication.FINISHED}
        found = [one for one in found if one.file_id not in whole]  # opened again in the meantime
        refused = {one.file_id for one in found if not _holds(one)}
        # A sealing that was stopped before an upgrade left its readings closed: they must be open to a correction.
        Reading.objects.filter(file__in=refused, state=SEALING).update(state=DONE)
        found = [one for one in found if one.file_id not in refused]
        Reading.objects.filter(pk__in=[one.pk for one in found]).update(state=SEALING)
        if found:
            lines.add(Kind.SEALED, who, sample=sample.key, questions=sample.questions, readings=len(found))
    return found


def _seal(place: Place, sample: Sample, readings: Iterable[Reading]) -> int:
    answers: dict[str, list[Answered]] = defaultdict(list)
    for one in readings:
        answers[one.account.code] += answer_saving.read(one).answers
    if not answers:
        return 0
    head = keep_trail(place)
    hand_more(place.inspection, sample.key, sample.questions, adjudication.assigned(sample))
    asked, now, marks = question_set(sample.questions), datetime.now(), 0
    for code in sorted(answers):
        source = (SOURCE, head)
        marks += len(seal_answers(place.inspection, sample.key, asked, code, answers[code], source, now))
    return marks


def keep_trail(place: Place) -> str:
    """Write the trail as it is now as a stage of the inspection; gives its last hash."""
    rows = list(Event.objects.values(*COLUMNS))
    head = str(rows[-1]["hash"])
    Book(place.inspection).stage(
        TRAIL,
        lambda: Made({"trail": pa.Table.from_pylist(rows, SCHEMA)}, len(rows), len(rows), fill=keep_bytes),
        rooms=(casefiles,),
        inputs={},
        settings={"head": head},
    )
    return head

"""What does an inspection hold of each strand: records, marked files, documents, surveys, fieldwork, voices?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assay.casefiles.file_allocation import marks_of
from assay.casefiles.file_sampling import SAMPLES
from assay.casefiles.ratings import of_inspectors
from assay.casefiles.registered_documents import read_checks
from assay.casefiles.sample_results import Result, answers_to, results
from assay.casefiles.surveys.survey_intake import ROOM as SURVEYS
from assay.compare.indicator_findings import in_words
from assay.engine.provenance import read_receipt, read_stage
from assay.engine.provenance.stage_folders import stages_in
from assay.errors import UsageError
from assay.grading.fieldwork_evidence import Visit, marked, noted
from assay.indicators import ALL
from assay.indicators.document_checklists import checklists
from assay.indicators.question_set_catalogue import question_sets
from assay.ingest.inspection_folder import Inspection
from assay.ingest.other_sender_tables import held_rows
from assay.ingest.stage_names import VOICES

Row = Mapping[str, Any]
Rows = tuple[Row, ...]
SCALE = "scale"
"""The stage that holds the series over time."""


@dataclass(frozen=True)
class Evidence:
    """Everything that strands are made of, as rows; `ladders` and `standing` by (place, indicator).

    An empty part is a strand of which nothing is held.
    """

    period: str
    names: Mapping[str, str]
    ladders: Mapping[str, Mapping[str, Row]]
    standing: Mapping[str, Mapping[str, Row]]
    files: tuple[Result, ...] = ()
    documents: Rows = ()
    checks: Rows = ()
    surveys: Mapping[str, Rows] | None = None
    asked: Rows = ()
    themes: Rows = ()
    visits: tuple[Visit, ...] = ()
    group_facts: Rows = ()
    lessons: Rows = ()
    trends: Rows = ()


def evidence_of(inspection: Inspection) -> Evidence:
    """What the inspection holds; UsageError where no record was asked yet."""
    folder, request = inspection.folder, inspection.request
    require_run(inspection)
    sent = held_rows(folder)
    return Evidence(
        period=in_words(request.period_from, request.period_to),
        names={code: body.name for code, body in request.bodies.items()},
        ladders=by_place(read_stage(folder, "enquiries", "ladders").to_pylist()),
        standing=by_place(read_stage(folder, "comparison", "standing").to_pylist()),
        files=_files_of(folder, _as_marked(folder)),
        documents=tuple(sent["documents"]),
        checks=tuple(read_checks(sent["document_checks"], sent["documents"], _documents_marked(folder, sent))),
        surveys={key: _kept(folder, f"{SURVEYS}/{key}", "results") for key in ("staff", "partners")},
        asked=_kept(folder, VOICES, "voices_asked"),
        themes=_kept(folder, VOICES, "voices_themes"),
        group_facts=tuple(sent["group_facts"]),
        lessons=tuple(sent["lessons"]),
        trends=_kept(folder, SCALE, "trends"),
        visits=(*marked(folder), *noted(sent["fieldwork_notes"])),
    )


def require_run(inspection: Inspection) -> None:
    """UsageError where no record was asked yet."""
    folder = inspection.folder
    if not (folder / "comparison" / "receipt.json").is_file():
        raise UsageError(f"{folder} has not been run yet: assay run {folder}")


def samples_marked(folder: Path) -> list[tuple[str, str]]:
    """Every sample and question set of which marks are sealed, in order."""
    drawn = [stage.split("/")[-1] for stage in stages_in(folder) if stage.startswith(f"{SAMPLES}/")]
    return [(key, one.key) for key in drawn for one in question_sets() if marks_of(folder, key, one.key)]


@lru_cache(maxsize=2)
def _files_of(folder: Path, as_marked: tuple[str, ...]) -> tuple[Result, ...]:
    """What every marked sample says; worked out once for the marks as they stand (`as_marked`)."""
    return tuple(one for key, asked in samples_marked(folder) for one in results(folder, key, asked))


def _documents_marked(
    folder: Path, sent: Mapping[str, Sequence[Row]]
) -> dict[tuple[str, str], dict[tuple[str, str, str], str]]:
    """What inspectors sealed of documents: by sender and checklist, (body, document, item) -> answer."""
    found = {}
    for sender in sorted({row["sender"] for row in sent["documents"]}):
        for one in checklists().values():
            marks = of_inspectors(marks_of(folder, sender, one.key))
            found[sender, one.key] = {
                (*file, question.key): answer
                for question in one.questions
                for file, answer in answers_to(marks, question.key).items()
            }
    return found


def _as_marked(folder: Path) -> tuple[str, ...]:
    """The hashes of all receipts of case files: they change with every mark."""
    receipts = (read_receipt(folder, stage) for stage in stages_in(folder) if stage.startswith("casefiles/"))
    return tuple(one.hash for one in receipts if one)


def by_place(rows: list[dict[str, Any]]) -> dict[str, dict[str, Row]]:
    """Rows of everyone together, by place and indicator."""
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row.get("when_reported", ALL) == ALL:
            found.setdefault(row["place_code"], {})[row["indicator"]] = row
    return found


def _kept(folder: Path, stage: str, name: str) -> Rows:
    """A table of a stage that need not be there."""
    held = (folder / stage / f"{name}.parquet").is_file()
    return tuple(read_stage(folder, stage, name).to_pylist()) if held else ()

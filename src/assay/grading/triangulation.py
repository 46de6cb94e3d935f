"""Triangulation: the verdict of every source on every characteristic of each force, and their combined certainty.

`triangulate(folder)` writes `triangulation/source_verdicts` (one row per place, characteristic and source) and
`triangulation/certainty` (one row per place and characteristic: the statement, and whether sources disagree), with a
provenance record that names every input stage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from assay import casefiles, compare, grading, reference, stats
from assay import indicators as indicators_package
from assay.casefiles import surveys
from assay.casefiles.surveys.questionnaire_forms import read_questionnaire
from assay.casefiles.surveys.survey_intake import STAGE_FOLDER as SURVEYS
from assay.contract import question_sets
from assay.engine.provenance import with_folder_lock
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.grading import case_file_evidence, document_evidence, fieldwork_evidence, record_evidence, survey_evidence
from assay.grading.evidence_links import evidence_links
from assay.grading.grading_rules import rules_text
from assay.grading.inspection_evidence import SCALE, InspectionEvidence, collect_evidence, require_run
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_sources import (
    CANNOT_TELL,
    KINDS,
    THRESHOLD,
    EvidenceSource,
    certainty_statement,
    combine_parts,
    exclude_small_parts,
    sources_disagree,
)
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import OTHER_SENDERS, TRIANGULATION, VOICES
from assay.reference import Characteristic, characteristics

TEXT = pa.string()
EVIDENCE_SOURCES = pa.schema(
    [(n, TEXT) for n in ("place_code", "characteristic", "evidence_source", "verdict", "statement", "evidence_keys")]
)
CERTAINTY = pa.schema(
    [(n, TEXT) for n in ("place_code", "characteristic", "line", "text", "statement")] + [("disagree", pa.bool_())]
)
READ_ELSEWHERE = {
    "files": "Case files were read, and no question to them is about this.",
    "documents": "Documents were checked, and no item of the checklists is about this.",
}
"""What a source says of a characteristic that it was not asked about, although it was read."""
INPUT_STAGES = ("enquiries", "comparison", SCALE, OTHER_SENDERS, VOICES, SURVEYS, "casefiles")
"""The stages whose outputs are evidence."""


@dataclass(frozen=True)
class TriangulatedCharacteristic:
    """One characteristic in one place: the verdicts of its six sources and the statement of certainty."""

    characteristic: Characteristic
    place: str
    sources: tuple[EvidenceSource, ...]

    @property
    def certainty(self) -> str:
        """The statement of certainty, as a sentence."""
        return certainty_statement(self.sources)

    @property
    def disagree(self) -> bool:
        """True if sources contradict each other."""
        return sources_disagree(self.sources)


@with_folder_lock
def triangulate(folder: Path, *places: str) -> list[TriangulatedCharacteristic]:
    """Return every characteristic in these places, or in every place, and store the tables of every place.

    Raises UsageError if the inspection has not been run, or is retired.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    build_triangulation_stage(inspection, StageRunner(folder))
    evidence = collect_evidence(inspection)
    return [result for place in places or _places(inspection) for result in triangulate_place(evidence, place)]


def build_triangulation_stage(inspection: Inspection, stage_store: StageRunner) -> None:
    """Run the triangulation stage if its inputs changed; raise UsageError if the inspection has not been run."""
    require_run(inspection)
    stages = [stage for root in INPUT_STAGES for stage in stage_store.load_receipts(root)]

    def make() -> StageOutput:
        evidence = collect_evidence(inspection)
        results = [result for place in _places(inspection) for result in triangulate_place(evidence, place)]
        tables = {"source_verdicts": _sources_table(results), "certainty": _certainty_table(results)}
        rows = sum(table.num_rows for table in tables.values())
        return StageOutput(tables, rows, rows)

    stage_store.run_stage(
        TRIANGULATION,
        make,
        packages=(reference, indicators_package, compare, question_sets, stats, casefiles, surveys, grading),
        inputs=stage_store.outputs_of(*stages),
        settings={"request": inspection.request.to_toml(), "line": THRESHOLD, "rules": rules_text()},
    )


def _places(inspection: Inspection) -> tuple[str, ...]:
    return (EVERYWHERE, *inspection.request.organisations)


def triangulate_place(evidence: InspectionEvidence, place: str, fewest: int = 0) -> list[TriangulatedCharacteristic]:
    """Return the combined evidence on every characteristic for one force, in the order of the commission."""
    return [
        TriangulatedCharacteristic(characteristic, place, judge_sources(evidence, characteristic, place, fewest))
        for characteristic in characteristics()
    ]


def judge_sources(
    evidence: InspectionEvidence, characteristic: Characteristic, place: str, fewest: int = 0
) -> tuple[EvidenceSource, ...]:
    """Return the verdict of each of six sources on one characteristic.

    A source with fewer than `fewest` files or respondents has the verdict "cannot tell".
    """
    link, question_keys = evidence_links().links[characteristic.key], characteristic.questions
    answers_by_survey = evidence.surveys or {}
    name = evidence.names.get(place, "all organisations that sent a return")
    records = record_evidence.record_source(
        evidence.tables,
        characteristic,
        place,
        name,
        evidence.period,
        has_series=record_evidence.has_followed_series(question_keys, evidence.trends, place),
    )
    parts: dict[str, list[EvidenceSource]] = {
        "files": case_file_evidence.file_parts(question_keys, evidence.files, place),
        "documents": document_evidence.document_parts(question_keys, evidence.documents, evidence.checks, place),
        "victims": survey_evidence.voice_parts(link, evidence.themes, evidence.voices, place),
    }
    for kind, questions in (("staff", link.staff), ("partners", link.partners)):
        survey = read_questionnaire(kind)
        parts[kind] = survey_evidence.survey_parts(kind, questions, survey, answers_by_survey.get(kind, ()), place)
        parts[kind] += fieldwork_evidence.fieldwork_parts(kind, question_keys, evidence.visits, place)
    for kind, was_read in _read_elsewhere(evidence, place).items():
        if was_read and not parts[kind]:
            parts[kind] = [EvidenceSource(kind, CANNOT_TELL, READ_ELSEWHERE[kind])]
    other_sources = (combine_parts(kind.key, exclude_small_parts(parts[kind.key], fewest)) for kind in KINDS[1:])
    return (records, *other_sources)


def _read_elsewhere(evidence: InspectionEvidence, place: str) -> dict[str, bool]:
    """Return whether files were rated or documents checked in a place, whatever the questions were about."""
    checked = {(row["sender"], row["document_ref"]) for row in evidence.checks}
    return {
        "files": any(result.place == place and any(result.answers.values()) for result in evidence.files),
        "documents": any(
            (row["sender"], row["document_ref"]) in checked and place in (EVERYWHERE, row["body_code"])
            for row in evidence.documents
        ),
    }


def _sources_table(results: Iterable[TriangulatedCharacteristic]) -> pa.Table:
    rows = [
        {"place_code": result.place, "characteristic": result.characteristic.key, "evidence_source": source.kind,
         "verdict": source.verdict, "statement": source.statement, "evidence_keys": " ".join(source.evidence_keys)}
        for result in results
        for source in result.sources
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, EVIDENCE_SOURCES)


def _certainty_table(results: Iterable[TriangulatedCharacteristic]) -> pa.Table:
    rows = [
        {"place_code": result.place, "characteristic": result.characteristic.key, "line": result.characteristic.line,
         "text": result.characteristic.text, "statement": result.certainty, "disagree": result.disagree}
        for result in results
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, CERTAINTY)

"""Collect the evidence of an inspection: records, rated files, documents, surveys, fieldwork and victims' accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from assay.casefiles.file_allocation import sample_ratings
from assay.casefiles.file_sampling import SAMPLES
from assay.casefiles.ratings import inspector_ratings
from assay.casefiles.registered_documents import CheckAnswer, combine_checks
from assay.casefiles.sample_results import Result, answers_to, results
from assay.casefiles.surveys.survey_intake import stored_results
from assay.casefiles.surveys.survey_results import SurveyResult
from assay.compare.indicator_findings import period_text
from assay.engine.provenance import read_receipt, read_stage
from assay.engine.provenance.stage_folders import list_stages
from assay.errors import UsageError
from assay.grading.fieldwork_evidence import Visit, note_visits, rated_visits
from assay.grading.force_evidence import EvidenceTables
from assay.indicators import ALL
from assay.indicators.catalogue.scale.record_series import SeriesTrendRow
from assay.indicators.document_checklists import checklists
from assay.indicators.question_set_catalogue import question_sets
from assay.ingest.inspection_folder import Inspection
from assay.ingest.other_sender_tables import accepted_rows
from assay.ingest.other_senders.sender_rows import DocumentsRow, GroupFactsRow, LessonsRow
from assay.ingest.stage_names import VOICES
from assay.sdc.released_rows.indicator_rows import CombinedTestsRow, IndicatorSpreadRow
from assay.sdc.released_rows.people_rows import VoiceCollectionsRow

Row = Mapping[str, Any]
Rows = tuple[Row, ...]
SCALE = "scale"
"""The stage that holds the series over time."""


@dataclass(frozen=True)
class InspectionEvidence:
    """The rows of all sources of evidence, by name of the source; `ladders` and `estimates` by place and indicator.

    An empty field is a source without data.
    """

    period: str
    names: Mapping[str, str]
    ladders: Mapping[str, Mapping[str, Row]]
    estimates: Mapping[str, Mapping[str, Row]]
    files: tuple[Result, ...] = ()
    documents: tuple[DocumentsRow, ...] = ()
    checks: tuple[CheckAnswer, ...] = ()
    surveys: Mapping[str, Sequence[SurveyResult]] | None = None
    voices: tuple[VoiceCollectionsRow, ...] = ()
    themes: Rows = ()
    visits: tuple[Visit, ...] = ()
    group_facts: tuple[GroupFactsRow, ...] = ()
    lessons: tuple[LessonsRow, ...] = ()
    trends: tuple[SeriesTrendRow, ...] = ()
    spread: tuple[IndicatorSpreadRow, ...] = ()
    combined_tests: tuple[CombinedTestsRow, ...] = ()

    @cached_property
    def tables(self) -> EvidenceTables:
        """The released tables of measures, indexed by place, on which the evidence is based."""
        tables = EvidenceTables((), (), (), (), self.spread, (), self.combined_tests)
        tables.ladders = {(place, key): row for place, rows in self.ladders.items() for key, row in rows.items()}
        tables.estimates = {(place, key): row for place, rows in self.estimates.items() for key, row in rows.items()}
        return tables


def collect_evidence(inspection: Inspection) -> InspectionEvidence:
    """Return the evidence of an inspection; raise UsageError if it has not been run."""
    folder, request = inspection.folder, inspection.request
    require_run(inspection)
    other_tables = accepted_rows(folder)
    documents = other_tables["documents"]
    return InspectionEvidence(
        period=period_text(request.period_from, request.period_to),
        names={code: organisation.name for code, organisation in request.organisations.items()},
        ladders=by_place(read_stage(folder, "enquiries", "ladders").to_pylist()),
        estimates=by_place(read_stage(folder, "comparison", "force_estimates").to_pylist()),
        files=_file_results(folder, _receipt_hashes(folder)),
        documents=tuple(documents),
        checks=tuple(
            combine_checks(
                other_tables["document_checks"],
                other_tables["documents"],
                _document_ratings(folder, other_tables["documents"]),
            )
        ),
        surveys={key: stored_results(folder, key) for key in ("staff", "partners")},
        voices=_optional_table(folder, VOICES, "voice_collections"),
        themes=_optional_table(folder, VOICES, "voice_theme_counts"),
        group_facts=tuple(other_tables["group_facts"]),
        lessons=tuple(other_tables["lessons"]),
        trends=_optional_table(folder, SCALE, "trends"),
        spread=_optional_table(folder, "comparison", "indicator_spread"),
        combined_tests=_optional_table(folder, "comparison", "combined_tests"),
        visits=(*rated_visits(folder), *note_visits(other_tables["fieldwork_notes"])),
    )


def require_run(inspection: Inspection) -> None:
    """Raise UsageError if the inspection has not been run by this version, or by one with the same columns."""
    folder = inspection.folder
    if not (folder / "comparison" / "receipt.json").is_file():
        raise UsageError(f"{folder} has not been run yet: assay inspect run {folder}")
    if "outlier_alert" not in read_stage(folder, "comparison", "force_estimates").column_names:
        raise UsageError(
            f"An earlier version ran {folder}, and its columns have other names. Run it again: assay inspect run "
            f"{folder}"
        )


def rated_samples(folder: Path) -> list[tuple[str, str]]:
    """Return every sample and question set with sealed ratings, in order."""
    samples = [stage.split("/")[-1] for stage in list_stages(folder) if stage.startswith(f"{SAMPLES}/")]
    return [
        (key, question_set.key)
        for key in samples
        for question_set in question_sets()
        if sample_ratings(folder, key, question_set.key)
    ]


@lru_cache(maxsize=2)
def _file_results(folder: Path, receipt_hashes: tuple[str, ...]) -> tuple[Result, ...]:
    """Return the results of every rated sample, cached by the hashes of the ratings (`receipt_hashes`)."""
    return tuple(result for key, question_set in rated_samples(folder) for result in results(folder, key, question_set))


def _document_ratings(
    folder: Path, documents: Iterable[DocumentsRow]
) -> dict[tuple[str, str], dict[tuple[str, str, str], str]]:
    """Return the submitted ratings of documents: by sender and checklist, (force, document, item) -> answer."""
    answers = {}
    for sender in sorted({row["sender"] for row in documents}):
        for checklist in checklists().values():
            ratings = inspector_ratings(sample_ratings(folder, sender, checklist.key))
            answers[sender, checklist.key] = {
                (*file, question.key): answer
                for question in checklist.questions
                for file, answer in answers_to(ratings, question.key).items()
            }
    return answers


def _receipt_hashes(folder: Path) -> tuple[str, ...]:
    """Return the hashes of all case file provenance records; they change with every rating."""
    receipts = (read_receipt(folder, stage) for stage in list_stages(folder) if stage.startswith("casefiles/"))
    return tuple(receipt.hash for receipt in receipts if receipt)


def by_place(rows: list[dict[str, Any]]) -> dict[str, dict[str, Row]]:
    """Return the evidence rows for all reports combined, keyed by force and indicator."""
    rows_by_place: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row.get("when_reported", ALL) == ALL:
            rows_by_place.setdefault(row["place_code"], {})[row["indicator"]] = row
    return rows_by_place


def _optional_table(folder: Path, stage: str, name: str) -> tuple[Any, ...]:
    """Return a table of a stage; no rows if the stage does not exist."""
    exists = (folder / stage / f"{name}.parquet").is_file()
    return tuple(read_stage(folder, stage, name).to_pylist()) if exists else ()

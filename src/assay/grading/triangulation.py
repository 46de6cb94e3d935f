"""What does every strand say of every characteristic of good, force by force; and how sure is that together?

`triangulate(folder)` leaves `triangulation/strands` (a row each place, characteristic and strand) and
`triangulation/certainty` (a row each place and characteristic: the statement, and whether strands disagree), with a
receipt that names every stage it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from assay import casefiles, compare, grading, reference, stats
from assay import indicators as indicators_package
from assay.casefiles import surveys
from assay.casefiles.surveys.questionnaire_forms import read_questionnaire
from assay.casefiles.surveys.survey_intake import ROOM as SURVEYS
from assay.contract import question_sets
from assay.engine.provenance import one_at_a_time
from assay.engine.stage_runner import Book, Made
from assay.grading import case_file_evidence, document_evidence, fieldwork_evidence, record_evidence, survey_evidence
from assay.grading.strand_evidence import SCALE, Evidence, evidence_of, require_run
from assay.grading.strand_links import ties
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_strands import KINDS, LINE, Strand, certainty, disagrees, judged, of_enough
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import OTHERS, TRIANGULATION, VOICES
from assay.reference import Characteristic, characteristics

TEXT = pa.string()
STRANDS = pa.schema([(n, TEXT) for n in ("place_code", "characteristic", "strand", "verdict", "says", "rests_on")])
CERTAINTY = pa.schema(
    [(n, TEXT) for n in ("place_code", "characteristic", "line", "text", "statement")] + [("disagree", pa.bool_())]
)
READ = ("enquiries", "comparison", SCALE, OTHERS, VOICES, SURVEYS, "casefiles")
"""The rooms on disk that strands are made from."""


@dataclass(frozen=True)
class Triangulated:
    """One characteristic in one place: its six strands, and the statement of certainty that is made from them."""

    characteristic: Characteristic
    place: str
    strands: tuple[Strand, ...]

    @property
    def certainty(self) -> str:
        """On what it rests, in a sentence."""
        return certainty(self.strands)

    @property
    def disagree(self) -> bool:
        """Whether strands contradict each other."""
        return disagrees(self.strands)


@one_at_a_time
def triangulate(folder: Path, *places: str) -> list[Triangulated]:
    """Every characteristic in these places, or in every place that was asked; the tables, of every place, are kept in
    the inspection with their evidence.

    UsageError where the inspection has not been run, or is retired.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    set_strands_together(inspection, Book(folder))
    held = evidence_of(inspection)
    return [one for place in places or _places(inspection) for one in of_place(held, place)]


def set_strands_together(inspection: Inspection, book: Book) -> None:
    """Keep the tables of every place, made anew if anything that they rest on changed; UsageError where the inspection
    has not been run."""
    require_run(inspection)
    stages = [stage for room in READ for stage in book.know(room)]

    def make() -> Made:
        held = evidence_of(inspection)
        made = [one for place in _places(inspection) for one in of_place(held, place)]
        tables = {"strands": _strands(made), "certainty": _certainty(made)}
        rows = sum(table.num_rows for table in tables.values())
        return Made(tables, rows, rows)

    book.stage(
        TRIANGULATION,
        make,
        rooms=(reference, indicators_package, compare, question_sets, stats, casefiles, surveys, grading),
        inputs=book.outputs_of(*stages),
        settings={"request": inspection.request.to_toml(), "line": LINE},
    )


def _places(inspection: Inspection) -> tuple[str, ...]:
    return (EVERYWHERE, *inspection.request.bodies)


def of_place(held: Evidence, place: str, fewest: int = 0) -> list[Triangulated]:
    """Every characteristic in one place, in the commission's order; `fewest` as for `strands_of`."""
    return [Triangulated(one, place, strands_of(held, one, place, fewest)) for one in characteristics()]


def strands_of(held: Evidence, one: Characteristic, place: str, fewest: int = 0) -> tuple[Strand, ...]:
    """The six strands of one characteristic in one place; what fewer than `fewest` files or people told cannot tell."""
    tie, asked = ties().of[one.key], one.questions
    surveyed: Mapping[str, Sequence[survey_evidence.Row]] = held.surveys or {}
    name = held.names.get(place, "all bodies that sent a return")
    ladders, standing = held.ladders.get(place, {}), held.standing.get(place, {})
    parts: dict[str, list[Strand]] = {
        "data": record_evidence.parts(asked, indicators(), ladders, standing, name, held.period)
        + record_evidence.followed(asked, held.trends, place),
        "files": case_file_evidence.parts(asked, held.files, place),
        "documents": document_evidence.parts(asked, held.documents, held.checks, place),
        "victims": survey_evidence.from_voices(tie, held.themes, held.asked, place),
    }
    for kind, questions in (("staff", tie.staff), ("partners", tie.partners)):
        survey = read_questionnaire(kind)
        parts[kind] = survey_evidence.from_survey(kind, questions, survey, surveyed.get(kind, ()), place)
        parts[kind] += fieldwork_evidence.parts(kind, asked, held.visits, place)
    return tuple(judged(kind.key, of_enough(parts[kind.key], fewest)) for kind in KINDS)


def _strands(made: Iterable[Triangulated]) -> pa.Table:
    rows = [
        {"place_code": one.place, "characteristic": one.characteristic.key, "strand": strand.kind,
         "verdict": strand.verdict, "says": strand.says, "rests_on": " ".join(strand.rests_on)}
        for one in made
        for strand in one.strands
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, STRANDS)


def _certainty(made: Iterable[Triangulated]) -> pa.Table:
    rows = [
        {"place_code": one.place, "characteristic": one.characteristic.key, "line": one.characteristic.line,
         "text": one.characteristic.text, "statement": one.certainty, "disagree": one.disagree}
        for one in made
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, CERTAINTY)

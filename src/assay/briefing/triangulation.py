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

from assay import briefing, casefiles, commission, comparison, enquiries, estimation, measure, surveys
from assay.briefing import from_documents, from_fieldwork, from_files, from_people, from_records
from assay.briefing.held import SCALE, Evidence, evidence_of, require_run
from assay.briefing.ties import ties
from assay.commission import Characteristic, characteristics
from assay.enquiries.measures import indicators
from assay.evidence import one_at_a_time
from assay.inspection.book import Book, Made
from assay.inspection.folder import Inspection, open_inspection, refuse_retired
from assay.inspection.stage_names import OTHERS, TRIANGULATION, VOICES
from assay.measure import EVERYWHERE
from assay.measure.strands import KINDS, LINE, Strand, certainty, disagrees, judged, of_enough
from assay.surveys.asked import read_questionnaire
from assay.surveys.taking import ROOM as SURVEYS

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
        rooms=(commission, enquiries, comparison, measure, estimation, casefiles, surveys, briefing),
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
    surveyed: Mapping[str, Sequence[from_people.Row]] = held.surveys or {}
    name = held.names.get(place, "all bodies that sent a return")
    ladders, standing = held.ladders.get(place, {}), held.standing.get(place, {})
    parts: dict[str, list[Strand]] = {
        "data": from_records.parts(asked, indicators(), ladders, standing, name, held.period)
        + from_records.followed(asked, held.trends, place),
        "files": from_files.parts(asked, held.files, place),
        "documents": from_documents.parts(asked, held.documents, held.checks, place),
        "victims": from_people.from_voices(tie, held.themes, held.asked, place),
    }
    for kind, questions in (("staff", tie.staff), ("partners", tie.partners)):
        survey = read_questionnaire(kind)
        parts[kind] = from_people.from_survey(kind, questions, survey, surveyed.get(kind, ()), place)
        parts[kind] += from_fieldwork.parts(kind, asked, held.visits, place)
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

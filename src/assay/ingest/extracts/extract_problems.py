"""Sentences on why an extract, or a part of it, cannot be used, each with the next step."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.ingest.extracts.column_settlement import MIN_PROBABILITY_USED, Candidate
from assay.ingest.extracts.extract_model import Sheet, SplitPart
from assay.ingest.extracts.sheet_shape import LOOKUP_ROWS, NOTE_ROWS, SUMMARY_ROWS, SheetKey, sheet_key
from assay.wording import join_words

FORCE = "force_code"
MAX_POSSIBLE_KEYS = 3
"""More columns with another value in each row help nobody to find the crime number."""
MIN_SHARE_OF_OTHER_FORCE = 0.02
"""Crimes of another force below this share are single transfers, not a second force's extract."""
FORCE_HEADINGS = frozenset(
    {"force", "force name", "police force", "police force name", "recording force", "owning force"}
)
MIN_SHARE_OF_FORCE_NAMES = 0.8
"""A column headed Force names forces if so large a share of its cells says police or constabulary."""
NOTHING_READ = "No sheet with records was found. Export the crimes as CSV or XLSX, with one line of headings on top."
NO_CRIME_NUMBER = (
    "No column holds the crime number, so rows of one crime cannot be put together and nothing was read. Add the crime "
    "number of your record system to the export, and run the command again."
)
ONLY_SUMMARIES = (
    "The extract holds counts and lists of codes, and no records. Export the records behind the counts: one row for "
    "each crime, with its crime number."
)
OTHER_SUBJECT = (
    "The extract does not look like recorded crimes: it has no crime number, no offence, and no date of a crime. Give "
    "the command an export of crimes, or of the persons of crimes."
)
NOT_CRIMES = (
    "The extract has references, but neither an offence nor a date of a crime was recognised in it. If it holds "
    "crimes, add the offence code and the date recorded to the export. Otherwise export the crimes instead."
)
NOT_RECOGNISED = frozenset({NOTHING_READ, NO_CRIME_NUMBER, ONLY_SUMMARIES, OTHER_SUBJECT, NOT_CRIMES})
"""The problems of recognition alone: they do not hold where a person says what the columns mean."""


def find_problems(
    sheets: Sequence[Sheet], candidates: Mapping[SheetKey, Sequence[Candidate]], parts: Sequence[SplitPart],
    rows: Mapping[SheetKey, str],
) -> tuple[str, ...]:  # fmt: skip
    """Return the problems of an extract as sentences.

    Parameters
    ----------
    sheets
        The sheets of the extract.
    candidates
        The candidate meanings of each heading, by sheet.
    parts
        The parts that are used.
    rows
        What a row of each sheet is.
    """
    if not sheets or all(not sheet.cells.num_rows for sheet in sheets):
        return (NOTHING_READ,)
    if all(kind in (SUMMARY_ROWS, LOOKUP_ROWS, NOTE_ROWS) for kind in rows.values()):
        return (ONLY_SUMMARIES if SUMMARY_ROWS in rows.values() else OTHER_SUBJECT,)
    forces = _forces_problem(sheets, candidates)
    if not parts:
        return (*forces, _no_crime_number(sheets, candidates) if _knows_crimes(candidates) else OTHER_SUBJECT)
    if _knows_crimes(candidates) and not any(part.table == "crimes" for part in parts):
        return (*forces, _no_crime_number(sheets, candidates))
    columns = {name for part in parts if part.table == "crimes" for name in part.columns}
    is_of_crimes = columns & {"recorded_at", "reported_at", "occurred_from", "offence_code", "outcome_code"}
    other_tables = {part.table for part in parts} - {"crimes"}
    return forces if is_of_crimes or other_tables else (*forces, NOT_CRIMES)


def _no_crime_number(sheets: Sequence[Sheet], candidates: Mapping[SheetKey, Sequence[Candidate]]) -> str:
    """Return that no column holds the crime number and, if there are any, the columns that could be it."""
    settled = {
        (key, candidate.heading)
        for key, found in candidates.items()
        for candidate in found
        if candidate.probability >= MIN_PROBABILITY_USED
    }
    headings = [
        heading
        for sheet in sheets
        for heading in sheet.cells.column_names
        if (sheet_key(sheet), heading) not in settled and _is_key(sheet.cells[heading])
    ]
    if not 0 < len(headings) <= MAX_POSSIBLE_KEYS:
        return NO_CRIME_NUMBER
    names = join_words([f"\u2018{heading}\u2019" for heading in headings])
    opening = "If that" if len(headings) == 1 else "If one of them"
    return (
        f"{NO_CRIME_NUMBER} Each row has a value of its own under {names}. {opening} is the crime number, give it the "
        "heading \u2018Crime number\u2019."
    )


def _is_key(cells: pa.ChunkedArray) -> bool:
    """Return True if every cell is filled, holds a digit, and no two are alike."""
    return (
        len(cells) > 1
        and pc.count_distinct(cells, "all").as_py() == len(cells)
        and bool(pc.all(pc.match_substring_regex(pc.fill_null(cells, ""), r"\d")).as_py())
    )


def _knows_crimes(candidates: Mapping[SheetKey, Sequence[Candidate]]) -> bool:
    columns = {
        candidate.column
        for found in candidates.values()
        for candidate in found
        if candidate.probability >= MIN_PROBABILITY_USED
    }
    return bool(columns & {"offence_code", "recorded_at", "outcome_code", "reported_at", "occurred_from"})


def force_of_extract(sheets: Sequence[Sheet], candidates: Mapping[SheetKey, Sequence[Candidate]]) -> str:
    """Return the code of the force that made the extract, by its cells or its file names; '' if they do not say."""
    counts = _force_counts(sheets, candidates)
    if counts:
        code, count = counts.most_common(1)[0]
        return code if count > counts.total() / 2 else ""
    codes = {code for sheet in sheets for code in forces_named_in(f"{sheet.file} {sheet.name}")}
    return codes.pop() if len(codes) == 1 else ""


def forces_named_in(text: str) -> set[str]:
    """Return the codes of the forces that a text names."""
    words = f" {_plain_name(text)} "
    return {force.code for force in reference.forces().all if f" {_plain_name(force.name)} " in words}


def is_force_heading(heading: str) -> bool:
    """Return True if the words of a heading say that its column names the force of each row."""
    return _plain_name(heading) in FORCE_HEADINGS


def _plain_name(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold().replace("&", " and ")))


def _force_counts(sheets: Sequence[Sheet], candidates: Mapping[SheetKey, Sequence[Candidate]]) -> Counter[str]:
    """Count the rows of each force, by the column that names the force of the crime."""
    counts: Counter[str] = Counter()
    for sheet in sheets:
        found = _force_column(candidates.get(sheet_key(sheet), ()))
        if found is None:
            continue
        by_word = {word.strip().casefold(): code for word, code in found.values.items()}
        for entry in pc.value_counts(sheet.cells[found.heading].drop_null()).to_pylist():
            if code := by_word.get(entry["values"].strip().casefold()):
                counts[code] += entry["counts"]
    return counts


def _unlisted_force_counts(sheets: Sequence[Sheet]) -> Counter[str]:
    """Count the rows of each force that a column headed Force names, where the names are not in the register."""
    counts: Counter[str] = Counter()
    for sheet in sheets:
        for heading in sheet.cells.column_names:
            if is_force_heading(heading):
                found = pc.value_counts(sheet.cells[heading].drop_null()).to_pylist()
                name_counts = {
                    entry["values"].strip(): entry["counts"] for entry in found if _is_force_name(entry["values"])
                }
                if sum(name_counts.values()) >= MIN_SHARE_OF_FORCE_NAMES * sum(entry["counts"] for entry in found):
                    counts.update(name_counts)
    return counts


def _is_force_name(text: str) -> bool:
    return bool({"police", "constabulary"} & set(_plain_name(text).split()))


def _force_column(candidates: Iterable[Candidate]) -> Candidate | None:
    sure = [
        candidate
        for candidate in candidates
        if candidate.column == FORCE and candidate.probability >= MIN_PROBABILITY_USED
    ]
    return max(sure, key=lambda candidate: candidate.probability, default=None)


def _forces_problem(sheets: Sequence[Sheet], candidates: Mapping[SheetKey, Sequence[Candidate]]) -> tuple[str, ...]:
    counts = _force_counts(sheets, candidates) or _unlisted_force_counts(sheets)
    codes = [code for code, count in counts.most_common() if count >= MIN_SHARE_OF_OTHER_FORCE * counts.total()]
    if len(codes) < 2:
        return ()
    names = {force.code: force.name for force in reference.forces().all}
    listed = join_words([f"{names.get(code, code)} ({counts[code]:,} rows)" for code in codes[:5]])
    return (
        f"The extract holds records of {len(codes)} forces: {listed}. Figures of several forces together are of no "
        "use to either. Keep the rows of one force, and run the command again.",
    )

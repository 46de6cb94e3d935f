"""Plan how the sheets of an extract become tables of the return, and report what cannot be used and why.

Each sheet with a crime number gives crimes, persons and flags, depending on its columns. A sheet that names crimes by a
system key gets the crime number through another sheet. A list of persons without a crime completes the persons of a
sheet that links them to crimes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from assay.ingest.extracts.cell_legends import words_of_legends
from assay.ingest.extracts.code_lookups import (
    code_lists,
    is_code_list,
)
from assay.ingest.extracts.column_agreement import agree, confirms
from assay.ingest.extracts.column_settlement import (
    MIN_PROBABILITY_USED,
    Candidate,
    SettledColumn,
)
from assay.ingest.extracts.extract_model import ANY_CELL, ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.extract_problems import find_problems, force_of_extract
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.person_parts import PersonPart, person_parts
from assay.ingest.extracts.planned_sheets import (
    CRIME,
    CRIMES,
    FLAGS,
    FORCE,
    NO_OUTCOME_YET,
    OUTCOME,
    PERSON,
    PERSONS,
    ROLE,
    PlannedSheet,
    labels_carried_down,
    planned_sheet,
    prints_crime_once,
    row_description,
    rows_of,
)
from assay.ingest.extracts.row_order import row_orders
from assay.ingest.extracts.sheet_joins import join_to_crimes, join_to_persons
from assay.ingest.extracts.sheet_layouts import plan_of_members, sheets_of_one_layout, stacked_sheet
from assay.ingest.extracts.sheet_shape import (
    LOOKUP_ROWS,
    NOTE_ROWS,
    PERSON_LINK_ROWS,
    PERSON_ROWS,
    SUMMARY_ROWS,
    SheetColumn,
    SheetKey,
    sheet_key,
)
from assay.ingest.extracts.structural_evidence import choose_keys_of_persons, use_structure
from assay.ingest.extracts.translated_candidates import candidates_of
from assay.ingest.extracts.value_kinds_coded import says_not_known
from assay.ingest.extracts.value_kinds_dates import find_date_form
from assay.ingest.extracts.value_kinds_flags import dated_flag_of_heading, flag_of_heading
from assay.ingest.system_layouts import SystemLayout


def plan_split(sheets: Sequence[Sheet], learned: Sequence[SystemLayout] = ()) -> SplitPlan:
    """Plan how the sheets are split into tables, from the content and the headings of their columns.

    Parameters
    ----------
    learned
        Layouts that forces gave one another; they are used beside those of the project.
    """
    groups = sheets_of_one_layout([expanded_sheet(sheet) for sheet in sheets])
    stacks = [stacked_sheet(group) for group in groups]
    lists, legend = code_lists(stacks), words_of_legends(stacks)
    candidates = {sheet_key(stack): candidates_of(stack, lists, learned, legend) for stack in stacks}
    plan = plan_from_candidates(stacks, candidates)
    return plan_of_members(plan, groups)


def plan_from_candidates(sheets: Sequence[Sheet], candidates: Mapping[SheetKey, Sequence[Candidate]]) -> SplitPlan:
    """Plan how the sheets are split into tables, from the candidate meanings of each heading.

    Parameters
    ----------
    sheets
        The sheets of the extract.
    candidates
        For each sheet, by file and name, the candidates of every heading.
    """
    planned = [planned_sheet(sheet, candidates.get(sheet_key(sheet), ())) for sheet in sheets]
    lists = code_lists(sheets)
    for sheet_plan in planned:
        sheet_plan.is_code_list = is_code_list(sheet_plan.sheet, lists)
        use_structure(sheet_plan)
    join_to_crimes(planned)
    for sheet_plan in planned:
        # A list of persons may have found its crimes only now.
        choose_keys_of_persons(sheet_plan)
    join_to_persons(planned)
    for sheet_plan in planned:
        sheet_plan.is_carried_down = prints_crime_once(sheet_plan)
        sheet_plan.labels = labels_carried_down(sheet_plan)
        sheet_plan.ordered_by = row_orders(sheet_plan)
        sheet_plan.rows = rows_of(sheet_plan)
    used = [sheet_plan for sheet_plan in planned if sheet_plan.rows not in (LOOKUP_ROWS, NOTE_ROWS, SUMMARY_ROWS)]
    parts = [part for sheet_plan in used for part in _parts(sheet_plan, used)]
    return SplitPlan(
        parts=tuple(parts),
        waiting=tuple(
            (*sheet_plan.key, column.meaning) for sheet_plan in used for column in _waiting(sheet_plan, parts)
        ),
        unused=tuple((*sheet_plan.key, heading) for sheet_plan in planned for heading in sheet_plan.settled.unused),
        descriptions=tuple((*sheet_plan.key, row_description(sheet_plan)) for sheet_plan in planned),
        force_code=force_of_extract(sheets, candidates),
        problems=find_problems(sheets, candidates, parts, {sheet_plan.key: sheet_plan.rows for sheet_plan in planned}),
    )


def _parts(sheet_plan: PlannedSheet, planned: Sequence[PlannedSheet]) -> list[SplitPart]:
    if sheet_plan.rows == PERSON_ROWS:
        return _list_of_persons(sheet_plan)
    if not sheet_plan.crime_key:
        return []
    return [
        *_crime_parts(sheet_plan, planned),
        *_person_parts(sheet_plan),
        *_flag_parts(sheet_plan),
        *_other_parts(sheet_plan),
    ]


def _part(sheet_plan: PlannedSheet, table: str, columns: Mapping[str, ColumnMeaning]) -> SplitPart:
    """Return a part of a sheet with the crime number, or the key that leads to it."""
    key = sheet_plan.settled.find(CRIMES, CRIME)
    crime_column = {CRIME: replace(key.meaning, table=table)} if key else {}
    lookups = {name: lookup for name, lookup in sheet_plan.lookups.items() if name in crime_column}
    carried: tuple[str, ...] = (key.meaning.heading,) if key and sheet_plan.is_carried_down else ()
    carried += tuple(label for label in sheet_plan.labels if label in {meaning.heading for meaning in columns.values()})
    return SplitPart(
        sheet_plan.sheet.file,
        sheet_plan.sheet.name,
        table,
        {**crime_column, **columns},
        lookups=lookups,
        carried_down=carried,
    )


def _crime_parts(sheet_plan: PlannedSheet, planned: Sequence[PlannedSheet]) -> list[SplitPart]:
    """Return the part that makes crimes, or that completes the crimes of another sheet."""
    columns = {
        c.column: c.meaning for c in sheet_plan.settled.columns_of_table(CRIMES) if c.column not in (CRIME, FORCE)
    }
    has_main = any(other.is_main for other in planned)
    if has_main and not columns:
        return []
    part = replace(
        _part(sheet_plan, CRIMES, columns), only_completes=has_main and not sheet_plan.is_main,
        ordered_by=sheet_plan.ordered_by,
    )  # fmt: skip
    if _is_empty_without_outcome(sheet_plan, columns):
        part = replace(part, empty_means={OUTCOME: NO_OUTCOME_YET})
    return [_with_alternatives(part, sheet_plan, "", 0)]


def _is_empty_without_outcome(sheet_plan: PlannedSheet, columns: Mapping[str, ColumnMeaning]) -> bool:
    """Return True if an empty outcome means that none is assigned yet: every filled cell is an outcome.

    Where some cells say that none is assigned or known, or are not understood, an empty one is not known.
    """
    outcome = columns.get(OUTCOME)
    if outcome is None:
        return False
    known = {outcome.values.get(word) for word in sheet_plan.columns[outcome.heading].distinct.to_pylist()}
    duplicates = [other.meaning for other in sheet_plan.settled.duplicates if other.column == OUTCOME]
    duplicate_values = {value for meaning in duplicates for value in meaning.values.values()}
    return bool(known) and not known & {"", None, NO_OUTCOME_YET} and NO_OUTCOME_YET not in duplicate_values


def _with_alternatives(part: SplitPart, sheet_plan: PlannedSheet, role: str, block: int) -> SplitPart:
    """Return the part with further headings that say the same as a column of it, such as the label beside a code."""
    cells = pl.DataFrame(pl.from_arrow(sheet_plan.sheet.cells))
    found: dict[str, tuple[ColumnMeaning, ...]] = {}
    for other in (
        *sheet_plan.settled.duplicates,
        *(c for c in sheet_plan.settled.waiting if c.meaning.probability >= 0.5),
    ):
        meaning = part.columns.get(other.column)
        if meaning is None or (other.table, other.role, other.block) != (part.table, role, block):
            continue
        if other in sheet_plan.settled.waiting and not confirms(
            part.table, other.column, meaning, other.meaning, cells
        ):
            continue
        if agree(part.table, other.column, meaning, other.meaning, cells):
            reasons = (*other.meaning.reasons, f"it says the same as {meaning.heading}")
            found[other.column] = (*found.get(other.column, ()), replace(other.meaning, reasons=reasons))
    return replace(part, otherwise=found) if found else part


def _person_parts(sheet_plan: PlannedSheet) -> list[SplitPart]:
    columns = sheet_plan.settled.columns_of_table(PERSONS)
    free = [*sheet_plan.settled.unused, *(column.meaning.heading for column in sheet_plan.settled.waiting)]
    # What counts the changes of a crime does not count its persons.
    free = [heading for heading in free if heading not in sheet_plan.ordered_by]
    found = person_parts(sheet_plan.sheet, sheet_plan.crime_key, columns, free)
    without_role = {column.meaning.heading for column in found.without_role}
    for column in [settled for settled in columns if settled.meaning.heading in without_role]:
        sheet_plan.settled.drop(column)
    return [_person_part(sheet_plan, part) for part in found.parts]


def _person_part(sheet_plan: PlannedSheet, person: PersonPart) -> SplitPart:
    part = _part(sheet_plan, PERSONS, person.columns)
    part = replace(
        part,
        fixed=person.fixed,
        ordinal=person.ordinal,
        each_row_counts=person.each_row_counts,
        numbered_by=person.numbered_by,
    )
    return _with_alternatives(part, sheet_plan, person.fixed.get(ROLE, ""), person.block)


def _list_of_persons(sheet_plan: PlannedSheet) -> list[SplitPart]:
    columns = {c.column: c.meaning for c in sheet_plan.settled.columns_of_table(PERSONS) if c.column != ROLE}
    return [SplitPart(sheet_plan.sheet.file, sheet_plan.sheet.name, PERSONS, columns, only_completes=True)]


def _flag_parts(sheet_plan: PlannedSheet) -> list[SplitPart]:
    """Return a part for each column that holds flags; dates and roles of flags belong to the only one there is."""
    flags = [c for c in sheet_plan.settled.columns_of_table(FLAGS) if c.column == "flag"]
    further_columns = {
        c.column: c.meaning
        for c in sheet_plan.settled.columns_of_table(FLAGS)
        if c.column not in ("flag", CRIME, PERSON)
    }
    if len(flags) != 1:
        further_columns = {}
    parts = []
    for number, flag in enumerate(flags, start=1):
        separator = separator_of(sheet_plan.columns[flag.meaning.heading], flag.meaning.values)
        part = replace(_part(sheet_plan, FLAGS, {"flag": flag.meaning, **further_columns}), ordinal=number)
        parts.append(replace(part, separator=separator, separated="flag") if separator else part)
    return [*parts, *_dated_flag_parts(sheet_plan, [flag_of_heading(flag.meaning.heading) for flag in flags])]


PROBABILITY_OF_DATED_FLAG, MIN_DATES = 0.95, 0.9


def _dated_flag_parts(planned: PlannedSheet, answered: Collection[str]) -> list[SplitPart]:
    """Return a part for each column that holds the date of one flag: a crime with a date has the flag.

    `answered` are the flags of which other columns say yes or no; their dates add nothing.
    """
    free = [*planned.settled.unused, *(column.meaning.heading for column in planned.settled.waiting)]
    parts = []
    for heading in free:
        flag = dated_flag_of_heading(heading)
        texts = [text for text in planned.columns[heading].distinct.to_pylist() if not says_not_known(text)]
        found = find_date_form(texts, True) if flag and flag not in answered and texts else None
        if found is None or not found.form or found.form.startswith("HH") or found.share < MIN_DATES:
            continue
        reasons = ("its heading names a flag", f"in the form {found.form}")
        meaning = ColumnMeaning(heading, FLAGS, "added_at", PROBABILITY_OF_DATED_FLAG, reasons, form=found.form)
        part = _part(planned, FLAGS, {"added_at": meaning})
        parts.append(replace(part, fixed={"flag": flag}, only_where={heading: (ANY_CELL,)}))
    used = {heading for part in parts for heading in part.only_where}
    planned.settled.unused = [heading for heading in planned.settled.unused if heading not in used]
    return parts


SEPARATORS = (";", "|", ",", "\n", "\t", "/", "+", "&")
WEAK_SEPARATORS = (" and ", " - ", "-", " ")
"""Separators only if no word of the mapping holds them: a space in 'Child sexual exploitation' separates nothing."""


def separator_of(column: SheetColumn, values: Mapping[str, str]) -> str:
    """Return the separator of cells that hold several values; '' if each cell is one value.

    A separator is one if the pieces between it are words of the mapping and the whole cells are not.
    """
    known = {word.strip().casefold() for word in values}
    unknown = [cell for cell in column.distinct.to_pylist() if cell.strip().casefold() not in known]
    best, share = "", 0.0
    for separator in SEPARATORS:
        split = [cell for cell in unknown if separator in cell]
        pieces = [piece.strip().casefold() for cell in split for piece in cell.split(separator) if piece.strip()]
        found = sum(piece in known for piece in pieces) / len(pieces) if pieces else 0.0
        weight = found * len(split)
        if found >= 0.5 and weight > share:
            best, share = separator, weight
    return best or _weak_separator(unknown, {word.strip().casefold() for word, value in values.items() if value})


def _weak_separator(cells: Sequence[str], flags: Collection[str]) -> str:
    """Return the weak separator that parts every cell in which it stands into flags and nothing else; '' if none does.

    A word beside a flag may doubt or deny it: 'possible CSE', 'CSE - declined'.
    """
    for separator in WEAK_SEPARATORS:
        split = [cell for cell in cells if separator in cell.strip()]
        pieces = [piece.strip().casefold() for cell in split for piece in cell.strip().split(separator)]
        if split and set(pieces) <= set(flags) and not any(separator in flag for flag in flags):
            return separator
    return ""


def _other_parts(sheet_plan: PlannedSheet) -> list[SplitPart]:
    """Return a part for each further table of which a sheet holds more than the crime number."""
    tables = dict.fromkeys(
        c.table for c in sheet_plan.settled.chosen_columns if c.table not in (CRIMES, PERSONS, FLAGS)
    )
    return [
        _part(sheet_plan, table, {c.column: c.meaning for c in sheet_plan.settled.columns_of_table(table)})
        for table in tables
        if table == "events"
        and {"kind", "happened_at"} <= {c.column for c in sheet_plan.settled.columns_of_table(table)}
    ]


def _waiting(sheet_plan: PlannedSheet, parts: Iterable[SplitPart]) -> list[SettledColumn]:
    """Return the columns that wait for a person: guesses below the threshold, and chosen columns that no part uses."""
    used = {
        heading
        for part in parts
        if (part.file, part.sheet) == sheet_plan.key
        for meaning in part.columns.values()
        for heading in (meaning.heading, meaning.joined_heading)
    }
    used |= {heading for part in parts if (part.file, part.sheet) == sheet_plan.key for heading in part.ordered_by}
    used |= {
        meaning.heading
        for part in parts
        if (part.file, part.sheet) == sheet_plan.key
        for alternatives in part.otherwise.values()
        for meaning in alternatives
    }
    chosen_columns = [*sheet_plan.settled.chosen_columns, *sheet_plan.settled.duplicates]
    return [
        *(c for c in sheet_plan.settled.waiting if c.meaning.heading not in used),
        *(column for column in chosen_columns if column.meaning.heading not in used),
    ]


__all__ = ["MIN_PROBABILITY_USED", "PERSON_LINK_ROWS", "plan_from_candidates", "plan_split"]

"""Plan how the sheets of an extract become tables of the return, and say what cannot be used and why.

Each sheet with a crime number gives crimes, persons and flags, as far as its columns hold them. A sheet that names
crimes by a key of the system is led to the crime number by another sheet. A list of persons without a crime completes
the persons of a sheet that links them to crimes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from assay.ingest.extracts.code_lookups import (
    CodeList,
    CodeTranslation,
    code_lists,
    find_translations,
    is_code_list,
    translated_sheets,
    values_of_codes,
)
from assay.ingest.extracts.column_agreement import agree, confirms
from assay.ingest.extracts.column_recognition import ColumnCandidate, recognise_columns
from assay.ingest.extracts.column_settlement import (
    FLAG,
    MIN_PROBABILITY_TAKEN,
    Candidate,
    SettledColumn,
    SettledSheet,
    settle_columns,
    settled_column,
)
from assay.ingest.extracts.extract_model import ColumnMeaning, KeyLookup, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.extract_problems import find_problems, force_of_extract
from assay.ingest.extracts.person_cells import expanded_sheet, role_in_name
from assay.ingest.extracts.person_parts import PersonPart, names_persons, person_parts
from assay.ingest.extracts.sheet_layouts import plan_of_members, sheets_of_one_layout, stacked_sheet
from assay.ingest.extracts.sheet_shape import (
    COMPLETING_ROWS,
    CRIME_ROWS,
    DESCRIPTIONS,
    FLAG_ROWS,
    LOOKUP_ROWS,
    PERSON_LINK_ROWS,
    PERSON_ROWS,
    SUMMARY_ROWS,
    UNKNOWN_ROWS,
    Join,
    SheetColumn,
    SheetKey,
    constant_share,
    find_joins,
    heading_words,
    is_lookup,
    is_summary,
    share_in,
    sheet_columns,
    sheet_key,
)
from assay.ingest.extracts.value_kinds_coded import read_roles

CRIMES, PERSONS, FLAGS = "crimes", "involvements", "flags"
CRIME, PERSON, ROLE = "crime_ref", "person_ref", "role"
PROBABILITY_OF_JOIN = 0.97
"""Probability that a column is the key of another sheet when its cells stand there and nowhere else."""
MIN_PROBABILITY_OF_KEY = 0.5
"""A probable crime number is taken if the rows of other sheets lead to it."""
PROBABILITY_OF_ROLE = 0.95
MAX_ROLE_WORDS = 60
MIN_ROWS_BENEATH = 0.05
"""Share of rows without a crime number from which a report is taken to print it once for several rows."""
SUSPECT_IDENTIFIED = "suspect_identified"
FORCE, OUTCOME, NO_OUTCOME_YET = "force_code", "outcome_code", "NOA"
MAIN_COLUMNS = ("recorded_at", "offence_code", "reported_at", "occurred_from")
"""A sheet with one of these says which crimes there are."""


@dataclass
class PlannedSheet:
    """A sheet with its columns, their meanings, and the keys of the system that lead to its crimes and persons."""

    sheet: Sheet
    columns: Mapping[str, SheetColumn]
    settled: SettledSheet
    candidates: Sequence[Candidate]
    rows: str = UNKNOWN_ROWS
    lookups: dict[str, KeyLookup] = field(default_factory=dict)
    is_carried_down: bool = False
    is_code_list: bool = False

    @property
    def key(self) -> SheetKey:
        """Return file and name."""
        return sheet_key(self.sheet)

    def heading_of(self, table: str, column: str) -> str:
        """Return the heading with this meaning; '' if none has it."""
        found = self.settled.find(table, column)
        return found.meaning.heading if found else ""

    @property
    def crime_key(self) -> str:
        """Return the heading of the crime number, or of the key that leads to it; '' if there is none."""
        return self.heading_of(CRIMES, CRIME)

    @property
    def is_main(self) -> bool:
        """Return True if the sheet says which crimes there are."""
        return bool(self.crime_key) and any(self.settled.find(CRIMES, name) for name in MAIN_COLUMNS)


def plan_split(sheets: Sequence[Sheet]) -> SplitPlan:
    """Return how the sheets become tables, by the content and the headings of their columns."""
    groups = sheets_of_one_layout([expanded_sheet(sheet) for sheet in sheets])
    stacks = [stacked_sheet(group) for group in groups]
    lists = code_lists(stacks)
    plan = plan_from_candidates(stacks, {sheet_key(stack): candidates_of(stack, lists) for stack in stacks})
    return plan_of_members(plan, groups)


def candidates_of(sheet: Sheet, lists: Sequence[CodeList]) -> tuple[Candidate, ...]:
    """Return what each heading may mean; a column of codes means what their list says that they mean."""
    translations = find_translations(sheet, sheet_columns(sheet), lists)
    if not translations:
        return recognise_columns(sheet)
    translated = {one.heading: one for one in translations}
    raw = recognise_columns(sheet)
    plain = [c for c in raw if c.heading not in translated]
    found: dict[str, list[Candidate]] = {}
    for place, other in enumerate(translated_sheets(sheet, translations)):
        for candidate in recognise_columns(other):
            codes = translated.get(candidate.heading)
            if codes is not None and place < len(codes.codes.labels):
                found.setdefault(candidate.heading, []).append(_of_codes(candidate, codes, place))
    plain += [
        c for c in raw if c.heading in translated and c.heading not in found and not _is_id(translated[c.heading])
    ]
    return (*plain, *(_best_label(candidates) for candidates in found.values()))


def _is_id(translation: CodeTranslation) -> bool:
    """Return True if the key of a list numbers its rows, and is no code that means something by itself."""
    return "id" in heading_words(translation.codes.key.heading)


def _of_codes(candidate: Candidate, translation: CodeTranslation, place: int) -> Candidate:
    label = translation.codes.labels[place]
    values = values_of_codes(translation, label, candidate.values)
    reason = f"its codes are explained in {translation.codes.sheet.label}"
    return ColumnCandidate(
        candidate.heading, candidate.table, candidate.column, candidate.role, candidate.block, candidate.kind,
        candidate.probability, (*candidate.reasons, reason), values, candidate.form,
    )  # fmt: skip


def _best_label(candidates: Sequence[Candidate]) -> Candidate:
    return max(candidates, key=lambda one: one.probability)


def plan_from_candidates(sheets: Sequence[Sheet], candidates: Mapping[SheetKey, Sequence[Candidate]]) -> SplitPlan:
    """Return how the sheets become tables, from what each heading may mean.

    Parameters
    ----------
    sheets
        The sheets of the extract.
    candidates
        For each sheet, by file and name, the candidates of every heading.
    """
    planned = [_planned_sheet(sheet, candidates.get(sheet_key(sheet), ())) for sheet in sheets]
    lists = code_lists(sheets)
    for one in planned:
        one.is_code_list = is_code_list(one.sheet, lists)
        _take_one_of_two_keys(one)
        _take_role_column(one)
        _move_to_suspects(one)
        _move_to_crime(one)
        _take_role_of_prefix(one)
        _take_role_by_place(one)
        _take_confirmed_references(one)
    _join_to_crimes(planned)
    _join_to_persons(planned)
    for one in planned:
        one.is_carried_down = _prints_crime_once(one)
        one.rows = _rows_of(one)
    used = [one for one in planned if one.rows not in (LOOKUP_ROWS, SUMMARY_ROWS)]
    parts = [part for one in used for part in _parts(one, used)]
    return SplitPlan(
        parts=tuple(parts),
        waiting=tuple((*one.key, column.meaning) for one in used for column in _waiting(one, parts)),
        unused=tuple((*one.key, heading) for one in planned for heading in one.settled.unused),
        descriptions=tuple((*one.key, DESCRIPTIONS[one.rows]) for one in planned),
        force_code=force_of_extract(sheets, candidates),
        problems=find_problems(sheets, candidates, parts, {one.key: one.rows for one in planned}),
    )


def _planned_sheet(sheet: Sheet, candidates: Sequence[Candidate]) -> PlannedSheet:
    columns = sheet_columns(sheet)
    settled = settle_columns(sheet.cells.column_names, candidates)
    return PlannedSheet(sheet, columns, settled, candidates)


def _has_records(planned: PlannedSheet) -> bool:
    """Return True if a sheet without a crime number may still hold records: something in it is dated or of a person."""
    columns = {(one.table, one.column) for one in planned.settled.taken}
    dated = any(one.meaning.form for one in planned.settled.taken)
    persons = {column for table, column in columns if table == PERSONS}
    keyed = any(column.is_unique or column.n_distinct > 20 for column in planned.columns.values())
    return (dated or len(persons) >= 2 or (FLAG in columns and len(planned.columns) > 2)) and keyed


def _take_one_of_two_keys(one: PlannedSheet) -> None:
    """Take the more readable of two crime numbers that go together: a key of the system and the number in use."""
    if one.crime_key:
        return
    rivals = [c for c in one.candidates if (c.table, c.column) == (CRIMES, CRIME) and c.probability >= 0.05]
    if len(rivals) < 2 or sum(c.probability for c in rivals) < MIN_PROBABILITY_TAKEN:
        return
    if not _go_together(one, [c.heading for c in rivals]):
        return
    best = max(rivals, key=lambda c: (not one.columns[c.heading].is_number, c.probability))
    one.settled.take(settled_column(best, sum(c.probability for c in rivals)))


def _take_role_column(one: PlannedSheet) -> None:
    """Take a column whose cells say victim and suspect as the role, if the headings of the persons say none."""
    persons = [c for c in one.settled.of_table(PERSONS) if not c.role]
    if not persons or one.settled.find(PERSONS, ROLE):
        return
    taken = {c.meaning.heading for c in one.settled.taken}
    for heading, column in one.columns.items():
        if heading in taken or column.n_distinct > MAX_ROLE_WORDS or column.n_filled < one.sheet.cells.num_rows / 2:
            continue
        words = column.distinct.to_pylist()
        roles = dict(zip(words, read_roles(words), strict=True))
        if {"victim", "suspect"} <= set(roles.values()) and None not in roles.values():
            values = {word: role for word, role in roles.items() if role is not None}
            meaning = ColumnMeaning(heading, PERSONS, ROLE, PROBABILITY_OF_ROLE, ("its cells are roles",), values)
            one.settled.take(SettledColumn(meaning, kind="role"))
            return


def _move_to_crime(one: PlannedSheet) -> None:
    """Take "suspect known" as said of the crime, where a row is a crime and says nothing else of a suspect."""
    suspects = [c for c in one.settled.of_table(PERSONS) if c.role == "suspect"]
    if not one.crime_key or not one.columns[one.crime_key].is_unique or one.settled.find(PERSONS, ROLE):
        return
    if len(suspects) != 1 or suspects[0].column != "suspect_known_as":
        return
    found = suspects[0]
    answers = {"named": "yes", "described": "no", "nothing_known": "no"}
    values = {word: answers.get(value, "") for word, value in found.meaning.values.items()}
    meaning = replace(found.meaning, table=CRIMES, column=SUSPECT_IDENTIFIED, values=values)
    one.settled.take(SettledColumn(meaning, kind=found.kind))


def _take_role_of_prefix(one: PlannedSheet) -> None:
    """Give a column of a person the role of the columns that begin with the same word: 'Off IC' beside 'Off Sex'."""
    persons = one.settled.of_table(PERSONS)
    roles: dict[str, set[tuple[str, int]]] = {}
    for column in persons:
        if column.role and column.column != "forenames":
            roles.setdefault(_first_words(column.meaning.heading), set()).add((column.role, column.block))
    for column in persons:
        named = roles.get(_first_words(column.meaning.heading), set())
        if not column.role and len(named) == 1 and column.column != ROLE:
            role, block = next(iter(named))
            one.settled.take(replace(column, role=role, block=block))


def _take_role_by_place(one: PlannedSheet) -> None:
    """Give a column of a person without a role that of the column before it: 'Victim Name', 'DOB', 'Sex'."""
    if one.settled.find(PERSONS, ROLE):
        return
    by_heading = {c.meaning.heading: c for c in one.settled.taken}
    slots = {(c.column, c.role, c.block) for c in one.settled.of_table(PERSONS)}
    owner: tuple[str, int] | None = None
    for heading in one.columns:
        column = by_heading.get(heading)
        if column is None or column.table != PERSONS:
            owner = owner if owner and column is None and role_in_name(heading) == owner[0] else None
        elif column.role:
            owner = (column.role, column.block)
        elif owner is not None and (column.column, *owner) not in slots:
            slots.add((column.column, *owner))
            one.settled.take(replace(column, role=owner[0], block=owner[1]))
        else:
            owner = None


def _take_confirmed_references(one: PlannedSheet) -> None:
    """Take a probable person reference that stands for the same name and date of birth in several crimes."""
    if not one.crime_key:
        return
    persons = one.settled.of_table(PERSONS)
    for column in [c for c in one.settled.waiting if (c.table, c.column) == (PERSONS, PERSON)]:
        own = {c.column: c.meaning for c in persons if (c.role, c.block) == (column.role, column.block)}
        if column.meaning.probability < MIN_PROBABILITY_OF_KEY or PERSON in own:
            continue
        if names_persons(one.sheet, one.crime_key, column.meaning.heading, own):
            meaning = replace(column.meaning, probability=PROBABILITY_OF_JOIN)
            one.settled.take(replace(column, meaning=meaning))


def _first_words(heading: str) -> str:
    """Return the first word of a heading with the number behind it."""
    found = re.match(r"[^A-Za-z]*[A-Za-z]+[\s_]*\d*", heading)
    return re.sub(r"[\s_]", "", found[0]).casefold() if found else ""


def _move_to_suspects(one: PlannedSheet) -> None:
    """Take "identified" as said of each suspect, where the rows of one crime differ in it."""
    found = one.settled.find(CRIMES, SUSPECT_IDENTIFIED)
    if found is None or not one.crime_key or not one.settled.of_table(PERSONS):
        return
    heading = found.meaning.heading
    if constant_share(one.sheet, one.crime_key, [heading]) == 1:
        return
    values = {word: "named" if value == "yes" else "" for word, value in found.meaning.values.items()}
    reason = "the rows of one crime differ in it"
    meaning = replace(
        found.meaning, table=PERSONS, column="suspect_known_as", values=values,
        reasons=(*found.meaning.reasons, reason),
    )  # fmt: skip
    one.settled.take(SettledColumn(meaning, "suspect", 0, found.kind))


def _go_together(one: PlannedSheet, headings: Sequence[str]) -> bool:
    """Return True if each cell of one column always stands beside the same cell of the others."""
    counts = {one.columns[heading].n_distinct for heading in headings}
    pairs = one.sheet.cells.select(list(headings)).group_by(list(headings)).aggregate([]).num_rows
    return min(counts) >= 0.98 * int(pairs)


def _join_to_crimes(planned: Sequence[PlannedSheet]) -> None:
    """Find for each sheet the crime number, or the key of the system that leads to it on another sheet."""
    mains = [one for one in planned if one.is_main]
    if not mains:
        mains = _take_probable_keys(planned)
    for one in planned:
        if one in mains or one.is_code_list or _names_known_crimes(one, mains):
            continue
        joins = [(main, join) for main in mains for join in _joins_to_crimes(one, main)]
        if joins:
            _lead_to_crimes(one, *max(joins, key=lambda pair: _strength(*pair)))


def _take_probable_keys(planned: Sequence[PlannedSheet]) -> list[PlannedSheet]:
    """Take the most probable crime number of a sheet of crimes to which the rows of another sheet lead."""
    for one in planned:
        if one.crime_key or not any(one.settled.find(CRIMES, name) for name in MAIN_COLUMNS):
            continue
        probable = [
            c for c in one.candidates if (c.table, c.column) == (CRIMES, CRIME) and one.columns[c.heading].is_unique
        ]
        best = max(probable, key=lambda c: c.probability, default=None)
        if (
            best is not None
            and best.probability >= MIN_PROBABILITY_OF_KEY
            and _is_referred_to(one, best.heading, planned)
        ):
            one.settled.take(settled_column(best, PROBABILITY_OF_JOIN))
    return [one for one in planned if one.is_main]


def _is_referred_to(one: PlannedSheet, heading: str, planned: Sequence[PlannedSheet]) -> bool:
    key = [one.columns[heading]]
    others = (other for other in planned if other is not one)
    return any(
        next(find_joins(other.columns.values(), key, ("crime", "occurrence", "offence")), None) for other in others
    )


def _names_known_crimes(one: PlannedSheet, mains: Sequence[PlannedSheet]) -> bool:
    """Return True if the crime numbers of a sheet stand on a sheet of crimes."""
    if not one.crime_key:
        return False
    own = one.columns[one.crime_key]
    return not mains or any(share_in(own, main.columns[main.crime_key]) >= 0.5 for main in mains)


def _joins_to_crimes(one: PlannedSheet, main: PlannedSheet) -> Iterable[Join]:
    return find_joins(one.columns.values(), main.columns.values(), ("crime", "occurrence", "offence", "occ"))


def _strength(main: PlannedSheet, join: Join) -> tuple[bool, bool, float]:
    """Return how strong a join is: to the crime number itself, by equal headings, by the share of keys."""
    same = join.child.words == join.parent.words
    return (join.parent.heading == main.crime_key, same, join.share)


def _lead_to_crimes(one: PlannedSheet, main: PlannedSheet, join: Join) -> None:
    reason = f"its cells are keys of the rows of {main.sheet.label}"
    meaning = ColumnMeaning(join.child.heading, CRIMES, CRIME, PROBABILITY_OF_JOIN, (reason,))
    previous = one.settled.find(CRIMES, CRIME)
    if previous is not None:
        one.settled.drop(previous)
    one.settled.take(SettledColumn(meaning, kind="reference"))
    if join.parent.heading != main.crime_key:
        one.lookups[CRIME] = KeyLookup(*main.key, join.parent.heading, main.crime_key)


def _join_to_persons(planned: Sequence[PlannedSheet]) -> None:
    """Find the key by which a list of persons without a crime number is joined to the sheets with one."""
    linked = [one for one in planned if one.crime_key]
    for one in planned:
        if one.crime_key or one.is_code_list or not one.settled.of_table(PERSONS):
            continue
        joins = [(link, join) for link in linked for join in _joins_to_persons(link, one)]
        for link, join in _one_for_each_child(joins):
            _lead_to_persons(link, one, join)


def _joins_to_persons(link: PlannedSheet, persons: PlannedSheet) -> Iterable[Join]:
    words = ("person", "nominal", "individual", "party", "subject", "victim", "suspect", "offender")
    return (
        join
        for join in find_joins(link.columns.values(), persons.columns.values(), words)
        if join.child.heading != link.crime_key
    )


def _one_for_each_child(joins: Sequence[tuple[PlannedSheet, Join]]) -> list[tuple[PlannedSheet, Join]]:
    best: dict[tuple[SheetKey, str], tuple[PlannedSheet, Join]] = {}
    for link, join in sorted(joins, key=lambda pair: (pair[1].child.words != pair[1].parent.words, -pair[1].share)):
        best.setdefault((link.key, join.child.heading), (link, join))
    return list(best.values())


def _lead_to_persons(link: PlannedSheet, persons: PlannedSheet, join: Join) -> None:
    """Take the key of the list of persons as person reference on both sheets."""
    found = persons.settled.find(PERSONS, PERSON)
    if found is not None and found.meaning.heading != join.parent.heading:
        persons.settled.drop(found)
    reason = f"it leads to the rows of {persons.sheet.label}"
    on_list = ColumnMeaning(join.parent.heading, PERSONS, PERSON, PROBABILITY_OF_JOIN, ("each row has its own",))
    persons.settled.take(SettledColumn(on_list, kind="reference"))
    role, block = _whose(link, join.child.heading)
    same = [c for c in link.settled.of_table(PERSONS) if (c.column, c.role, c.block) == (PERSON, role, block)]
    for column in same:
        link.settled.drop(column)
    meaning = ColumnMeaning(join.child.heading, PERSONS, PERSON, PROBABILITY_OF_JOIN, (reason,))
    link.settled.take(SettledColumn(meaning, role, block, "reference"))


def _whose(planned: PlannedSheet, heading: str) -> tuple[str, int]:
    """Return role and block that the candidates of a heading name."""
    found = [(c.role, c.block) for c in planned.candidates if c.heading == heading and c.table == PERSONS]
    return found[0] if found else ("", 0)


def _prints_crime_once(one: PlannedSheet) -> bool:
    """Return True if a report prints the crime on its first row only, and further persons on the rows beneath."""
    persons = [c.meaning.heading for c in one.settled.of_table(PERSONS)]
    if not one.crime_key or not persons:
        return False
    crime = [c.meaning.heading for c in one.settled.of_table(CRIMES)]
    cells = pl.DataFrame(pl.from_arrow(one.sheet.cells))
    without = cells.filter(pl.col(one.crime_key).is_null())
    if without.height < MIN_ROWS_BENEATH * cells.height or not without.height or cells[one.crime_key][0] is None:
        return False
    beneath = pl.all_horizontal(pl.col(crime).is_null()) & pl.any_horizontal(pl.col(persons).is_not_null())
    return bool(without.select(beneath.alias("beneath"))["beneath"].mean() == 1)


def _rows_of(one: PlannedSheet) -> str:
    """Return what one row of a sheet is."""
    if not one.crime_key:
        return _rows_without_crime(one)
    if one.columns[one.crime_key].is_unique and not one.is_carried_down:
        return CRIME_ROWS
    persons = one.settled.of_table(PERSONS)
    if any(not column.block for column in persons):
        return PERSON_LINK_ROWS
    if one.settled.find(*FLAG):
        return FLAG_ROWS
    return COMPLETING_ROWS if not one.is_main else CRIME_ROWS


def _rows_without_crime(one: PlannedSheet) -> str:
    if one.is_code_list:
        return LOOKUP_ROWS
    if one.heading_of(PERSONS, PERSON):
        return PERSON_ROWS
    if _has_records(one):
        return UNKNOWN_ROWS
    if is_summary(one.sheet, one.columns):
        return SUMMARY_ROWS
    return LOOKUP_ROWS if is_lookup(one.sheet, one.columns) else UNKNOWN_ROWS


def _parts(one: PlannedSheet, planned: Sequence[PlannedSheet]) -> list[SplitPart]:
    if one.rows == PERSON_ROWS:
        return _list_of_persons(one)
    if not one.crime_key:
        return []
    return [*_crime_parts(one, planned), *_person_parts(one), *_flag_parts(one), *_other_parts(one)]


def _part(one: PlannedSheet, table: str, columns: Mapping[str, ColumnMeaning]) -> SplitPart:
    """Return a part of a sheet with the crime number, or the key that leads to it."""
    key = one.settled.find(CRIMES, CRIME)
    own = {CRIME: replace(key.meaning, table=table)} if key else {}
    lookups = {name: lookup for name, lookup in one.lookups.items() if name in own}
    carried = (key.meaning.heading,) if key and one.is_carried_down else ()
    return SplitPart(one.sheet.file, one.sheet.name, table, {**own, **columns}, lookups=lookups, carried_down=carried)


def _crime_parts(one: PlannedSheet, planned: Sequence[PlannedSheet]) -> list[SplitPart]:
    """Return the part that makes crimes, or that completes the crimes of another sheet."""
    columns = {c.column: c.meaning for c in one.settled.of_table(CRIMES) if c.column not in (CRIME, FORCE)}
    has_main = any(other.is_main for other in planned)
    if has_main and not columns:
        return []
    part = replace(_part(one, CRIMES, columns), only_completes=has_main and not one.is_main)
    if _is_empty_without_outcome(one, columns):
        part = replace(part, empty_means={OUTCOME: NO_OUTCOME_YET})
    return [_with_alternatives(part, one, "", 0)]


def _is_empty_without_outcome(one: PlannedSheet, columns: Mapping[str, ColumnMeaning]) -> bool:
    """Return True if an empty outcome means that none is assigned yet: every filled cell is an outcome.

    Where some cells say that none is assigned or known, or are not understood, an empty one is not known.
    """
    outcome = columns.get(OUTCOME)
    if outcome is None:
        return False
    known = {outcome.values.get(word) for word in one.columns[outcome.heading].distinct.to_pylist()}
    others = [other.meaning for other in one.settled.alike if other.column == OUTCOME]
    said = {value for meaning in others for value in meaning.values.values()}
    return bool(known) and not known & {"", None, NO_OUTCOME_YET} and NO_OUTCOME_YET not in said


def _with_alternatives(part: SplitPart, one: PlannedSheet, role: str, block: int) -> SplitPart:
    """Return the part with further headings that say the same as a column of it, such as the label beside a code."""
    cells = pl.DataFrame(pl.from_arrow(one.sheet.cells))
    found: dict[str, tuple[ColumnMeaning, ...]] = {}
    for other in (*one.settled.alike, *(c for c in one.settled.waiting if c.meaning.probability >= 0.5)):
        own = part.columns.get(other.column)
        if own is None or (other.table, other.role, other.block) != (part.table, role, block):
            continue
        if other in one.settled.waiting and not confirms(part.table, other.column, own, other.meaning, cells):
            continue
        if agree(part.table, other.column, own, other.meaning, cells):
            found[other.column] = (*found.get(other.column, ()), other.meaning)
    return replace(part, otherwise=found) if found else part


def _person_parts(one: PlannedSheet) -> list[SplitPart]:
    columns = one.settled.of_table(PERSONS)
    free = [*one.settled.unused, *(column.meaning.heading for column in one.settled.waiting)]
    found = person_parts(one.sheet, one.crime_key, columns, free)
    for column in found.without_role:
        one.settled.drop(column)
    return [_person_part(one, part) for part in found.parts]


def _person_part(one: PlannedSheet, person: PersonPart) -> SplitPart:
    part = _part(one, PERSONS, person.columns)
    part = replace(
        part,
        fixed=person.fixed,
        ordinal=person.ordinal,
        each_row_counts=person.each_row_counts,
        numbered_by=person.numbered_by,
    )
    return _with_alternatives(part, one, person.fixed.get(ROLE, ""), person.block)


def _list_of_persons(one: PlannedSheet) -> list[SplitPart]:
    columns = {c.column: c.meaning for c in one.settled.of_table(PERSONS) if c.column != ROLE}
    return [SplitPart(one.sheet.file, one.sheet.name, PERSONS, columns, only_completes=True)]


def _flag_parts(one: PlannedSheet) -> list[SplitPart]:
    """Return a part for each column that holds flags; dates and roles of flags belong to the only one there is."""
    flags = [c for c in one.settled.of_table(FLAGS) if c.column == "flag"]
    others = {c.column: c.meaning for c in one.settled.of_table(FLAGS) if c.column not in ("flag", CRIME, PERSON)}
    if len(flags) != 1:
        others = {}
    parts = []
    for number, flag in enumerate(flags, start=1):
        separator = separator_of(one.columns[flag.meaning.heading], flag.meaning.values)
        part = replace(_part(one, FLAGS, {"flag": flag.meaning, **others}), ordinal=number)
        parts.append(replace(part, separator=separator, separated="flag") if separator else part)
    return parts


SEPARATORS = (";", "|", ",", "\n", "/", "+", "&")


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
    return best


def _other_parts(one: PlannedSheet) -> list[SplitPart]:
    """Return a part for each further table of which a sheet holds more than the crime number."""
    tables = dict.fromkeys(c.table for c in one.settled.taken if c.table not in (CRIMES, PERSONS, FLAGS))
    return [
        _part(one, table, {c.column: c.meaning for c in one.settled.of_table(table)})
        for table in tables
        if table == "events" and {"kind", "happened_at"} <= {c.column for c in one.settled.of_table(table)}
    ]


def _waiting(one: PlannedSheet, parts: Iterable[SplitPart]) -> list[SettledColumn]:
    """Return the columns that wait: guesses below the threshold, and those taken that no part uses."""
    used = {
        heading
        for part in parts
        if (part.file, part.sheet) == one.key
        for meaning in part.columns.values()
        for heading in (meaning.heading, meaning.joined_heading)
    }
    used |= {
        meaning.heading
        for part in parts
        if (part.file, part.sheet) == one.key
        for others in part.otherwise.values()
        for meaning in others
    }
    taken = [*one.settled.taken, *one.settled.alike]
    return [
        *(c for c in one.settled.waiting if c.meaning.heading not in used),
        *(column for column in taken if column.meaning.heading not in used),
    ]


__all__ = ["MIN_PROBABILITY_TAKEN", "PERSON_LINK_ROWS", "plan_from_candidates", "plan_split"]

"""Infer the meaning of columns from the relations between the columns of a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from assay.ingest.extracts.column_settlement import (
    MIN_PROBABILITY_USED,
    SettledColumn,
    settled_column,
)
from assay.ingest.extracts.extract_model import ColumnMeaning
from assay.ingest.extracts.heading_evidence import heading_words, is_known_word, is_technical
from assay.ingest.extracts.person_cells import role_in_name
from assay.ingest.extracts.person_parts import LINK, names_persons
from assay.ingest.extracts.planned_sheets import (
    CRIME,
    CRIMES,
    MAX_ROLE_WORDS,
    MIN_PROBABILITY_OF_KEY,
    PERSON,
    PERSONS,
    PROBABILITY_OF_JOIN,
    PROBABILITY_OF_ROLE,
    ROLE,
    SUSPECT_IDENTIFIED,
    PlannedSheet,
)
from assay.ingest.extracts.sheet_shape import (
    constant_share,
)
from assay.ingest.extracts.split_values import read_column
from assay.ingest.extracts.value_kinds_coded import read_roles
from assay.ingest.extracts.value_kinds_ethnicity import read_officer_defined, read_self_defined
from assay.reference import ethnicities

KNOWN_AS = "suspect_known_as"
CELLS_ARE_ROLES = "its cells are roles"
"""Reason of a column of roles whose heading does not say so."""


def use_structure(planned: PlannedSheet) -> None:
    """Refine the proposed meanings of columns, using relations between the columns of a sheet."""
    _choose_one_of_two_keys(planned)
    _choose_role_column(planned)
    _move_to_suspects(planned)
    _move_to_crime(planned)
    _choose_role_of_prefix(planned)
    _choose_role_by_place(planned)
    _choose_confirmed_references(planned)
    _choose_references_of_named_persons(planned)
    choose_keys_of_persons(planned)
    _choose_answers_of_suspects(planned)
    _choose_mixed_ethnicity(planned)
    _divide_mixed_ethnicity(planned)


ETHNICITY_READERS = {"ethnicity_self": read_self_defined, "ethnicity_officer": read_officer_defined}
MEANINGS_OF_ETHNICITY = frozenset((PERSONS, name) for name in ETHNICITY_READERS)


MIN_SHARE_READ_AS_ETHNICITY, MIN_SHARE_OF_OFFICERS = 0.97, 0.02
"""Share of the filled cells that one list of ethnicity or the other must hold, and that the list of officers must."""


def _choose_mixed_ethnicity(planned: PlannedSheet) -> None:
    """Choose a probable column of ethnicity that mixes codes of the person and of an officer, and little else.

    Each list alone leaves cells unread, so that neither meaning is certain; both together leave hardly any.
    """
    for column in [
        waiting for waiting in planned.settled.waiting if (waiting.table, waiting.column) in MEANINGS_OF_ETHNICITY
    ]:
        heading = column.meaning.heading
        claims = [
            c for c in planned.candidates if c.heading == heading and (c.table, c.column) in MEANINGS_OF_ETHNICITY
        ]
        persons = [
            c for c in planned.settled.columns_of_table(PERSONS) if (c.role, c.block) == (column.role, column.block)
        ]
        has_other = any(c.column in ETHNICITY_READERS for c in persons)
        if (
            has_other
            or sum(c.probability for c in claims) < MIN_PROBABILITY_OF_KEY
            or not _mixes_lists(planned, heading)
        ):
            continue
        words = planned.columns[heading].distinct.to_pylist()
        codes = dict(zip(words, read_self_defined(words), strict=True))
        values = {word: code for word, code in codes.items() if code is not None}
        reasons = (*column.meaning.reasons, "its cells are codes of the person and codes of an officer")
        meaning = replace(
            column.meaning, column="ethnicity_self", probability=PROBABILITY_OF_ROLE, values=values, reasons=reasons
        )
        planned.settled.choose(replace(column, meaning=meaning, kind="ethnicity_self"))


def _mixes_lists(planned: PlannedSheet, heading: str) -> bool:
    """Return True if nearly every filled cell is read by one of the lists of ethnicity, and each reads some alone."""
    counts = planned.sheet.cells[heading].drop_null().value_counts().to_pylist()
    texts = [entry["values"] for entry in counts]
    readings = zip(counts, read_self_defined(texts), read_officer_defined(texts), strict=True)
    filled = [(entry["counts"], stated, seen) for entry, stated, seen in readings if stated != "" and seen != ""]
    total = sum(count for count, _, _ in filled)
    read = sum(count for count, stated, seen in filled if stated or seen)
    officer_cells = sum(count for count, stated, seen in filled if seen and not stated)
    person_cells = sum(count for count, stated, seen in filled if stated and not seen)
    minimum = MIN_SHARE_OF_OFFICERS * total
    return bool(total) and read >= MIN_SHARE_READ_AS_ETHNICITY * total and min(officer_cells, person_cells) >= minimum


def _divide_mixed_ethnicity(planned: PlannedSheet) -> None:
    """Read a column that mixes codes of the person ('W1') and words of an officer as two columns of ethnicity."""
    for column in [
        person_column
        for person_column in planned.settled.columns_of_table(PERSONS)
        if person_column.column in ETHNICITY_READERS
    ]:
        other = next(name for name in ETHNICITY_READERS if name != column.column)
        persons = [
            person_column
            for person_column in planned.settled.chosen_columns
            if (person_column.role, person_column.block) == (column.role, column.block)
        ]
        if not any(person_column.column == other for person_column in persons):
            _divide_words(planned, column, other)


def _divide_words(planned: PlannedSheet, column: SettledColumn, other: str) -> None:
    values, words = column.meaning.values, planned.columns[column.meaning.heading].distinct.to_pylist()
    by_other = dict(zip(words, ETHNICITY_READERS[other](words), strict=True))
    if not any(by_other[word] for word in words if values.get(word) is None):
        return
    # Beside codes of the person, a label that both lists have, such as Asian, is the officer's.
    groups = {member.code for member in ethnicities().scheme("GROUP")} if other == "ethnicity_officer" else set()
    moved = {
        word: code for word, code in by_other.items() if code and (values.get(word) is None or values[word] in groups)
    }
    divided = {
        column.column: {**values, **dict.fromkeys(moved, "")},
        # A word that neither list has is not understood in its own column alone, so that it counts once.
        other: {**dict.fromkeys((*values, *words), ""), **moved},
    }
    planned.settled.chosen_columns.remove(column)
    for name, new_values in divided.items():
        meaning = replace(column.meaning, column=name, values=new_values)
        planned.settled.chosen_columns.append(replace(column, meaning=meaning, kind=name))


def _choose_one_of_two_keys(planned: PlannedSheet) -> None:
    """Choose the more readable of two equivalent crime numbers: a system key and the number in use."""
    if planned.crime_key:
        return
    rivals = [c for c in planned.candidates if (c.table, c.column) == (CRIMES, CRIME) and c.probability >= 0.05]
    if len(rivals) < 2 or sum(c.probability for c in rivals) < MIN_PROBABILITY_USED:
        return
    if not _correspond_one_to_one(planned, [c.heading for c in rivals]):
        return
    best = max(
        rivals,
        key=lambda c: (not planned.columns[c.heading].is_number, not is_technical(c.heading), c.probability),
    )
    planned.settled.choose(settled_column(best, sum(c.probability for c in rivals)))


def _choose_role_column(planned: PlannedSheet) -> None:
    """Choose a column with cells such as victim and suspect as the role, if no heading of a person names a role."""
    persons = [c for c in planned.settled.columns_of_table(PERSONS) if not c.role]
    if not persons or planned.settled.find(PERSONS, ROLE):
        return
    used_headings = {c.meaning.heading for c in planned.settled.chosen_columns}
    for heading, column in planned.columns.items():
        if (
            heading in used_headings
            or column.n_distinct > MAX_ROLE_WORDS
            or column.n_filled < planned.sheet.cells.num_rows / 2
        ):
            continue
        words = column.distinct.to_pylist()
        roles = dict(zip(words, read_roles(words), strict=True))
        if {"victim", "suspect"} <= set(roles.values()) and None not in roles.values():
            values = {word: role for word, role in roles.items() if role is not None}
            meaning = ColumnMeaning(heading, PERSONS, ROLE, PROBABILITY_OF_ROLE, (CELLS_ARE_ROLES,), values)
            planned.settled.choose(SettledColumn(meaning, kind="role"))
            return


def _move_to_crime(planned: PlannedSheet) -> None:
    """Treat "suspect known" as an attribute of the crime, where a row is a crime and has no other suspect column."""
    suspects = [c for c in planned.settled.columns_of_table(PERSONS) if c.role == "suspect"]
    if not planned.crime_key or not planned.columns[planned.crime_key].is_unique or planned.settled.find(PERSONS, ROLE):
        return
    if len(suspects) != 1 or suspects[0].column != KNOWN_AS:
        return
    found = suspects[0]
    answers = {"named": "yes", "described": "no", "nothing_known": "no"}
    values = {word: answers.get(value, "") for word, value in found.meaning.values.items()}
    meaning = replace(found.meaning, table=CRIMES, column=SUSPECT_IDENTIFIED, values=values)
    planned.settled.choose(SettledColumn(meaning, kind=found.kind))


def _choose_role_of_prefix(planned: PlannedSheet) -> None:
    """Give a column of a person the role of the columns that begin with the same word: 'Off IC' beside 'Off Sex'."""
    persons = planned.settled.columns_of_table(PERSONS)
    roles: dict[str, set[tuple[str, int]]] = {}
    for column in persons:
        if column.role and column.column != "forenames":
            roles.setdefault(_first_words(column.meaning.heading), set()).add((column.role, column.block))
    for column in persons:
        owners = roles.get(_first_words(column.meaning.heading), set())
        if not column.role and len(owners) == 1 and column.column != ROLE:
            role, block = next(iter(owners))
            planned.settled.choose(replace(column, role=role, block=block))


def _choose_role_by_place(planned: PlannedSheet) -> None:
    """Give a column of a person without a role that of the column before it: 'Victim Name', 'DOB', 'Sex'."""
    if planned.settled.find(PERSONS, ROLE):
        return
    by_heading = {c.meaning.heading: c for c in planned.settled.chosen_columns}
    slots = {(c.column, c.role, c.block) for c in planned.settled.columns_of_table(PERSONS)}
    owner: tuple[str, int] | None = None
    for heading in planned.columns:
        column = by_heading.get(heading)
        if column is None or column.table != PERSONS:
            owner = owner if owner and column is None and role_in_name(heading) == owner[0] else None
        elif column.role:
            owner = (column.role, column.block)
        elif owner is not None and (column.column, *owner) not in slots:
            slots.add((column.column, *owner))
            planned.settled.choose(replace(column, role=owner[0], block=owner[1]))
        else:
            owner = None


def _choose_confirmed_references(planned: PlannedSheet) -> None:
    """Choose a probable person reference that identifies the same name and date of birth in several crimes."""
    if not planned.crime_key:
        return
    persons = planned.settled.columns_of_table(PERSONS)
    for column in [c for c in planned.settled.waiting if (c.table, c.column) == (PERSONS, PERSON)]:
        meanings = {c.column: c.meaning for c in persons if (c.role, c.block) == (column.role, column.block)}
        if column.meaning.probability < MIN_PROBABILITY_OF_KEY or PERSON in meanings:
            continue
        if names_persons(planned.sheet, planned.crime_key, column.meaning.heading, meanings):
            meaning = replace(column.meaning, probability=PROBABILITY_OF_JOIN)
            planned.settled.choose(replace(column, meaning=meaning))


def _choose_references_of_named_persons(planned: PlannedSheet) -> None:
    """Choose a probable person reference in a list of persons that all victims have, and only some of the suspects.

    The number of a row or of a link between person and crime is never empty; nobody has a reference for a suspect who
    is not known.
    """
    role = planned.settled.find(PERSONS, ROLE)
    if role is None or not planned.crime_key or planned.settled.find(PERSONS, PERSON):
        return
    for column in [c for c in planned.settled.waiting if (c.table, c.column) == (PERSONS, PERSON) and not c.role]:
        if column.meaning.probability >= MIN_PROBABILITY_OF_KEY and _identifies_named_persons(planned, role, column):
            planned.settled.choose(replace(column, meaning=replace(column.meaning, probability=PROBABILITY_OF_ROLE)))
            return


MIN_RECURRING, MIN_SAME_FACTS = 10, 0.97
"""Keys that must recur in several crimes, and the share of them whose fact of the person must then be the same."""
BIRTH = ("date_of_birth",)
WORDS_OF_A_KEY = frozenset(
    {"number", "person", "surrogate", "unique", "system", "record", "master", "link", "pnc", "local"}
)
"""A PNC number is that of a person; 'local' stands for the force's own number of one."""
MIN_SHARE_WITH_KEY = 0.5
"""Share of the persons who have the key: a suspect who is not known has none."""
_KEY_OF_PERSON = re.compile(r"[A-Za-z]{0,4}[-/ ]?\d{4,9}")
FIXED_FACTS = ("date_of_birth", "sex", "ethnicity_self")
"""Facts of a person that are the same in each crime."""


def choose_keys_of_persons(planned: PlannedSheet) -> None:
    """Choose a key, such as 'vict_uid' or an unknown heading in a list of persons, that stands for the same person.

    A key of a row, or of the link between person and crime, never recurs; one of an address or officer would bring
    persons of different sex together. Under a heading that says nothing, the birth must be the same. A column that
    waits as the key of the link, such as 'Linked Person URN', is no such key if it recurs.
    """
    for heading in _possible_keys(planned) if planned.crime_key else ():
        words = heading_words(heading)
        persons = [
            column
            for column in planned.settled.columns_of_table(PERSONS)
            if column.role in ("", words.role) and column.block == words.block
        ]
        if any(column.column == PERSON for column in persons):
            continue
        is_surrogate = bool(words.role) and set(words.rest) == {"surrogate"}
        facts = FIXED_FACTS if is_surrogate else BIRTH if _may_be_key_of_persons(planned, heading) else ()
        if any(_stands_for_persons(planned, heading, fact) for fact in persons if fact.column in facts):
            reasons = ("its cells stand for the same person in several crimes",)
            meaning = ColumnMeaning(heading, PERSONS, PERSON, PROBABILITY_OF_ROLE, reasons)
            planned.settled.choose(SettledColumn(meaning, words.role, words.block, "person_reference"))


def _possible_keys(planned: PlannedSheet) -> list[str]:
    """Return the headings that nothing was read of, and those that wait as the key of the link."""
    waiting = (c.meaning.heading for c in planned.settled.waiting if (c.table, c.column) == (PERSONS, LINK))
    return [*planned.settled.unused, *waiting]


def _may_be_key_of_persons(planned: PlannedSheet, heading: str) -> bool:
    """Return True for numbers in a list of persons under a heading of which no word names anything else.

    A telephone number or the number of a custody record recurs with one person as well, and is named as such.
    """
    if planned.settled.find(PERSONS, ROLE) is None:
        return False
    words = [word for word in heading_words(heading).words if len(word) > 1]
    is_open = all(word in WORDS_OF_A_KEY or not is_known_word(word) for word in words)
    texts = planned.columns[heading].distinct.to_pylist()
    is_long = planned.columns[heading].n_filled >= MIN_SHARE_WITH_KEY * planned.sheet.cells.num_rows
    return is_open and is_long and bool(texts) and all(_KEY_OF_PERSON.fullmatch(text.strip()) for text in texts)


def _stands_for_persons(planned: PlannedSheet, heading: str, fact: SettledColumn) -> bool:
    """Return True if keys recur in several crimes, each once in a crime, and nearly always with the same fact."""
    cells = pl.DataFrame(pl.from_arrow(planned.sheet.cells))
    key = ColumnMeaning(heading, PERSONS, PERSON, PROBABILITY_OF_ROLE)
    rows = pl.DataFrame({
        "crime": cells[planned.crime_key].forward_fill(),
        "key": read_column(PERSONS, PERSON, key, cells).values[PERSON],
        "fact": read_column(PERSONS, fact.column, fact.meaning, cells).values[fact.column].cast(pl.String),
    }, schema=dict.fromkeys(("crime", "key", "fact"), pl.String))  # fmt: skip
    links = rows.drop_nulls(["crime", "key"])
    if links.select("crime", "key").unique().height < MIN_SAME_FACTS * links.height:
        return False
    facts = links.drop_nulls().group_by("key").agg(pl.len().alias("crimes"), pl.col("fact").n_unique().alias("facts"))
    recurring = facts.filter(pl.col("crimes") > 1)
    n_same = recurring.filter(pl.col("facts") == 1).height
    return recurring.height >= MIN_RECURRING and n_same >= MIN_SAME_FACTS * recurring.height


def _identifies_named_persons(planned: PlannedSheet, role: SettledColumn, column: SettledColumn) -> bool:
    """Return True if victims have a reference, some suspects have none, and no two persons of a crime have the same."""
    cells = pl.DataFrame(pl.from_arrow(planned.sheet.cells))
    roles = role.meaning.values
    read = read_column(PERSONS, PERSON, column.meaning, cells).values[PERSON]
    rows = pl.DataFrame({
        "crime": cells[planned.crime_key],
        "role": cells[role.meaning.heading].replace_strict(roles, default=None, return_dtype=pl.String),
        "reference": read,
    }, schema=LINK_SCHEMA)  # fmt: skip
    links = rows.drop_nulls().unique()
    return (
        _share_without_reference(rows, "victim") <= MAX_UNNAMED_VICTIMS
        and MIN_UNNAMED_SUSPECTS <= _share_without_reference(rows, "suspect") < 1
        and not links.select("crime", "reference").is_duplicated().any()
    )


def _share_without_reference(rows: pl.DataFrame, role: str) -> float:
    """Return the share of persons of a role without a reference; 1 if nobody has the role."""
    references = rows.filter(pl.col("role") == role)["reference"]
    return references.null_count() / len(references) if len(references) else 1.0


MAX_UNNAMED_VICTIMS, MIN_UNNAMED_SUSPECTS = 0.02, 0.05
LINK_SCHEMA = {"crime": pl.String, "role": pl.String, "reference": pl.String}


def _choose_answers_of_suspects(planned: PlannedSheet) -> None:
    """Choose a probable "identified" column in a list of persons, if only suspects have an answer in it."""
    role = planned.settled.find(PERSONS, ROLE)
    if role is None or planned.settled.find(PERSONS, KNOWN_AS):
        return
    for column in [c for c in planned.settled.waiting if (c.table, c.column) == (PERSONS, KNOWN_AS)]:
        if column.meaning.probability >= MIN_PROBABILITY_OF_KEY and _only_suspects_answer(planned, role, column):
            planned.settled.choose(replace(column, meaning=replace(column.meaning, probability=PROBABILITY_OF_ROLE)))
            return


def _only_suspects_answer(planned: PlannedSheet, role: SettledColumn, column: SettledColumn) -> bool:
    """Return True if the persons of other roles have no answer, and the answers of the suspects differ."""
    cells = planned.sheet.cells.select([role.meaning.heading, column.meaning.heading]).drop_null()
    roles = {role.meaning.values.get(word) for word in cells[role.meaning.heading].unique().to_pylist()}
    answers = set(cells[column.meaning.heading].unique().to_pylist())
    other_roles = set(role.meaning.values.values()) - {"suspect", ""}
    return roles == {"suspect"} and bool(other_roles) and len(answers) > 1


def _first_words(heading: str) -> str:
    """Return the first word of a heading with the number behind it."""
    found = re.match(r"[^A-Za-z]*[A-Za-z]+[\s_]*\d*", heading)
    return re.sub(r"[\s_]", "", found[0]).casefold() if found else ""


def _move_to_suspects(planned: PlannedSheet) -> None:
    """Treat "identified" as an attribute of each suspect, where the rows of one crime differ in it."""
    found = planned.settled.find(CRIMES, SUSPECT_IDENTIFIED)
    if found is None or not planned.crime_key or not planned.settled.columns_of_table(PERSONS):
        return
    heading = found.meaning.heading
    if constant_share(planned.sheet, planned.crime_key, [heading]) == 1:
        return
    values = {word: "named" if value == "yes" else "" for word, value in found.meaning.values.items()}
    reason = "the rows of one crime differ in it"
    meaning = replace(
        found.meaning, table=PERSONS, column=KNOWN_AS, values=values,
        reasons=(*found.meaning.reasons, reason),
    )  # fmt: skip
    planned.settled.choose(SettledColumn(meaning, "suspect", 0, found.kind))


def _correspond_one_to_one(planned: PlannedSheet, headings: Sequence[str]) -> bool:
    """Return True if each cell of one column always occurs with the same cell of the others."""
    counts = {planned.columns[heading].n_distinct for heading in headings}
    pairs = planned.sheet.cells.select(list(headings)).group_by(list(headings)).aggregate([]).num_rows
    return min(counts) >= 0.98 * int(pairs)

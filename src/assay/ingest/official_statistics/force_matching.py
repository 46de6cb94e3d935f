"""Match the wordings of a file to forces, offences and outcomes in the registers.

Each distinct wording is looked up once in the registers of `reference`. An unknown wording is never guessed.
"""

from __future__ import annotations

import difflib

import duckdb

from assay import reference
from assay.errors import AssayError, UnknownForce


def add_forces_and_offences(store: duckdb.DuckDBPyConnection) -> None:
    """Create the tables `known_forces` and `known_offences` for the names and codes in `staged`.

    `known_offences` has the code of each wording, and whether the register knows it.
    """
    names = _distinct_values(store, "force_name")
    store.execute("create table known_forces (force_name varchar, force_code varchar)")
    store.execute("create table known_offences (offence_code varchar, code varchar, offence_known boolean)")
    found = [(name, code) for name in names if (code := force_code(name))]
    codes = store.execute(
        "select distinct offence_code, code_of(offence_code) from staged where offence_code is not null"
    ).fetchall()
    known = [(wording, code, reference.offences().knows(code)) for wording, code in codes]
    if found:
        store.executemany("insert into known_forces values (?, ?)", found)
    if known:
        store.executemany("insert into known_offences values (?, ?, ?)", known)


def add_years_and_counts(store: duckdb.DuckDBPyConnection, count_fields: tuple[str, ...]) -> None:
    """Create the tables `known_years`, `known_quarters` and `known_counts` for the distinct texts in `staged`.

    A file of a year repeats a few thousand texts in some hundred thousand rows, so that each is parsed once.
    """
    for table, text, column in (
        ("known_years", "financial_year", "year_of(financial_year) as year"),
        ("known_quarters", "quarter", "quarter_of(quarter) as number_of_quarter"),
    ):
        store.execute(f"create table {table} as select {text}, {column} from (select distinct {text} from staged)")
    texts = " union ".join(f"select distinct {name} as text from staged" for name in count_fields)
    store.execute(f"create table known_counts as select text, whole(text) as number from ({texts})")


def add_outcomes(store: duckdb.DuckDBPyConnection) -> None:
    """Create the table `known_outcomes(outcome_code, outcome, doubled)` for the outcome wordings in `staged`."""
    store.execute("create table known_outcomes (outcome_code varchar, outcome varchar, doubled boolean)")
    codes = {word: code for word in _distinct_values(store, "outcome_code") if (code := outcome_code(word))}
    found = [(word, code, parent_outcome(code) in codes.values()) for word, code in codes.items()]
    if found:
        store.executemany("insert into known_outcomes values (?, ?, ?)", found)


def force_code(name: str) -> str | None:
    """Return the code of a force by any name that it has or had; None if the registers do not know the name."""
    try:
        return reference.forces().find(name).code
    except UnknownForce:
        return reference.force_succession().code_of_former_name(name)


def outcome_code(wording: str) -> str | None:
    """Return '0' to '23' or '1A' to '3A'; None if the register does not know the wording."""
    try:
        return reference.outcomes().code_for(wording)
    except AssayError:
        return None


def similar_forces_hint(name: str) -> str:
    """Return ' Did you mean X or Y?' for an unknown force name; '' if no name is similar."""
    names = [force.name for force in reference.forces().all]
    similar_names = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(similar_names)}?" if similar_names else ""


def _distinct_values(store: duckdb.DuckDBPyConnection, expression: str) -> list[str]:
    rows = store.execute(
        f"select distinct {expression} as wording from staged where wording is not null order by wording"
    ).fetchall()
    return [value for (value,) in rows]


def parent_outcome(code: str) -> str | None:
    """Return the outcome that already includes another one ('1' for '1A'); None for a separate outcome."""
    parent = reference.outcomes().get(code).counted_in
    return parent if parent and parent != code else None

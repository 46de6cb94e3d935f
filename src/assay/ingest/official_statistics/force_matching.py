"""Which force, offence and outcome does each wording of a file mean?

Asked once for each different wording, of the registers of `commission`; a wording they do not know is never
guessed.
"""

from __future__ import annotations

import difflib

import duckdb

from assay import reference
from assay.errors import AssayError, UnknownForce


def add_forces_and_offences(store: duckdb.DuckDBPyConnection) -> None:
    """Tables `known_forces(force_name, force_code)` and `known_offences(code)` for the wordings of
    `staged`."""
    names, codes = _different(store, "force_name"), _different(store, "code_of(offence_code)")
    store.execute("create table known_forces (force_name varchar, force_code varchar)")
    store.execute("create table known_offences (code varchar)")
    found = [(name, code) for name in names if (code := force_code(name))]
    known = [(code,) for code in codes if reference.offences().knows(code)]
    if found:
        store.executemany("insert into known_forces values (?, ?)", found)
    if known:
        store.executemany("insert into known_offences values (?)", known)


def add_outcomes(store: duckdb.DuckDBPyConnection) -> None:
    """Table `known_outcomes(outcome_code, outcome, doubled)` for the wordings of `staged`; `doubled` is true
    where the file also holds the outcome in which this one is counted already (1A in 1)."""
    store.execute("create table known_outcomes (outcome_code varchar, outcome varchar, doubled boolean)")
    codes = {word: code for word in _different(store, "outcome_code") if (code := outcome_code(word))}
    found = [(word, code, counted_in(code) in codes.values()) for word, code in codes.items()]
    if found:
        store.executemany("insert into known_outcomes values (?, ?, ?)", found)


def force_code(name: str) -> str | None:
    """The code of a force by any of its names; None where the register does not know the name."""
    try:
        return reference.forces().find(name).code
    except UnknownForce:
        return None


def outcome_code(wording: str) -> str | None:
    """'0' to '22' or '1A' to '3A'; None where the register does not know the wording."""
    try:
        return reference.outcomes().code_for(wording)
    except AssayError:
        return None


def near_forces(name: str) -> str:
    """' Did you mean X or Y?' for an unknown force name, or nothing when no name is near."""
    names = [force.name for force in reference.forces().all]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def _different(store: duckdb.DuckDBPyConnection, what: str) -> list[str]:
    rows = store.execute(f"select distinct {what} as one from staged where one is not null order by one").fetchall()
    return [one for (one,) in rows]


def counted_in(code: str) -> str | None:
    """The outcome that already holds this one ('1' for '1A'); None for an outcome of its own."""
    parent = reference.outcomes().get(code).counted_in
    return parent if parent and parent != code else None

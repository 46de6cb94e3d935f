"""Which force, offence and outcome does each wording of a file mean?

Asked once for each different wording, of the registers of `commission`; a wording they do not know is never guessed.
"""

from __future__ import annotations

import difflib

import duckdb

from assay import commission
from assay.errors import AssayError, UnknownForce


def add_lookups(store: duckdb.DuckDBPyConnection, names: list[str], codes: list[str]) -> None:
    """Tables `known_forces(force_name, force_code)` and `known_offences(offence_code)` for the wordings given."""
    store.execute("create table known_forces (force_name varchar, force_code varchar)")
    store.execute("create table known_offences (offence_code varchar)")
    found = [(name, code) for name in names if (code := force_code(name))]
    known = [(code,) for code in codes if commission.offences().knows(code)]
    if found:
        store.executemany("insert into known_forces values (?, ?)", found)
    if known:
        store.executemany("insert into known_offences values (?)", known)


def add_outcomes(store: duckdb.DuckDBPyConnection, wordings: list[str]) -> None:
    """Table `known_outcomes(wording, outcome_code, parent)`; `parent` is the outcome in which it is counted too."""
    store.execute("create table known_outcomes (wording varchar, outcome_code varchar, parent varchar)")
    found = [(wording, code, _parent(code)) for wording in wordings if (code := outcome_code(wording))]
    if found:
        store.executemany("insert into known_outcomes values (?, ?, ?)", found)


def force_code(name: str) -> str | None:
    """The code of a force by any of its names; None where the register does not know the name."""
    try:
        return commission.forces().find(name).code
    except UnknownForce:
        return None


def outcome_code(wording: str) -> str | None:
    """'0' to '22' or '1A' to '3A'; None where the register does not know the wording."""
    try:
        return commission.outcomes().code_for(wording)
    except AssayError:
        return None


def near_forces(name: str) -> str:
    """' Did you mean X or Y?' for an unknown force name, or nothing when no name is near."""
    names = [force.name for force in commission.forces().all]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def _parent(code: str) -> str | None:
    return commission.outcomes().get(code).counted_in or None

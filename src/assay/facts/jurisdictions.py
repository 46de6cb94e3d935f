"""Which country's law and guidance holds for a record: England or Wales?

By the local authority of the row; if that is empty, by the force. For bodies that work in both, not known (return
contract, section 11.9).
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside
from assay.facts.fact_inputs import Held


def with_country(rows: ibis.Table, held: Held, authority: str = "local_authority_code") -> ibis.Table:
    """The rows with `country`: 'E', 'W' or missing; `authority` is a column of ONS codes, or "" for none."""
    bodies = held["bodies"]
    homes = bodies.select(
        force_code=bodies.code,
        home_country=ibis.cases((bodies.country == "England", "E"), (bodies.country == "Wales", "W")),
    )
    told = beside(rows, homes, ["force_code"])
    if not authority:
        return told.rename(country="home_country")
    own = told[authority].substr(0, 1)
    own = ibis.cases((own.isin(("E", "W")), own))
    return told.mutate(country=ibis.coalesce(own, told.home_country)).drop("home_country")


def with_period(rows: ibis.Table, held: Held) -> ibis.Table:
    """The rows with `period_from` and `period_to` (half-open) of the force's return."""
    periods = held["returns"].select("force_code", "period_from", "period_to")
    return beside(rows, periods, ["force_code"])

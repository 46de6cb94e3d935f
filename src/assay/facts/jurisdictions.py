"""Jurisdiction of each record: England or Wales.

By the local authority of the row; if that is empty, by the force. For organisations that work in both countries, not
known (return contract, section 11.9).
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join
from assay.facts.fact_inputs import Tables


def add_country(rows: ibis.Table, tables: Tables, authority: str = "local_authority_code") -> ibis.Table:
    """Return the rows with `country`: 'E', 'W' or missing; `authority` is a column of ONS codes, or "" for none."""
    organisations = tables["organisations"]
    home_countries = organisations.select(
        force_code=organisations.code,
        home_country=ibis.cases((organisations.country == "England", "E"), (organisations.country == "Wales", "W")),
    )
    located_rows = left_join(rows, home_countries, ["force_code"])
    if not authority:
        return located_rows.rename(country="home_country")
    row_country = located_rows[authority].substr(0, 1)
    row_country = ibis.cases((row_country.isin(("E", "W")), row_country))
    return located_rows.mutate(country=ibis.coalesce(row_country, located_rows.home_country)).drop("home_country")


def add_period(rows: ibis.Table, tables: Tables) -> ibis.Table:
    """Return the rows with the period of the force's return: `period_from` and `period_to` (half-open)."""
    periods = tables["returns"].select("force_code", "period_from", "period_to")
    return left_join(rows, periods, ["force_code"])

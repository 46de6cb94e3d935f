"""Notes beside a published figure: the outcomes that a share leaves out, and the figure of London's forces together."""

from __future__ import annotations

from assay.report.derived_numbers import derived_number
from assay.report.number_words import join_list, percent, whole
from assay.report.report_tables import ReleasedTables, Row

PENDING, SUSPECT_MEASURE, CLOSED_MEASURE = "pending", "suspect-identified-of-closed", "charged-of-closed"
CITY_WITH_FORCES = "London"
"""The region that readers ask about by name, and that more than one force polices."""


def notes_on_share(site: ReleasedTables, row: Row) -> list[str]:
    """Return the notes of one outcome share of one force; empty texts where there is nothing to note."""
    return [_excluded_outcomes(site, row), combined_share(site, row) if row["measure"] == PENDING else ""]


def _excluded_outcomes(site: ReleasedTables, row: Row) -> str:
    """Say how many closed offences are not in the base, because their outcome does not say if there was a suspect."""
    if row["measure"] != SUSPECT_MEASURE:
        return ""
    closed = site.find_row("shares", measure=CLOSED_MEASURE, **_key(row))
    passed_on = site.find_row("outcomes", outcome_family="transferred", **_key(row))
    if closed is None or None in (closed["base"], row["base"]) or closed["base"] <= row["base"]:
        return ""
    excluded_count = closed["base"] - row["base"]
    count = derived_number(whole(excluded_count), "offences with an outcome less those of the base")
    if passed_on and passed_on["offences"] == excluded_count:
        return f"Without the {count} passed to another body, whose outcome does not say"
    return f"Without {count} whose outcome does not say"


def combined_share(site: ReleasedTables, row: Row) -> str:
    """Return a share of all forces of London together: 'With City of London: 2,567 of 5,229 (49.1%)'."""
    rows = _london_rows(site, "shares", row, {**_key(row), "measure": row["measure"]})
    if not rows or any(None in (item["numerator"], item["base"]) for item in rows):
        return ""
    count, base = (sum(item[column] for item in rows) for column in ("numerator", "base"))
    share = f" ({_summed(percent(count / base))})" if base else ""
    return f"{_with_names(site, rows)}: {_summed(whole(count))} of {_summed(whole(base))}{share}"


def combined_count(site: ReleasedTables, row: Row) -> str:
    """Return a count of all forces of London together: 'With City of London: 5,229'; '' for any other force."""
    rows = _london_rows(site, "recorded", row, _key(row))
    if not rows or any(item["offences"] is None or item["quarters"] != row["quarters"] for item in rows):
        return ""
    return f"{_with_names(site, rows)}: {_summed(whole(sum(item['offences'] for item in rows)))}"


def _london_rows(site: ReleasedTables, table: str, row: Row, key: Row) -> list[Row]:
    """Return the row of a force of London, then those of the other forces there; none if one of them is missing."""
    codes = [force["place_code"] for force in site.forces if force["region"] == CITY_WITH_FORCES]
    if row["place_code"] not in codes or len(codes) == 1:
        return []
    other_rows = [site.find_row(table, **{**key, "place_code": code}) for code in codes if code != row["place_code"]]
    return [row, *(other for other in other_rows if other)] if all(other_rows) else []


def _with_names(site: ReleasedTables, rows: list[Row]) -> str:
    return f"With {join_list([site.name(row['place_code']) for row in rows[1:]])}"


def _summed(text: str) -> str:
    return derived_number(text, f"sum over the forces of {CITY_WITH_FORCES}")


def _key(row: Row) -> dict[str, str]:
    return {column: row[column] for column in ("place_code", "offence_key", "financial_year")}

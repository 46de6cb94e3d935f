"""The page of failure modes: which forces are outliers on the combined test of the measures of each failure mode?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import join_list, plural
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import page_path, place_cell
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import CombinedTestsRow, FailureModesRow, IndicatorsRow

PATH, TITLE = "failures.html", "Failures of the past, looked for again"
CERTAINTY_NOTE = (
    "False discoveries are controlled at 5% over all failures and forces. About one in twenty of the outliers is "
    "expected to be one by chance. An outlier is a reason to look, and does not say why. A force that is no outlier "
    "may still have the failure. Of a force that could not be tested nothing is said, for it or against it."
)
COMPARED = "territorial"
"""The kind of organisation that is compared: territorial forces."""
NO_RETURN, NOT_COMPARED = "No return was accepted.", "Compared on none of its measures."
ENDED = "no longer shown"
MEASURE_REFERENCE = re.compile("`([a-z0-9_]+)`")
"""Matches a measure key in a text: `its_key`."""
Part = tuple[Cell, str]


def failure_mode_page(site: Inspection) -> Page:
    """Return the page of failure modes: the measures of each and the outlier forces, or other evidence to look at."""
    modes = [_mode(site, form) for form in _testable_modes(site)]
    context = {"modes": modes, "table": _overview(modes) if modes else None, "elsewhere": _other_evidence_table(site)}
    return Page(PATH, "inspected/failings.html", TITLE, CERTAINTY_NOTE, (), context)


def force_failure_modes(site: Inspection, code: str) -> dict[str, Any] | None:
    """Return the failure modes in which a force is an outlier, those in which it is not, and those not tested."""
    forms = _testable_modes(site)
    if not forms or site.places[code]["kind"] != COMPARED:
        return None
    rows = [(form, _row(site, form, code)) for form in forms]
    tested = [row for _, row in rows if _is_tested(row)]
    return {
        "named": [(_cell(form), _alert_text(row)) for form, row in rows if row and row["outlier_alert"]],
        "gone": [(_cell(form), _ended_alert_text(row)) for form, row in rows if row and row["alert_status"] == ENDED],
        "not_looked": [(_cell(form), _exclusion_reason(site, row, code)) for form, row in rows if not _is_tested(row)],
        "asked": row_count(len(forms)),
        "looked": row_count(len(tested)) if tested else "",
    }


def _testable_modes(site: Inspection) -> list[Row]:
    """Yield the failure modes that a comparison of forces can test, in register order."""
    return [form for form in _sorted_modes(site) if form["shown_by"]] if site.rows(CombinedTestsRow) else []


def _sorted_modes(site: Inspection) -> list[Row]:
    return sorted(site.rows(FailureModesRow), key=lambda row: row["place"])


def _row(site: Inspection, form: Row, code: str) -> Row | None:
    return site.find_row(CombinedTestsRow, failure_mode=form["failure_mode"], place_code=code)


def _is_tested(row: Row | None) -> bool:
    return row is not None and row["outlier_alert"] is not None


def _exclusion_reason(site: Inspection, row: Row | None, code: str) -> str:
    if row and row["not_comparable"]:
        return str(row["not_comparable"])
    return NOT_COMPARED if site.return_rows(code) else NO_RETURN


def _cell(form: Row) -> Cell:
    return Cell(f"{form['failure_mode']}: {form['text']}", f"{PATH}#{form['failure_mode'].lower()}")


def _alert_text(row: Row) -> str:
    """Format an alert: 'on 3 measures, new in these records'; of a persisting alert since when."""
    measure_text = f"on {derived_number(plural(row['measures'], 'measure'), 'measures compared')}"
    return (
        f"{measure_text}, since the records of {row['alerted_since']}"
        if row["alerted_since"]
        else f"{measure_text}, new in these records"
    )


def _ended_alert_text(row: Row) -> str:
    return f"named in the records of {row['alerted_since']}, and no longer shown"


def _mode(site: Inspection, form: Row) -> dict[str, Any]:
    places = [force["place_code"] for force in site.forces if force["kind"] == COMPARED]
    row_by_force = {code: _row(site, form, code) for code in places}
    rows = [(place_cell(site, code), row) for code, row in row_by_force.items()]
    untested = [code for code, row in row_by_force.items() if not _is_tested(row)]
    return {
        "form": form,
        "key": form["failure_mode"].lower(),
        "measures": _measures(site, form),
        "named": [(cell, _alert_text(row)) for cell, row in rows if row and row["outlier_alert"]],
        "gone": [(cell, _ended_alert_text(row)) for cell, row in rows if row and row["alert_status"] == ENDED],
        "looked": len(row_by_force) - len(untested),
        "not_looked": _group_by_reason(
            (site.name(code), _exclusion_reason(site, row_by_force[code], code)) for code in untested
        ),
        "left": len(untested),
    }


def _measures(site: Inspection, form: Row) -> list[Part]:
    """Return each measure of a failure mode, linked to its page, with the direction that would show it."""
    sides = zip(form["shown_by"].split(), form["sides"].split(), strict=True)
    return [(_measure(site, key), f"{side} than the others") for key, side in sides]


def _measure(site: Inspection, key: str) -> Cell:
    form = site.find_row(IndicatorsRow, indicator=key)
    return Cell(form["title"], page_path(form)) if form else Cell(key.replace("_", " "))


def _group_by_reason(untested: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Group untested forces by the reason, with their number and names."""
    names_by_reason: dict[str, list[str]] = {}
    for name, reason in untested:
        names_by_reason.setdefault(reason, []).append(name)
    return [(row_count(len(names)), reason, join_list(names)) for reason, names in names_by_reason.items()]


def _overview(modes: Sequence[dict[str, Any]]) -> Grid:
    rows = [
        (Cell(f"{mode['form']['failure_mode']}: {mode['form']['text']}", f"{PATH}#{mode['key']}"),
         row_count(mode["looked"]), row_count(len(mode["named"])), row_count(mode["left"]))
        for mode in modes
    ]  # fmt: skip
    heads = ("What the inquiry found", "#Forces looked at", "#That lie out", "#Not looked at")
    note = (
        "A force is tested if it is compared on at least one of the measures, and if the result would not reveal a "
        "suppressed count."
    )
    return grid("Failure by failure, how many forces lie out", heads, rows, note=note)


def _other_evidence_table(site: Inspection) -> Grid | None:
    """Return the failure modes that no comparison of forces can test, and the other evidence to look at."""
    rows = []
    for form in _sorted_modes(site):
        if form["elsewhere"]:
            measure_keys = MEASURE_REFERENCE.findall(form["elsewhere"])
            cells = [_measure(site, key) for key in measure_keys]
            text = MEASURE_REFERENCE.sub(
                lambda match: f"\u2018{_measure(site, match[1]).text}\u2019", form["elsewhere"]
            )
            rows.append((f"{form['failure_mode']}: {form['text']}", Cell(text, cells[0].href if cells else "")))
    return grid("Where to look instead", ("What the inquiry found", "Where to look"), rows) if rows else None

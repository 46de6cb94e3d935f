"""Is a failure of the past to be seen again: which force lies out once all measures are taken together that would show
it, and where must one look of those that no records show so?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from assay.report.derived_numbers import tallied, worked_out
from assay.report.number_words import listed, plural
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import path_of, place_cell
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row

PATH, TITLE = "failures.html", "Failures of the past, looked for again"
SURE = (
    "False discovery is to be held at 5% over all failure modes and forces: of those named, about one in twenty is "
    "expected to be named by chance, and where nothing is wrong all that are. That a force is named is a reason to "
    "look, and no finding about why. One that is not named is not shown to be free of the failure, and of one that "
    "could not be looked at nothing is said, for it or against it."
)
COMPARED = "territorial"
"""The kind of body that is compared with others."""
NO_RETURN, NOT_COMPARED = "No return was taken in.", "Compared on none of its measures."
GONE = "no longer shown"
IN_WORDS = re.compile("`([a-z0-9_]+)`")
"""A measure that is named in words: `its_key`."""
Part = tuple[Cell, str]


def failings_page(site: Inspection) -> Page:
    """Every failure mode: the measures that would show it and the forces that lie out, or where to look instead."""
    modes = [_mode(site, form) for form in _shown(site)]
    told = {"modes": modes, "table": _overview(modes) if modes else None, "elsewhere": _elsewhere(site)}
    return Page(PATH, "inspected/failings.html", TITLE, SURE, (), told)


def of_force(site: Inspection, code: str) -> dict[str, Any] | None:
    """In which failure modes one force lies out, in how many not, and which could not be looked at; None where none was
    asked of any force, and for a body that is never compared."""
    forms = _shown(site)
    if not forms or site.places[code]["kind"] != COMPARED:
        return None
    rows = [(form, _row(site, form, code)) for form in forms]
    looked = [row for _, row in rows if _is_looked_at(row)]
    return {
        "named": [(_cell(form), _since(row)) for form, row in rows if row and row["unusual"]],
        "gone": [(_cell(form), _before(row)) for form, row in rows if row and row["called"] == GONE],
        "not_looked": [(_cell(form), _why_not(site, row, code)) for form, row in rows if not _is_looked_at(row)],
        "asked": tallied(len(forms)),
        "looked": tallied(len(looked)) if looked else "",
    }


def _shown(site: Inspection) -> list[Row]:
    """The failure modes that a comparison of forces would show, in their order."""
    return [form for form in _in_order(site) if form["shown_by"]] if site.rows("taken_together") else []


def _in_order(site: Inspection) -> list[Row]:
    return sorted(site.rows("failure_modes"), key=lambda row: row["place"])


def _row(site: Inspection, form: Row, code: str) -> Row | None:
    return site.one("taken_together", failure_mode=form["failure_mode"], place_code=code)


def _is_looked_at(row: Row | None) -> bool:
    return row is not None and row["unusual"] is not None


def _why_not(site: Inspection, row: Row | None, code: str) -> str:
    if row and row["not_comparable"]:
        return str(row["not_comparable"])
    return NOT_COMPARED if site.returned_by(code) else NO_RETURN


def _cell(form: Row) -> Cell:
    return Cell(f"{form['failure_mode']}: {form['text']}", f"{PATH}#{form['failure_mode'].lower()}")


def _since(row: Row) -> str:
    """'on 3 measures, new in these records'; of a call that stands, since which records."""
    on = f"on {worked_out(plural(row['measures'], 'measure'), 'measures compared')}"
    return f"{on}, since the records of {row['called_since']}" if row["called_since"] else f"{on}, new in these records"


def _before(row: Row) -> str:
    return f"named in the records of {row['called_since']}, and no longer shown"


def _mode(site: Inspection, form: Row) -> dict[str, Any]:
    places = [force["place_code"] for force in site.forces if force["kind"] == COMPARED]
    held = {code: _row(site, form, code) for code in places}
    rows = [(place_cell(site, code), row) for code, row in held.items()]
    left = [code for code, row in held.items() if not _is_looked_at(row)]
    return {
        "form": form,
        "key": form["failure_mode"].lower(),
        "measures": _measures(site, form),
        "named": [(cell, _since(row)) for cell, row in rows if row and row["unusual"]],
        "gone": [(cell, _before(row)) for cell, row in rows if row and row["called"] == GONE],
        "looked": len(held) - len(left),
        "not_looked": _reasons((site.name(code), _why_not(site, held[code], code)) for code in left),
        "left": len(left),
    }


def _measures(site: Inspection, form: Row) -> list[Part]:
    """Each measure that would show it, leading to its page, and on which side."""
    sides = zip(form["shown_by"].split(), form["sides"].split(), strict=True)
    return [(_measure(site, key), f"{side} than the others") for key, side in sides]


def _measure(site: Inspection, key: str) -> Cell:
    form = site.one("indicators", indicator=key)
    return Cell(form["title"], path_of(form)) if form else Cell(key.replace("_", " "))


def _reasons(left: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Why forces could not be looked at: each reason with how many they are and who."""
    held: dict[str, list[str]] = {}
    for name, why in left:
        held.setdefault(why, []).append(name)
    return [(tallied(len(names)), why, listed(names)) for why, names in held.items()]


def _overview(modes: Sequence[dict[str, Any]]) -> Grid:
    rows = [
        (Cell(f"{one['form']['failure_mode']}: {one['form']['text']}", f"{PATH}#{one['key']}"),
         tallied(one["looked"]), tallied(len(one["named"])), tallied(one["left"]))
        for one in modes
    ]  # fmt: skip
    heads = ("What the inquiry found", "#Forces looked at", "#That lie out", "#Not looked at")
    note = (
        "A force is looked at where it is compared on one or more of the measures, and to say what was seen would not "
        "tell of a count that is not shown."
    )
    return grid("Failure by failure, how many forces lie out", heads, rows, note=note)


def _elsewhere(site: Inspection) -> Grid | None:
    """The failure modes that no comparison of forces shows, and where to look instead."""
    rows = []
    for form in _in_order(site):
        if form["elsewhere"]:
            named = IN_WORDS.findall(form["elsewhere"])
            cells = [_measure(site, key) for key in named]
            said = IN_WORDS.sub(lambda match: f"\u2018{_measure(site, match[1]).text}\u2019", form["elsewhere"])
            rows.append((f"{form['failure_mode']}: {form['text']}", Cell(said, cells[0].href if cells else "")))
    return grid("Where to look instead", ("What the inquiry found", "Where to look"), rows) if rows else None

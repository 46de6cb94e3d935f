"""Which strands of evidence stand behind a page, do they agree, and who was not asked?

`behind` adds them to whatever page has a form (an indicator, a wait), a line of enquiry or a force to speak of, and to
every page that `ASKS` names with its questions. The statement of certainty is made here, from the strands that the page
shows: one that is taken away changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.indicators.evidence_strands import BY_KEY, KINDS, NOT_ASKED, Strand, certainty, disagrees
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import count_words, path_of, place_cell
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

NOTE = (
    "A strand agrees that the characteristic is there, disagrees, cannot tell, or was not asked. No verdict outweighs "
    "another, and none is counted into a mark. The verdicts rest on the figures as they are released, and on no fewer "
    "than 10 files or people."
)
TOLD = {"files": "The most files that were read for any part of it", "documents": "",
        "staff": "The most people or visits that told of any part of it",
        "partners": "The most people or visits that told of any part of it"}  # fmt: skip
ASKS = {
    "scale.html": "Q18 Q20 Q21 Q22 Q24 Q25 Q28",
    "falling.html": "Q23 Q26",
    "hidden.html": "Q24 Q25",
    "definitions.html": "Q4 Q6 Q12 Q22 Q35 Q41 Q46",
    "texts.html": "Q1 Q2 Q3 Q20",
    "waits/course.html": "Q30 Q33 Q46",
    "people/served.html": "Q6 Q27",
    "people/pursuit.html": "Q27 Q35 Q39",
    "people/suspects.html": "Q22 Q27",
    "people/recorded.html": "Q27",
    "people/tiers.html": "Q14 Q15",
    "people/approaches.html": "Q32 Q47 Q48",
    "profiles.html": "Q10 Q11",
    "lessons.html": "Q47 Q48 Q49 Q50",
    "claims.html": "Q23 Q26 Q49 Q50",
}
"""The questions that each page bears on which tells findings without one form of its own."""
OF_ALL = ("grades.html", "concerns.html", "casefiles.html", "failures.html")
"""Pages that bear on every characteristic."""
SERIES = Cell("Is any of it falling?", "falling.html")
"""What the data rest on where they are series over time and no indicator."""
FILES = Cell("What the case files say", "casefiles.html")
TOO_FEW = "Too few told for it to be shown what they say."


@dataclass(frozen=True)
class Shown:
    """One strand as a page shows it: its name, its verdict, words, and the pages of the indicators that it rests on."""

    name: str
    verdict: str
    says: str
    rests_on: tuple[Cell, ...] = ()

    @property
    def css(self) -> str:
        """The verdict as a class of the style sheet."""
        return self.verdict.replace(" ", "-")


@dataclass(frozen=True)
class Characteristic:
    """One characteristic of good with every strand behind it, in one place; `forces`: the same, force by force."""

    key: str
    text: str
    questions: str
    place: str
    strands: tuple[Shown, ...]
    certainty: str
    at_odds: bool
    forces: Grid | None = None


def behind(site: Inspection, page: Page) -> Page:
    """The page with the strands behind what it speaks of; as it was where it speaks of none."""
    if not site.rows("strands"):
        return page
    told = page.told
    if isinstance(told.get("form"), dict) and "asks" in told["form"]:
        return _with(page, "strands", _section(_of_asks(site, told["form"]["asks"] or "")))
    if isinstance(told.get("line"), dict):
        rows = [row for row in _in_order(site) if row["line"] == told["line"]["line"]]
        return _with(page, "strands", _section([_characteristic(site, row, ALL, forces=True) for row in rows]))
    if isinstance(told.get("force"), dict):
        return _with(page, "standing_on", of_force(site, told["force"]["place_code"]))
    if "recommended" in told:  # '' where the page speaks of what others asked for, and of no characteristic of ours
        rows = [row for row in _in_order(site) if row["characteristic"] == told["recommended"]]
        held = [_characteristic(site, row, ALL) for row in rows] or _of_asks(site, ASKS["lessons.html"])
        return _with(page, "strands", _section(held))
    if page.path in ASKS:
        return _with(page, "strands", _section(_of_asks(site, ASKS[page.path])))
    if page.path in OF_ALL:
        return _with(page, "strands", _section([_characteristic(site, row, ALL) for row in _in_order(site)]))
    if page.path == "index.html":
        return _with(page, "at_odds", _at_odds(site))
    return page


def of_force(site: Inspection, place: str) -> dict[str, Any] | None:
    """Every characteristic in one force: the verdicts side by side, the statements; None for a body without strands."""
    if not site.by("strands", place_code=place):
        return None
    held = [_characteristic(site, row, place) for row in _in_order(site)]
    sure = [(Cell(one.text, _line_path(site, one.key)), one.certainty) for one in held]
    return {
        "odds": [one for one in held if one.at_odds],
        "verdicts": _verdicts("What each strand says", "Characteristic of good",
                              [(Cell(one.text), one.strands) for one in held]),
        "sure": grid("How sure that is", ("Characteristic of good", "On what it rests"), sure),
        "note": NOTE,
    }  # fmt: skip


def rules() -> Grid:
    """By which rule each strand speaks."""
    return grid("By which rule a strand speaks", ("Strand", "Rule"), [(kind.name, kind.rule) for kind in KINDS])


def _with(page: Page, name: str, told: Any) -> Page:
    return replace(page, told={**page.told, name: told}) if told else page


def _section(held: list[Characteristic]) -> dict[str, Any]:
    return {"held": held, "note": NOTE} if held else {}


def _of_asks(site: Inspection, asks: str) -> list[Characteristic]:
    """The characteristics that stand on one of these questions."""
    wanted = set(asks.replace("|", " ").split())
    rows = [row for row in _in_order(site) if wanted & set(row["questions"].split())]
    return [_characteristic(site, row, ALL, forces=True) for row in rows]


def _at_odds(site: Inspection) -> list[tuple[str, list[Cell]]]:
    """Where strands disagree over all forces together: each way of disagreeing once, and of what it holds."""
    found: dict[str, list[Cell]] = {}
    for one in (_characteristic(site, row, ALL) for row in _in_order(site)):
        if one.at_odds:
            found.setdefault(one.certainty, []).append(Cell(one.text, _line_path(site, one.key)))
    return list(found.items())


def _in_order(site: Inspection) -> list[Row]:
    return sorted(site.rows("characteristics"), key=lambda row: row["place"])


def _line_path(site: Inspection, key: str) -> str:
    row = site.one("characteristics", characteristic=key)
    line = next((one for one in site.lines if row and one["line"] == row["line"]), None)
    return f"lines/{line['slug']}.html#{key}" if line else ""


def _characteristic(site: Inspection, row: Row, place: str, *, forces: bool = False) -> Characteristic:
    key = row["characteristic"]
    rows = _strands(site, key, place)
    told = [Strand(one["strand"], one["verdict"], "") for one in rows]
    shown = tuple(_shown(site, one, place) for one in rows)
    grid_of = _by_force(site, key) if forces else None
    words = row["questions"].replace(" ", ", ")
    return Characteristic(key, row["text"], words, place, shown, certainty(told), disagrees(told), grid_of)


def _strands(site: Inspection, key: str, place: str) -> list[Row]:
    """The strands of one characteristic in one place, in their order; one that is not there was not asked."""
    held = {row["strand"]: row for row in site.by("strands", characteristic=key, place_code=place)}
    nothing = {"verdict": NOT_ASKED, "rests_on": "", "told": None, "too_few": False, "hidden": ""}
    return [held.get(kind.key, {"strand": kind.key, **nothing}) for kind in KINDS]


def _shown(site: Inspection, row: Row, place: str) -> Shown:
    kind = BY_KEY[row["strand"]]
    cells = [site.one("indicators", indicator=key) for key in (row["rests_on"] or "").split()]
    rests_on = tuple(Cell(form["title"], path_of(form)) for form in cells if form)
    if kind.key == "data" and row["verdict"] != NOT_ASKED and not rests_on:
        rests_on = (SERIES,)
    if kind.key == "files" and row["verdict"] != NOT_ASKED and site.rows("case_files"):
        rests_on = (FILES,)
    return Shown(kind.name, row["verdict"], _words(row, place), rests_on)


def _words(row: Row, place: str) -> str:
    kind = BY_KEY[row["strand"]]
    if row["verdict"] == NOT_ASKED:
        return f"{kind.not_asked[:1].upper()}{kind.not_asked[1:]}."
    if row["too_few"]:
        return TOO_FEW
    if place == ALL and TOLD.get(kind.key) and (row["told"] is not None or row["hidden"]):
        return f"{TOLD[kind.key]}: {count_words(row, 'told')}."
    return "What they say stands under \u2018What victims and survivors say\u2019." if kind.key == "victims" else ""


def _by_force(site: Inspection, key: str) -> Grid | None:
    codes = [one["place_code"] for one in site.forces if site.by("strands", place_code=one["place_code"])]
    rows = [(place_cell(site, code), [_shown(site, one, code) for one in _strands(site, key, code)]) for code in codes]
    asked = any(one.verdict != NOT_ASKED for _, strands in rows for one in strands)
    return _verdicts("Force by force", "Force", rows) if asked else None


def _verdicts(caption: str, first: str, rows: Iterable[tuple[Cell, Sequence[Shown]]]) -> Grid:
    told = [(cell, *(Cell(one.verdict, css=one.css) for one in strands)) for cell, strands in rows]
    return grid(caption, (first, *(kind.name for kind in KINDS)), told, dense=True)

"""What is proposed of each force, what did the panel decide, and on what does each grade rest?

`judged` puts the grades on the page of a force and, on the page of an indicator, the grades that rest on it: from a
grade to its indicators is one step, and back another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.report.charts.tile_map import Tile, tiles
from assay.report.derived_numbers import tallied, worked_out
from assay.report.number_words import listed
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import chance, path_of
from assay.report.pages.inspection.recommendation_pages import asked_by, own_path
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row

OVERALL = "overall"
NOT_ENOUGH = "not enough evidence"
SHORT = {
    "outstanding": "O",
    "good": "G",
    "adequate": "A",
    "requires improvement": "R",
    "inadequate": "I",
    NOT_ENOUGH: "",
}
ON_TILE = {"outstanding": "outst.", "good": "good", "adequate": "adequ.", "requires improvement": "req. imp.",
           "inadequate": "inadequ.", NOT_ENOUGH: "none"}  # fmt: skip
SURE = (
    "A grade is a proposal by written rules, and its probability is one under these rules: under others it is another, "
    "and the page of grades says which. It rests on the figures as this report shows them, so that anybody can work it "
    "out again. Where little can be told there is no grade: that is neither good nor bad."
)
STANDS = {
    "past_recommendations": "past recommendations that practice shows applied",
    "claims": "what the force says of itself, held against its records",
    "records": "records",
    "files": "case files",
    "documents": "documents",
}
KINDS = ("accelerated cause of concern", "cause of concern", "area for improvement", "promising practice")
NOT_TRIED = " Other linkage of persons was not tried here."


@dataclass(frozen=True)
class Line:
    """What is proposed and decided of one line in one force, as a page shows it."""

    name: str
    grade: str
    row: Row
    chances: Grid | None
    held: tuple[Held, ...]
    otherwise: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """One characteristic: whether it is shown, how probable that is, and the pages of what it rests on."""

    key: str
    text: str
    state: str
    probable: str
    rests_on: tuple[Cell, ...]
    also: str

    @property
    def css(self) -> str:
        """The state as a class of the style sheet."""
        return {"shown": "agrees", "not shown": "disagrees"}.get(self.state, "cannot-tell")


def judged(site: Inspection, page: Page) -> Page:
    """The page with the grades of its force, or with those that rest on its indicator; as it was for any other."""
    told = page.told
    if not site.rows("grades"):
        return page
    if isinstance(told.get("force"), dict):
        found = of_force(site, told["force"]["place_code"])
        return replace(page, told={**told, "grades": found}) if found else page
    if isinstance(told.get("form"), dict) and "indicator" in told["form"]:
        found = {"rests_on_it": rests_on(site, told["form"]["indicator"]),
                 "asked_by_it": asked_by(site, told["form"]["indicator"])}  # fmt: skip
        return replace(page, told={**told, **{name: held for name, held in found.items() if held}})
    return page


def judged_pages(site: Inspection) -> list[Page]:
    """The country on one page, and what is of concern; none where nothing was judged."""
    return [_country(site), _concerns(site)] if site.rows("grades") else []


def stands(row: Row) -> str:
    """The grade that stands: what the panel decided, else what is proposed."""
    return str(row["decided"] or row["proposed"])


def grade_cell(row: Row | None, href: str = "") -> Cell:
    """A grade as it is said: decided, or proposed."""
    if row is None:
        return Cell("not judged")
    moved = row["decided"] and row["decided"] != row["proposed"]
    said = f"{row['decided']} (proposed: {row['proposed']})" if moved else stands(row)
    return Cell(said, href)


def of_force(site: Inspection, code: str) -> dict[str, Any] | None:
    """Everything on the grades of one force; None for a body that is not judged."""
    rows = {row["line"]: row for row in site.by("grades", place_code=code)}
    if not rows:
        return None
    lines = [_line(site, rows[line["line"]], line["name"]) for line in site.lines if line["line"] in rows]
    overall = _line(site, rows[OVERALL], "Overall")
    summary = [
        (Cell(one.name), grade_cell(one.row), "decided" if one.row["decided"] else "proposed",
         one.row["why_none"] or one.row["certainty"] or "", f"{one.row['known']} of {one.row['characteristics']}")
        for one in (overall, *lines)
    ]  # fmt: skip
    return {
        "overall": overall, "lines": lines,
        "summary": grid("What is proposed and decided", ("Line of enquiry", "Grade", "Proposed or decided",
                                                         "How sure, under these rules", "#Can be told"), summary),
        "concerns": [_concern(site, row) for kind in KINDS for row in site.by("concerns", place_code=code, kind=kind)],
    }  # fmt: skip


def _line(site: Inspection, row: Row, name: str) -> Line:
    code, line = row["place_code"], row["line"]
    rows = sorted(site.by("grade_chances", place_code=code, line=line), key=lambda one: one["place"])
    chances = [(one["grade"], chance(one["probability"])) for one in rows]
    table = grid(f"{name}: how probable each grade is, under these rules", ("Grade", "#Probability"), chances)
    held = [_held(site, one, code) for one in _characteristics(site) if one["line"] == line]
    return Line(name, stands(row), row, table if chances else None, tuple(held), _otherwise(site, code, line))


def _characteristics(site: Inspection) -> list[Row]:
    return sorted(site.rows("characteristics"), key=lambda row: row["place"])


def _held(site: Inspection, one: Row, code: str) -> Held:
    row = site.one("shown", place_code=code, characteristic=one["characteristic"])
    state, keys = (row["state"], (row["rests_on"] or "").split()) if row else ("not known", [])
    return Held(one["characteristic"], one["text"], state, _probable(row), tuple(_cells(site, keys)), _also(row))


def _probable(row: Row | None) -> str:
    if row is None or row["probability"] is None:
        return "Nothing that counts tells of it."
    low, high = row["probability_lowest"], row["probability_highest"]
    said = f"Shown with probability {chance(row['probability'])}"
    span = f"; {chance(low)} to {chance(high)}, whatever the records that do not tell would say"
    return f"{said}{span if high - low > 0.02 else ''}."


def _also(row: Row | None) -> str:
    against = (row["contradicted_by"] or "").split() if row else []
    return f"People who were asked say otherwise: {listed(against)}." if against else ""


def _cells(site: Inspection, keys: Iterable[str]) -> Iterable[Cell]:
    for key in keys:
        form = site.one("indicators", indicator=key)
        yield Cell(form["title"], path_of(form)) if form else Cell(STANDS.get(key, key))


def _otherwise(site: Inspection, code: str, line: str) -> tuple[str, ...]:
    """What would be proposed under other rules, where it is another grade."""
    rows = site.by("moved", place_code=code, line=line)
    return tuple(f"{row['says']}: {row['otherwise']}." for row in rows if row["otherwise"] != row["proposed"])


def _concern(site: Inspection, row: Row) -> dict[str, Any]:
    tests = [cell for cell in _cells(site, (row["test"] or "").split()) if cell.href]
    asks = row["recommendation"] or ""
    way = own_path(row["characteristic"]) if asks else ""
    return {"kind": row["kind"], "says": row["says"], "asks": Cell(asks, way), "tests": tests}


def rests_on(site: Inspection, indicator: str) -> Grid | None:
    """The grades that rest on an indicator, force by force."""
    texts = {row["characteristic"]: row for row in site.rows("characteristics")}
    rows = []
    for row in site.rows("shown"):
        if indicator in (row["rests_on"] or "").split():
            one = texts[row["characteristic"]]
            grade = site.one("grades", place_code=row["place_code"], line=one["line"])
            place = site.places[row["place_code"]]
            way = f"forces/{place['slug']}.html#grade-{row['characteristic']}"
            rows.append((Cell(place["name"], way), one["text"], row["state"], grade_cell(grade)))
    heads = ("Force", "Characteristic of good", "Is it shown?", "Grade of the line")
    return grid("Grades that rest on it", heads, rows, dense=True) if rows else None


def _country(site: Inspection) -> Page:
    names = {line["line"]: line["name"] for line in site.lines if site.by("grades", line=line["line"])}
    told = {
        "map": _map(site, OVERALL, "Overall", ON_TILE),
        "small": [(name, drawn) for key, name in names.items() if (drawn := _map(site, key, name, SHORT))],
        "letters": ", ".join(f"{letter}: {name}" for name, letter in SHORT.items() if letter),
        "counts": _counts(site, {OVERALL: "Overall", **names}),
        "table": _by_force(site, names),
        "moved": _moved(site),
        "linkage": "" if any(row["alternative"].startswith("linkage") for row in site.rows("moved")) else NOT_TRIED,
        "decided": _decided(site, {OVERALL: "Overall", **names}),
        "invented": site.is_invented,
        "voices": next((row["voices"] for row in site.rows("grades") if row["voices"]), ""),
    }
    return Page("grades.html", "inspected/grades.html", "Grades: the country on one page", SURE, (), told)


def _map(site: Inspection, line: str, name: str, words: dict[str, str]) -> dict[str, Any] | None:
    placed = [(site.places[row["place_code"]], stands(row)) for row in site.by("grades", line=line)]
    made = [
        Tile(place["slug"], f"{place['name']}: {grade}", place["tile_column"], place["tile_row"], words[grade],
             None if grade == NOT_ENOUGH else list(words).index(grade), f"forces/{place['slug']}.html#grades")
        for place, grade in sorted(placed, key=lambda one: (one[0]["tile_row"] or 0, one[0]["tile_column"] or 0))
        if place["tile_column"] is not None
    ]  # fmt: skip
    label = f"{name}, grade by force"
    return {"svg": tiles(made, label), "label": label} if made else None


def _counts(site: Inspection, names: dict[str, str]) -> Grid:
    heads = ("Line of enquiry", *(f"#{name.capitalize()}" for name in SHORT))
    rows: list[tuple[Cell | str, ...]] = []
    for key, name in names.items():
        found = Counter(stands(row) for row in site.by("grades", line=key))
        rows.append((Cell(name), *(tallied(found[grade]) for grade in SHORT)))
    return grid("How many forces have which grade", heads, rows)


def _by_force(site: Inspection, names: dict[str, str]) -> Grid:
    rows = []
    for force in site.forces:
        found = {row["line"]: row for row in site.by("grades", place_code=force["place_code"])}
        if found:
            way = f"forces/{force['slug']}.html#grades"
            rows.append((Cell(force["name"], way), *(grade_cell(found.get(key)) for key in (OVERALL, *names))))
    return grid("Grades of every force", ("Force", "Overall", *names.values()), rows, dense=True)


def _moved(site: Inspection) -> Grid | None:
    """By change to the rules: how many proposals stay, become better or worse, or come and go."""
    by_way: dict[str, list[Row]] = {}
    for row in site.rows("moved"):
        by_way.setdefault(row["says"], []).append(row)
    rows: list[tuple[Cell | str, ...]]
    rows = [(Cell(worked_out(says, "change to the rules")), *_moves(found)) for says, found in by_way.items()]
    heads = ("What is changed", "#Stay", "#Better", "#Worse", "#No longer a grade", "#Now a grade")
    return grid("How many proposals move, of all forces and lines", heads, rows) if rows else None


def _moves(rows: Sequence[Row]) -> list[str]:
    steps = [row["steps"] for row in rows if row["steps"] is not None]
    gone = sum(row["otherwise"] == NOT_ENOUGH != row["proposed"] for row in rows)
    came = sum(row["proposed"] == NOT_ENOUGH != row["otherwise"] for row in rows)
    none = sum(row["proposed"] == row["otherwise"] == NOT_ENOUGH for row in rows)
    found = (steps.count(0) + none, sum(s > 0 for s in steps), sum(s < 0 for s in steps), gone, came)
    return [tallied(number) for number in found]


def _decided(site: Inspection, names: dict[str, str]) -> Grid | None:
    rows = [
        (Cell(site.name(row["place_code"])), names.get(row["line"]) or str(row["line"]), row["decided_upon"],
         row["decided"], row["decided_why"] or "confirmed", row["decided_on"])
        for row in site.rows("grades") if row["decided"]
    ]  # fmt: skip
    heads = ("Force", "Line of enquiry", "Proposed then", "Decided", "Reason", "On")
    return grid("Each decision of the panel", heads, rows) if rows else None


def _concerns(site: Inspection) -> Page:
    found = []
    for kind in KINDS:
        rows = site.by("concerns", kind=kind)
        forces = [(site.places[row["place_code"]], _concern(site, row))
                  for row in rows if not site.is_held(row["place_code"])]  # fmt: skip
        forces.sort(key=lambda one: str(one[0]["name"]))
        found.append((kind, tallied(len(rows)), forces, len(rows) - len(forces)))
    title = "Causes of concern, and promising practice"
    return Page("concerns.html", "inspected/concerns.html", title, SURE, (), {"found": found})

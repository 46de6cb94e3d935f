"""Grade pages: the proposed and decided grades of each force, and the evidence of each grade.

`add_grades` adds the dependent grades to the page of an indicator, so that a reader can go from a grade to its
indicators and back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.report.charts.tile_map import Tile, tiles
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import join_list, plural
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import page_path, probability_text
from assay.report.pages.inspection.recommendation_pages import recommendation_links, recommendation_path
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import (
    CharacteristicsRow,
    CharacteristicStatesRow,
    ConcernsRow,
    EvidenceRow,
    GradeChancesRow,
    GradeSensitivityRow,
    GradesRow,
)
from assay.sdc.released_rows.indicator_rows import FailureModesRow, IndicatorsRow

OVERALL = "overall"
NOT_ENOUGH = "not enough evidence"
GRADE_LETTERS = {
    "outstanding": "O",
    "good": "G",
    "adequate": "A",
    "requires improvement": "R",
    "inadequate": "I",
    NOT_ENOUGH: "",
}
TILE_LABELS = {"outstanding": "outst.", "good": "good", "adequate": "adequ.", "requires improvement": "req. imp.",
           "inadequate": "inadequ.", NOT_ENOUGH: "none"}  # fmt: skip
CERTAINTY_NOTE = (
    "Written rules propose a grade from the figures in this report, so anyone can work it out again. Its probability "
    "holds under these rules. Other rules give other grades, which are on the page of grades. A force with too little "
    "evidence has no grade. That is neither good nor bad."
)
EVIDENCE_NAMES = {
    "past_recommendations": "past recommendations that practice shows applied",
    "claims": "what the force says of itself, held against its records",
    "records": "records",
    "files": "case files",
    "documents": "documents",
}
CAUSES_OF_CONCERN = ("accelerated cause of concern", "cause of concern")
MAX_UNCOUNTED = 12
"""Largest number of pieces that do not count on a force's page; the table has all."""
SENSITIVITY_HEADS = ("#Stay", "#Better", "#Worse", "#No longer a grade", "#Now a grade")
EMPTY_IS_NONE = "An empty cell means none."
LINKAGE_NOT_TESTED = " Other linkage of persons was not tried here."


@dataclass(frozen=True)
class ThemeGrade:
    """The proposed and decided grade of one inspection theme in one force, as a page shows it."""

    name: str
    grade: str
    row: Row
    probability_table: Grid | None
    characteristics: tuple[CharacteristicStatus, ...]
    other_grades: tuple[str, ...]


@dataclass(frozen=True)
class CharacteristicStatus:
    """One characteristic of a good response: whether it is met, its probability, and the pages of its evidence."""

    key: str
    text: str
    state: str
    probability_text: str
    evidence: tuple[Cell, ...]
    note: str
    figures: tuple[Cell, ...] = ()
    uncounted: tuple[str, ...] = ()

    @property
    def css(self) -> str:
        """The CSS class of the status."""
        return {"shown": "agrees", "not shown": "disagrees"}.get(self.state, "cannot-tell")


def add_grades(site: Inspection, page: Page) -> Page:
    """Add to the page of an indicator the grades that depend on it; other pages are returned unchanged."""
    context = page.context
    if not site.rows(GradesRow):
        return page
    if isinstance(context.get("form"), dict) and "indicator" in context["form"]:
        found = {"rests_on_it": dependent_grades(site, context["form"]["indicator"]),
                 "asked_by_it": recommendation_links(site, context["form"]["indicator"])}  # fmt: skip
        return replace(page, context={**context, **{name: table for name, table in found.items() if table}})
    return page


def grade_pages(site: Inspection) -> list[Page]:
    """Return the page of all grades; none where nothing was graded."""
    return [_overview_page(site)] if site.rows(GradesRow) else []


def current_grade(row: Row) -> str:
    """Return the current grade: the panel's decision, otherwise the proposal."""
    return str(row["decided"] or row["proposed"])


def grade_counts(site: Inspection, theme: str) -> dict[str, int]:
    """Return how many forces have which grade on a theme, the best grade first.

    A force whose page awaits approval is not counted: of one such force the count is the grade.
    """
    graded = [row for row in site.find_rows("grades", line=theme) if not site.is_withheld(row["place_code"])]
    found = Counter(current_grade(row) for row in graded)
    return {grade: found[grade] for grade in GRADE_LETTERS if found[grade]}


def grade_cell(row: Row | None, href: str = "") -> Cell:
    """Return a grade as a cell: decided, or proposed."""
    if row is None:
        return Cell("not judged")
    is_changed = row["decided"] and row["decided"] != row["proposed"]
    text = f"{row['decided']} (proposed: {row['proposed']})" if is_changed else current_grade(row)
    return Cell(text, href)


def force_grades(site: Inspection, code: str) -> dict[str, Any] | None:
    """Return the grades, decisions and concerns of one force; None if it is not graded."""
    rows = {row["line"]: row for row in site.find_rows(GradesRow, place_code=code)}
    if not rows:
        return None
    lines = [_theme_grade(site, rows[line["line"]], line["name"]) for line in site.themes if line["line"] in rows]
    overall = _theme_grade(site, rows[OVERALL], "Overall")
    summary = [
        (
            Cell(theme.name),
            grade_cell(theme.row),
            "decided" if theme.row["decided"] else "proposed",
            _reason_and_certainty(theme.row),
            f"{theme.row['known']} of {theme.row['characteristics']}",
        )
        for theme in (overall, *lines)
    ]
    return {
        "overall": overall,
        "lines": lines,
        "summary": grid(
            "Grades proposed and decided",
            ("Theme", "Grade", "Proposed or decided", "Certainty, under these rules", "#Assessed"),
            summary,
        ),
        "concerns": [
            concern_parts(site, row)
            for row in sorted(site.find_rows(ConcernsRow, place_code=code), key=lambda item: item["rank"] or 0)
        ],
    }


def _reason_and_certainty(row: Row) -> str:
    """Return why there is no grade; for a grade why it is no better, if that is stated, and how certain it is."""
    is_graded = row["proposed"] != NOT_ENOUGH or not row["why_none"]
    return " ".join(filter(None, (row["why_none"], row["certainty"] if is_graded else "")))


def theme_grade_table(site: Inspection, code: str) -> Grid | None:
    """Return the grades of one force by theme, each linked to its reasons; None if it is not graded."""
    rows = {row["line"]: row for row in site.find_rows(GradesRow, place_code=code)}
    if not rows:
        return None
    path = f"forces/{site.places[code]['slug']}/reasons.html"
    names = [(OVERALL, "Overall"), *((theme["line"], theme["name"]) for theme in site.themes)]
    cells = [
        (
            Cell(name, f"{path}#{theme_anchor(line)}"),
            Cell(f"{grade_cell(rows[line]).text}, {'decided' if rows[line]['decided'] else 'proposed'}"),
            _certainty_and_reason(site, rows[line]),
            f"{rows[line]['known']} of {rows[line]['characteristics']}",
        )
        for line, name in names
        if line in rows
    ]
    heads = ("Theme", "Grade", "Certainty under the published rules", "#Assessed")
    return grid("Grade, certainty and evidence of each theme", heads, cells)


def theme_anchor(line: str) -> str:
    """Return the anchor of the reasons for one grade: 'theme-responses'."""
    return f"theme-{line}"


def _certainty_and_reason(site: Inspection, row: Row) -> str:
    """Return the probabilities of a grade, then why it is no better; without a grade, why there is none."""
    if row["proposed"] == NOT_ENOUGH:
        return row["why_none"] or "none"
    return " ".join(filter(None, (_probabilities_text(site, row), row["why_none"])))


def _probabilities_text(site: Inspection, row: Row) -> str:
    """Return the probability of the two likeliest grades: 'good 97%, requires improvement 3%.'; '' if none."""
    rows = site.find_rows(GradeChancesRow, place_code=row["place_code"], line=row["line"])
    likeliest = sorted((item for item in rows if item["probability"]), key=lambda item: -item["probability"])[:2]
    text = ", ".join(f"{item['grade']} {probability_text(item['probability'])}" for item in likeliest)
    return f"{text}." if text else ""


def _theme_grade(site: Inspection, row: Row, name: str) -> ThemeGrade:
    code, line = row["place_code"], row["line"]
    rows = sorted(site.find_rows(GradeChancesRow, place_code=code, line=line), key=lambda item: item["place"])
    probabilities = [(item["grade"], probability_text(item["probability"])) for item in rows]
    table = grid(f"{name}: how probable each grade is, under these rules", ("Grade", "#Probability"), probabilities)
    characteristics = [
        _characteristic_status(site, item, code) for item in _characteristics(site) if item["line"] == line
    ]
    return ThemeGrade(
        name,
        current_grade(row),
        row,
        table if probabilities else None,
        tuple(characteristics),
        _alternative_grades(site, code, line),
    )


def _characteristics(site: Inspection) -> list[Row]:
    return sorted(site.rows(CharacteristicsRow), key=lambda row: row["place"])


def _characteristic_status(site: Inspection, characteristic: Row, code: str) -> CharacteristicStatus:
    row = site.find_row(CharacteristicStatesRow, place_code=code, characteristic=characteristic["characteristic"])
    state, keys = (row["state"], (row["evidence_keys"] or "").split()) if row else ("not known", [])
    return CharacteristicStatus(
        characteristic["characteristic"],
        characteristic["text"],
        state,
        _probability_sentence(row),
        tuple(_cells(site, keys)),
        _contradiction_sentence(row),
        *_evidence_figures(site, characteristic["characteristic"], code),
    )


def _evidence_figures(site: Inspection, characteristic: str, code: str) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Return the figures of the evidence that counts, what speaks against first, and why other evidence does not."""
    rows = site.find_rows(EvidenceRow, place_code=code, characteristic=characteristic)
    order = ("against", "for", "neither")
    counted_rows = sorted((row for row in rows if row["counts"]), key=lambda row: order.index(row["direction"]))
    figures = tuple(Cell(row["figure"], _evidence_path(site, row)) for row in counted_rows)
    uncounted = [f"{row['figure']} It does not count: {row['not_counted']}." for row in rows if row["not_counted"]]
    return figures, tuple(uncounted[:MAX_UNCOUNTED])


def _evidence_path(site: Inspection, row: Row) -> str:
    if row["kind"] in ("combined test", "test") and site.find_rows(FailureModesRow, failure_mode=row["key"]):
        return f"failures.html#{row['key'].lower()}"
    form = site.find_row(IndicatorsRow, indicator=row["key"])
    return page_path(form) if form else ""


def _probability_sentence(row: Row | None) -> str:
    if row is None or row["probability"] is None:
        return "No released figure bears on it."
    low, high = row["probability_lowest"], row["probability_highest"]
    sentence = f"Shown with probability {probability_text(row['probability'])}"
    bounds_text = (
        f"; {probability_text(low)} to {probability_text(high)}, whatever the records that do not tell would say"
    )
    return f"{sentence}{bounds_text if high - low > 0.02 else ''}."


def _contradiction_sentence(row: Row | None) -> str:
    contradictions = (row["contradicted_by"] or "").split() if row else []
    return f"People asked about this force say otherwise: {join_list(contradictions)}." if contradictions else ""


def _cells(site: Inspection, keys: Iterable[str]) -> Iterable[Cell]:
    for key in keys:
        form, mode = site.find_row(IndicatorsRow, indicator=key), site.find_row(FailureModesRow, failure_mode=key)
        if form:
            yield Cell(form["title"], page_path(form))
        elif mode:
            yield Cell(f"combined test of {key}: {mode['text'].rstrip('.')}", f"failures.html#{key.lower()}")
        else:
            yield Cell(EVIDENCE_NAMES.get(key, key))


def _alternative_grades(site: Inspection, code: str, line: str) -> tuple[str, ...]:
    """Return the grades proposed under alternative rules, where they differ."""
    rows = site.find_rows(GradeSensitivityRow, place_code=code, line=line)
    return tuple(f"{row['statement']}: {row['otherwise']}." for row in rows if row["otherwise"] != row["proposed"])


def concern_parts(site: Inspection, row: Row) -> dict[str, Any]:
    """Return a concern in parts: its kind, what was found, what is asked for, and the measures that would show it."""
    tests = [cell for cell in _cells(site, (row["test"] or "").split()) if cell.href]
    recommendation = row["recommendation"] or ""
    way = recommendation_path(row["characteristic"]) if recommendation else ""
    return {"kind": row["kind"], "statement": row["statement"], "asks": Cell(recommendation, way), "tests": tests}


def dependent_grades(site: Inspection, indicator: str) -> Grid | None:
    """Return the grades that depend on an indicator, by force."""
    texts = {row["characteristic"]: row for row in site.rows(CharacteristicsRow)}
    rows = []
    for row in site.released_force_rows(CharacteristicStatesRow):
        if indicator in (row["evidence_keys"] or "").split():
            characteristic = texts[row["characteristic"]]
            grade = site.find_row(GradesRow, place_code=row["place_code"], line=characteristic["line"])
            place = site.places[row["place_code"]]
            way = f"forces/{place['slug']}/reasons.html#grade-{row['characteristic']}"
            rows.append((Cell(place["name"], way), characteristic["text"], row["state"], grade_cell(grade)))
    heads = ("Force", "Characteristic of good", "Is it shown?", "Grade of the theme")
    return grid("Grades that rest on it", heads, rows, dense=True) if rows else None


def _overview_page(site: Inspection) -> Page:
    names = {line["line"]: line["name"] for line in site.themes if site.find_rows(GradesRow, line=line["line"])}
    context = {
        "answer": _overall_sentence(site),
        "map": _map(site, OVERALL, "Overall", TILE_LABELS),
        "small": [
            (name, theme_map) for key, name in names.items() if (theme_map := _map(site, key, name, GRADE_LETTERS))
        ],
        "letters": ", ".join(f"{letter}: {name}" for name, letter in GRADE_LETTERS.items() if letter),
        "counts": _counts(site, {OVERALL: "Overall", **names}),
        "table": _force_table(site, names),
        "moved": _sensitivity_table(site),
        "linkage": ""
        if any(row["alternative"].startswith("linkage") for row in site.rows(GradeSensitivityRow))
        else LINKAGE_NOT_TESTED,
        "decided": _decision_table(site, {OVERALL: "Overall", **names}),
        "is_synthetic": site.is_synthetic,
        "is_partial": bool(site.withheld),
        "voices": any(row["voices"] for row in site.released_force_rows(GradesRow)),
    }
    return Page("grades.html", "inspected/grades.html", "Grades: the country on one page", CERTAINTY_NOTE, (), context)


def _map(site: Inspection, line: str, name: str, words: dict[str, str]) -> dict[str, Any] | None:
    placed: list[tuple[Row, str]] = [
        (site.places[row["place_code"]], current_grade(row)) for row in site.released_force_rows(GradesRow, line=line)
    ]
    map_tiles = [
        Tile(place["slug"], f"{place['name']}: {grade}", place["tile_column"], place["tile_row"], words[grade],
             None if grade == NOT_ENOUGH else list(words).index(grade), f"forces/{place['slug']}.html#grades",
             GRADE_LETTERS[grade])
        for place, grade in sorted(placed, key=lambda pair: (pair[0]["tile_row"] or 0, pair[0]["tile_column"] or 0))
        if place["tile_column"] is not None
    ]  # fmt: skip
    label = f"{name}, grade by force"
    return {"svg": tiles(map_tiles, label), "label": label} if map_tiles else None


def _overall_sentence(site: Inspection) -> str:
    """Return how many forces have which overall grade: 'Overall: 2 good, 3 adequate; 1 has not enough evidence.'"""
    counts = grade_counts(site, OVERALL)
    graded = ", ".join(f"{row_count(count)} {grade}" for grade, count in counts.items() if grade != NOT_ENOUGH)
    ungraded_count = counts.get(NOT_ENOUGH, 0)
    ungraded = f"{plural(ungraded_count, 'has', 'have')} {NOT_ENOUGH}" if ungraded_count else ""
    return f"Overall: {'; '.join(filter(None, (graded, ungraded)))}." if counts else ""


def _counts(site: Inspection, names: dict[str, str]) -> Grid:
    """Return how many forces have which grade, overall and by theme; a grade that no force has is left out."""
    found = {key: grade_counts(site, key) for key in names}
    grades = [grade for grade in GRADE_LETTERS if any(grade in counts for counts in found.values())]
    rows: list[tuple[Cell | str, ...]]
    rows = [
        (Cell(name), *(_count_or_empty(found[key].get(grade, 0)) for grade in grades)) for key, name in names.items()
    ]
    absent = [grade for grade in GRADE_LETTERS if grade not in grades and grade != NOT_ENOUGH]
    note = f"{EMPTY_IS_NONE}{f' No force has this grade: {join_list(absent)}.' if absent else ''}"
    heads = ("Theme", *(f"#{grade.capitalize()}" for grade in grades))
    return grid("How many forces have which grade", heads, rows, note=note)


def _force_table(site: Inspection, names: dict[str, str]) -> Grid:
    """Return the grades of every force by theme, the lowest overall grade first."""
    rows = []
    for force in site.forces:
        found = {row["line"]: row for row in site.released_force_rows(GradesRow, place_code=force["place_code"])}
        if found:
            cell = Cell(force["name"], f"forces/{force['slug']}.html#grades")
            cells = (cell, *(grade_cell(found.get(key)) for key in (OVERALL, *names)))
            rows.append((_lowest_first(found, force["name"]), cells))
    ordered = [cells for _, cells in sorted(rows, key=lambda item: item[0])]
    heads = ("Force", "Overall", *names.values())
    note = "The lowest overall grade stands first, then the lowest grade of any theme, then the name."
    return grid("Grades of every force by theme", heads, ordered, note=note, dense=True)


def _lowest_first(rows: Mapping[str, Row], name: str) -> tuple[int, int, str]:
    """Return the sort key of a force: its overall grade, then its lowest theme; no grade comes last."""
    order = [*reversed([grade for grade in GRADE_LETTERS if grade != NOT_ENOUGH]), NOT_ENOUGH]
    positions = {line: order.index(current_grade(row)) for line, row in rows.items()}
    last = len(order) - 1
    return (
        positions.get(OVERALL, last),
        min((positions[line] for line in positions if line != OVERALL), default=last),
        name,
    )


def _sensitivity_table(site: Inspection) -> Grid | None:
    """Return, for each change to the rules, how many proposals stay, improve, worsen, appear or disappear."""
    by_way: dict[str, list[Row]] = {}
    for row in site.released_force_rows(GradeSensitivityRow):
        by_way.setdefault(row["statement"], []).append(row)
    counts = {change: _sensitivity_counts(found) for change, found in by_way.items()}
    columns = [index for index in range(len(SENSITIVITY_HEADS)) if any(numbers[index] for numbers in counts.values())]
    rows: list[tuple[Cell | str, ...]]
    rows = [
        (Cell(derived_number(change, "change to the rules")), *(_count_or_empty(numbers[index]) for index in columns))
        for change, numbers in counts.items()
    ]
    heads = ("What is changed", *(SENSITIVITY_HEADS[index] for index in columns))
    title = "How many proposals move, of all forces and themes"
    return grid(title, heads, rows, note=EMPTY_IS_NONE) if rows else None


def _count_or_empty(number: int) -> str:
    return row_count(number) if number else ""


def _sensitivity_counts(rows: Sequence[Row]) -> list[int]:
    steps = [row["steps"] for row in rows if row["steps"] is not None]
    lost = sum(row["otherwise"] == NOT_ENOUGH != row["proposed"] for row in rows)
    gained = sum(row["proposed"] == NOT_ENOUGH != row["otherwise"] for row in rows)
    none = sum(row["proposed"] == row["otherwise"] == NOT_ENOUGH for row in rows)
    return [steps.count(0) + none, sum(s > 0 for s in steps), sum(s < 0 for s in steps), lost, gained]


def _decision_table(site: Inspection, names: dict[str, str]) -> Grid | None:
    rows = [
        (Cell(site.name(row["place_code"])), names.get(row["line"]) or str(row["line"]), row["decided_upon"] or "",
         row["decided"], row["decided_why"] or "confirmed", row["decided_on"] or "")
        for row in site.released_force_rows(GradesRow) if row["decided"]
    ]  # fmt: skip
    heads = ("Force", "Theme", "Proposed then", "Decided", "Reason", "On")
    return grid("Each decision of the panel", heads, rows) if rows else None


def gravest_concern(site: Inspection, code: str) -> str:
    """Return the gravest cause of concern that is proposed for a force; '' if there is none."""
    kinds = {row["kind"] for row in site.find_rows(ConcernsRow, place_code=code)}
    return next((kind for kind in CAUSES_OF_CONCERN if kind in kinds), "")


def forces_of_concern(site: Inspection) -> list[Cell]:
    """Return the links to the forces with a cause of concern, by name; a withheld force is left out."""
    codes = [code for code in site.places if gravest_concern(site, code) and not site.is_withheld(code)]
    return [
        Cell(site.name(code).split(" (")[0], f"forces/{site.places[code]['slug']}.html#grades")
        for code in sorted(codes, key=site.name)
    ]


def concern_headline(row: Row) -> str:
    """Return the first sentence of a concern: what was found, without its figures."""
    return f"{row['statement'].partition('. ')[0].rstrip('.').removeprefix('Failing: ')}."

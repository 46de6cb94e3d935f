"""Recommendation pages: one page for each past recommendation and for each recommendation of this inspection.

The sentences are generated from released tables: how many forces show it, on which measures, and with what certainty. A
force whose own page awaits approval is not named here either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay import reference
from assay.reference.past_recommendations import NOT_GRADED
from assay.report.charts.tile_map import Tile, tiles
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import join_list, plural, slug
from assay.report.page_elements import Cell, Figure, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import (
    SUPPRESSION_NOTE,
    count_text,
    grading_status,
    interval_text,
    own_share_text,
    page_path,
    probability_text,
)
from assay.report.pages.inspection.measure_findings import missed_text
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.register_pages import event_history, recommendation_facts, unread_table
from assay.report.period_words import partial_date_text
from assay.report.quotable_figures import row_key
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import (
    CharacteristicsRow,
    CharacteristicStatesRow,
    ConcernsRow,
    LessonsAppliedRow,
    LessonsRegisterRow,
    PracticeChangePointsRow,
    RevisitsRow,
)
from assay.sdc.released_rows.indicator_rows import IndicatorsRow

INDEX = "recommendations/index.html"
CRUMBS = (("Recommendations", INDEX),)
AWAITING_APPROVAL = "waits for a named yes"
PAST_CERTAINTY_NOTE = (
    "A status says what records, files and documents show. What they cannot show may still be done. A test is met if "
    "at least 75% of records meet it, even if every record with an unknown answer did not. It is not met if fewer than "
    "75% meet it, even if every unknown answer did. Otherwise it cannot be said."
)
OWN_CERTAINTY_NOTE = (
    "Written rules propose it to a panel, from the figures in this report. The probability holds under these rules. "
    "Other rules give other results, which are on the page of grades."
)
STATUSES = {
    "applied": ("yes", 4, "show it in practice", "shows it in practice"),
    "partly": ("partly", 2, "show a part of it", "shows a part of it"),
    "not applied": ("no", 0, "do not show it", "does not show it"),
    "cannot be shown": ("?", None, "leave it open", "leaves it open"),
}
"""For each status: the word on a tile, its shade, and the phrase for several forces and for one."""
KINDS = {
    "accelerated cause of concern": ("urgent", 4, "an accelerated cause of concern"),
    "cause of concern": ("concern", 2, "a cause of concern"),
    "area for improvement": ("improve", 0, "an area for improvement"),
}
"""For each kind of recommendation: the word on a tile, its shade, and its phrase."""
OTHER_EVIDENCE = {"files": "Case files that people read", "documents": "Documents that people read",
           "past_recommendations": "Past recommendations", "claims": "What the force says of itself"}  # fmt: skip


def past_recommendation_path(key: str) -> str:
    """Return the path of the page of a past recommendation."""
    return f"recommendations/{slug(key)}.html"


def recommendation_path(characteristic: str) -> str:
    """Return the path of the page of this inspection's recommendation on one characteristic."""
    return f"recommendations/asked-{slug(characteristic)}.html"


def past_recommendation_name(row: Row) -> str:
    """Return the name of a past recommendation: its report and number."""
    return f"{row['report']}, {row['number']}"


def recommendation_pages(site: Inspection) -> list[Page]:
    """Yield the index and one page for each recommendation; none if no recommendation was released."""
    past = sorted(site.rows(LessonsRegisterRow), key=_place_by_date)
    pages = [
        *(_past_page(site, row) for row in past),
        *(_recommendation_page(site, row) for row in recommended_characteristics(site)),
    ]
    return [_index(site, past), *pages] if pages else []


def recommended_characteristics(site: Inspection) -> list[Row]:
    """Return the characteristics for which this inspection makes a recommendation, in the commission's order."""
    keys = {row["characteristic"] for row in site.rows(ConcernsRow) if row["recommendation"]}
    return sorted((r for r in site.rows(CharacteristicsRow) if r["characteristic"] in keys), key=lambda r: r["place"])


def recommendation_links(site: Inspection, indicator: str) -> list[Cell]:
    """Return links to the past and new recommendations that an indicator helps to test."""
    keys = {row["recommendation"] for row in site.rows(LessonsAppliedRow) if indicator in _keys(row, "evidence_keys")}
    past = [row for row in site.rows(LessonsRegisterRow) if row["recommendation"] in keys]
    found = [
        Cell(past_recommendation_name(row), past_recommendation_path(row["recommendation"]))
        for row in sorted(past, key=lambda r: r["place"])
    ]
    for characteristic in recommended_characteristics(site):
        concerns = site.find_rows(ConcernsRow, characteristic=characteristic["characteristic"])
        if any(indicator in _keys(row, "test") for row in concerns):
            found.append(
                Cell(_recommendation_text(concerns).rstrip("."), recommendation_path(characteristic["characteristic"]))
            )
    return found


def _index(site: Inspection, past: Sequence[Row]) -> Page:
    past_rows = [
        (
            Cell(past_recommendation_name(row), past_recommendation_path(row["recommendation"])),
            row["text"],
            _status_sentence(site, row),
        )
        for row in sorted(past, key=lambda row: _usefulness(site, row))
    ]
    recommendations = [
        (row["characteristic"], site.find_rows(ConcernsRow, characteristic=row["characteristic"]))
        for row in recommended_characteristics(site)
    ]
    own_rows = [
        (
            Cell(_recommendation_text(rows), recommendation_path(key)),
            _addressee(rows),
            _evidence_text_of_kinds(rows) or "none",
        )
        for key, rows in sorted(recommendations, key=lambda item: gravity(item[1]))
    ]
    past_heads = ("Recommendation", "What was asked", "Found")
    own_heads = ("Recommendation", "Addressed to", "Forces with a concern of their own")
    context = {
        "past": grid("Each past recommendation", past_heads, past_rows) if past_rows else None,
        "unread": unread_table(item for row in past if (item := _in_register(row)) is not None),
        "ours": grid("Each recommendation of this inspection", own_heads, own_rows) if own_rows else None,
        "crumb": "Recommendations",
        "recommended": "",
    }
    return Page(INDEX, "inspected/recommendations.html", "Recommendations", PAST_CERTAINTY_NOTE, (), context)


def gravity(rows: Sequence[Row]) -> int:
    """Sort key: recommendations to all forces first, then those with the gravest kind to any force."""
    order = list(KINDS)
    return min(order.index(row["kind"]) if row["kind"] in KINDS else -1 for row in rows if row["recommendation"])


def _usefulness(site: Inspection, row: Row) -> int:
    """Sort key: recommendations that were tested first, then those to others, then those whose text was not read."""
    if not row["text_read"]:
        return 2
    return 0 if _tested_rows(site, row) else 1


def _in_register(row: Row) -> reference.Recommendation | None:
    """Return the entry of the present register; None if a released recommendation is no longer in it."""
    key = row["recommendation"]
    return reference.recommendations().get(key) if key in reference.recommendations() else None


def _place_by_date(row: Row) -> tuple[int, int]:
    """Sort key: recommendations of the latest report first, then by their place in the register."""
    item = _in_register(row)
    digits = item.report_date.replace("-", "").ljust(len("20260629"), "0") if item else "0"
    return -int(digits), row["place"]


def _past_page(site: Inspection, row: Row) -> Page:
    key, applied = row["recommendation"], _tested_rows(site, row)
    tests = list(dict.fromkeys(test for result in applied for test in _keys(result, "evidence_keys")))
    words = {status: (tile, shade) for status, (tile, shade, *_) in STATUSES.items()}
    context = {
        "recommended": "",
        "kicker": "Past recommendation",
        "asked": row["text"],
        "facts": _past_facts(row),
        "history": event_history(key),
        "headline": _headline(
            site, _status_sentence(site, row), row["text"], len(applied), "lessons_register", row, PAST_CERTAINTY_NOTE
        ),
        "map": _map(site, applied, "status", words, past_recommendation_name(row)),
        "key": [(shade, f"{tile}: {phrase}") for tile, shade, phrase, _ in STATUSES.values()],
        "tests": _measures_table(site, tests),
        "besides": [OTHER_EVIDENCE[test] for test in tests if test in OTHER_EVIDENCE],
        "changed": _change_table(site, tests),
        "table": _past_table(site, applied),
        "revisited": None,
        "states": None,
    }
    return Page(
        past_recommendation_path(key),
        "inspected/recommendation.html",
        past_recommendation_name(row),
        PAST_CERTAINTY_NOTE,
        CRUMBS,
        context,
    )


def _past_facts(row: Row) -> list[tuple[str, str]]:
    """Return the test and the facts of a past recommendation, from the register where it still holds it."""
    test = ("What would show it", row["test"] if row["text_read"] else "Nothing: its text was not read.")
    if item := _in_register(row):
        graded = [] if item.grades or not item.text_read else [("Graded", NOT_GRADED)]
        return [test, *graded, *recommendation_facts(item)]
    status = ", ".join(filter(None, (row["last_status"], partial_date_text(row["last_status_on"] or ""))))
    return [
        ("Asked of", row["owner"] or "not found"),
        ("By", partial_date_text(row["deadline"] or "") or "no day was found"),
        ("Status last read", status),
        test,
        ("Read in", row["source"]),
    ]


def _recommendation_page(site: Inspection, characteristic: Row) -> Page:
    key = characteristic["characteristic"]
    rows = [row for row in site.find_rows(ConcernsRow, characteristic=key) if row["recommendation"]]
    force_rows = [row for row in rows if row["kind"] in KINDS]
    tests = list(dict.fromkeys(test for row in rows for test in _keys(row, "test")))
    words = {kind: (tile, shade) for kind, (tile, shade, _) in KINDS.items()}
    graded_count = len(site.find_rows(CharacteristicStatesRow, characteristic=key))
    context = {
        "recommended": key,
        "kicker": "Recommendation of this inspection",
        "asked": f"So that this holds: {characteristic['text']}",
        "facts": [],
        "history": [],
        "headline": _headline(
            site,
            _kind_sentence(site, rows),
            _recommendation_text(rows),
            graded_count,
            "characteristics",
            characteristic,
            OWN_CERTAINTY_NOTE,
        ),
        "map": _map(site, force_rows, "kind", words, _recommendation_text(rows)),
        "key": [(shade, f"{tile}: {phrase}") for tile, shade, phrase in KINDS.values()],
        "tests": _measures_table(site, tests),
        "besides": [OTHER_EVIDENCE[test] for test in tests if test in OTHER_EVIDENCE],
        "changed": None,
        "table": _own_table(site, force_rows) if force_rows else None,
        "revisited": _follow_up_table(site, key),
        "states": _states(site, key),
    }
    return Page(
        recommendation_path(key),
        "inspected/recommendation.html",
        _recommendation_text(rows).rstrip("."),
        OWN_CERTAINTY_NOTE,
        CRUMBS,
        context,
    )


def _keys(row: Row, column: str) -> list[str]:
    return (row[column] or "").split()


def _recommendation_text(rows: Iterable[Row]) -> str:
    return next(str(row["recommendation"]) for row in rows if row["recommendation"])


def _tested_rows(site: Inspection, row: Row) -> list[Row]:
    """Return the test results by force; none if it was made to others, or its text was not read."""
    rows = site.find_rows(LessonsAppliedRow, recommendation=row["recommendation"])
    return [result for result in rows if result["status"] in STATUSES]


def _status_sentence(site: Inspection, row: Row) -> str:
    """Say how many forces show it, or why no force is tested."""
    rows = _tested_rows(site, row)
    if not row["text_read"]:
        return "Its text was not read in any source, so no force is held to it."
    if not rows:
        return f"It was asked of others, so no force is held to it: {row['owner'] or 'of whom was not found'}."
    found = Counter(result["status"] for result in rows)
    parts = [_count_phrase(found[key], *phrases) for key, (_, _, *phrases) in STATUSES.items() if found[key]]
    return f"Of {_forces(len(rows))}, {join_list(parts)}."


def _count_phrase(number: int, plural_phrase: str, singular_phrase: str) -> str:
    return f"{_count(number)} {singular_phrase if number == 1 else plural_phrase}"


def _kind_sentence(site: Inspection, rows: Sequence[Row]) -> str:
    """Say whom a recommendation is addressed to, how many forces miss each standard, and which have a concern."""
    evidence = _evidence_text_of_kinds(rows)
    if not _is_national(rows):
        return f"Asked of {evidence}."
    own_sentence = f" A concern of their own: {evidence}." if evidence else ""
    return f"Asked of all forces, because most miss a standard. {_missed_sentences(site, rows)}{own_sentence}"


def _missed_sentences(site: Inspection, rows: Sequence[Row]) -> str:
    """Return for each standard of a national problem how many of the forces tested miss it, as on other pages."""
    keys = [key for row in rows if row["kind"] not in KINDS for key in _keys(row, "test")]
    forms = [form for form in site.indicators if form["indicator"] in keys]
    return " ".join(
        f"{form['title']}: {text[:1].lower()}{text[1:]}." for form in forms if (text := missed_text(site, form))
    )


def _addressee(rows: Sequence[Row]) -> str:
    """Return whom a recommendation is addressed to: all forces, with the reason, or those with a concern."""
    if not _is_national(rows):
        return "The forces with a concern of their own"
    measures = dict.fromkeys(key for row in rows if row["kind"] not in KINDS for key in _keys(row, "test"))
    standards = derived_number(plural(len(measures), "standard"), "rows counted")
    return f"All forces, because most miss {standards}"


def _is_national(rows: Sequence[Row]) -> bool:
    return any(row["kind"] not in KINDS and row["recommendation"] for row in rows)


def _evidence_text_of_kinds(rows: Sequence[Row]) -> str:
    """Return how many forces have a concern of their own, and of which kind; '' if none has."""
    found = Counter(row["kind"] for row in rows)
    phrases = [(kind, phrase) for kind, (*_, phrase) in KINDS.items() if found[kind]]
    if not phrases:
        return ""
    forces = _forces(sum(found[kind] for kind in KINDS))
    if len(phrases) == 1:
        return f"{forces}, as {phrases[0][1]}"
    return f"{forces}: {join_list([f'{_count(found[kind])} as {phrase}' for kind, phrase in phrases])}"


def _count(number: int) -> str:
    return row_count(number)


def _forces(number: int) -> str:
    return f"{_count(number)} {'force' if number == 1 else 'forces'}"


def _headline(
    site: Inspection, sentence: str, recommendation: str, base: int, table: str, row: Row, limit: str
) -> Figure:
    """Return the headline of the page as a quotable figure; `base`: the number of forces tested."""
    base_text = f"{_forces(base)} that {'was' if base == 1 else 'were'} looked at" if base else "no force is held to it"
    quote = (
        f"{recommendation} {sentence} Base: {base_text}. Period: {site.period}. Source: returns to request "
        f"{site.request['request']}. "
        f"It cannot tell what is true beyond them: {limit}"
    )
    return Figure("headline", sentence, "", quote=quote, table=table, row=row_key(table, row))


def _measures_table(site: Inspection, keys: Iterable[str]) -> Grid | None:
    """Return the measures that test it, for all forces together: share, missing-data bounds and base."""
    forms = [form for key in keys if (form := site.find_row(IndicatorsRow, indicator=key))]
    rows = []
    for form in forms:
        row, base = site.ladder(form["indicator"], ALL), site.estimate(form["indicator"], ALL)
        base_text = count_text(base, "base") if base else "not given"
        bounds_text = interval_text(row, "share_lowest", "share_highest")
        rows.append(
            (
                Cell(form["title"], page_path(form)),
                own_share_text(row, None),
                bounds_text,
                base_text,
                form["better"],
                grading_status(form).tag,
            )
        )
    heads = ("Measure", "#Share that meets it", "#Could be", "#Records that tell", "Which is better", "Does it grade?")
    note = f"\u2018Could be\u2019: the share if no record that does not tell met it, and if all did. {SUPPRESSION_NOTE}"
    return grid("The measures that test it, all forces together", heads, rows, note=note, dense=True) if rows else None


def _map(
    site: Inspection, rows: Iterable[Row], column: str, words: Mapping[str, tuple[str, int | None]], label: str
) -> dict[str, Any] | None:
    """Return the tile map; the tile of a force whose page awaits approval says only that."""
    placed = []
    for row in rows:
        place: Row = site.places[row["place_code"]]
        tile_label, shade = words.get(row[column], ("", None))
        tile_text, full = (
            (AWAITING_APPROVAL, AWAITING_APPROVAL) if site.is_withheld(row["place_code"]) else (tile_label, row[column])
        )
        if place["tile_column"] is not None:
            placed.append(
                Tile(
                    place["slug"],
                    f"{place['name']}: {full}",
                    place["tile_column"],
                    place["tile_row"],
                    "waits" if tile_text == AWAITING_APPROVAL else tile_text,
                    None if tile_text == AWAITING_APPROVAL else shade,
                    f"../forces/{place['slug']}.html",
                )
            )
    placed.sort(key=lambda tile: (tile.row, tile.column))
    return {"svg": tiles(placed, f"{label}: force by force"), "label": "force by force"} if placed else None


def _place_cell(site: Inspection, code: str, spot: str) -> Cell:
    return Cell(site.name(code), f"forces/{site.places[code]['slug']}/reasons.html#{spot}")


def _past_table(site: Inspection, applied: Iterable[Row]) -> Grid | None:
    rows: list[tuple[Cell | str, ...]] = []
    css = {"applied": "agrees", "not applied": "disagrees"}
    for row in sorted(applied, key=lambda result: site.name(result["place_code"])):
        if site.is_withheld(row["place_code"]):
            rows.append((Cell(site.name(row["place_code"])), AWAITING_APPROVAL, "", "", ""))
            continue
        statement = f"{row['claimed_status']}, {row['statement_date']}" if row["claimed_status"] else "nothing"
        status_cell = Cell(row["status"], css=css.get(row["status"], ""))
        rows.append(
            (
                _place_cell(site, row["place_code"], "lessons"),
                status_cell,
                row["why"],
                statement,
                row["comparison"] or "",
            )
        )
    heads = ("Force", "Shown", "Why", "The force says", "Beside each other")
    return grid("What is shown of each force", heads, rows, dense=True) if rows else None


def _own_table(site: Inspection, concerns: Iterable[Row]) -> Grid:
    rows: list[tuple[Cell | str, ...]] = []
    order = list(KINDS)
    for row in sorted(concerns, key=lambda concern: (order.index(concern["kind"]), site.name(concern["place_code"]))):
        if site.is_withheld(row["place_code"]):
            rows.append((Cell(site.name(row["place_code"])), AWAITING_APPROVAL, "", ""))
            continue
        status_row = site.find_row(
            CharacteristicStatesRow, place_code=row["place_code"], characteristic=row["characteristic"]
        )
        spot = f"grade-{row['characteristic']}"
        rows.append(
            (
                _place_cell(site, row["place_code"], spot),
                row["kind"],
                _probability_text(status_row),
                _evidence_text(site, row),
            )
        )
    rows.sort(key=lambda row: row[1] == AWAITING_APPROVAL)
    heads = ("Force", "Proposed as", "#Probability that it is shown", "Rests on")
    return grid("What is proposed of each force", heads, rows, dense=True)


def _probability_text(row: Row | None) -> str:
    """Format the probability that a characteristic is shown, with its range over the unknown records."""
    if row is None or row["probability"] is None:
        return "nothing that counts tells"
    low, high = row["probability_lowest"], row["probability_highest"]
    bounds_text = f" ({probability_text(low)} to {probability_text(high)})" if high - low > 0.02 else ""
    return probability_text(row["probability"]) + bounds_text


def _evidence_text(site: Inspection, row: Row) -> str:
    forms = ((key, site.find_row(IndicatorsRow, indicator=key)) for key in _keys(row, "evidence_keys"))
    return "; ".join(form["title"] if form else OTHER_EVIDENCE.get(key, key) for key, form in forms)


def _states(site: Inspection, key: str) -> str:
    """Count the forces that show the characteristic, do not show it, or are not known."""
    found = Counter(row["state"] for row in site.released_force_rows(CharacteristicStatesRow, characteristic=key))
    parts = [f"{state}: {_count(found[state])}" for state in ("shown", "not shown", "open", "at odds", "not known")
             if found[state]]  # fmt: skip
    return "; ".join(parts)


def _change_table(site: Inspection, keys: Iterable[str]) -> Grid | None:
    """Return the changes of practice on the measures that test it: forces and measures, by preceding event."""
    indicators = set(keys)
    change_rows = [row for row in site.rows(PracticeChangePointsRow) if row["indicator"] in indicators]
    found = Counter((row["changed"], row["way"] or "") for row in change_rows)
    rows = [(Cell(changed), way, _count(number)) for (changed, way), number in sorted(found.items())]
    heads = ("When practice changed", "For better or worse", "#Forces and measures")
    return grid("Did practice change, and after what?", heads, rows) if rows else None


def _follow_up_table(site: Inspection, key: str) -> Grid | None:
    """Return the recommendations of earlier inspections on the same characteristic, and their status now."""
    rows = [
        (Cell(site.name(row["place_code"])), row["text"], row["verdict"], row["why"], row["reply"])
        for row in site.find_rows(RevisitsRow, characteristic=key)
        if not site.is_withheld(row["place_code"])
    ]
    heads = ("Force", "What was asked then", "Now", "To know", "Reply")
    return grid("Each that an earlier inspection made", heads, rows, dense=True) if rows else None

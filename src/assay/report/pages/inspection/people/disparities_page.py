"""Pages on disparities between groups of victims and suspects, including which groups are too small to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from assay.report.number_words import NOT_GIVEN, plural, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE, count_text, page_path, share_text
from assay.report.pages.inspection.people.page_sections import Section, people_page
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.cell_status import is_secondary_suppressed
from assay.sdc.released_rows.indicator_rows import IndicatorsRow
from assay.sdc.released_rows.people_rows import DisparitiesRow, WaitDisparitiesRow, WithoutBreakdownRow

NOT_KNOWN = "not known"
SUPPRESSION_THRESHOLD = 7
"""Counts from 1 to this number are suppressed."""
AGES = (
    "The age is that at the offence; of a missing episode it is the age when it began. A child who is the victim of no "
    "crime has no age at an offence, and is described by what the return says of them elsewhere."
)
NO_GROUP_SENTENCES = (
    (NOT_KNOWN, "Not recorded for {} of records{}.", "How often it is not recorded cannot be shown."),
    ("nobody is described", "In {} of records nobody is described: no entry says who they are about{}.",
     "In how many records nobody is described cannot be shown."),
    ("no crime against them", "In {} of records the child is the victim of no crime{}.",
     "In how many records the child is the victim of no crime cannot be shown."),
)  # fmt: skip
"""Sentences on records in no group, also where their counts are suppressed."""


DIFFERENCE, NO_DIFFERENCE = "a difference is shown", "no difference is shown"
NO_GROUP = "not a group"
NO_DIFFERENCE_NOTE = (
    "That no difference is shown does not mean that there is none: it means that these records, with so few people or "
    "so much left empty, do not show one."
)
COMPARISON_NOTE = (
    "Each group is compared with all other groups, within the same force and the same kind of offence. Of the "
    "differences that are shown, at most one in twenty is expected to be chance."
)
ETHNICITY_CHARACTERISTICS = ("ethnicity, as they define it", "ethnicity, as an officer saw it")
NOT_RECORDED_NOTE = (
    "\u2018Could be\u2019: the plain difference, without regard to force and offence, if those whose group is not "
    "recorded all stood where they lower it most, and where they raise it most."
)

CERTAINTY_NOTE = (
    "A difference may come from who reports, from what is recorded, and from cases that differ in ways that no column "
    "holds. Force and kind of offence are allowed for, and nothing else is. Whose characteristic is not written down "
    "stands in no group."
)


def victim_disparities_page(site: Inspection) -> Page:
    """Return the page on disparities between groups of victims, by every characteristic."""
    rows = [row for row in site.rows(DisparitiesRow) if row["side"] == "victim"]
    waits = [row for row in site.rows(WaitDisparitiesRow) if row["side"] == "victim"]
    intro = (COMPARISON_NOTE, AGES)
    parts = [
        _difference_section(site, rows, waits),
        _small_groups_section(rows),
        *_characteristic_sections(site, rows, waits),
        *_omitted_section(site),
    ]
    compared_count = sum(row["verdict"] in (DIFFERENCE, NO_DIFFERENCE) for row in (*rows, *waits))
    difference_count = sum(row["verdict"] == DIFFERENCE for row in (*rows, *waits))
    lead = (
        f"{_comparison_sentence(compared_count, difference_count)} Victims are compared by sex, age, ethnicity, "
        "disability, care and nationality, on every indicator and wait."
    )
    return people_page("disparities", "Disparities between groups", lead, CERTAINTY_NOTE, intro, parts)


def pursuit_page(site: Inspection) -> Page:
    """Return the page on arrest, charge, waiting times and closure by ethnicity of suspects and of victims."""
    lead = "Arrest, charge, waits and closure, by the ethnicity of suspects and by that of victims."
    intro = (
        COMPARISON_NOTE,
        "The ethnicity that people state and the one that an officer saw are never put together. "
        "A group that is pursued more, and a group that is pursued less, both stand here.",
        NO_DIFFERENCE_NOTE,
    )
    parts = []
    for side, words in (("suspect", "By the suspect"), ("victim", "By the victim")):
        rows = [
            r
            for r in site.rows(DisparitiesRow)
            if r["side"] == side and r["characteristic"] in ETHNICITY_CHARACTERISTICS
        ]
        waits = [
            r
            for r in site.rows(WaitDisparitiesRow)
            if r["side"] == side and r["characteristic"] in ETHNICITY_CHARACTERISTICS
        ]
        grids = [g for g in (_shares_table(site, rows, words), _waits_table(site, waits, words)) if g]
        difference_count = sum(row["verdict"] == DIFFERENCE for row in (*rows, *waits))
        compared_count = sum(row["verdict"] in (DIFFERENCE, NO_DIFFERENCE) for row in (*rows, *waits))
        parts.append(
            Section(
                words,
                (_comparison_sentence(compared_count, difference_count),),
                (),
                [(table.caption, table) for table in grids],
            )
        )
    return people_page("pursuit", "Equal pursuit, equal protection", lead, CERTAINTY_NOTE, intro, parts)


def _comparison_sentence(compared_count: int, difference_count: int) -> str:
    if not compared_count:
        return "No group could be compared: too few records, or too many that do not say which group."
    figures = plural(compared_count, "comparison")
    number_text = whole(difference_count) if difference_count else "none"
    verb = "shows" if difference_count == 1 else "show"
    return f"Of {figures} of a group with others, {number_text} {verb} a difference."


def _difference_section(site: Inspection, rows: Sequence[Row], waits: Sequence[Row]) -> Section:
    different = sorted((r for r in rows if r["verdict"] == DIFFERENCE), key=lambda r: -abs(r["points"] or 0))
    different_waits = [r for r in waits if r["verdict"] == DIFFERENCE]
    if not different and not different_waits:
        return Section("Differences that are shown", ("None.", NO_DIFFERENCE_NOTE))
    grids = [g for g in (_shares_table(site, different, "Differences that are shown"),
                         _waits_table(site, different_waits, "Waits that differ")) if g]  # fmt: skip
    return Section(
        "Differences that are shown", (NO_DIFFERENCE_NOTE.replace("no difference is", "a difference is not"),), grids
    )


def _small_groups_section(rows: Sequence[Row]) -> Section:
    """Return, for each group, the number of indicators with a comparison, and why the others have none."""
    verdict_counts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        if row["verdict"] != NO_GROUP:
            verdict_counts.setdefault((row["characteristic"], row["people"]), Counter())[row["verdict"]] += 1
    verdicts = sorted({verdict for counts in verdict_counts.values() for verdict in counts})
    order = sorted(verdict_counts, key=lambda group: (group[0], not group[1].startswith("under"), group[1]))
    cells = [
        (f"{people} ({name})", *(whole(verdict_counts[name, people][v]) for v in verdicts)) for name, people in order
    ]
    explanation = (
        "A group of which fewer than 20 records tell, a characteristic that is empty for more than a quarter of "
        "records, or records of which too many do not say who they are about: none of these can be compared. Whatever "
        "was done to these people, these figures do not show it."
    )
    heads = ("Group", *(f"#{verdict.capitalize()}" for verdict in verdicts))
    table = grid("On how many indicators each group can be seen", heads, cells, dense=True)
    return Section("Who is too few, or too seldom recorded, to be seen", (explanation,), [table] if cells else ())


def _characteristic_sections(site: Inspection, rows: Sequence[Row], waits: Sequence[Row]) -> Iterable[Section]:
    for name in dict.fromkeys(row["characteristic"] for row in (*rows, *waits)):
        share_rows = [row for row in rows if row["characteristic"] == name]
        wait_rows = [row for row in waits if row["characteristic"] == name]
        grids = [
            g
            for g in (_shares_table(site, share_rows, f"By {name}"), _waits_table(site, wait_rows, f"Waits by {name}"))
            if g
        ]
        yield Section(
            name.capitalize(), (_no_group_sentence(share_rows),), (), [(table.caption, table) for table in grids]
        )


def _no_group_sentence(rows: Sequence[Row]) -> str:
    """Say how many known records are in no group and why: the lowest and highest share over the indicators."""
    if not any(row["base"] for row in rows):
        return "No record tells, or none that may be shown."
    sentences = []
    for people, words, suppressed_sentence in NO_GROUP_SENTENCES:
        if people != NOT_KNOWN and not any(row["people"] == people and row["base"] != 0 for row in rows):
            continue
        shares = _no_group_percentages(rows, people)
        low, high = (min(shares), max(shares)) if shares else (0, 0)
        single_value = (f"{low}%", ", on every indicator that shows it")
        values = (f"{low}% to {high}%", ", by indicator") if low < high else single_value
        sentences.append(words.format(*values) if shares else suppressed_sentence)
    return " ".join(sentences)


def _no_group_percentages(rows: Sequence[Row], people: str) -> list[int]:
    """Return the percentages of known records under `people`, for each indicator that shows it.

    A suppressed count of another group is not zero: it is taken as both 1 and 7, the ends of the suppressed range.
    """
    rows_by_indicator: dict[str, list[Row]] = {}
    for row in rows:
        rows_by_indicator.setdefault(row["indicator"], []).append(row)
    found = []
    for indicator_rows in rows_by_indicator.values():
        whole_base = sum(row["base"] or 0 for row in indicator_rows)
        no_group_bases = [row["base"] for row in indicator_rows if row["people"] == people]
        is_shown = None not in no_group_bases and not any(
            is_secondary_suppressed(row, "base") for row in indicator_rows
        )
        if is_shown and whole_base:
            suppressed_count = sum(row["base"] is None for row in indicator_rows)
            found += [
                round(100 * sum(no_group_bases) / (whole_base + value * suppressed_count))
                for value in (1, SUPPRESSION_THRESHOLD)
            ]
    return found


def _omitted_section(site: Inspection) -> Iterable[Section]:
    """Return the section of indicators and waits that no table above shows, with the reason."""
    rows = [(_indicator_or_wait_cell(site, row["form"]), row["reason"]) for row in site.rows(WithoutBreakdownRow)]
    if rows:
        title = "Indicators and waits without a breakdown by characteristics of victims"
        yield Section(title, (), (), [(f"{plural(len(rows), 'indicator or wait', 'indicators and waits')}, and why",
                                    grid(title, ("Indicator or wait", "Why"), rows))])  # fmt: skip


def _indicator_or_wait_cell(site: Inspection, key: str) -> Cell:
    table = "indicators" if site.find_row(IndicatorsRow, indicator=key) else "waits"
    return _form_cell(site, table, key)


def _form_cell(site: Inspection, table: str, key: str) -> Cell:
    form = site.find_row(table, **{"indicator" if table == "indicators" else "wait": key})
    return Cell(form["title"], page_path(form)) if form else Cell(key)


def _points(row: Row) -> str:
    if row["points"] is None:
        return NOT_GIVEN
    return f"{_signed(row['points'])} ({_signed(row['points_low'])} to {_signed(row['points_high'])})"


def _signed(value: float | None) -> str:
    return NOT_GIVEN if value is None else f"{round(value):+d}".replace("+0", "0").replace("-", "\u2212")


def _bounds_text(row: Row) -> str:
    if row["points_least"] is None or row["points_most"] is None:
        return NOT_GIVEN
    return f"{_signed(row['points_least'])} to {_signed(row['points_most'])}"


def _shares_table(site: Inspection, rows: Sequence[Row], caption: str) -> Grid | None:
    cells = [
        (_form_cell(site, "indicators", row["indicator"]), f"{row['people']} ({row['characteristic']})",
         count_text(row, "base"), share_text(row), _points(row), _bounds_text(row), row["verdict"])
        for row in rows
    ]  # fmt: skip
    heads = ("Indicator", "Group", "#Records that tell", "#Share that meets it",
             "#Percentage points beside others, 95%", "#Could be", "What is shown")  # fmt: skip
    note = f"{NOT_RECORDED_NOTE} {SUPPRESSION_NOTE}"
    return grid(f"{caption}: shares", heads, cells, note=note, dense=True) if cells else None


def _waits_table(site: Inspection, rows: Sequence[Row], caption: str) -> Grid | None:
    cells = [
        (_form_cell(site, "waits", row["wait"]), f"{row['people']} ({row['characteristic']})",
         count_text(row, "records"), count_text(row, "still_waiting"), _median(row), _pace(row))
        for row in rows
    ]  # fmt: skip
    heads = ("Wait", "Group", "#Records followed", "#Still waiting", "#Half had ended by day, 95%", "What is shown")
    return grid(f"{caption}: waits", heads, cells, note=SUPPRESSION_NOTE, dense=True) if cells else None


def _median(row: Row) -> str:
    if row["median_days"] is None:
        return "not reached" if row["records"] else NOT_GIVEN
    high = "not reached" if row["median_high"] is None else whole(row["median_high"])
    return f"{whole(row['median_days'])} ({whole(row['median_low'] or 0)} to {high})"


def _pace(row: Row) -> str:
    if row["verdict"] != DIFFERENCE:
        return str(row["verdict"])
    return f"{DIFFERENCE}: {'sooner' if row['sooner'] else 'later'} than the others"

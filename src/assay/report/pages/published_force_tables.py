"""Tables on a force's page of the published statistics."""

import re

from assay.report.number_words import decimal, factor, interval, join_list, rank, whole
from assay.report.page_elements import Cell, Grid, grid
from assay.report.pages.force_comparison_charts import ESTIMATES, force_cell, share_rows
from assay.report.quotable_figures import estimate_cells, prediction_text, published_share
from assay.report.report_tables import ReleasedTables, Row


def share_table(site: ReleasedTables, force: Row, shares: list[Row]) -> Grid:
    """Return every outcome share of the force in one year."""
    rows = []
    for row in shares:
        measure_rows = share_rows(site, row["measure"], row["financial_year"])
        rank_text = rank(row, sum(r["rank"] is not None for r in measure_rows))
        title = Cell(site.measure(row["measure"])["title"], f"comparison/{row['measure']}.html")
        rows.append(
            (
                title,
                published_share(row),
                *estimate_cells(row),
                "not ranked" if row["not_comparable"] or row["rank"] is None else rank_text,
                whole(row["numerator"]),
                whole(row["base"]),
                prediction_text(row) or "Not compared",
            )
        )
    return grid(
        f"{force['name']}: outcome shares of {site.offence(site.default)} in {site.compared_year}",
        (
            "Measure",
            "#As published",
            "#Estimate",
            "#95% interval",
            "#Rank, 1st is highest",
            "#Counted",
            "#Out of",
            "Beside what the others predict",
        ),
        rows,
        note=ESTIMATES,
    )


def yearly_table(site: ReleasedTables, force: Row) -> Grid:
    """Return the offences that the force recorded, by year."""
    rows = sorted(
        site.find_rows("recorded", place_code=force["place_code"], offence_key=site.default),
        key=lambda r: r["financial_year"],
        reverse=True,
    )
    cells = []
    for r in rows:
        year = r["financial_year"] if r["quarters"] == 4 else f"{r['financial_year']} ({r['quarters']} of 4 quarters)"
        rate = "no rate" if r["per_1000_children"] is None else decimal(r["per_1000_children"])
        cells.append(
            (year, whole(r["offences"]), rate, whole(r["children"]), str(r["children_mid_year"] or "not given"))
        )
    notes = _merge_notes(list(dict.fromkeys(r["rate_note"] for r in rows if r["rate_note"])))
    return grid(
        f"{force['name']}: {site.offence(site.default)}, by financial year",
        ("Financial year", "#Offences", "#Per 1,000 residents under 18", "#Residents under 18", "#Mid-year"),
        cells,
        note=" ".join(notes),
    )


OLD_ESTIMATE_NOTE = re.compile(r"No estimate within (\d+) years of (\d{4}): children at (mid-\d{4}) stand in\.?")


def _merge_notes(notes: list[str]) -> list[str]:
    """Merge notes that differ only by year: 'For 2012, 2013 and 2024 there is no estimate within 2 years'."""
    years: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        if found := OLD_ESTIMATE_NOTE.fullmatch(note):
            years.setdefault((found[1], found[3]), []).append(found[2])
    folded = [
        (
            f"For {join_list(sorted(note_years))} there is no estimate within {span} years: children at {mid_year} "
            f"stand in."
        )
        for (span, mid_year), note_years in years.items()
    ]
    return [note for note in notes if not OLD_ESTIMATE_NOTE.fullmatch(note)] + folded


def offence_table(site: ReleasedTables, force: Row) -> Grid:
    """Return the offences that the force recorded, by offence."""
    start = int(site.full_year[:4] or 0)
    years = [f"{y}/{(y + 1) % 100:02d}" for y in (start - 5, start - 3, start)]
    rows: list[tuple[Cell | str, ...]] = []
    for key, offence in site.offences.items():
        counts = [
            site.find_row("recorded", place_code=force["place_code"], offence_key=key, financial_year=y) for y in years
        ]
        if any(counts):
            name = offence["name"] if offence["kind"] == "set" else f"{key}: {offence['name']}"
            rows.append(
                (Cell(name, f"offences/{_file(key)}.html"), *(whole(c["offences"] if c else None) for c in counts))
            )
    return grid(
        f"{force['name']}: offences recorded by police, by offence and financial year",
        ("Offence or set of offences", *(f"#{y}" for y in years)),
        rows,
        note="Sets overlap: their counts are not to be added.",
    )


def _file(key: str) -> str:
    return key.lower()


def case_mix_sentence(site: ReleasedTables, force: Row, row: Row) -> str:
    """Compare a share with the share expected from the force's own case mix (indirect standardisation)."""
    title = site.measure(row["measure"])["title"].lower()
    interval_text = interval(row["ratio_low"], row["ratio_high"], lambda v: decimal(v, 2))
    return (
        f"Mix of offences, {row['financial_year']}, {title}: {whole(row['observed'])} of {whole(row['base'])} "
        f"offences counted, where "
        f"the national share of each offence code would give {whole(row['expected'])}; ratio "
        f"{decimal(row['ratio'], 2)} (95% "
        f"interval {interval_text})."
    )


def children_table(site: ReleasedTables, force: Row) -> Grid | None:
    """Return the counts of children's services in the force's area; None where the source has none."""
    rows = site.find_rows("children_in_need", area_code=force["place_code"])
    if not rows:
        return None
    factors = list(dict.fromkeys(r["factor"] for r in rows))
    years = sorted({r["year"] for r in rows}, reverse=True)
    row_by_year_and_factor = {(r["year"], r["factor"]): r for r in rows}
    cells = [(str(y), *(_episodes(row_by_year_and_factor.get((y, f))) for f in factors)) for y in years]
    return grid(
        f"Children in need, local authorities of {force['name']}, England: episodes with each factor at the end of "
        f"assessment",
        ("Year to 31 March", *(f"#{factor(f)}" for f in factors)),
        cells,
        note=MARKERS_NOTE,
    )


MARKERS_NOTE = (
    "Episodes, not children. c: suppressed; x: not available; z: not applicable; u: unreliable. Several letters, such "
    "as cx: the force covers several local authorities, and each letter holds for at least one of them, so that no "
    "sum can be given."
)


def _episodes(row: Row | None) -> str:
    if row is None:
        return "not given"
    return whole(row["episodes"]) if row["episodes"] is not None else (row["marker"] or "not given")


def similar_forces(site: ReleasedTables, code: str) -> list[tuple[str, str, str]]:
    """Return name, page and grouping of the similar forces, most similar first."""
    rows = sorted(site.find_rows("similar", place_code=code), key=lambda r: r["nearness"])
    return [(site.name(r["similar_code"]), force_cell(site, r["similar_code"]).href, r["grouping"]) for r in rows]

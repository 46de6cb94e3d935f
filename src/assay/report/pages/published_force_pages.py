"""Force pages of the published statistics: charts and tables, with similar forces for comparison."""

import re
from collections.abc import Sequence
from typing import Any

from assay.reference import ForceChange, force_succession, forces
from assay.report.derived_numbers import derived_number
from assay.report.number_words import (
    NOT_GIVEN,
    decimal,
    decline_sentence,
    factor,
    interval,
    join_list,
    percent,
    plural,
    rank,
    whole,
)
from assay.report.page_elements import Cell, Figure, Grid, Page, grid
from assay.report.pages.added_table_pages import added_on_force
from assay.report.pages.edition_notes import note_beside_recorded, recorded_note
from assay.report.pages.force_comparison_charts import LEGEND_UNITS, force_cell, share_rows, tile_map
from assay.report.pages.local_services_section import (
    LOCAL_SOURCES_PATH,
    authorities_table,
    ethnicity_tables,
    judgements_table,
    local_picture,
    neighbours_table,
    outcomes_table,
    services_table,
)
from assay.report.pages.published_charts import outcomes_chart, process_chart, similar_forces_chart, trend_chart
from assay.report.pages.published_key_findings import PENDING
from assay.report.period_words import partial_date_text, year_text
from assay.report.quotable_figures import (
    ESTIMATES,
    SUMMED_HEAD,
    count_figure,
    estimate_cells,
    finding_figure,
    has_small_base,
    headline,
    prediction_text,
    published_share,
    rate_figure,
    share_figure,
)
from assay.report.report_tables import ReleasedTables, Row
from assay.report.share_notes import combined_share
from assay.sdc.released_rows.published_rows import (
    CaseMixRow,
    ChildrenInNeedRow,
    FindingsRow,
    LocalSourcesRow,
    RatesRow,
    RecordedRow,
    SharesRow,
    SimilarForcesRow,
    TrendsRow,
)

# Tables on a force's page of the published statistics.


def share_table(site: ReleasedTables, force: Row, shares: Sequence[Row]) -> Grid:
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
            SUMMED_HEAD,
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
    """Return the number of offences that the force recorded in each year, as a table."""
    rows = sorted(
        site.find_rows(RecordedRow, place_code=force["place_code"], offence_key=site.default),
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
    """Return the number of recorded offences of each kind in the force, as a table."""
    start = int(site.full_year[:4] or 0)
    years = [f"{y}/{(y + 1) % 100:02d}" for y in (start - 5, start - 3, start)]
    rows: list[tuple[Cell | str, ...]] = []
    for key, offence in site.offences.items():
        counts = [
            site.find_row(RecordedRow, place_code=force["place_code"], offence_key=key, financial_year=y) for y in years
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
    title = site.measure(row["measure"])["title"]
    interval_text = interval(row["ratio_low"], row["ratio_high"], lambda v: decimal(v, 2))
    return (
        f"{title}, {row['financial_year']}: {whole(row['observed'])} of {whole(row['base'])} offences counted. "
        f"The national share of each offence code would give {whole(row['expected'])}. "
        f"The ratio is {decimal(row['ratio'], 2)} (shrunk towards 1; 95% interval {interval_text})."
    )


def children_table(site: ReleasedTables, force: Row) -> Grid | None:
    """Return the counts of children's services in the force's area; None where the source has none."""
    rows = site.find_rows(ChildrenInNeedRow, area_code=force["place_code"])
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
    "as cx: the force covers several local authorities, and each letter holds for at least one. So no sum can be given."
)


def _episodes(row: Row | None) -> str:
    if row is None:
        return "not given"
    return whole(row["episodes"]) if row["episodes"] is not None else (row["marker"] or "not given")


def similar_forces(site: ReleasedTables, code: str) -> list[tuple[str, str, str]]:
    """Return name, page and grouping of the similar forces, most similar first."""
    rows = sorted(site.find_rows(SimilarForcesRow, place_code=code), key=lambda r: r["nearness"])
    return [(site.name(r["similar_code"]), force_cell(site, r["similar_code"]).href, r["grouping"]) for r in rows]


MAIN_MEASURE = "charged-of-closed"
WALES_NOTE = (
    "Figures on children’s services end at the border: the sources cover England only. For Wales, read the Children "
    "Receiving Care and Support Census of the Welsh Government, and the reports of Care Inspectorate Wales."
)
CERTAINTY_NOTE = (
    "Counts are as the Home Office published them. Intervals (95%) hold the chance in a count and how far forces "
    "differ; they "
    "do not hold differences in recording. The pending share stands beside every outcome share."
)


def force_pages(site: ReleasedTables) -> list[Page]:
    """Return the index of forces with the tile map, and one page for each force."""
    return [_index(site), *(_page(site, force) for force in site.forces)]


def _main_measure(site: ReleasedTables) -> str:
    known = list(dict.fromkeys(row["measure"] for row in site.rows(SharesRow)))
    return MAIN_MEASURE if MAIN_MEASURE in known or not known else known[0]


def _index(site: ReleasedTables) -> Page:
    year, measure = site.compared_year, _main_measure(site)
    title = site.measure(measure)["title"]
    label = f"{title}, from sums of published figures, by force, {year}"
    tiles = tile_map(site, share_rows(site, measure, year), "raw_share", percent, label, "../",
                     LEGEND_UNITS.get(measure, ""))  # fmt: skip
    rows: list[tuple[Cell | str, ...]] = []
    for force in site.forces:
        code = force["place_code"]
        count = site.find_row(RecordedRow, place_code=code, offence_key=site.default, financial_year=site.full_year)
        share: Row = (
            site.find_row(SharesRow, measure=measure, place_code=code, offence_key=site.default, financial_year=year)
            or {}
        )
        rows.append(
            (
                force_cell(site, code),
                force["country"] or "Britain",
                whole(count["offences"] if count else None),
                *((published_share(share), *estimate_cells(share)) if share else (NOT_GIVEN,) * 3),
                percent(share.get("pending_share")),
                prediction_text(share) if share else "",
            )
        )
    table = grid(
        f"Every force: {site.offence(site.default)}",
        (
            "Force",
            "Country",
            f"#Recorded in {site.full_year}",
            f"#{title}, {year}, from sums of published figures",
            "#Estimate",
            "#95% interval",
            "#No outcome yet",
            "Beside what the others predict",
        ),
        rows,
        note=ESTIMATES,
    )
    context = {
        "drawn": tiles,
        "table": table,
        "map_title": f"{title}, {year}, from sums of published figures",
        "measure": measure,
        "headline": _headline(site, measure, year),
        "sources_href": LOCAL_SOURCES_PATH if site.rows(LocalSourcesRow) else "",
    }
    return Page("forces/index.html", "forces.html", "Forces", CERTAINTY_NOTE, (), context)


def _headline(site: ReleasedTables, measure: str, year: str) -> Figure | None:
    """Return the variation between the forces' published shares as a quotable figure."""
    rows = [r for r in share_rows(site, measure, year) if not r["not_comparable"] and r["raw_share"] is not None]
    if not rows:
        return None
    low, high = min(rows, key=lambda r: r["raw_share"]), max(rows, key=lambda r: r["raw_share"])
    measure_row, flagged = site.measure(measure), sum(bool(r["outlier_alert"]) for r in rows)
    sentence = (
        f"{measure_row['title']}, {year}: published shares run from {percent(low['raw_share'])} "
        f"({site.name(low['place_code'])}) to {percent(high['raw_share'])} ({site.name(high['place_code'])}). "
        f"Of {len(rows)} forces compared, {flagged or 'none'} {'are outliers' if flagged > 1 else 'is an outlier'}"
    )
    count = derived_number(whole(sum(r["base"] for r in rows)), "offences in the forces compared")
    base = f"{count} {site.offence(site.default)} in the forces compared"
    return headline(
        site, sentence, base=base, period=year, limit=measure_row["cannot_tell"] or "why they differ", table="shares"
    )


def _page(site: ReleasedTables, force: Row) -> Page:
    code, year = force["place_code"], site.compared_year
    shares = list(site.find_rows(SharesRow, place_code=code, offence_key=site.default, financial_year=year))
    charts = {
        "trend": trend_chart(site, code, site.default),
        "mix": outcomes_chart(site, code, site.default, site.outcome_years[0]) if site.outcome_years else None,
        "similar": similar_forces_chart(site, code, _main_measure(site), year),
        "process": process_chart(site, code, site.default),
    }
    context: dict[str, Any] = {
        "force": force,
        "changes": force_changes(code),
        "warnings": _warnings(site, shares),
        "edition_note": note_beside_recorded(site) if shares else "",
        "pending": _pending_sentences(site, shares),
        "newer": recorded_note(site),
        "figures": _figures(site, code, shares),
        "falls": [
            decline_sentence(r, f"{site.offence(site.default)} ({force['name']})", site.breaks_between(r))
            for r in _trends(site, code)
        ],
        "shares": share_table(site, force, shares),
        "yearly": yearly_table(site, force),
        "offences": offence_table(site, force),
        "case_mix": [
            case_mix_sentence(site, force, r)
            for r in site.find_rows(CaseMixRow, place_code=code, financial_year=year)
            if r["ratio"] is not None
        ],
        "children": children_table(site, force),
        "local": _local_context(site, force),
        "border": WALES_NOTE if force["country"] == "Wales" else "",
        "similar_forces": similar_forces(site, code),
        "similar_grouping": ", ".join(
            sorted({r["grouping"] for r in site.find_rows(SimilarForcesRow, place_code=code)})
        ),
        "found": _other_findings(site, code, shares),
        "added": added_on_force(site, code),
        **charts,
    }
    return Page(
        f"forces/{force['slug']}.html",
        "force.html",
        force["name"],
        CERTAINTY_NOTE,
        (("Forces", "forces/index.html"),),
        context,
        tuple(chart for chart in charts.values() if chart),
    )


FIRST_YEAR = "2012"
"""Published figures by force begin in 2012/13; earlier changes of forces affect none of them."""


def force_changes(code: str) -> list[tuple[str, str]]:
    """Return a sentence on each renaming, merger or transfer of area of a force since 2012, and its source."""
    changes = [
        change
        for change in force_succession()
        if change.is_usable and change.successor_code == code and change.first_day >= FIRST_YEAR
    ]
    full_name = forces().get(code).full_name if changes else ""
    return [(_change_sentence(change, full_name), f"{change.source}, {change.address}") for change in changes]


def _change_sentence(change: ForceChange, full_name: str) -> str:
    day = partial_date_text(change.first_day)
    sentence = {
        "renaming": f"This force is {full_name}. Until {day} it was {change.predecessor}.",
        "merger": f"{change.predecessor} became part of this force on {day}: figures before and after cannot be "
        "compared.",
        "transfer": f"Part of the area of {change.predecessor} passed to this force on {day}: figures before and after "
        "cannot be compared.",
    }[change.kind]
    return f"{sentence} {change.note}".rstrip()


def _local_context(site: ReleasedTables, force: Row) -> dict[str, Any]:
    """Return the tables of other services on the page of a force; those without rows are None."""
    courts = outcomes_table(
        site, force, "court_outcomes", "Magistrates’ courts, offences against children (see the sources)", "defendants"
    )
    return {
        "picture": local_picture(site, force),
        "services": services_table(site, force),
        "authorities": authorities_table(site, force),
        "neighbours": neighbours_table(site, force),
        "judgements": judgements_table(site, force),
        "courts": courts,
        "has_fta": courts is not None and any(row[0].text == "FTA" for row in courts.rows),
        "last_outcomes": outcomes_table(
            site, force, "last_outcomes", "data.police.uk, violence and sexual offences together", "incidents"
        ),
        "ethnicity": ethnicity_tables(site, force),
        "sources_href": LOCAL_SOURCES_PATH if site.rows(LocalSourcesRow) else "",
    }


def _pending_sentences(site: ReleasedTables, shares: Sequence[Row]) -> list[str]:
    """Return how many of the force's offences had no outcome, then the same of all of London where it is half of it."""
    row = next((share for share in shares if share["measure"] == PENDING and share["base"]), None)
    if row is None:
        return []
    counts = f"{whole(row['numerator'])} of {whole(row['base'])}"
    share = "" if has_small_base(row) else f" ({percent(row['raw_share'])})"
    sentence = f"{counts} {site.offence(site.default)} in {year_text(row['financial_year'])} were pending{share}."
    city = combined_share(site, row)
    return [sentence, f"{city}."] if city else [sentence]


def _warnings(site: ReleasedTables, shares: Sequence[Row]) -> list[tuple[str, str]]:
    """Return, for each reason why shares are not compared, how many and the reason, and which."""
    reasons = dict.fromkeys(r["not_comparable"] for r in shares if r["not_comparable"])
    sentences = []
    for exclusion in reasons:
        titles = [site.measure(r["measure"])["title"] for r in shares if r["not_comparable"] == exclusion]
        number = derived_number(plural(len(titles), "share"), "shares that are not comparable")
        reason = exclusion.removeprefix("Not comparable: ").replace("this share", "such a share")
        sentence = f"{number} of outcomes of this force cannot be compared. {reason[:1].upper()}{reason[1:]}"
        sentences.append((sentence, "; ".join(title[:1].lower() + title[1:] for title in titles)))
    return sentences


def _trends(site: ReleasedTables, code: str) -> list[Row]:
    found = site.find_rows(TrendsRow, place_code=code, offence_key=site.default)
    return sorted(found, key=lambda row: row["years_apart"])


def _figures(site: ReleasedTables, code: str, shares: Sequence[Row]) -> list[Figure]:
    figures = []
    count = site.find_row(RecordedRow, place_code=code, offence_key=site.default, financial_year=site.full_year)
    rate = site.find_row(RatesRow, place_code=code, offence_key=site.default, financial_year=site.full_year)
    if count:
        figures.append(count_figure(site, count))
    if rate:
        figures.append(rate_figure(site, rate, site.rate_measure))
    return figures + [share_figure(site, row) for row in shares]


def _other_findings(site: ReleasedTables, code: str, shares: Sequence[Row]) -> list[Figure]:
    """Return the findings of this force that no figure above covers."""
    covered = {(r["measure"], r["financial_year"]) for r in shares} | {("recorded", site.full_year)}
    rest = [
        r
        for r in site.find_rows(FindingsRow, place_code=code)
        if (r["measure"], r["period"]) not in covered or r["offence_key"] != site.default
    ]
    return [finding_figure(site, row) for row in rest]

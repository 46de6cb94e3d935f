"""Section of a force's page on children's services, courts, inspectorates and residents, and the page on their
sources."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.derived_numbers import row_count
from assay.report.number_words import NOT_GIVEN, decimal, factor, interval, percent, slug, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.period_words import partial_date_text
from assay.report.quotable_figures import estimate_cells, has_small_base, published_share
from assay.report.report_tables import ReleasedTables, Row
from assay.sdc.released_rows.published_rows import (
    AuthoritiesRow,
    ChildrenInNeedRow,
    ChildrenServicesRow,
    CourtOutcomesRow,
    LocalSourcesRow,
    NationalOutcomesRow,
    RatesRow,
    RecordedRow,
    ResidentsByEthnicityRow,
    SharesRow,
)

STARTED_PLANS, LOOKED_AFTER = "plans started", "looked after at 31 March"
SERVICE_MEASURES = (STARTED_PLANS, "second or subsequent plans", "plans at 31 March", LOOKED_AFTER)
RATED_MEASURES = (STARTED_PLANS, LOOKED_AFTER)
EXPLOITATION = "Child_sexual_exploitation"
SENT_TO_TRIAL = "Committed for trial"
CHARGED = "Charged or summonsed"
COUNT_INTERVAL = "Interval (95%): the chance in a count alone."
SHARE_INTERVAL = (
    "Interval (95%): the chance in a share of this many, not differences in recording. none: too few for a percentage."
)
SERVICE_ORDER = ("police", "children's services", "courts", "inspectorates", "residents")
SOURCES_NOTE = "Figures are as each publisher published them. What a source does not count stands beside it."
JUDGEMENTS = (
    ("overall", "Overall"),
    ("leaders", "Leaders"),
    ("protection", "Help and protection"),
    ("care", "In care"),
    ("leavers", "Leaving care"),
)


@dataclass(frozen=True)
class LocalFigure:
    """One line on a local service: the source, its latest figure with interval, and the period."""

    source_key: str
    label: str
    period: str
    figure: str
    interval: str = ""


ENGLISH_TABLES = ("children_in_need", "children_services", "authorities")
NOT_AT_HAND = "not at hand"
ENGLAND_ONLY = "the source covers England only"
NO_ROW = "the source has no row for this force"
MARKER_NOTE = (
    "In brackets, what the publisher printed in place of a figure. c: suppressed; x: not available; z: not applicable; "
    "u: unreliable. Several letters: each holds for at least one local authority of the force."
)


def local_picture(site: ReleasedTables, force: Row) -> Grid | None:
    """Return one line per source: its latest figure for this area, with interval, and what it does not count."""
    figures = [
        figure
        for figures_of in (_police_figures, _service_figures, _court_figures, _judgement_figures)
        for figure in figures_of(site, force)
    ]
    rows = []
    for figure in figures:
        source = site.find_row(LocalSourcesRow, source_key=figure.source_key)
        if source:
            service, limit = source["service"].capitalize(), source["does_not_count"]
            label = Cell(figure.label, f"{LOCAL_SOURCES_PATH}#{slug(figure.source_key)}")
            rows.append((service, label, figure.period, figure.figure, figure.interval, limit))
    if not rows:
        return None
    has_marker = any(figure.figure.startswith(NOT_PUBLISHED) for figure in figures)
    # A value may be a list of judgements, which must wrap; so the column is one of texts.
    return grid(
        f"{force['name']}: what each service counts, newest figure",
        ("Service", "Figure", "Period", "Value", "#95% interval", "It does not count"),
        rows,
        note="The services count different things: offences, episodes, plans, children, defendants. Their figures are "
        "not to be added up or divided by one another. Intervals hold chance alone, not differences in recording. The "
        "interval of a police figure is that of its estimate, which is shrunk towards the other forces."
        + (f" {MARKER_NOTE}" if has_marker else "")
        + (" ‘none’ means too few for an interval." if any(figure.interval == "none" for figure in figures) else ""),
    )


def _missing_figure(site: ReleasedTables, force: Row, table: str, key: str, label: str) -> list[LocalFigure]:
    """Return a line that says why a table that was read has no figure for this force; none if it was not read."""
    if not site.rows(table):
        return []
    is_of_england = force["country"] == "Wales" and table in ENGLISH_TABLES
    return [LocalFigure(key, f"{label} ({ENGLAND_ONLY if is_of_england else NO_ROW})", "", NOT_AT_HAND)]


def _police_figures(site: ReleasedTables, force: Row) -> list[LocalFigure]:
    code, figures = force["place_code"], []
    offences = site.offence(site.default)
    offences = f"{offences[0].upper()}{offences[1:]}"
    count = site.find_row(RecordedRow, place_code=code, offence_key=site.default, financial_year=site.full_year)
    rate = site.find_row(RatesRow, place_code=code, offence_key=site.default, financial_year=site.full_year)
    if count:
        figures.append(LocalFigure("recorded", offences, site.full_year, whole(count["offences"])))
    if rate and rate["raw_per_1000"] is not None:
        _, limits = estimate_cells(rate, "per_1000", decimal)
        label = f"{offences}, per 1,000 residents under 18"
        figures.append(LocalFigure("recorded", label, site.full_year, decimal(rate["raw_per_1000"]), limits))
    share = site.find_row(
        SharesRow,
        measure="charged-of-closed",
        place_code=code,
        offence_key=site.default,
        financial_year=site.compared_year,
    )
    if share:
        _, limits = estimate_cells(share)
        title = site.measure("charged-of-closed")["title"]
        figures.append(LocalFigure("outcomes", title, site.compared_year, published_share(share), limits))
    return figures


def _service_figures(site: ReleasedTables, force: Row) -> list[LocalFigure]:
    code, figures = force["place_code"], []
    assessed = site.find_rows(ChildrenInNeedRow, area_code=code, factor=EXPLOITATION)
    label = f"Episodes with the factor {factor(EXPLOITATION).lower()}"
    if assessed:
        newest = max(assessed, key=lambda row: row["year"])
        figures.append(LocalFigure("children_in_need", label, _march(newest), _local_count(newest["episodes"], newest)))
    else:
        figures += _missing_figure(site, force, "children_in_need", "children_in_need", label)
    for measure, key in ((STARTED_PLANS, "plans_started"), (LOOKED_AFTER, "looked_after")):
        rows = site.find_rows(ChildrenServicesRow, area_code=code, measure=measure)
        if rows:
            figures.append(_rate_figure(key, max(rows, key=lambda row: row["year"])))
        else:
            figures += _missing_figure(site, force, "children_services", key, _measure_name(measure))
    return figures


def _rate_figure(key: str, row: Row) -> LocalFigure:
    label = f"{_measure_name(row['measure'])}, per 10,000 residents under 18"
    if row["per_10000"] is None:
        return LocalFigure(key, _measure_name(row["measure"]), _march(row), _local_count(row["number"], row))
    limits = interval(row["low"], row["high"], decimal)
    return LocalFigure(key, label, _march(row), decimal(row["per_10000"]), limits)


def _court_figures(site: ReleasedTables, force: Row) -> list[LocalFigure]:
    row = site.find_row(CourtOutcomesRow, place_code=force["place_code"], outcome=SENT_TO_TRIAL)
    if row is None:
        return _missing_figure(
            site, force, "court_outcomes", "court_outcomes", "Defendants sent to the Crown Court for trial"
        )
    label = f"Defendants sent to the Crown Court for trial, of {whole(row['base'])}"
    return [LocalFigure("court_outcomes", label, str(row["year"]), *_share_cells(row))]


def _judgement_figures(site: ReleasedTables, force: Row) -> list[LocalFigure]:
    authorities: Sequence[Row] = site.find_rows(AuthoritiesRow, place_code=force["place_code"])
    rows = [row for row in authorities if row["overall"]]
    figures: list[LocalFigure] = []
    label = "Children’s services: local authorities by overall judgement"
    if rows:
        grades = _grade_counts([row["overall"] for row in rows])
        days = sorted(row["inspected_on"][:4] for row in rows)
        period = " to ".join(dict.fromkeys((days[0], days[-1])))
        figures.append(LocalFigure("inspections", label, period, grades))
    else:
        figures += _missing_figure(site, force, "authorities", "inspections", label)
    return [*figures, LocalFigure("police_inspections", "Police force, graded judgements", "", NOT_AT_HAND)]


def _grade_counts(grades: Sequence[str]) -> str:
    """Return how many authorities have each judgement, most first: 'Good 18; Outstanding 9'."""
    return "; ".join(f"{grade} {row_count(count)}" for grade, count in Counter(sorted(grades)).most_common())


def services_table(site: ReleasedTables, force: Row) -> Grid | None:
    """Return child protection plans and looked-after children in the force area by year, with rates; None if not
    published."""
    rows = site.find_rows(ChildrenServicesRow, area_code=force["place_code"])
    if not rows:
        return None
    by_key = {(row["year"], row["measure"]): row for row in rows}
    cells = []
    for year in sorted({row["year"] for row in rows}, reverse=True):
        counts = [by_key.get((year, measure)) for measure in SERVICE_MEASURES]
        rates = [by_key.get((year, measure)) for measure in RATED_MEASURES]
        cells.append(
            (
                str(year),
                *(_count(row["number"], row) if row else NOT_GIVEN for row in counts),
                *(_rate_with_interval(row) for row in rates),
            )
        )
    return grid(
        f"Child protection plans and looked-after children, local authorities of {force['name']}, for any reason",
        (
            "Year to 31 March",
            *(f"#{_measure_name(measure)}" for measure in SERVICE_MEASURES),
            *(f"#{_measure_name(measure)}, per 10,000 children (95% interval)" for measure in RATED_MEASURES),
        ),
        cells,
        note=f"{COUNT_INTERVAL} The source of populations begins in 2021. Letters as in the table of assessments: a "
        "sum is not given if one authority was not published.",
    )


def authorities_table(site: ReleasedTables, force: Row) -> Grid | None:
    """Return the local authorities of a force beside the range of their statistical neighbours."""
    rows = site.find_rows(AuthoritiesRow, place_code=force["place_code"])
    if not rows:
        return None
    year = max((row["year"] for row in rows if row["year"]), default="")
    cells = [
        (
            row["name"],
            _marked(row["looked_after"], row["looked_after_marker"]),
            *_rate_cells(row),
            decimal(row["neighbours_median"]) if row["neighbours_median"] is not None else NOT_GIVEN,
            interval(row["neighbours_low"], row["neighbours_high"], decimal) if row["neighbours"] else NOT_GIVEN,
            _marked(row["plans_started"], row["plans_started_marker"]),
        )
        for row in sorted(rows, key=lambda row: row["name"])
    ]
    return grid(
        f"Local authorities of {force['name']}, year to 31 March {year}",
        (
            "Local authority",
            "#Looked after at 31 March",
            "#Per 10,000 children",
            "#95% interval",
            "#Median of its statistical neighbours",
            "#Lowest to highest of them",
            "#Plans started",
        ),
        cells,
        note="Statistical neighbours: the ten authorities whose residents are most alike in the model of the "
        f"Department for Education. They are not similar forces. {COUNT_INTERVAL} Letters as in the table of "
        "assessments.",
    )


def neighbours_table(site: ReleasedTables, force: Row) -> Grid | None:
    """Return the names of the statistical neighbours of each authority."""
    authorities: Sequence[Row] = site.find_rows(AuthoritiesRow, place_code=force["place_code"])
    rows = [row for row in authorities if row["neighbour_names"]]
    if not rows:
        return None
    return grid(
        "Statistical neighbours, nearest first",
        ("Local authority", "Its neighbours"),
        [(row["name"], row["neighbour_names"]) for row in sorted(rows, key=lambda row: row["name"])],
    )


def judgements_table(site: ReleasedTables, force: Row) -> Grid | None:
    """Return the latest judgement on children's services of each local authority, with its date."""
    authorities: Sequence[Row] = site.find_rows(AuthoritiesRow, place_code=force["place_code"])
    rows = [row for row in authorities if row["overall"]]
    if not rows:
        return None
    cells = [
        (row["name"], partial_date_text(row["inspected_on"]), *(row[key] or "not judged then" for key, _ in JUDGEMENTS))
        for row in sorted(rows, key=lambda row: row["name"])
    ]
    return grid(
        f"Ofsted: newest judgement on children’s services of each local authority of {force['name']}",
        ("Local authority", "Inspected from", *(title for _, title in JUDGEMENTS)),
        cells,
        note="A judgement on all services for children in need of help, in care and leaving care; none is on "
        "exploitation alone.",
        dense=True,
    )


def outcomes_table(site: ReleasedTables, force: Row, table: str, caption: str, unit: str) -> Grid | None:
    """Return the latest year of a table of outcomes by force, largest first, with shares and intervals."""
    rows = site.find_rows(table, place_code=force["place_code"])
    if not rows:
        return None
    year = max(row["year"] for row in rows)
    newest = sorted((row for row in rows if row["year"] == year), key=lambda row: -row["number"])
    cells = [(row["outcome"], whole(row["number"]), *_share_cells(row)) for row in newest]
    return grid(
        f"{caption}, {force['name']}, {year}: {whole(newest[0]['base'])} {unit}",
        ("Outcome", f"#{unit.capitalize()}", "#Share", "#95% interval"),
        cells,
        note=SHARE_INTERVAL,
    )


def ethnicity_tables(site: ReleasedTables, force: Row) -> tuple[Grid, Grid] | None:
    """Return residents by broad ethnic group and by each group of the census; None if the area has no such figures."""
    rows = site.find_rows(ResidentsByEthnicityRow, place_code=force["place_code"])
    if not rows:
        return None
    broad = {row["broad_group"]: row for row in rows}
    by_size = sorted(broad.values(), key=lambda row: -row["broad_residents"])
    groups = sorted(rows, key=lambda row: row["ethnic_group"])
    year = rows[0]["year"]
    return (
        grid(
            f"Residents of {force['name']} of all ages by ethnic group, Census {year}",
            ("Broad group", "#Residents", "#Share"),
            [(row["broad_group"], whole(row["broad_residents"]), percent(row["broad_share"])) for row in by_size],
        ),
        grid(
            f"Residents of {force['name']} of all ages by each group, Census {year}",
            ("Ethnic group", "#Residents", "#Share"),
            [(row["ethnic_group"], whole(row["residents"]), percent(row["share"])) for row in groups],
        ),
    )


LOCAL_SOURCES_PATH = "local-sources.html"


def local_sources_page(site: ReleasedTables) -> Page | None:
    """Return the page on the sources of all local pages; None where no such table was released."""
    sources = sources_table(site)
    if sources is None:
        return None
    context = {"sources": sources, "national": national_table(site)}
    return Page(LOCAL_SOURCES_PATH, "local_sources.html", "Sources of the local pages", SOURCES_NOTE, (), context)


def sources_table(site: ReleasedTables) -> Grid | None:
    """Return, for each source, what it counts and does not count, its series breaks and the edition that was read."""
    rows = site.rows(LocalSourcesRow)
    if not rows:
        return None
    cells = [
        (
            Cell(row["title"], anchor=slug(row["source_key"])),
            row["counts"],
            row["does_not_count"],
            row["breaks"],
            _edition_text(row),
        )
        for row in sorted(rows, key=lambda row: (SERVICE_ORDER.index(row["service"]), row["title"]))
    ]
    return grid(
        "What each source counts and does not count",
        ("Source", "It counts", "It does not count", "Breaks", "Publisher, edition and licence"),
        cells,
    )


def _edition_text(row: Row) -> str:
    """Return the file that was read, whose name has its publisher, and its licence; or where to read the source."""
    if row["edition"]:
        return f"{row['edition']}. {row['licence']}."
    return f"{row['publisher']}. No file was read. See {row['address']}."


def national_table(site: ReleasedTables) -> Grid | None:
    """Return the share of offences charged in England and Wales by year, on two bases."""
    rows = [row for row in site.rows(NationalOutcomesRow) if row["outcome"] == CHARGED]
    if not rows:
        return None
    bases = list(dict.fromkeys(row["basis"] for row in rows))
    by_key = {(row["financial_year"], row["basis"]): row for row in rows}
    years = sorted({row["financial_year"] for row in rows}, reverse=True)
    return grid(
        "England and Wales, 44 forces, all offences but fraud: charged or summonsed, share of outcomes assigned",
        ("Financial year", *(f"#{basis[0].upper()}{basis[1:]}" for basis in bases)),
        [(year, *(_national_share(by_key.get((year, basis))) for basis in bases)) for year in years],
        note=(
            "A yardstick for a force’s figures, of all offences: it says nothing of child sexual offences or of one "
            "force. Each column has its own base, and the two are not to be compared: "
            "outcomes recorded in a year are of offences of any year. The first year is not complete for offences "
            "recorded in it, and later charges change the newest years most. Typed in from a public copy."
        ),
    )


def _national_share(row: Row | None) -> str:
    return NOT_GIVEN if row is None else f"{percent(row['share'])} ({whole(row['outcomes'])})"


def _rate_cells(row: Row | None) -> tuple[str, str]:
    if row is None or row["per_10000"] is None:
        return NOT_GIVEN, NOT_GIVEN
    return decimal(row["per_10000"]), interval(row["low"], row["high"], decimal)


def _rate_with_interval(row: Row | None) -> str:
    if row is None or row["per_10000"] is None:
        return NOT_GIVEN
    return f"{decimal(row['per_10000'])} ({interval(row['low'], row['high'], decimal)})"


def _share_cells(row: Row) -> tuple[str, str]:
    """Return a share and its interval; 'none' if there are too few for a percentage."""
    if has_small_base(row):
        return "none", "none"
    return percent(row["share"]), interval(row["low"], row["high"])


NOT_PUBLISHED = "not published"


def _local_count(number: int | None, row: Row) -> str:
    """Return a count, or what the publisher printed in its place: 'not published (c)'."""
    return f"{NOT_PUBLISHED} ({row['marker']})" if number is None and row["marker"] else _count(number, row)


def _count(number: int | None, row: Row) -> str:
    return _marked(number, row["marker"])


def _marked(number: int | None, marker: str | None) -> str:
    return whole(number) if number is not None else (marker or NOT_GIVEN)


def _measure_name(measure: str) -> str:
    return f"{measure[0].upper()}{measure[1:]}"


def _march(row: Row) -> str:
    return f"Year to March {row['year']}"

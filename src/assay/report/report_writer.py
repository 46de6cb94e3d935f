"""Write a report from released tables: its pages, charts and figures.

`write_report(released, folder)` is the public interface. It takes only released tables (`sdc.Released`), and the same
figures give the same bytes every time.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from assay.engine.safe_files.spreadsheet_cells import csv_text
from assay.errors import DisclosureError
from assay.progress import Progress, no_progress
from assay.report.chart_files import with_chart_files
from assay.report.closing_page import ClosingPage
from assay.report.derived_numbers import record_derived_numbers
from assay.report.edition_corrections import correction_rows, corrections, corrections_page, read_figures
from assay.report.figure_exports import write_figures
from assay.report.figure_register import figures, register_parts
from assay.report.glossary_links import link_terms
from assay.report.key_findings import KEY_FINDINGS_FILE
from assay.report.number_markup import marker
from assay.report.number_words import plural, slug
from assay.report.page_elements import Page
from assay.report.page_frame import (
    PUBLISHED,
    RECOMMENDATIONS_LINK,
    Frame,
    inspection_frame,
    with_closing_link,
    with_search_links,
)
from assay.report.page_length import fold_long_page
from assay.report.pages.added_table_pages import added_links, added_pages, register_pages
from assay.report.pages.comparison_page import comparison_pages, trends_page
from assay.report.pages.evidence_pages import data_quality_page, figures_page, glossary_page, method_page, receipts_page
from assay.report.pages.force_areas import areas_by_page
from assay.report.pages.inspection import Inspection, inspection_pages
from assay.report.pages.inspection.course_page import KEY as COURSE
from assay.report.pages.inspection.finding_candidates import key_findings, no_outlier_sentence
from assay.report.pages.local_services_section import local_sources_page
from assay.report.pages.offence_pages import offence_pages
from assay.report.pages.published_force_pages import force_pages
from assay.report.pages.published_front_page import (
    findings_page,
    front_page,
    published_easy_read,
    question_pages,
    theme_pages,
    unanswered_page,
)
from assay.report.pages.published_key_findings import published_key_findings
from assay.report.pages.register_pages import law_page, past_recommendations_page
from assay.report.pages.search_pages import compare_page, comparison_script, search_index, search_page, search_words
from assay.report.release_approvals import DRAFT_BANNER, RELEASE_QUESTIONS, ReleaseApprovals
from assay.report.report_tables import ReleasedTables
from assay.report.support_contacts import support
from assay.report.welsh_pages import has_welsh_version, translate_page, welsh_path
from assay.sdc import Released, is_released
from assay.sdc.released_rows.indicator_rows import FailureModesRow

GRADING_PAGES = (
    ("lessons_register", RECOMMENDATIONS_LINK),
    ("lessons_register", ("lessons.html", "Lessons applied")),
    ("claim_tests", ("claims.html", "What forces say")),
    ("plan_editions", ("plan.html", "Rules before results")),
    ("assumptions", ("assurance.html", "Assumptions and checks")),
)
"""Pages on grading, each with the released table that it needs."""
YOUNG_OBJECTS = 50_000
"""Garbage is collected after this many new objects while a report is written (Python's default: 2,000)."""


@dataclass(frozen=True)
class Reissue:
    """A re-issue of the report: the figure register of the prior edition, and the reason for the re-issue."""

    prior_figures: Path
    reason: str


@dataclass(frozen=True)
class ReportWritten:
    """The result of writing a report: paths of its pages and files, relative to the folder, and the page to open."""

    pages: tuple[str, ...]
    files: tuple[str, ...]
    index: Path


@lru_cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("assay.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["css_string"] = _css_string
    return environment


def _css_string(text: str) -> str:
    """Return a text as a string of a style sheet."""
    return "'" + " ".join(text.split()).replace("\\", "\\\\").replace("'", "\\'") + "'"


def index_tables(released: Released, withheld: frozenset[str] = frozenset()) -> ReleasedTables:
    """Index the released tables of an inspection or of published statistics; `withheld` lists unapproved forces."""
    return (
        Inspection(released, withheld)
        if "inspection_summary" in released.tables
        else ReleasedTables(released, withheld)
    )


def pages(site: ReleasedTables) -> Iterator[Page]:
    """Yield every page of the report, in reading order."""
    all_pages = list(inspection_pages(site) if isinstance(site, Inspection) else published_pages(site))
    all_pages += [page for page in (glossary_page(), compare_page(site)) if page]
    yield from all_pages
    yield search_page(all_pages, areas_by_page(site))


def _key_sentences(site: ReleasedTables) -> list[str]:
    """Return the key findings of the front page as sentences; that no force stands out is one of them."""
    if not isinstance(site, Inspection):
        return [f"{finding.sentence} {finding.note}".strip() for finding in published_key_findings(site)]
    sentences = (no_outlier_sentence(site), *(finding.sentence for finding in key_findings(site)))
    return [sentence for sentence in sentences if sentence]


def published_pages(site: ReleasedTables) -> Iterator[Page]:
    """Yield every page of a report on published statistics."""
    yield front_page(site)
    yield published_easy_read(site)
    yield findings_page(site)
    yield from theme_pages(site)
    yield from question_pages(site)
    yield from force_pages(site)
    if page := local_sources_page(site):
        yield page
    yield from offence_pages(site)
    yield from comparison_pages(site)
    yield trends_page(site)
    yield unanswered_page(site)
    yield past_recommendations_page()
    yield law_page()
    yield from added_pages(site)
    yield from register_pages(site)
    yield method_page(site)
    yield data_quality_page(site)
    yield figures_page(site)
    yield receipts_page(site)


def report_frame(site: ReleasedTables, *, is_reissue: bool = False) -> Frame:
    """Return the frame of every page of the report; `is_reissue` adds a page of corrections."""
    links = [("search.html", "Search"), ("glossary.html", "Glossary")]
    links += [("compare.html", "Compare forces side by side")] if compare_page(site) else []
    links += [("corrections.html", "Corrections")] if is_reissue else []
    if not isinstance(site, Inspection):
        return with_search_links(PUBLISHED, [*links, *added_links(site)])
    released = site.released
    frame = inspection_frame(
        is_synthetic=site.is_synthetic,
        texts="text_coverage" in released.tables,
        files="case_files" in released.tables,
        failure_modes=bool(released.rows(FailureModesRow)),
        grading_links=tuple(link for table, link in GRADING_PAGES if released.rows(table)),
        has_grades="grades" in released.tables,
        course=bool(site.counts.get(COURSE)),
        themes=[line["name"] for line in site.themes],
    )
    return with_search_links(frame, links)


NO_APPROVALS = ReleaseApprovals()


def render(
    page: Page,
    site: ReleasedTables,
    frame: Frame,
    approvals: ReleaseApprovals = NO_APPROVALS,
) -> str:
    """Return one page as HTML."""
    shared: dict[str, Any] = {
        "page": page,
        "root": page.root,
        "released": site.released,
        "frame": frame,
        "edition": site.released.edition,
        "edition_slug": site.edition_slug,
        "caveats": site.caveats,
        "receipt_href": site.receipt_href,
        "slug": slug,
        "plural": plural,
        "anchors": set(),
        "support": support(),
        "cleared": approvals,
        "draft_banner": DRAFT_BANNER,
        "page_yes": approvals.page_approval(_page_force_code(page, site)),
        "release_list": list(RELEASE_QUESTIONS.values()),
        "welsh_href": page.root + welsh_path(page.path) if _has_welsh_version(page, site) else "",
    }
    return _templates().get_template(page.template).render(**shared, **page.context)


def _has_welsh_version(page: Page, site: ReleasedTables) -> bool:
    return has_welsh_version(page.path, is_inspection=isinstance(site, Inspection))


def _page_force_code(page: Page, site: ReleasedTables) -> str:
    """Return the code of the force whose page, or linked page, it is; '' for other pages."""
    folder, _, rest = page.path.partition("/")
    name = rest.partition("/")[0].removesuffix(".html") if folder == "forces" else ""
    return next((row["place_code"] for row in site.forces if row["slug"] == name), "")


def _withhold_page(page: Page, site: ReleasedTables, approvals: ReleaseApprovals) -> Page:
    """Return the page, or a placeholder while the page of a force awaits approval."""
    if _page_force_code(page, site) not in approvals.withheld:
        return page
    return Page(page.path, "inspected/withheld_page.html", page.title, "Nothing is said here yet.", page.crumbs)


def write_report(
    released: Released,
    folder: Path,
    *,
    progress: Progress | None = None,
    approvals: ReleaseApprovals = NO_APPROVALS,
    reissue: Reissue | None = None,
    closing_page: ClosingPage | None = None,
) -> ReportWritten:
    """Write the report into `folder` (created if missing; files of the same name are replaced).

    `approvals`: given before release; the page of a withheld force says that it awaits approval. `reissue`:
    add a page of corrections to the prior release. `closing_page`: the last page of a report on synthetic forces. PDFs
    are added to a written report: `report.pdf.copy_with_pdfs`.

    Raises DisclosureError if `released` was not produced by `sdc.release`, or a report on real forces is given a
    closing page.
    """
    if not is_released(released):
        raise DisclosureError("The report takes only what disclosure.release() has let out.")
    report_folder, progress = _ReportFolder(folder), progress or no_progress
    with _rare_garbage_collection():
        with record_derived_numbers() as derived_numbers:
            titles = _write_pages(released, report_folder, approvals, reissue, closing_page, progress)
        gc.collect()  # blocks of folded pages refer to each other; the spreadsheets need their memory
        report_folder.write_file(
            "style.css", files("assay.report").joinpath("templates/style.css").read_text(encoding="utf-8")
        )
        progress("Writing the figures of the report", 0, 0)
        report_folder.write_parts("figures/figures.json", register_parts(released, derived_numbers.page_numbers))
        exports = write_figures(released, folder / "figures", next(iter(titles.values())), progress)
    report_folder.paths.extend(path.relative_to(folder).as_posix() for path in exports)
    return ReportWritten(tuple(titles), tuple(sorted(set(report_folder.paths))), folder / "index.html")


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """Context manager that collects garbage more rarely, and leaves out the objects that exist already.

    Millions of rows and cells live until the report is written. To look for garbage among them again and again took a
    ninth of the processor time of a report.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _write_pages(
    released: Released,
    report_folder: _ReportFolder,
    approvals: ReleaseApprovals,
    reissue: Reissue | None,
    closing_page: ClosingPage | None,
    progress: Progress,
) -> dict[str, str]:
    """Write the pages with their charts and the search index; return the title of each page by its path."""
    site = index_tables(released, approvals.withheld)
    frame = report_frame(site, is_reissue=reissue is not None)
    if closing_page:
        _require_synthetic(site)
        frame = with_closing_link(frame, (closing_page.path, closing_page.title), closing_page.label)
    progress("Making charts and tables of the report", 0, 0)
    report_pages = [_withhold_page(page, site, approvals) for page in pages(site)]
    gc.freeze()  # the pages and the rows that they hold live until all are written
    if reissue:
        changes = corrections(read_figures(reissue.prior_figures), {"figures": figures(released)}, reissue.reason)
        report_pages.append(corrections_page(site, changes))
        report_folder.write_file(
            "figures/corrections.csv", csv_text(("what_happened", "figure", "was", "now"), correction_rows(changes))
        )
    mark_page = marker(released).mark_page
    words: dict[str, str] = {}
    welsh_paths = {page.path for page in report_pages if _has_welsh_version(page, site)}
    force_names = {name for force in site.forces for name in (force["name"], force["name"].split(" (")[0])}

    def write(page: Page) -> str:
        text, chart_figures = with_chart_files(render(page, site, frame, approvals), page.charts, page.root)
        for name, figures_text in chart_figures.items():
            report_folder.write_file(f"charts/{name}.csv", figures_text)
        marked_page = mark_page(text)
        words[page.path] = search_words(marked_page)
        _write_page(report_folder, page, link_terms(fold_long_page(marked_page), page.path))
        if page.path in welsh_paths:
            welsh_page = translate_page(fold_long_page(text), page.path, welsh_paths, force_names)
            report_folder.write_file(welsh_path(page.path), mark_page(welsh_page))
        return marked_page

    front_page = ""
    for done, page in enumerate(report_pages, start=1):
        marked_page = write(page)
        front_page = marked_page if page.path == "index.html" else front_page
        progress("Writing the report", done, len(report_pages))
    if closing_page and isinstance(site, Inspection):
        report_pages.append(closing_page.make(site, front_page))
        write(report_pages[-1])
    report_folder.write_file(KEY_FINDINGS_FILE, json.dumps(_key_sentences(site), indent=2, ensure_ascii=False))
    _write_search(report_folder, site, report_pages, words)
    return {page.path: page.title for page in report_pages}


def _require_synthetic(site: ReleasedTables) -> None:
    """Raise DisclosureError for a report on real forces: nobody knows their truth, so none has a closing page."""
    if not (isinstance(site, Inspection) and site.is_synthetic):
        raise DisclosureError("Only a report on synthetic forces has a page of what was injected.")


@dataclass(frozen=True)
class _ReportFolder:
    """The output folder, and the paths of the files written."""

    folder: Path
    paths: list[str] = field(default_factory=list)

    def write_file(self, path: str, text: str | bytes) -> None:
        """Write one file; the same path may be written again."""
        self._target(path).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def write_parts(self, path: str, parts: Iterable[str]) -> None:
        """Write one file part by part; it is never in memory as a whole."""
        with self._target(path).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)

    def _target(self, path: str) -> Path:
        """Return where a file belongs, in a folder that exists, and record its path."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self.paths.append(path)
        return target


def _write_page(report_folder: _ReportFolder, page: Page, text: str) -> None:
    report_folder.write_file(page.path, text)
    for chart in page.charts:
        report_folder.write_file(f"charts/{chart.name}.svg", chart.wide)
        report_folder.write_file(f"charts/{chart.name}-narrow.svg", chart.narrow)


def _write_search(
    report_folder: _ReportFolder, site: ReleasedTables, report_pages: list[Page], words: Mapping[str, str]
) -> None:
    report_folder.write_file("search-index.js", search_index(report_pages, words, areas_by_page(site)))
    for name in ("search", "tables", "glossary"):
        report_folder.write_file(f"{name}.js", _script(name))
    if any(page.path == "compare.html" for page in report_pages):
        report_folder.write_file("compare-figures.js", comparison_script(site))
        report_folder.write_file("compare.js", _script("compare"))


def _script(name: str) -> str:
    return files("assay.report").joinpath(f"scripts/{name}.js").read_text(encoding="utf-8")

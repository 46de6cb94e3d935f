"""How does a report come to be written: which pages, charts and figures, in which folder?

`write(released, folder)` is the whole of it. It takes only what `disclosure` has released, and the same figures give
the same bytes every time.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from assay.engine.safe_files.spreadsheet_cells import as_csv
from assay.errors import DisclosureError
from assay.report.derived_numbers import noting
from assay.report.edition_corrections import as_rows, corrections, corrections_page, read_figures
from assay.report.figure_exports import write_figures
from assay.report.figure_register import figures_json
from assay.report.number_markup import marker
from assay.report.number_words import plural, slug
from assay.report.page_elements import Page
from assay.report.page_frame import PUBLISHED, Frame, inspected_frame, with_ways_in
from assay.report.pages.comparison_page import comparison_pages, wane_page
from assay.report.pages.evidence_pages import figures_page, method_page, quality_page, receipts_page
from assay.report.pages.glossary_page import glossary_page
from assay.report.pages.inspection import Inspection, inspected_pages
from assay.report.pages.inspection.course_page import KEY as COURSE
from assay.report.pages.offence_pages import offence_pages
from assay.report.pages.published_force_pages import force_pages
from assay.report.pages.published_front_page import cannot_page, front_page, line_pages, question_pages
from assay.report.pages.search_pages import compare_figures, compare_page, search_index, search_page
from assay.report.pdf import Volume, as_pdf, path_of, volumes
from assay.report.release_approvals import DRAFT_BANNER, LIST, Cleared
from assay.report.report_tables import Site
from assay.report.support_contacts import support
from assay.sdc import Released, is_released

JUDGED = (
    ("lessons_register", ("recommendations/index.html", "Recommendations")),
    ("lessons_register", ("lessons.html", "Lessons applied")),
    ("claims_tested", ("claims.html", "What forces say")),
    ("plan_editions", ("plan.html", "Rules before results")),
    ("assumptions", ("assurance.html", "Assumptions and checks")),
)
"""Pages on what was judged, each with the table without which it is not there."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Reissue:
    """The file of figures of the edition before, and why the report is issued again."""

    earlier: Path
    reason: str


@dataclass(frozen=True)
class ReportWritten:
    """What was written: paths of the pages and of all files, relative to the folder, and the page to open."""

    pages: tuple[str, ...]
    files: tuple[str, ...]
    index: Path


@lru_cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("assay.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def site_of(released: Released, held: frozenset[str] = frozenset()) -> Site:
    """What the report knows: of published statistics, or of returns where those were inspected. `held`: whose page
    waits."""
    return Inspection(released, held) if "inspected" in released.tables else Site(released, held)


def pages(site: Site) -> Iterator[Page]:
    """Every page of the report, in the order in which a reader would meet them."""
    made = list(inspected_pages(site) if isinstance(site, Inspection) else published_pages(site))
    made += [page for page in (glossary_page(), compare_page(site)) if page]
    yield from made
    yield search_page(made)


def published_pages(site: Site) -> Iterator[Page]:
    """Every page of a report on published statistics."""
    yield front_page(site)
    yield from line_pages(site)
    yield from question_pages(site)
    yield from force_pages(site)
    yield from offence_pages(site)
    yield from comparison_pages(site)
    yield wane_page(site)
    yield cannot_page(site)
    yield method_page(site)
    yield quality_page(site)
    yield figures_page(site)
    yield receipts_page(site)


def frame_of(site: Site, *, reissued: bool = False) -> Frame:
    """What stands around every page of the report; `reissued`: there is a page of corrections."""
    ways = [("search.html", "Search"), ("glossary.html", "Words used")]
    ways += [("compare.html", "Two forces side by side")] if compare_page(site) else []
    ways += [("corrections.html", "Corrections")] if reissued else []
    if not isinstance(site, Inspection):
        return with_ways_in(PUBLISHED, ways)
    released = site.released
    frame = inspected_frame(
        invented=site.is_invented,
        texts="texts_read" in released.tables,
        files="case_files" in released.tables,
        failings=bool(released.rows("failure_modes")),
        judged=tuple(link for table, link in JUDGED if released.rows(table)),
        graded="grades" in released.tables,
        course=bool(site.counts.get(COURSE)),
        lines=[line["name"] for line in site.lines],
    )
    return with_ways_in(frame, ways)


NOBODY_ASKED = Cleared()


def render(page: Page, site: Site, frame: Frame, cleared: Cleared = NOBODY_ASKED, *, with_pdf: bool = False) -> str:
    """One page as HTML."""
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
        "pdf_href": path_of(page) if with_pdf else "",
        "cleared": cleared,
        "draft_banner": DRAFT_BANNER,
        "page_yes": cleared.page_words(_body_of(page, site)),
        "release_list": list(LIST.values()),
    }
    return _templates().get_template(page.template).render(**shared, **page.told)


def _body_of(page: Page, site: Site) -> str:
    """The body whose page it is; '' for every other page."""
    return next((row["place_code"] for row in site.forces if page.path == f"forces/{row['slug']}.html"), "")


def _or_waiting(page: Page, site: Site, cleared: Cleared) -> Page:
    """The page itself, or what stands in its place while the page of a force waits for a yes."""
    if _body_of(page, site) not in cleared.held:
        return page
    return Page(page.path, "inspected/held.html", page.title, "Nothing is said here yet.", page.crumbs)


def write(
    released: Released,
    folder: Path,
    *,
    progress: Progress | None = None,
    cleared: Cleared = NOBODY_ASKED,
    with_pdf: bool = False,
    again: Reissue | None = None,
) -> ReportWritten:
    """Write the report into `folder` (made if need be; files of the same name are replaced).

    `cleared`: what people said before release; the page of a body that it holds back says that it waits. `with_pdf`:
    the national report and one a force as PDF/UA-1 too. `again`: what changed since is named.

    Raises DisclosureError for anything that did not come out of `disclosure.release`.
    """
    if not is_released(released):
        raise DisclosureError("The report takes only what disclosure.release() has let out.")
    site = site_of(released, cleared.held)
    frame = frame_of(site, reissued=again is not None)
    held = _Held(folder)
    with noting() as noted:
        made = [_or_waiting(page, site, cleared) for page in pages(site)]
        if again:
            found = corrections(read_figures(again.earlier), json.loads(figures_json(released, ())), again.reason)
            made.append(corrections_page(site, found))
            held.put("figures/corrections.csv", as_csv(("what_happened", "figure", "was", "now"), as_rows(found)))
        marked = marker(released).marked
        rendered: dict[str, str] = {}
        for done, page in enumerate(made, start=1):
            rendered[page.path] = marked(render(page, site, frame, cleared, with_pdf=with_pdf))
            _put_page(held, page, rendered[page.path])
            if progress:
                progress("Writing the report", done, len(made))
    _put_ways_in(held, site, made, rendered)
    if with_pdf:
        charts = {chart.name: chart.wide for page in made for chart in page.charts}
        every = list(volumes(made, rendered, charts, (cleared.wording_words, frame.licence)))
        banner = DRAFT_BANNER if cleared.draft else frame.banner
        _put_pdfs(held, every, f"Edition {released.edition}", banner, progress)
    held.put("style.css", files("assay.report").joinpath("templates/style.css").read_text(encoding="utf-8"))
    held.put("figures/figures.json", figures_json(released, noted.of_pages))
    figures = write_figures(released, folder / "figures", made[0].title)
    held.written.extend(path.relative_to(folder).as_posix() for path in figures)
    return ReportWritten(tuple(p.path for p in made), tuple(sorted(set(held.written))), folder / "index.html")


@dataclass(frozen=True)
class _Held:
    """The folder that is written, and the paths of what was."""

    folder: Path
    written: list[str] = field(default_factory=list)

    def put(self, path: str, text: str | bytes) -> None:
        """Write one file; the same path may be written again."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        self.written.append(path)


def _put_page(held: _Held, page: Page, text: str) -> None:
    held.put(page.path, text)
    for chart in page.charts:
        held.put(f"charts/{chart.name}.svg", chart.wide)
        held.put(f"charts/{chart.name}-narrow.svg", chart.narrow)


def _put_ways_in(held: _Held, site: Site, made: list[Page], rendered: dict[str, str]) -> None:
    held.put("search-index.js", search_index(made, rendered))
    held.put("search.js", _script("search"))
    if any(page.path == "compare.html" for page in made):
        held.put("compare-figures.js", compare_figures(site))
        held.put("compare.js", _script("compare"))


def _put_pdfs(held: _Held, every: Sequence[Volume], foot: str, banner: str, progress: Progress | None) -> None:
    told = progress or (lambda *_: None)
    told("Setting the PDFs", 0, len(every))  # the first takes about as long as all others
    for done, volume in enumerate(every, start=1):
        held.put(volume.path, as_pdf(volume.title, volume.source, foot, banner))
        told("Setting the PDFs", done, len(every))


def _script(name: str) -> str:
    return files("assay.report").joinpath(f"scripts/{name}.js").read_text(encoding="utf-8")

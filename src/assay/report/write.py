"""How does a report come to be written: which pages, charts and figures, in which folder?

`write(released, folder)` is the whole of it. It takes only what `disclosure` has released, and the same figures give
the same bytes every time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from assay.disclosure import Released, is_released
from assay.errors import DisclosureError
from assay.report.before_release import DRAFT_BANNER, LIST, Cleared
from assay.report.exports import write_figures
from assay.report.frame import PUBLISHED, Frame, inspected_frame
from assay.report.marking import marker
from assay.report.noted import noting
from assay.report.page import Page
from assay.report.pages.comparing import comparison_pages, wane_page
from assay.report.pages.evidence import figures_page, method_page, quality_page, receipts_page
from assay.report.pages.forces import force_pages
from assay.report.pages.front import cannot_page, front_page, line_pages, question_pages
from assay.report.pages.inspected import Inspection, inspected_pages
from assay.report.pages.inspected.course import KEY as COURSE
from assay.report.pages.offences import offence_pages
from assay.report.pdf import as_pdf, path_of, volumes
from assay.report.register import figures_json
from assay.report.site import Site
from assay.report.support import support
from assay.report.words import plural, slug

JUDGED = (
    ("lessons_register", ("lessons.html", "Lessons applied")),
    ("claims_tested", ("claims.html", "What forces say")),
    ("plan_editions", ("plan.html", "Rules before results")),
    ("assumptions", ("assurance.html", "Assumptions and checks")),
)
"""Pages on what was judged, each with the table without which it is not there."""
Progress = Callable[[str, int, int], None]


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


def site_of(released: Released) -> Site:
    """What the report knows: of published statistics, or of returns where those were inspected."""
    return Inspection(released) if "inspected" in released.tables else Site(released)


def pages(site: Site) -> Iterator[Page]:
    """Every page of the report, in the order in which a reader would meet them."""
    if isinstance(site, Inspection):
        yield from inspected_pages(site)
    else:
        yield from published_pages(site)


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


def frame_of(site: Site) -> Frame:
    """What stands around every page of the report."""
    if not isinstance(site, Inspection):
        return PUBLISHED
    released = site.released
    return inspected_frame(
        invented=site.is_invented,
        texts="texts_read" in released.tables,
        judged=tuple(link for table, link in JUDGED if released.rows(table)),
        graded="grades" in released.tables,
        course=bool(site.counts.get(COURSE)),
        lines=[line["name"] for line in site.lines],
    )


NOBODY_ASKED = Cleared()


def render(
    page: Page, site: Site, frame: Frame, cleared: Cleared = NOBODY_ASKED, *, with_pdf: bool = False
) -> str:
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


def _held(page: Page, site: Site, cleared: Cleared) -> Page:
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
) -> ReportWritten:
    """Write the report into `folder` (made if need be; files of the same name are replaced).

    `cleared`: what people said before release; the page of a body that it holds back says that it waits. `with_pdf`:
    the national report and one a force as PDF/UA-1 too.

    Raises DisclosureError for anything that did not come out of `disclosure.release`.
    """
    if not is_released(released):
        raise DisclosureError("The report takes only what disclosure.release() has let out.")
    site = site_of(released)
    written: list[str] = []
    with noting() as noted:
        made = [_held(page, site, cleared) for page in pages(site)]
        marked, frame = marker(released).marked, frame_of(site)
        rendered: dict[str, str] = {}
        for done, page in enumerate(made, start=1):
            rendered[page.path] = marked(render(page, site, frame, cleared, with_pdf=with_pdf))
            _put(folder, page.path, rendered[page.path], written)
            for chart in page.charts:
                _put(folder, f"charts/{chart.name}.svg", chart.wide, written)
                _put(folder, f"charts/{chart.name}-narrow.svg", chart.narrow, written)
            if progress:
                progress("Writing the report", done, len(made))
    style = files("assay.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    _put(folder, "style.css", style, written)
    _put(folder, "figures/figures.json", figures_json(released, noted), written)
    if with_pdf:
        charts = {chart.name: chart.wide for page in made for chart in page.charts}
        banner = DRAFT_BANNER if cleared.draft else frame.banner
        for volume in volumes(made, rendered, charts, (cleared.wording_words, frame.licence)):
            made_pdf = as_pdf(volume.title, volume.source, f"Edition {released.edition}", banner)
            (folder / volume.path).write_bytes(made_pdf)
            written.append(volume.path)
    figures = write_figures(released, folder / "figures", made[0].title)
    written += [path.relative_to(folder).as_posix() for path in figures]
    return ReportWritten(tuple(p.path for p in made), tuple(sorted(set(written))), folder / "index.html")


def _put(folder: Path, path: str, text: str | Markup, written: list[str]) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8", newline="\n")
    written.append(path)

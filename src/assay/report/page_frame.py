"""The frame around every page: navigation, footer, notice and banner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assay import reference
from assay.report.number_words import slug

PEOPLE = {
    "disparities": "Disparities between groups",
    "pursuit": "Equal pursuit, equal protection",
    "suspects": "Suspects",
    "recorded": "Recording of people",
    "tiers": "Risk tiers",
    "approaches": "Approaches and results",
}
"""The pages about people, in their order."""
SYNTHETIC_BANNER = "Synthetic forces: none of this is about a real force."
INSPECTION_SOURCE = "Every figure was counted from records that forces sent."


Links = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Frame:
    """The frame of a report: navigation links, footer links under headings, and fixed notices.

    A single group of footer links needs no heading. `banner` is shown at the top of every page, unless it is empty.
    `closing_links` end the list of links on the front page.
    """

    nav: Links
    foot: tuple[tuple[str, Links], ...]
    notice_title: str
    notice: str
    licence: str
    banner: str = ""
    closing_links: Links = ()


PUBLISHED = Frame(
    nav=(
        ("forces/index.html", "Forces"),
        ("comparison.html", "Compare forces"),
        ("offences/index.html", "Offences"),
        ("on-the-wane.html", "Trends"),
        ("questions/index.html", "Questions"),
        ("figures/index.html", "Figures"),
    ),
    foot=(
        (
            "",
            (
                ("easy-read.html", "Easy Read (draft)"),
                ("findings.html", "Findings by theme"),
                ("method.html", "Method"),
                ("data-quality.html", "Data quality"),
                ("cannot-be-answered.html", "What cannot be answered"),
                ("recommendations/index.html", "Past recommendations"),
                ("laws.html", "Law, guidance and recording rules"),
                ("figures/index.html", "Figures to download"),
                ("receipts/index.html", "Receipts"),
            ),
        ),
    ),
    notice_title=reference.NO_FLAG,
    notice=(
        "The police mark crimes of child sexual exploitation with a flag over many offence codes. "
        f"{reference.PUBLISHED_FLAG_COUNTS} "
        "The counts in this report are child sexual offences recorded by police, of every kind."
    ),
    licence="Contains public sector information licensed under the Open Government Licence v3.0.",
)


INSPECTION_NAV: Links = (
    ("indicators/index.html", "Indicators"),
    ("waits/index.html", "Timeliness"),
    ("forces/index.html", "Forces"),
    ("scale.html", "Scale"),
    ("falling.html", "Trends"),
    ("hidden.html", "Hidden victims"),
    ("people/disparities.html", "Disparities"),
)
"""Short labels, so that all links and that of the Welsh version stand in one row 1,280 pixels wide."""
RECOMMENDATIONS_LINK = ("recommendations/index.html", "Recommendations")
SCALE_LINKS: Links = (
    ("scale.html", "Scale"),
    ("falling.html", "Trends"),
    ("hidden.html", "Hidden victims (estimate)"),
    ("definitions.html", "Under each definition"),
)
METHOD_LINKS: Links = (
    ("answerable.html", "What can be answered"),
    ("returns.html", "Returns received"),
    ("burden.html", "Cost of the request"),
    ("method.html", "Method and limits"),
    ("laws.html", "Law, guidance and recording rules"),
    ("figures/index.html", "Figures to download"),
    ("receipts/index.html", "Receipts"),
)
INSPECTION_NOTICE = (
    "Counts here are of records that forces sent: crimes, victims, suspects and notices owed. A crime is called "
    "flagged only where its force put the flag on it. Each of these counts is rounded to 5 by "
    "itself, so parts may add up to more or less than their total; from 1 to 7 it is not shown."
)


def inspection_frame(
    *,
    is_synthetic: bool,
    texts: bool = False,
    files: bool = False,
    failure_modes: bool = False,
    course: bool = False,
    has_grades: bool = False,
    grading_links: Links = (),
    themes: Iterable[str] = (),
) -> Frame:
    """Return the frame of a report on forces' returns.

    `texts`, `files`, `failure_modes`, `course`, `has_grades`: whether the report has those pages. `themes`: the names
    of its inspection themes. `grading_links`: further pages on grading.
    """
    steps: Links = (("waits/course.html", "The course of cases"),) if course else ()
    grades = (("grades.html", "Grades"), ("concerns.html", "Causes of concern"), *grading_links) if has_grades else ()
    found: Links = (
        ("easy-read.html", "Easy Read (draft)"),
        ("outliers.html", "Outliers and missed standards"),
        ("findings.html", "Findings by theme"),
        ("indicators/index.html", "Indicators"),
        ("waits/index.html", "Timeliness"),
        *steps,
        ("forces/index.html", "Forces"),
        ("voices.html", "What people say"),
        *_text_links(texts=texts, files=files, failure_modes=failure_modes),
    )
    return Frame(
        nav=(*grades[:1], *INSPECTION_NAV, *(link for link in grades if link == RECOMMENDATIONS_LINK)),
        foot=(
            ("Inspection themes", tuple((f"lines/{slug(name)}.html", name) for name in themes)),
            ("Results", found),
            *((("Grades", grades),) if has_grades else ()),
            ("Scale", SCALE_LINKS),
            ("Disparities", tuple((f"people/{key}.html", title) for key, title in PEOPLE.items())),
            ("Method and data", METHOD_LINKS),
        ),
        notice_title="A count is named for what it counts.",
        notice=INSPECTION_NOTICE,
        licence=INSPECTION_SOURCE,
        banner=SYNTHETIC_BANNER if is_synthetic else "",
    )


def _text_links(*, texts: bool, files: bool, failure_modes: bool) -> Links:
    """Return the links to the pages on texts, case files and failure modes that the report has."""
    links: Links = (("texts.html", "Texts"),) if texts else ()
    links += (("casefiles.html", "Case files"),) if files else ()
    links += (("failures.html", "Past failures"),) if failure_modes else ()
    return links


def with_search_links(frame: Frame, links: Iterable[tuple[str, str]]) -> Frame:
    """Return the frame with search in its navigation and all search links in its footer."""
    search_links = tuple(links)
    first, first_links = frame.foot[0]
    if len(frame.foot) == 1:
        return replace(frame, nav=(*frame.nav, search_links[0]), foot=((first, (*first_links, *search_links)),))
    return replace(frame, nav=(*frame.nav, search_links[0]), foot=(*frame.foot, ("Search and glossary", search_links)))


def with_closing_link(frame: Frame, link: tuple[str, str], label: str) -> Frame:
    """Return the frame of a report with a closing page: in the footer and on the front page, and in the navigation by a
    short label."""
    (heading, links), *rest = reversed(frame.foot)
    foot = (*reversed(rest), (heading, (*links, link)))
    return replace(frame, nav=(*frame.nav, (link[0], label)), foot=foot, closing_links=(*frame.closing_links, link))

"""What stands around every page: the ways through the report, what its counts are, and whether its forces are real?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assay import reference
from assay.report.number_words import slug

PEOPLE = {
    "served": "Who was served worse",
    "pursuit": "Equal pursuit, equal protection",
    "suspects": "Who the suspects are",
    "recorded": "What is recorded of people",
    "tiers": "What the tiers came to",
    "approaches": "What went with better results",
}
"""The pages about people, in their order."""
INVENTED = "Invented forces: none of this is about a real force."


Links = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Frame:
    """The ways through: navigation as (path, words), the foot as such links under headings; and what is always said.

    Under one heading alone the foot needs no words for it. `banner` stands over every page, if there is one.
    """

    nav: Links
    foot: tuple[tuple[str, Links], ...]
    notice_title: str
    notice: str
    licence: str
    banner: str = ""


PUBLISHED = Frame(
    nav=(
        ("forces/index.html", "Forces"),
        ("comparison.html", "Side by side"),
        ("offences/index.html", "Offences"),
        ("on-the-wane.html", "On the wane?"),
        ("questions/index.html", "Questions"),
        ("figures/index.html", "Figures"),
    ),
    foot=(
        (
            "",
            (
                ("method.html", "Method"),
                ("data-quality.html", "Data quality"),
                ("cannot-be-answered.html", "What cannot be answered"),
                ("figures/index.html", "Figures to download"),
                ("receipts/index.html", "Receipts"),
            ),
        ),
    ),
    notice_title=reference.NO_FLAG,
    notice=(
        "The police mark crimes of child sexual exploitation with a flag over many offence codes. "
        f"{reference.WHERE_FLAGGED} "
        "The counts in this report are child sexual offences recorded by police, of every kind."
    ),
    licence="Contains public sector information licensed under the Open Government Licence v3.0.",
)


def inspected_frame(
    *,
    invented: bool,
    texts: bool = False,
    files: bool = False,
    failings: bool = False,
    course: bool = False,
    graded: bool = False,
    judged: Links = (),
    lines: Iterable[str] = (),
) -> Frame:
    """The frame of a report on forces' returns; `texts`, `files`, `failings`, `course`, `graded`: whether it has
    those pages, `lines`: the names of its lines of enquiry, `judged`: further pages on what was judged."""
    wrote: Links = (("texts.html", "What people wrote"),) if texts else ()
    wrote += (("casefiles.html", "What the case files say"),) if files else ()
    wrote += (("failures.html", "Failures of the past"),) if failings else ()
    steps = (("waits/course.html", "The course of cases"),) if course else ()
    grades = (("grades.html", "Grades"), ("concerns.html", "Causes of concern"), *judged) if graded else ()
    return Frame(
        nav=(
            *grades[:1],
            ("indicators/index.html", "Indicators"),
            ("waits/index.html", "Waits"),
            ("forces/index.html", "Forces"),
            ("scale.html", "How much"),
            ("falling.html", "Falling?"),
            ("hidden.html", "On no list"),
            ("people/served.html", "For whom"),
        ),
        foot=(
            ("Lines of enquiry", tuple((f"lines/{slug(name)}.html", name) for name in lines)),
            (
                "What was found",
                (
                    ("indicators/index.html", "Indicators"),
                    ("waits/index.html", "Waits"),
                    *steps,
                    ("forces/index.html", "Forces"),
                    *wrote,
                ),
            ),
            *((("Grades", grades),) if graded else ()),
            (
                "How much there is",
                (
                    ("scale.html", "How much there is"),
                    ("falling.html", "Is any of it falling?"),
                    ("hidden.html", "Children on no list"),
                    ("definitions.html", "Under each definition"),
                ),
            ),
            ("For whom", tuple((f"people/{key}.html", said) for key, said in PEOPLE.items())),
            (
                "How it was done",
                (
                    ("answerable.html", "What can be asked of whom"),
                    ("returns.html", "What came in the returns"),
                    ("burden.html", "What the request costs"),
                    ("method.html", "Method and limits"),
                    ("figures/index.html", "Figures to download"),
                    ("receipts/index.html", "Receipts"),
                ),
            ),
        ),
        notice_title="A count is named for what it counts.",
        notice=(
            "Counts here are of records that forces sent: crimes, victims, suspects and notices owed. A crime "
            "is called "
            "flagged only where its force put the flag on it. Counts are rounded to 5; from 1 to 7 they are not shown."
        ),
        licence="Every figure was counted from records that forces sent.",
        banner=INVENTED if invented else "",
    )


def with_ways_in(frame: Frame, ways: Iterable[tuple[str, str]]) -> Frame:
    """The same frame with the first way in (search) among the ways through, and all of them at the foot."""
    held = tuple(ways)
    first, links = frame.foot[0]
    if len(frame.foot) == 1:
        return replace(frame, nav=(*frame.nav, held[0]), foot=((first, (*links, *held)),))
    return replace(frame, nav=(*frame.nav, held[0]), foot=(*frame.foot, ("Ways in", held)))

"""The Easy Read page: the key findings in short lines, with an empty frame for each picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from assay.report.easy_read import EasyLine
from assay.report.key_findings import KeyFinding
from assay.report.page_elements import Page

PATH, TITLE = "easy-read.html", "Easy Read"
INTRODUCTION = (
    EasyLine("This page is in Easy Read.", "A person who reads a page"),
    EasyLine("It is about crimes against children.", "A child and an adult who helps"),
    EasyLine("The crime is called child sexual exploitation.", "A page with this name on it"),
    EasyLine("You can stop reading at any time.", "A hand that says stop"),
    EasyLine("You can talk to someone. See the end.", "Two people who talk"),
    EasyLine("We looked at the work of the police.", "A police station"),
    EasyLine("A force is the police of one area.", "A map with one area marked"),
)
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")
LIMITS = (
    EasyLine("Some crimes are never told to the police.", "A person who says nothing"),
    EasyLine("They are not in our numbers.", "A number with a part that is empty"),
)


def easy_read_page(
    sources: Sequence[EasyLine],
    findings: Iterable[KeyFinding],
    unanswered: Sequence[EasyLine],
    *,
    certainty_note: str,
    is_synthetic: bool,
) -> Page:
    """Return the Easy Read page: its subject, one part for each key finding, and what cannot be answered."""
    synthetic_note = (
        (EasyLine("The forces here are not real.", "A drawing of a town that is not real"),) if is_synthetic else ()
    )
    parts: list[dict[str, Any]] = [
        {"title": "About this page", "lines": (*INTRODUCTION, *synthetic_note, *sources), "href": ""}
    ]
    with_lines = [item for item in findings if item.easy]
    parts += [
        {
            "title": f"{ordinal} thing that we found",
            "lines": item.easy,
            "href": item.links[0].href if item.links else "",
        }
        for ordinal, item in zip(ORDINALS, with_lines, strict=False)
    ]
    parts.append({"title": "What we do not know", "lines": (*unanswered, *LIMITS), "href": ""})
    return Page(PATH, "easy_read.html", TITLE, certainty_note, (), {"sections": parts})

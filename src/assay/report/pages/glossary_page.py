"""What do the words of the report mean?"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from assay.report.page_elements import Page

SURE = "These are the meanings that the words have in this report. Elsewhere some of them are used otherwise."


@lru_cache
def terms() -> tuple[dict[str, str], ...]:
    """Every word with its meaning, in order."""
    told = tomllib.loads(files("assay.report").joinpath("glossary.toml").read_text(encoding="utf-8"))
    return tuple(told["word"])


def glossary_page() -> Page:
    """The page of words."""
    return Page("glossary.html", "glossary.html", "Words used", SURE, (), {"terms": terms()})

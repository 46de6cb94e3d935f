"""The glossary page of the report."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from assay.report.page_elements import Page

CERTAINTY_NOTE = "These are the meanings that the words have in this report. Elsewhere some of them are used otherwise."


@lru_cache
def glossary_terms() -> tuple[dict[str, str], ...]:
    """Return every word with its meaning, in order."""
    glossary = tomllib.loads(files("assay.report").joinpath("glossary.toml").read_text(encoding="utf-8"))
    return tuple(glossary["word"])


def glossary_page() -> Page:
    """Return the glossary page."""
    return Page("glossary.html", "glossary.html", "Words used", CERTAINTY_NOTE, (), {"terms": glossary_terms()})

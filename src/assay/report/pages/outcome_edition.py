"""The edition of the outcomes in a report, and whether a newer year has been published since."""

from __future__ import annotations

import re

from assay.report.period_words import partial_date_text
from assay.report.report_tables import ReleasedTables

OUTCOMES = "crime-outcomes"
"""Key of the outcomes in the register of published tables."""
EDITION = re.compile(r"edition ([^,;(]+)")


def outcome_edition(site: ReleasedTables) -> str:
    """Return the edition of the outcomes that are compared, such as 'April 2026'; '' where none is stated."""
    row = site.find_row("shares", financial_year=site.compared_year)
    found = EDITION.search((row["edition"] or "") if row else "")
    return found[1].strip() if found and "not stated" not in found[1] else ""


def edition_note(site: ReleasedTables) -> str:
    """State which edition the outcomes come from and whether a newer year was published; '' without outcomes.

    The newest and the next edition come from the register in the release, not from today's date, so that one release
    always makes the same page.
    """
    if not site.compared_year:
        return ""
    edition, register = outcome_edition(site), site.find_row("published_tables", key=OUTCOMES)
    sentences = [f"Outcomes are those of the edition of {edition}."] if edition else []
    if register and (register["newest_to"] or "") > _last_day(site.compared_year):
        newest = partial_date_text(register["newest_to"])
        sentences.append(f"Those of the year to {newest} are published, and not in this report.")
        if register["next_due"]:
            sentences.append(f"The edition after that: due by {partial_date_text(register['next_due'])}.")
    return " ".join(sentences)


def _last_day(financial_year: str) -> str:
    return f"{int(financial_year[:4]) + 1}-03-31"

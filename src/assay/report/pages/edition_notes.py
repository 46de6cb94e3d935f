"""Notes on editions: which edition a figure comes from, and whether a newer year has been published since.

The newest and the next edition come from the register in the release, not from today's date, so that one release
always makes the same page.
"""

from __future__ import annotations

import re

from assay.report.period_words import partial_date_text
from assay.report.report_tables import ReleasedTables

OUTCOMES, RECORDED = "crime-outcomes", "recorded-crime"
"""Keys of the outcomes and of recorded crime in the register of published tables."""
EDITION = re.compile(r"edition ([^,;(]+)")
YEAR_END = "-03-31"
"""The last day of a financial year."""


def outcome_edition(site: ReleasedTables) -> str:
    """Return the edition of the outcomes that are compared, such as 'April 2026'; '' where none is stated."""
    row = site.find_row("shares", financial_year=site.compared_year)
    found = EDITION.search((row["edition"] or "") if row else "")
    return found[1].strip() if found and "not stated" not in found[1] else ""


def edition_note(site: ReleasedTables) -> str:
    """State which edition the outcomes come from and whether a newer year was published; '' without outcomes."""
    if not site.compared_year:
        return ""
    register = site.find_row("published_tables", key=OUTCOMES)
    sentences = [_edition_sentence(site)]
    if register and (register["newest_to"] or "") > _last_day(site.compared_year):
        newest = partial_date_text(register["newest_to"])
        sentences.append(f"Outcomes for the year to {newest} have been published but are not in this report.")
        sentences.append(_next_edition(register["next_due"] or "", register["checked_on"] or ""))
    return " ".join(sentence for sentence in sentences if sentence)


def note_beside_recorded(site: ReleasedTables) -> str:
    """Return the edition note for a page that also has `recorded_note`, so that the newer year is named once."""
    return _edition_sentence(site) if recorded_note(site) else edition_note(site)


def _edition_sentence(site: ReleasedTables) -> str:
    edition = outcome_edition(site) if site.compared_year else ""
    return f"Outcomes are those of the edition of {edition}." if edition else ""


def _next_edition(next_due: str, checked_on: str) -> str:
    """Return until when the edition after the newest is due, or that it was overdue when the register was checked."""
    if not next_due:
        return ""
    if checked_on > next_due:
        days = f"{partial_date_text(next_due)} and was not found on {partial_date_text(checked_on)}"
        return f"The edition after that was due by {days}."
    return f"The edition after that is due by {partial_date_text(next_due)}."


def recorded_note(site: ReleasedTables) -> str:
    """State that recorded crime of a later full year has been published; '' where this report has the latest."""
    register = site.find_row("published_tables", key=RECORDED)
    newest = _last_year_end((register["newest_to"] or "") if register else "")
    if not site.full_year or newest <= _last_day(site.full_year):
        return ""
    month = partial_date_text(newest.removesuffix("-31"))
    return f"Figures to {month} have been published; this report does not hold them yet"


def _last_day(financial_year: str) -> str:
    return f"{int(financial_year[:4]) + 1}{YEAR_END}"


def _last_year_end(day: str) -> str:
    """Return the last day of the latest financial year that had ended by `day`; '' without a day."""
    if not day:
        return ""
    year_end = f"{day[:4]}{YEAR_END}"
    return year_end if day >= year_end else f"{int(day[:4]) - 1}{YEAR_END}"

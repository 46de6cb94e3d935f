"""Pages made from the registers alone: past recommendations with later developments, and laws with their dates.

Nothing on them is counted from records. Every entry names its source with the address, as text, since no page of a
report leads outside it. What nobody read is listed with who publishes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from assay import reference
from assay.reference import Law, Recommendation
from assay.reference.law_register import LAW_COMMENCEMENTS
from assay.reference.past_recommendations import STATES
from assay.report.page_elements import Grid, Page, grid
from assay.report.period_words import partial_date_text

RECOMMENDATIONS, LAWS = "recommendations/index.html", "laws.html"
NOT_FOUND = "not found"
GRADES = {
    "seen": "read in the source",
    "seen-secondary": "read in a copy or a report of it",
    "recalled": "from memory, not read: never used",
    "derived": "worked out by us",
    "none": "our own proposal",
    "not-found": "looked for and not found",
}
"""What each grade of evidence means, in plain words."""
RECOMMENDATIONS_NOTE = (
    "It rests on what was published and on what of that was read. A state says what was found, and not what is true: "
    "what is not shown may be done."
)
LAWS_NOTE = (
    "It rests on what was published and on what of that was read. An Act that has passed need not be in force, and a "
    "first day that was not found may have passed."
)


def past_recommendations_page() -> Page:
    """Return the page of every past recommendation: text, response, deadline and what happened since."""
    reports = [
        {"report": report, "date": partial_date_text(report_date), "items": [_item(item) for item in items]}
        for (report_date, report), items in groupby(
            reference.recommendations().latest_first, key=lambda item: (item.report_date, item.report)
        )
    ]
    context = {"reports": reports, "unread": unread_table(reference.recommendations()), "states": STATES}
    return Page(RECOMMENDATIONS, "past_recommendations.html", "Past recommendations", RECOMMENDATIONS_NOTE, (), context)


def law_page() -> Page:
    """Return the page of laws, guidance and recording rules: what changes, from when, and whether it is in force."""
    items = [
        {"name": law.name, "change": law.change, "address": law.address, "facts": _law_facts(law)}
        for law in reference.laws()
    ]
    context = {"items": items, "words": LAW_COMMENCEMENTS}
    return Page(LAWS, "laws.html", "Law, guidance and recording rules", LAWS_NOTE, (), context)


def unread_table(recommendations: Iterable[Recommendation]) -> Grid | None:
    """Return the recommendations whose text has not been read, with the publisher of each; None if all were read."""
    rows = [
        (f"{item.report}: {item.reference}", item.publisher, partial_date_text(item.report_date))
        for item in recommendations
        if not item.text_read
    ]
    heads = ("Recommendation", "Who publishes the text", "Report of")
    return grid("Recommendations whose text was not read", heads, rows) if rows else None


def recommendation_facts(item: Recommendation) -> list[tuple[str, str]]:
    """Return the facts of a past recommendation as pairs of name and text."""
    status = " ".join(filter(None, (f"{_first_upper(item.status)}.", item.status_words)))
    read_on = f" ({partial_date_text(item.status_on)})" if item.status_on else ""
    return [
        ("Asked of", item.owner or NOT_FOUND),
        ("Place in the report", item.reference or NOT_FOUND),
        ("Report of", f"{partial_date_text(item.report_date)}, {item.publisher}"),
        ("Deadline", partial_date_text(item.deadline) or "no day was found"),
        ("Response", " ".join(filter(None, (item.response, _bracketed_date(item.response_on)))) or NOT_FOUND),
        ("What is said of it", f"{status}{read_on}"),
        ("What is shown", _state(item)),
        ("Text", f"{GRADES[item.evidence]}: {item.source}"),
    ]


def event_history(key: str) -> list[dict[str, str]]:
    """Return what happened to a recommendation, the latest first; empty for a key that the register does not know."""
    return [
        {
            "date": partial_date_text(event.event_date),
            "happened": event.happened,
            "source": event.source,
            "address": event.address,
            "grade": GRADES[event.evidence],
        }
        for event in reference.events_of(key)
    ]


@lru_cache
def register_texts() -> frozenset[str]:
    """Return every text of the two registers, so that numbers in them are not read as figures of the report."""
    rows = (*reference.recommendations(), *reference.recommendation_events(), *reference.laws())
    texts = {value for row in rows for value in vars(row).values() if isinstance(value, str)}
    texts |= {f"{item.report}: {item.reference}" for item in reference.recommendations()}
    pairs = {text for item in reference.recommendations() for _, text in recommendation_facts(item)}
    return frozenset(texts | pairs | {text for law in reference.laws() for _, text in _law_facts(law)})


def _item(item: Recommendation) -> dict[str, object]:
    return {
        "key": item.key,
        "name": item.reference,
        "text": item.text,
        "address": item.address,
        "facts": recommendation_facts(item),
        "history": event_history(item.key),
    }


def _state(item: Recommendation) -> str:
    superseded = f" It was superseded by: {item.superseded_by}." if item.superseded_by else ""
    return f"{_first_upper(item.state)}: {STATES[item.state]}.{superseded}"


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bracketed_date(day: str) -> str:
    return f"({partial_date_text(day)})" if day else ""


def _law_facts(law: Law) -> list[tuple[str, str]]:
    """Return the facts of a law as pairs of name and text."""
    dates = " to ".join(filter(None, (partial_date_text(law.valid_from), partial_date_text(law.valid_to))))
    standards = "; ".join(reference.standards().get(key).name for key in law.standards)
    as_at = f", as at {partial_date_text(law.as_at)}" if law.as_at else ""
    return [
        ("In force?", f"{_first_upper(law.commencement)}{as_at}"),
        ("From", dates or "no day was found"),
        ("Where", {"EW": "England and Wales", "E": "England", "W": "Wales"}.get(law.jurisdiction, "local")),
        *([("Sets", standards)] if standards else []),
        *([("Bears on questions", ", ".join(law.questions))] if law.questions else []),
        *([("To know", law.note)] if law.note else []),
        ("Publisher", law.publisher),
        ("Read in", f"{law.source} ({GRADES[law.evidence]})"),
    ]

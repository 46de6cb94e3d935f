"""Write the manual page on published tables from their register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from assay import reference
from assay.reference.published_tables import READ_BY

PUBLISHED_COLUMNS = (
    "key", "table", "months between editions", "smallest area", "counts", "does not count", "bundled", "questions",
    "evidence",
)  # fmt: skip


MarkdownTable = Callable[[Iterable[str], Iterable[Iterable[object]]], str]


def markdown_page(note: str, markdown_table: MarkdownTable) -> str:
    """Return the register as a page of the manual; `note` says how the page is generated."""
    opening, evidence = _summary()
    parts = ["# Published tables of other organisations", opening, note, evidence]
    for meaning, rows in _table_rows():
        parts += [f"## {meaning}", markdown_table(PUBLISHED_COLUMNS, rows)]
    return "\n\n".join(parts) + "\n"


def _summary() -> tuple[str, str]:
    """Return how many tables there are, with how many questions they would help, and how far they are known."""
    helped = reference.questions_helped(("reader", "long form"))
    unanswered = {question.number for question in reference.questions() if question.from_published == "no"}
    return (
        f"{len(reference.published_tables())} published tables help to answer the fifty questions. Those that assay "
        f"reads, or could read [through a mapping file](../how-to/add-a-published-table.md), would help with "
        f"{len(helped)} questions. Published statistics leave {len(unanswered & set(helped))} of these open today.",
        "*Evidence* says how far a row is known: `seen` in a page of the publisher, `seen-secondary` in a copy or "
        "another text, `recalled` from general knowledge and not looked up, `not-found`. It supports no grade. "
        "*Bundled* says whether its figures come with the program, and the last day that they cover.",
    )


def _table_rows() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield each way of reading in words, and the rows of its tables under `PUBLISHED_COLUMNS`, in Markdown."""
    for way, meaning in READ_BY.items():
        yield meaning, [_markdown_row(row) for row in reference.published_tables() if row.read_by == way]


def _bundled(row: reference.PublishedTable) -> str:
    """Return whether the figures of a table come with the program, all or a part of them, and to which day."""
    if not row.read_as:
        return "no"
    share = "in part" if row.read_by == "long form" else "yes"
    return f"{share}, to {row.carried_to}" if row.carried_to else share


def _markdown_row(row: reference.PublishedTable) -> tuple[str, ...]:
    title = f"[{row.title}]({row.address})" if row.address else row.title
    looked_up = f"looked up {row.checked_on}" if row.checked_on else "never looked up"
    return (
        f"`{row.key}`",
        f"{row.publisher}: {title}",
        str(row.every_months or "no rhythm"),
        row.smallest_area,
        row.counts,
        row.does_not_count,
        _bundled(row),
        " ".join(f"[{number}](questions.md#{number.lower()})" for number in row.questions),
        f"{row.evidence}, {looked_up}. {row.source}",
    )

"""Write the pages of `docs/reference/` on questions, past recommendations, laws and changes of forces."""

from collections.abc import Callable, Iterable, Iterator

from assay import reference
from assay.indicators.question_answers import NO_ANSWER, answer_sources
from assay.reference.law_register import LAW_COMMENCEMENTS
from assay.reference.past_recommendations import STATES, STATUSES

NOTICE = "*`make docs` generates this page from data files. To change it, change those files.*"
GRADES = (
    "Grades of evidence: `seen` in the source, `seen-secondary` in a copy or a report of it, `recalled` from memory "
    "and never used, `derived` by us, `not-found`."
)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = [list(head)]
    lines += [["---"] * len(lines[0])]
    lines += [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def link(source: str, address: str) -> str:
    """Return a source, as a link if it has an address."""
    return f"[{source}](<{address}>)" if address else source


def recommendations_page() -> str:
    """Return the page of past recommendations and later events: latest report first, texts not read last."""
    parts = [
        "# Past recommendations",
        "Recommendations on child sexual exploitation that earlier inspections and inquiries made, with their "
        "deadlines, and what happened to each. The inspection tests whether forces have carried them out.",
        NOTICE,
        GRADES,
        "The *status* is what a source states. The *state* is what was found:",
        table(("status", "meaning"), STATUSES.items()),
        table(("state", "meaning"), STATES.items()),
    ]
    heading = ""
    for item in reference.recommendations().latest_first:
        report = f"## {item.report} ({item.report_date})"
        parts += [report] if report != heading else []
        heading = report
        parts += _recommendation_parts(item)
    unread = [(f"`{item.key}`", item.reference, item.publisher)
              for item in reference.recommendations().latest_first if not item.text_read]  # fmt: skip
    parts += ["## Text not read", table(("key", "place", "who publishes it"), unread)]
    return "\n\n".join(parts) + "\n"


def _recommendation_parts(item: reference.Recommendation) -> list[str]:
    facts = {
        "Owner": item.owner,
        "Deadline": item.deadline,
        "Response": f"{item.response} {item.response_on}".strip(),
        "Status": f"{item.status} {item.status_on}. {item.status_words}".replace(" .", ".").strip(),
        "State": f"{item.state} {item.superseded_by}".strip(),
        "Questions": " ".join(item.questions),
        "Text": f"`{item.evidence}`, {link(item.source, item.address)}",
    }
    lines = "\n".join(f"- **{name}**: {words}" for name, words in facts.items() if words)
    events = [(event.event_date, event.happened, f"`{event.evidence}`, {link(event.source, event.address)}")
              for event in reference.events_of(item.key)]  # fmt: skip
    return [
        f"### `{item.key}`",
        f"{item.reference}. {item.text}",
        lines,
        table(("when", "what happened", "source"), events),
    ]


def laws_page() -> str:
    """Return the page of laws, codes, guidance and recording rules with their dates, and of changes of forces."""
    laws = [
        (f"`{law.key}`", law.name, law.change, law.commencement, law.valid_from, law.valid_to, law.as_at,
         " ".join((*law.standards, *law.breaks, *law.questions)), law.note,
         f"`{law.evidence}`, {link(law.source, law.address)}; {law.publisher}")
        for law in reference.laws()
    ]  # fmt: skip
    changes = [
        (change.first_day, change.kind, change.predecessor,
         reference.forces().get(change.successor_code).full_name, change.note,
         f"`{change.evidence}`, {link(change.source, change.address)}")
        for change in reference.force_succession()
    ]  # fmt: skip
    law_heads = ("key", "name", "what it changes", "in force", "from", "to", "as at", "used by", "note", "source")
    return "\n\n".join(
        [
            "# Laws and changes of forces",
            "Laws, guidance and recording rules that the inspection applies, with the dates from which they hold, "
            "and the renamings and mergers of police forces.",
            NOTICE,
            GRADES,
            "## Laws, guidance and recording rules",
            "A standard is applied only between its dates, and only if it is in force.",
            table(("in force", "meaning"), LAW_COMMENCEMENTS.items()),
            table(law_heads, laws),
            "## Changes of forces",
            "After a renaming, alerts and recommendations of an earlier inspection stay with the force. After a "
            "merger the new force inherits the recommendations and is tested again. After a transfer of area nothing "
            "is inherited. A change that is recalled, or without a known day, is never used.",
            table(("on", "kind", "before", "after", "note", "source"), changes),
            "",
        ]
    )


KINDS = {
    "indicator": "an indicator: a share of records, with what is not known (`assay inspect indicator-card NAME`)",
    "wait": "a wait: a time to event, censored if it has not ended (`assay inspect indicator-card NAME`)",
    "count": "a count under several definitions (`assay inspect indicator-card NAME`)",
    "published": "a measure of published statistics; see [measures](measures.md)",
    "case file": "a question to the reader of a case file, a chronology of a child, a document or notes of fieldwork",
    "table": "a table of the report; see [tables](tables.md)",
    "command": "a command; see [the command line](command-line.md)",
    "page": "a page of this documentation",
}


def questions_page() -> str:
    """Return the page of the fifty questions, with the sources that answer each of them."""
    sources = answer_sources()
    unanswered = [number for number, found in sources.items() if not found]
    parts = [
        "# What answers each question",
        "The inspection asks fifty questions. This page lists the sources that answer each of them, in whole or in "
        "part: indicators from records, ratings of case files, documents and interviews, tables of the report, and "
        "commands. A case-file question is named by its set and its key (`assay casefile questions SET`).",
        NOTICE,
        table(("kind", "meaning"), KINDS.items()),
        f"{len(sources) - len(unanswered)} of {len(sources)} questions have a source. "
        + (f"These have none yet: {', '.join(unanswered)}." if unanswered else "None lacks one."),
    ]
    for question in reference.questions():
        rows = [(source.kind, f"`{source.name}`", source.description) for source in sources[question.number]]
        answers = table(("kind", "name", "content"), rows) if rows else NO_ANSWER
        parts += [f"## {question.number}", question.text, answers]
    return "\n\n".join([*parts, *later_question_parts()]) + "\n"


def later_question_parts() -> Iterator[str]:
    """Yield the heading, then each question of 2026 with the data that answer part of it and whom to ask, in
    Markdown."""
    yield "## Questions of 2026"
    yield "Eight questions that the fifty do not ask have numbers of their own. None grades a force."
    for question in reference.later_questions():
        keys = (*question.indicators, *question.columns, *question.case_file_questions)
        words = f": {', '.join(f'`{key}`' for key in keys)}" if keys else ""
        yield f"### {question.number}"
        yield (
            f"{question.text} {question.why} Answered in part here by {question.answered_by}{words}. "
            f"Whom to ask: {question.ask_whom}. It cannot tell: {question.cannot_tell}"
        )


PAGES: dict[str, Callable[[], str]] = {
    "past-recommendations.md": recommendations_page,
    "laws.md": laws_page,
    "questions.md": questions_page,
}

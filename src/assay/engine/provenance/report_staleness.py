"""List the changes since the report was made: decisions, ratings, answers and returns.

A receipt names what a stage read. A decision, rating or reply that did not exist yet could not be read, so no receipt
contradicts a report that was made without it; the order of the ledger lines does. A run locks the folder, so a person
adds something either before the run begins or after its report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assay.engine.provenance.ledger import EventKind, LedgerEntry

REPORT = "report"
SUBJECTS: Mapping[str, str] = {
    EventKind.DECIDED.key: "a decision of the panel",
    EventKind.FACTS_ANSWERED.key: "a force's answers to the points on it",
    EventKind.RECOMMENDED.key: "a recommendation or a reply to one",
    EventKind.REPLIED.key: "a recommendation or a reply to one",
    EventKind.RETURN_ACCEPTED.key: "a return",
    EventKind.OTHER_ACCEPTED.key: "voices, documents or lessons that were taken in",
    EventKind.PLAN_SEALED.key: "a plan that was sealed",
    EventKind.PAGE_CLEARED.key: "a page that was cleared",
    EventKind.WORDING_REVIEWED.key: "a review of the wording",
}
"""Events after which a report is out of date, with their description."""
WITHDRAWALS: Mapping[str, str] = {EventKind.RETURN_WITHDRAWN.key: "the withdrawal of a return"}
"""Withdrawals: a release from before stays as it is, but is not issued again."""
STAGES: Mapping[str, str] = {
    "casefiles/marks": "marks that were sealed",
    "surveys": "answers to a survey",
    "revisited": "a revisit",
    "reviewed": "verdicts on pairs of records",
    "earlier": "an earlier inspection that was taken over",
    "panel": SUBJECTS[EventKind.DECIDED.key],
    "accuracy": SUBJECTS[EventKind.FACTS_ANSWERED.key],
    "recommended": SUBJECTS[EventKind.REPLIED.key],
    "returns/": SUBJECTS[EventKind.RETURN_ACCEPTED.key],
    "others/": SUBJECTS[EventKind.OTHER_ACCEPTED.key],
    "plan": SUBJECTS[EventKind.PLAN_SEALED.key],
}
"""Stages that people and senders write, not a run. They are checked beside the events, because a killed command may
have written the stage but not the event. The stage `returns` of published figures is not here: a run writes it."""


def changes_since_report(
    entries: Sequence[LedgerEntry], *, include_withdrawals: bool = False
) -> dict[str, LedgerEntry]:
    """Return the changes since the run that made the report, each with the first ledger line that records it.

    Empty if no report was made. Changes after the end of an inspection are left out, because no further report can be
    made. `include_withdrawals`: withdrawals of returns count too.
    """
    subjects = {**SUBJECTS, **(WITHDRAWALS if include_withdrawals else {})}
    changes: dict[str, LedgerEntry] = {}
    for entry in entries[_report_start(entries) :]:
        if entry.kind == EventKind.RETIRED.key:
            break
        if subject := subjects.get(entry.kind) or _change_subject(entry):
            changes.setdefault(subject, entry)
    return changes


def staleness_sentences(changes: Mapping[str, LedgerEntry], next_step: str) -> Iterator[str]:
    """Yield one sentence for each change that the report does not include."""
    for subject, entry in changes.items():
        yield (
            f"The report is older than {subject} (ledger.jsonl, line {entry.number}, {entry.at[:10]}), and was made "
            f"without it: {next_step}"
        )


def _report_start(entries: Sequence[LedgerEntry]) -> int:
    """Return the position at which the run of the last report began; the number of entries if there is no report."""
    stage_kinds = (EventKind.STAGE_WRITTEN.key, EventKind.STAGE_KEPT.key)
    reports = [
        position
        for position, entry in enumerate(entries)
        if entry.kind in stage_kinds and entry.about.get("stage") == REPORT
    ]
    if not reports:
        return len(entries)
    run_starts = [
        position for position, entry in enumerate(entries[: reports[-1]]) if entry.kind == EventKind.RUN_BEGAN.key
    ]
    return run_starts[-1] if run_starts else reports[-1]


def _change_subject(entry: LedgerEntry) -> str | None:
    """Return what an entry for a written stage adds, if people or senders write that stage; otherwise None."""
    if entry.kind != EventKind.STAGE_WRITTEN.key:
        return None
    stage = str(entry.about.get("stage"))
    subjects = (
        words
        for stage_name, words in STAGES.items()
        if stage == stage_name or stage.startswith(f"{stage_name.rstrip('/')}/")
    )
    return next(subjects, None)

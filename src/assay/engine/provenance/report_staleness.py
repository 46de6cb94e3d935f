"""Is the report older than what people decided, marked, answered or sent since it was made?

A receipt names what a stage read. A first decision, mark or reply was not there to be read, so no receipt contradicts a
report that was made without it: the order of the ledger's lines does. A run holds the folder alone, so whatever a
person adds comes before the run begins, or after its report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assay.engine.provenance.ledger import Entry, EventKind

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
"""Events after which a report no longer says what the inspection holds, each in words."""
TAKEN_BACK: Mapping[str, str] = {EventKind.RETURN_WITHDRAWN.key: "the withdrawal of a return"}
"""What was released before a withdrawal stays as it was made; it is not given out once more."""
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
"""Stages that people and senders fill, not a run. They stand beside the events, since a command that was killed may
have written the one and not the other. A run of published figures writes the stage `returns` itself: it is not one."""


def newer_than_report(entries: Sequence[Entry], *, taken_back: bool = False) -> dict[str, Entry]:
    """What was decided, marked, answered or sent since the run that made the report: in words, with its first line.

    Empty where no report was made. What comes after the end of an inspection is left out, since no report of it can be
    made any more. `taken_back`: withdrawals of returns count too.
    """
    subjects = {**SUBJECTS, **(TAKEN_BACK if taken_back else {})}
    found: dict[str, Entry] = {}
    for entry in entries[_read_up_to(entries) :]:
        if entry.kind == EventKind.RETIRED.key:
            break
        if subject := subjects.get(entry.kind) or _filled(entry):
            found.setdefault(subject, entry)
    return found


def in_sentences(newer: Mapping[str, Entry], next_step: str) -> Iterator[str]:
    """One sentence for each thing that the report does not know."""
    for subject, entry in newer.items():
        yield (
            f"The report is older than {subject} (ledger.jsonl, line {entry.number}, {entry.at[:10]}), and was made "
            f"without it: {next_step}"
        )


def _read_up_to(entries: Sequence[Entry]) -> int:
    """The line from which on nothing was read for the last report: where its run began. All lines, if there is none."""
    written = (EventKind.STAGE_WRITTEN.key, EventKind.STAGE_KEPT.key)
    reports = [at for at, one in enumerate(entries) if one.kind in written and one.about.get("stage") == REPORT]
    if not reports:
        return len(entries)
    began = [at for at, one in enumerate(entries[: reports[-1]]) if one.kind == EventKind.RUN_BEGAN.key]
    return began[-1] if began else reports[-1]


def _filled(entry: Entry) -> str | None:
    """What a line that says that a stage was written adds to the inspection, if people or senders filled the stage."""
    if entry.kind != EventKind.STAGE_WRITTEN.key:
        return None
    stage = str(entry.about.get("stage"))
    found = (words for room, words in STAGES.items() if stage == room or stage.startswith(f"{room.rstrip('/')}/"))
    return next(found, None)

"""Read a log of events, with one column for the kind of event and one for its value, as columns of outcomes and flags.

A log has a row 'OUTCOME SET | 16' and a row 'FLAG ADDED | CSE'. What the value means depends on the kind. The column of
values is divided, as if the export had one column for outcomes, one for flags and one for everything else; which row is
the last follows from the time of the event. A flag that was removed counts as in any other extract: the crime had it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import TAKEN_BACK, Sheet
from assay.ingest.extracts.value_kinds_coded import says_not_known
from assay.ingest.extracts.value_kinds_flags import read_flag_cell
from assay.ingest.extracts.value_kinds_outcomes import read_outcome

OUTCOME, FLAG = "outcome", "flag"
SUBJECT_WORDS: Mapping[str, frozenset[str]] = {
    OUTCOME: frozenset({"outcome", "disposal", "finalisation", "finalization", "status", "result"}),
    FLAG: frozenset({"flag", "marker", "keyword", "qualifier", "tag", "flags", "markers"}),
}
"""What an event is about, by the words of its kind."""
CHANGE_WORDS = frozenset({
    "set", "add", "added", "amend", "amended", "change", "changed", "update", "updated", "apply", "applied", "assign",
    "assigned", "record", "recorded", "create", "created", "raise", "raised", "new", "modified", "entered", "put", "on",
})  # fmt: skip
"""Words of a kind of event that states a value."""
END_WORDS = frozenset({
    "remove", "removed", "delete", "deleted", "cancel", "cancelled", "canceled", "rescinded", "withdrawn", "reversed",
    "clear", "cleared", "end", "ended", "expired", "unset", "off", "revoked",
})  # fmt: skip
"""Words of a kind of event that takes a value back."""
UNDECIDED_WORDS = frozenset({
    "propose", "proposed", "request", "requested", "pending", "consider", "considered", "review", "reviewed", "refused",
    "rejected", "declined", "suggested", "recommended", "viewed", "printed", "not", "no", "due", "reminder",
})  # fmt: skip
"""Words of a kind of event that changes nothing."""
FIELD_WORDS = frozenset({"field", "attribute", "property", "element", "item", "column"})
"""Words of the heading of a column that names fields, whose cells need no word for a change."""
OLD_VALUE_WORDS = frozenset({"old", "previous", "prior", "before", "from", "original"})
MIN_KINDS, MAX_KINDS, MIN_FILLED, MIN_READ, MIN_ROWS = 3, 60, 0.95, 0.9, 3
SAMPLE = 1000
"""Rows by which a column of very many distinct cells shows that it names no kinds of events."""
READERS: Mapping[str, Callable[[str], object]] = {OUTCOME: read_outcome, FLAG: read_flag_cell}
HEADINGS = {OUTCOME: "Outcome", FLAG: "Flag"}


@dataclass(frozen=True)
class EventLog:
    """The columns of a log of events.

    Parameters
    ----------
    kind
        The heading of the kind of event.
    values
        The heading of the value of the event; '' if no column could be read as such.
    subjects
        Kind of event -> what it is about: outcome or flag.
    unread
        What events are about whose values could not be read.
    """

    kind: str
    values: str
    subjects: Mapping[str, str]
    unread: tuple[str, ...] = ()


def find_event_log(sheet: Sheet) -> EventLog | None:
    """Return the columns of a sheet that is a log of events; None if it is none."""
    for kind in sheet.cells.column_names:
        subjects = _subjects(sheet, kind)
        if subjects:
            return _with_values(sheet, kind, subjects)
    return None


def _subjects(sheet: Sheet, heading: str) -> dict[str, str]:
    """Return kind of event -> what it is about, if a column names events; empty if it does not."""
    cells = sheet.cells[heading]
    if not len(cells) or cells.null_count > (1 - MIN_FILLED) * len(cells):
        return {}
    if len(pc.unique(cells.slice(0, SAMPLE))) > MAX_KINDS + 1:
        return {}
    kinds = pc.unique(cells.drop_null())
    if not MIN_KINDS <= len(kinds) <= MAX_KINDS:
        return {}
    texts = kinds.to_pylist()
    subjects = {text: subject for text in texts if (subject := _subject(text))}
    names_fields = bool(FIELD_WORDS & _words(heading))
    states_changes = any(_words(text) & CHANGE_WORDS for text in subjects)
    is_of_several = len(set(subjects.values())) > 1 or len(subjects) < len(texts)
    return subjects if is_of_several and (names_fields or states_changes) else {}


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()))


def _subject(kind: str) -> str:
    """Return what a kind of event is about: 'OUTCOME SET' is about an outcome, and 'OUTCOME PROPOSED' about nothing."""
    words = _words(kind)
    found = [subject for subject, known in SUBJECT_WORDS.items() if words & known]
    return found[0] if len(found) == 1 and not words & UNDECIDED_WORDS else ""


def _with_values(sheet: Sheet, kind: str, subjects: Mapping[str, str]) -> EventLog:
    """Return the log with the column whose cells are outcomes in events of outcomes, and flags in those of flags."""
    # A column whose heading says what it holds has one meaning in all rows.
    other = OLD_VALUE_WORDS.union(*SUBJECT_WORDS.values())
    headings = [name for name in sheet.cells.column_names if name != kind and not _words(name) & other]
    shares = {heading: _read_shares(sheet, kind, heading, subjects) for heading in headings}
    subjects_of_log = tuple(dict.fromkeys(subjects.values()))
    best = max(headings, key=lambda heading: sum(share >= MIN_READ for share in shares[heading].values()), default="")
    read = [subject for subject in subjects_of_log if best and shares[best].get(subject, 0.0) >= MIN_READ]
    unread = tuple(subject for subject in subjects_of_log if subject not in read)
    return EventLog(
        kind, best if read else "", {text: found for text, found in subjects.items() if found in read}, unread
    )


def _read_shares(sheet: Sheet, kind: str, heading: str, subjects: Mapping[str, str]) -> dict[str, float]:
    """Return for each subject the share of the filled cells, in its events, that are read as such values."""
    pairs = sheet.cells.select([kind, heading]).drop_null().group_by([kind, heading]).aggregate([([], "count_all")])
    filled, read = Counter[str](), Counter[str]()
    rows = zip(pairs[kind].to_pylist(), pairs[heading].to_pylist(), pairs["count_all"].to_pylist(), strict=True)
    for event, value, count in rows:
        subject = subjects.get(event, "")
        if subject and not says_not_known(value):
            filled[subject] += count
            read[subject] += count if READERS[subject](value) is not None else 0
    return {subject: read[subject] / count for subject, count in filled.items() if count >= MIN_ROWS}


def with_event_columns(sheet: Sheet) -> Sheet:
    """Return a log of events with its column of values divided into outcomes, flags and all else."""
    log = find_event_log(sheet)
    if log is None or not log.values:
        return sheet
    events, values = sheet.cells[log.kind].to_pylist(), sheet.cells[log.values].to_pylist()
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in sheet.cells.column_names:
        if name != log.values:
            columns[name] = sheet.cells[name]
            continue
        rest = [None if event in log.subjects else value for event, value in zip(events, values, strict=True)]
        columns[name] = pa.array(rest, pa.string())
        for subject in dict.fromkeys(log.subjects.values()):
            cells = list(_cells_of(subject, log.subjects, events, values))
            columns[_free_heading(subject, sheet.cells.column_names, log.values)] = pa.array(cells, pa.string())
    return replace(sheet, cells=pa.table(columns))


def _cells_of(
    subject: str, subjects: Mapping[str, str], events: Sequence[str | None], values: Sequence[str | None]
) -> Iterator[str | None]:
    ended = {event for event in subjects if subject == OUTCOME and _words(event) & END_WORDS}
    for event, value in zip(events, values, strict=True):
        if event is None or subjects.get(event) != subject:
            yield None
        else:
            yield TAKEN_BACK if event in ended else value


def _free_heading(subject: str, headings: Sequence[str], values: str) -> str:
    """Return the heading of a divided column, with that of the column of values where the name is taken."""
    heading = HEADINGS[subject]
    return f"{heading} in {values}" if heading in headings else heading


def event_log_remarks(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Return a sentence, with the next step, for each log of events whose outcomes or flags could not be read."""
    found = [(sheet, log) for sheet in sheets if (log := find_event_log(sheet)) is not None and log.unread]
    return tuple(
        f"{sheet.label} is a log of events: \u2018{log.kind}\u2019 names events of {' and '.join(log.unread)}s, and no "
        "column was read as their values, so these rows were not used. Export the present outcome and the flags with "
        "one row for each crime, or the log with one column for the kind of event and one for its value."
        for sheet, log in found
    )

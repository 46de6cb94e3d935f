"""Show inspectors the watch list: for each failing, which forces to look at first, and what to look for there.

The list is made from exact counts and is for the inspection's own people. It accuses nobody: it is an order of looking,
and most forces on it may be found in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assay.compare.expected_failings import ExpectedFailings, expected_failings
from assay.compare.watch_list import (
    STANDARD,
    ForceWatchRow,
    WatchRow,
    force_watch_rows,
    is_worth_a_look,
    leading_rows,
    watch_words,
)
from assay.engine.provenance import read_stage
from assay.errors import UsageError
from assay.indicators.failure_mode_measures import ELSEWHERE, MEASURES_OF_MODE
from assay.indicators.form_sentences import FORM_WORDING
from assay.indicators.indicator_catalogue import find_form, indicators
from assay.ingest.inspection_folder import open_inspection, refuse_retired
from assay.reference import failure_modes
from assay.wording import count_phrase, format_number, probability_percent
from assay.workflows.judge.answer_cards import CommandResult, find_force_code

STAGE, TABLE = "comparison", "watch_list"
TESTS, ESTIMATES = "combined_tests", "force_estimates"
MAX_FORCES = 5
"""Forces that the command prints for each failing; the data for other programs hold all."""
MAX_ORDERED = 10
"""Forces that are printed in the order of all failings together."""
ORDER_TEXT = (
    "Expected number of failings: the sum over all failings of the largest probability that its test gives, from a "
    "prior of 5%. A force without any failing has about 1 for every 16 failings compared."
)
MARGIN_TEXT = (
    "The margin: odds worse than expected by a factor of 1.5 (where the other forces have 50%, beyond 40% or 60%), or "
    "a standard that fewer than half meet. The probability is of the shrunken estimate of the true share; the share "
    "counted is the force's own."
)
INSIDE_TEXT = "For inspectors only, from exact counts: never quote it. It is an order of looking, and no finding."


@dataclass(frozen=True)
class WatchedFailing:
    """A failing with the forces to look at first, in order, and how many forces are not compared."""

    key: str
    title: str
    entries: tuple[tuple[str, WatchRow, str], ...]
    forces: int
    not_compared: int

    @property
    def heading(self) -> str:
        """The title of the failing, after the code of its failure mode if it has one."""
        return f"{self.key}. {self.title}" if failure_modes().knows(self.key) else self.title


def read_watch_list(folder: Path) -> list[WatchRow]:
    """Return the rows of the watch list; UsageError if the inspection was not run, or by an older version."""
    if not (folder / STAGE / f"{TABLE}.parquet").is_file():
        raise UsageError(f"{folder} has no watch list yet: assay inspect run {folder}")
    return list(read_stage(folder, STAGE, TABLE).to_pylist())


def failing_order(folder: Path) -> list[ExpectedFailings]:
    """Return the forces by the expected number of failings, the largest first; none if the folder has no tests."""
    if not all((folder / STAGE / f"{name}.parquet").is_file() for name in (TESTS, ESTIMATES)):
        return []
    tests, estimates = (read_stage(folder, STAGE, name).to_pylist() for name in (TESTS, ESTIMATES))
    return expected_failings(tests, estimates, indicators(), MEASURES_OF_MODE)


def watched_failings(rows: Sequence[WatchRow], names: dict[str, str]) -> list[WatchedFailing]:
    """Return every failing with its entries in order: (force, row, sentence)."""
    by_failing: dict[str, list[WatchRow]] = {}
    for row in leading_rows(rows):
        by_failing.setdefault(row["failing"], []).append(row)
    return [
        WatchedFailing(
            key,
            failing_title(key),
            tuple((names[row["place_code"]], row, watch_sentence(row)) for row in found if is_worth_a_look(row)),
            sum(row["rank"] is not None for row in found),
            sum(row["rank"] is None for row in found),
        )
        for key, found in by_failing.items()
    ]


def failing_title(key: str) -> str:
    """Return the title of a failing: the text of a failure mode, or of the indicator of a standard."""
    texts = {mode.code: mode.text for mode in failure_modes()}
    return texts.get(key) or f"Standard in law: {find_form(key).title}."


def watch_sentence(row: WatchRow) -> str:
    """Return an entry of the watch list as a sentence: measure, probability, margin, share and base."""
    return f"{find_form(row['measure']).title}: {figures_sentence(row)}"


def figures_sentence(row: WatchRow) -> str:
    """Return the probability, margin, share and base of an entry as sentences."""
    probability, share, base, beyond = row["probability"], row["share"], row["base"], row["beyond"]
    if probability is None or share is None or base is None or beyond is None or row["expected"] is None:
        return row["not_compared"]
    noun = FORM_WORDING[row["measure"]].noun
    side = "below" if row["side"] == "lower" else "above"
    expectation = (
        "the standard asks for every one"
        if row["comparator"] == STANDARD
        else f"expected from the other forces: {_percent(row['expected'])}"
    )
    certainty = f"Probability {probability_percent(probability)} that its true share is {side} {_percent(beyond)}"
    return f"{certainty} ({expectation}). Counted: {_percent(share)} of {format_number(base)} {noun}."


def brief_watch_entries(folder: Path, code: str) -> list[tuple[str, str, str]]:
    """Return the watch list entries of one force, the most probable first: (measure, words, figures).

    A folder that was run before there was a list has no entries.
    """
    if not (folder / STAGE / f"{TABLE}.parquet").is_file():
        return []
    rows = force_watch_rows(read_watch_list(folder), code)
    return [(_measure_head(row), graded_words(row), figures_sentence(row)) for row in rows]


def brief_watch_notes(folder: Path, code: str) -> tuple[str, ...]:
    """Return notes on a force's entries: that there is no list, or no entry, and which failings are not compared."""
    if not (folder / STAGE / f"{TABLE}.parquet").is_file():
        return (f"There is no watch list yet. Run the inspection again: assay inspect run {folder.name}",)
    rows = read_watch_list(folder)
    leading = [row for row in leading_rows(rows) if row["place_code"] == code]
    missing = [row["failing"] for row in leading if row["rank"] is None]
    notes = []
    if len(missing) == len(leading):
        return ("This force is compared on no failing, so where to look first is not known.",)
    if not force_watch_rows(rows, code):
        compared = f"{len(leading) - len(missing)} of {count_phrase(len(leading), 'failing')}"
        notes.append(f"No failing to look at first among those on which this force is compared ({compared}).")
    if missing:
        names = "; ".join(key if failure_modes().knows(key) else find_form(key).title for key in missing)
        notes.append(f"Not compared, so not known: {names}.")
    return tuple(notes)


def _measure_head(row: ForceWatchRow) -> str:
    keys = ["standard in law" if key == row["measure"] else key for key in row["ranks"]]
    return f"{find_form(row['measure']).title} ({', '.join(keys)})"


def graded_words(row: WatchRow) -> str:
    """Return how certain it is that the force is worse: 'almost certainly worse', 'probably worse' or 'look first'."""
    words = watch_words(row["probability"])
    return f"{words} worse" if words.endswith("ly") else words


def show_watch_list(folder: Path, force: str = "", failing: str = "") -> CommandResult:
    """Return the watch list of every failing, of one failing, or of one force.

    Raises
    ------
    UsageError
        If the force or the failing is unknown, or the inspection was not run.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    rows = read_watch_list(folder)
    if failing:
        rows = _rows_of_failing(rows, failing)
    code = find_force_code(inspection.request, force) if force else ""
    names = {key: organisation.name for key, organisation in inspection.request.organisations.items()}
    order = [] if failing else failing_order(folder)
    data = {
        "watch_list": [row for row in rows if code in ("", row["place_code"])],
        "all_failings": [asdict(item) for item in order if code in ("", item.place_code)],
    }
    if code:
        return CommandResult((*_force_lines(rows, code, names[code]), *_own_order_lines(order, code)), data)
    lines = [line for entry in watched_failings(rows, names) for line in _failing_lines(entry)]
    if not failing:
        lines = [*_order_lines(order, names), *lines]
        lines += ["Not on this list:", *(f"  {key}: {reason}" for key, reason in ELSEWHERE.items()), ""]
    return CommandResult((*lines, MARGIN_TEXT, INSIDE_TEXT), data)


def _rows_of_failing(rows: Iterable[WatchRow], failing: str) -> list[WatchRow]:
    found = [row for row in rows if row["failing"].casefold() == failing.casefold()]
    if found:
        return found
    if failing.upper() in ELSEWHERE:
        raise UsageError(f"No comparison of forces shows {failing.upper()}. {ELSEWHERE[failing.upper()]}")
    keys = dict.fromkeys(row["failing"] for row in rows)
    raise UsageError(f"There is no failing {failing!r} on the watch list. They are: {', '.join(keys)}.")


def _force_lines(rows: Sequence[WatchRow], code: str, name: str) -> list[str]:
    found = force_watch_rows(rows, code)
    head = f"{name}: {count_phrase(len(found), 'failing')} to look at first."
    lines = [f"  {_ranks_text(row)}: {graded_words(row)}. {watch_sentence(row)}" for row in found]
    missing = [row for row in leading_rows(rows) if row["place_code"] == code and row["rank"] is None]
    if missing:
        keys = ", ".join(row["failing"] for row in missing)
        lines.append(f"  Not compared, so not known: {keys}.")
    return [head, *lines, "", MARGIN_TEXT, INSIDE_TEXT]


def _order_lines(order: Sequence[ExpectedFailings], names: Mapping[str, str]) -> list[str]:
    """Return the forces in the order of all failings together, as lines; none where there is no order."""
    if not order:
        return []
    lines = [f"  {item.rank}. {names[item.place_code]}: {order_sentence(item)}" for item in order[:MAX_ORDERED]]
    return ["All failings together", *lines, f"  {ORDER_TEXT}", ""]


def _own_order_lines(order: Sequence[ExpectedFailings], code: str) -> list[str]:
    return [
        f"All failings together: rank {item.rank} of {count_phrase(len(order), 'force')}, {order_sentence(item)}"
        for item in order
        if item.place_code == code
    ]


def order_sentence(item: ExpectedFailings) -> str:
    """Return the expected number of failings of a force as a sentence."""
    return f"at most {item.expected:.1f} expected, of {count_phrase(item.compared, 'failing')} compared."


def _ranks_text(row: ForceWatchRow) -> str:
    """Return every failing of an entry with the force's rank: 'F15 (rank 2), F16 (rank 1)'."""
    return ", ".join(f"{failing} (rank {rank})" for failing, rank in row["ranks"].items())


def _failing_lines(entry: WatchedFailing) -> list[str]:
    lines = [f"{entry.key}. {entry.title}"]
    lines += [
        f"  {row['rank']}. {force}, {graded_words(row)}. {sentence}"
        for force, row, sentence in entry.entries[:MAX_FORCES]
    ]
    if not entry.entries:
        lines.append(f"  None of {count_phrase(entry.forces, 'compared force')} to look at first.")
    if (more := len(entry.entries) - MAX_FORCES) > 0:
        lines.append(f"  And {count_phrase(more, 'more force')}: --json lists all.")
    if entry.not_compared:
        lines.append(f"  Not compared, so not known: {count_phrase(entry.not_compared, 'force')}.")
    return [*lines, ""]


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.1 else f"{100 * share:.1f}%"

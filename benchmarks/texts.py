"""Time to generate the notes and crime summaries of a synthetic country.

    python benchmarks/texts.py [--summaries 6700000] [--notes 200000]

Summaries are generated in Arrow batches, and for comparison row by row from the same grammar, as a user would write it.
Notes are generated one by one, of every kind in turn, by authors of one large force. Seconds are processor seconds of
one core.
"""

import argparse
import resource
import time

from assay.synthetic.notes import office, other_crime, summary, summary_batches, write_note
from assay.synthetic.notes.typing_errors import WRITERS
from assay.synthetic.random_stream import RandomStream

ROW_BY_ROW = 100_000


def in_batches(number: int) -> tuple[float, int]:
    """Return the seconds to generate this number of summaries, and how many of the first million are distinct."""
    texts: set[str | None] = set()
    seconds, rows, started = 0.0, 0, time.process_time()
    for batch in summary_batches("INV01", 2025, number, 1):
        seconds += time.process_time() - started
        if rows < 1_000_000:
            texts.update(batch.column("text").to_pylist())
        rows += batch.num_rows
        started = time.process_time()
    return seconds, len(texts)


def row_by_row(number: int) -> float:
    started = time.process_time()
    for place in range(number):
        stream = RandomStream(1, place)
        kind, _ = other_crime(stream)
        summary(kind, stream, exploited=False)
    return time.process_time() - started


def notes(number: int) -> float:
    stream, workspaces, kinds = RandomStream("bench"), office("bench", 8000), tuple(WRITERS)
    started = time.process_time()
    for place in range(number):
        kind = kinds[place % len(kinds)]
        write_note(kind, stream, author=workspaces.writer(kind, stream), clock="14:05")
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--summaries", type=int, default=6_700_000)
    parser.add_argument("--notes", type=int, default=200_000)
    options = parser.parse_args()
    seconds, distinct = in_batches(options.summaries)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    seconds_each = row_by_row(ROW_BY_ROW) / ROW_BY_ROW
    print("| summaries | seconds of one core | a row, microseconds | peak MB | distinct in the first million |")
    print("|---|---|---|---|---|")
    row = 1e6 * seconds / options.summaries
    print(f"| {options.summaries:,} in batches | {seconds:.1f} | {row:.1f} | {megabytes} | {distinct:,} |")
    print(f"| {ROW_BY_ROW:,} row by row | {seconds_each * ROW_BY_ROW:.1f} | {1e6 * seconds_each:.1f} | | |")
    print(f"\nA note takes {1e6 * notes(options.notes) / options.notes:.1f} microseconds of one core.")


if __name__ == "__main__":
    main()

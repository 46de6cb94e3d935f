"""Time and memory to score all crime summaries of one year with a fast model, then the highest-scoring in full.

    python benchmarks/funnel.py [--summaries 6700000] [--processes 2]

Synthetic summaries are generated in batches. The quick pass scans all of them for the terms of the lexicon and scores
words and pairs of words. The close pass computes letter features, concepts and the context of each sentence for one
summary in twenty, for each question. A quarter, a half and all summaries are read, each in processes of their own, with
wall-clock and processor seconds; the time to generate the texts is not counted. Peak memory is that of all processes.

An inspection does not read in this way: it scores every summary with the full model, for exploitation alone, because
samples are drawn by these scores. The benchmark also prints the time of that for 20,000 summaries, and how many of the
summaries that it flags the funnel misses.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import pyarrow as pa

from assay.engine.worker_processes import map_batches
from assay.synthetic.notes import summary_batches
from assay.text.attitude_reader import UNFLAGGED
from assay.text.context.analysed_text import Text
from assay.text.text_triage import Texts, Thresholds
from assay.workflows.reading.bulk_triage import triage_funnel, triage_thresholds
from assay.workflows.reading.starting_models import load_starting_models
from assay.workflows.reading.text_readers import build_reader
from assay.workflows.reading.text_scan import unread_reason

SAMPLE, AT_ONCE = 20_000, 20_000


def summaries(number: int) -> Iterator[list[str | None]]:
    """Yield synthetic crime summaries in batches."""
    left = number
    for batch in summary_batches("INV01", 2025, number, 1):
        texts = batch.column("text").to_pylist()
        for start in range(0, len(texts), AT_ONCE):
            part = texts[start : start + min(AT_ONCE, left)]
            left -= len(part)
            if part:
                yield part


def time_generation(number: int) -> float:
    """Return the processor seconds to generate the texts."""
    start = time.process_time()
    for _ in summaries(number):
        pass
    return time.process_time() - start


def spent() -> float:
    usages = (resource.getrusage(process_kind) for process_kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def make_funnel(cuts: Thresholds) -> Callable[[Texts], pa.Table]:
    """Return a function that reads a batch of summaries through the triage funnel, for use in one process."""
    return triage_funnel(cuts).look


def read_texts(number: int, processes: int) -> None:
    """Read this number of texts, and print the time and memory used."""
    generation_seconds = time_generation(number)
    sample = [text for batch in islice(summaries(SAMPLE), 5) for text in batch if text]
    start_cost, wall = spent(), time.perf_counter()
    cuts = triage_thresholds(sample)
    counts = {"rows": 0, "closely": 0, "called": 0}
    for table in map_batches(summaries(number), partial(make_funnel, cuts), processes):
        counts["rows"] += table.num_rows
        counts["closely"] += table["blaming_read"].to_numpy().sum() + table["unflagged_read"].to_numpy().sum()
        counts["called"] += sum(is_unflagged is True for is_unflagged in table["unflagged"].to_pylist())
    wall, seconds = time.perf_counter() - wall, spent() - start_cost - generation_seconds
    peaks = [
        resource.getrusage(process_kind).ru_maxrss / 1e6
        for process_kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    memory = peaks[0] + processes * peaks[1] if processes > 1 else peaks[0]
    print(
        json.dumps({name: int(value) for name, value in counts.items()} | {"wall": wall, "cpu": seconds, "gb": memory})
    )


def sentences_a_second(number: int = 20_000) -> float:
    """Return the number of candidate sentences that the context engine judges per second on one core."""
    reads = build_reader()
    texts = [text for batch in summaries(number) for text in batch if text]
    texts = [text for text in texts if reads.attributed_hits(Text(text))] * 20
    parts = sum(len(Text(text).sentences) for text in texts)
    start = time.process_time()
    reads.parts(texts)
    return parts / max(time.process_time() - start, 1e-9)


def as_a_run(number: int = SAMPLE) -> str:
    """Time the full model for each summary, and count the flagged summaries that the fast triage funnel misses."""
    texts = [text for batch in summaries(number) for text in batch if text]
    reader, funnel = (
        build_reader(classifier=load_starting_models(by_meaning=False)),
        triage_funnel(triage_thresholds(texts)),
    )
    reader.score_exploitation(texts[:500])
    start = time.process_time()
    open_texts = [text for text in texts if not unread_reason(text)]
    alerted = [score >= UNFLAGGED for score in reader.score_exploitation(open_texts)]
    microseconds = 1e6 * (time.process_time() - start) / len(texts)
    closely = funnel.look(open_texts)["unflagged_read"].to_pylist()
    passed = sum(yes and not close for yes, close in zip(alerted, closely, strict=True))
    speed_text = f"As a run scores them: {microseconds:.0f} microseconds each"
    return f"{speed_text}; of {sum(alerted)} called the funnel passes over {passed}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--summaries", type=int, default=6_700_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    print("| summaries | read closely | seconds by the clock | of the processors | a summary, microseconds | GB |")
    print("|---|---|---|---|---|---|")
    for part in (4, 2, 1):
        number = options.summaries // part
        call = [sys.executable, __file__, "--one", str(number), str(options.processes)]
        found = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        microseconds = 1e6 * found["cpu"] / found["rows"]
        print(
            (
                f"| {found['rows']:,} | {found['closely']:,} | {found['wall']:.0f} | {found['cpu']:.0f} | "
                f"{microseconds:.0f} | "
                f"{found['gb']:.1f} |"
            ),
            flush=True,
        )
    print(f"\n{as_a_run()}")
    print(f"\nCandidate sentences judged in a second of one core: {sentences_a_second():,.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        read_texts(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()

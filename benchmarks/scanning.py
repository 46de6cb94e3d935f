"""Time to search every crime summary of one year for 350 phrases, compared with other search tools.

    python benchmarks/scanning.py [--texts 1000000] [--plain 300000] [--crowded]

Synthetic texts of 56 procedural words, six of them a time, a day, a crime number, a post or a telephone number. One in
a hundred contains a phrase, and one in twenty a pound sign, so that it is not plain ASCII. A phrase has three words,
two of which occur in one text in five; with `--crowded`, every text is full of the words of the phrases, so that
engines have many candidates. Our scanner returns the phrase and its position. The tools that a user would take only
tell whether a text has a phrase: ripgrep and DuckDB's `regexp_matches`, and, up to `--plain` texts because they are
slow, spaCy's PhraseMatcher and one alternation in Python's `re`. Ripgrep and spaCy get each text on one line with
single blanks, as they need, and ripgrep is set to ASCII only, or it is 50 times slower. Ripgrep, spaCy and hyperscan
are left out if they are not installed. One thread each; processor seconds. The benchmark stops if the ways do not find
the same texts, or phrases other than those that `re` finds one by one.
"""

import argparse
import importlib.util
import os
import random
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import duckdb
import polars as pl

from assay.text import Phrase, Scanner
from assay.text.hyperscan_engine import HyperscanEngine

WORDS_EACH, PHRASES, SEED = 56, 350, "acorn"
BEGINNINGS = ["al", "be", "co", "du", "en", "fo", "ga", "ho", "in", "ju", "ke", "lo", "mi", "no", "or", "pa"]
MIDDLES = ["der", "lan", "mor", "nis", "ret", "sto", "tal", "vin"]
ENDS = ["ed", "er", "ing"]
PROCEDURAL = (
    "the officer called a parent and left message report was entered by clerk at noon file sent to supervisor reply "
    "awaited from school vehicle seen near gate statement typed read over signed exhibit booked into store next review "
    "in days plan kept up date of visit noted carer asked for calls after four letter with number posted"
)
RARE = sorted(a + b + c for a in ("bry", "cla", "gru", "plo", "tre") for b in MIDDLES for c in ("ity", "ous", "al"))
WORDS = sorted({*re.findall(r"\w+", PROCEDURAL), *(a + b + c for a in BEGINNINGS for b in MIDDLES for c in ENDS)})


def phrases(rng: random.Random, crowded: bool) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < PHRASES:
        first, second, third = rng.sample(WORDS, 3) if crowded else [*rng.sample(RARE, 2), rng.choice(WORDS)]
        found[f"{first} {third} {second}"] = None
    return list(found)


def texts(how_many: int, rng: random.Random, summary: list[str]) -> pl.Series:
    rows = []
    for number in range(how_many):
        words = rng.choices(WORDS, k=WORDS_EACH)
        for place, text in zip(rng.sample(range(WORDS_EACH), 6), noted_words(rng), strict=True):
            words[place] = text
        if number % 5 == 1:
            words[rng.randrange(WORDS_EACH)] = rng.choice(RARE)
        if number % 100 == 7:
            phrase = rng.choice(summary).replace(" ", rng.choice([" ", " ", "\n", "  "]))
            words[rng.randrange(WORDS_EACH)] = phrase
        if number % 20 == 3:
            words[rng.randrange(WORDS_EACH)] = "\u00a320"
        rows.append(" ".join(words).capitalize() + ".")
    return pl.Series(rows, dtype=pl.String)


def noted_words(rng: random.Random) -> Iterator[str]:
    """Return the times, days and numbers that occur in every summary."""
    for _ in range(2):
        yield f"{rng.randrange(24):02}:{rng.randrange(60):02}hrs,"
    yield f"{rng.randrange(1, 29):02}/{rng.randrange(1, 13):02}/{rng.randrange(2023, 2026)}."
    yield f"42/{rng.randrange(10**5):05}/24"
    yield f"PC{rng.randrange(10**4):04}"
    yield f"07700900{rng.randrange(1000):03}"


def spaced(summary: list[str]) -> str:
    return "|".join(r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in summary)


def own_hits(column: pl.Series, summary: list[str]) -> pl.DataFrame:
    return Scanner(Phrase(phrase, (phrase,)) for phrase in summary).hits(column)


def with_hyperscan(column: pl.Series, summary: list[str]) -> list[int]:
    hits = Scanner((Phrase(phrase, (phrase,)) for phrase in summary), engine=HyperscanEngine).hits(column)
    return hits["record"].unique().sort().to_list()


def on_one_line(column: pl.Series) -> list[str]:
    return [" ".join(text.split()) for text in column.to_list()]


def in_ripgrep(path: Path, summary: Path) -> list[int]:
    call = ["rg", "-j1", "--no-unicode", "-i", "-w", "-F", "-n", "-f", summary, path]
    found = subprocess.run(call, capture_output=True, check=True)
    return [int(line.partition(b":")[0]) - 1 for line in found.stdout.splitlines()]


def in_spacy(lines: list[str], summary: list[str]) -> list[int]:
    import spacy
    from spacy.matcher import PhraseMatcher

    reads = spacy.blank("en")
    matcher = PhraseMatcher(reads.vocab, attr="LOWER")
    matcher.add("phrase", list(reads.pipe(summary)))
    return [number for number, text in enumerate(reads.pipe(lines)) if matcher(text)]


def in_duckdb(column: pl.Series, summary: list[str]) -> list[int]:
    rows = column.to_frame("text").with_row_index("record").to_arrow()
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("rows", rows)
        pattern = rf"\b(?:{spaced(summary)})\b"
        text = "select record from rows where regexp_matches(text, $1, 'i') order by record"
        return [row[0] for row in connection.execute(text, [pattern]).fetchall()]


def in_re(column: pl.Series, summary: list[str]) -> list[int]:
    pattern = re.compile(rf"\b(?:{spaced(summary)})\b", re.IGNORECASE)
    return [number for number, text in enumerate(column.to_list()) if pattern.search(text)]


def one_by_one(column: pl.Series, records: list[int], summary: list[str]) -> set[tuple[int, str]]:
    patterns = {phrase: re.compile(rf"\b{spaced([phrase])}\b", re.IGNORECASE) for phrase in summary}
    holds = [(record, column[record]) for record in records]
    return {(record, phrase) for record, text in holds for phrase, pattern in patterns.items() if pattern.search(text)}


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return processor seconds (including called programs), which depend little on other work of the machine."""
    started = spent()
    done = work()
    return spent() - started, done


def spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measured(how_many: int, plain: int, crowded: bool) -> dict[str, float]:
    """Return the seconds of each search method; stop if their results differ."""
    rng = random.Random(SEED)
    summary = phrases(rng, crowded)
    column = texts(how_many, rng, summary)
    seconds, hits = timed(lambda: own_hits(column, summary))
    records = hits["record"].unique().sort().to_list()
    found = {"ours: phrase and place": seconds}
    found["DuckDB regexp_matches"], peer_result = timed(lambda: in_duckdb(column, summary))
    lines, further = on_one_line(column), {}
    with tempfile.TemporaryDirectory() as folder:
        text, phrases_told = Path(folder) / "texts", Path(folder) / "phrases"
        text.write_text("\n".join(lines) + "\n", encoding="utf-8")
        phrases_told.write_text("\n".join(summary) + "\n", encoding="utf-8")
        if shutil.which("rg"):
            found["ripgrep --no-unicode -i -w -F"], further["ripgrep"] = timed(lambda: in_ripgrep(text, phrases_told))
    if importlib.util.find_spec("hyperscan"):
        found["ours, with hyperscan"], further["hyperscan"] = timed(lambda: with_hyperscan(column, summary))
    if how_many <= plain:
        found["Python re, one alternation"], further["Python's re"] = timed(lambda: in_re(column, summary))
        if importlib.util.find_spec("spacy"):
            found["spaCy PhraseMatcher"], further["spaCy"] = timed(lambda: in_spacy(lines, summary))
    if wrong := [name for name, keywords in further.items() if keywords != records]:
        raise SystemExit(f"These name other texts: {', '.join(wrong)}.")
    pairs = set(hits.select("record", "key").iter_rows())
    if peer_result != records or pairs != one_by_one(column, records, summary):
        raise SystemExit("The ways do not agree on which texts hold which phrase.")
    size = column.str.len_bytes().sum() / 1e6
    print(f"{how_many:,} texts, {size:.0f} MB: {len(records):,} hold a phrase, {hits.height:,} places; all ways agree.")
    return found


def main() -> None:
    argument_parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argument_parser.add_argument("--texts", type=int, default=1_000_000)
    argument_parser.add_argument("--small", type=int, default=100_000)
    argument_parser.add_argument("--plain", type=int, default=300_000)
    argument_parser.add_argument("--crowded", action="store_true", help="phrases of words that every text is full of")
    args = argument_parser.parse_args()
    small, large = (measured(size, args.plain, args.crowded) for size in (args.small, args.texts))
    first = next(iter(small))
    print(f"\n| way | {args.small:,} texts, s | {args.texts:,} texts, s | growth | time / ours |")
    print("|---|---|---|---|---|")
    for way, seconds in small.items():
        if way in large:
            more, growth, ratio = f"{large[way]:.2f}", f"{large[way] / seconds:.1f}", large[way] / large[first]
        else:
            more, growth, ratio = "not run", "", seconds / small[first]
        print(f"| {way} | {seconds:.2f} | {more} | {growth} | {ratio:.1f} |")


if __name__ == "__main__":
    main()

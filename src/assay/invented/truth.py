"""What is true of the invented country, kept apart from what its forces send?

`truth.toml` says what was planted where, with the rates that were drawn; the tables beside it say what is true of
each crime, notice, person, group, child and planted fault. Only a judge of the whole program reads them.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assay.invented.book import Book, Row
from assay.invented.country import FAILINGS
from assay.invented.dirt import Fault
from assay.invented.sending import Sending
from assay.invented.sheets import text


def write_truth(
    folder: Path,
    books: Sequence[Book],
    sendings: Mapping[str, Sending],
    faults: Mapping[str, Sequence[Fault]],
    seed: int,
) -> None:
    """The truth of every force, in a folder of its own."""
    folder.mkdir(parents=True)
    lines = [f"seed = {seed}", "", "[planted]"]
    lines += [f"{key} = [{', '.join(_quoted(planted_in(books, key)))}]" for key in FAILINGS]
    lines += [line for book in books for line in _force(book, sendings[book.force.code])]
    (folder / "truth.toml").write_bytes(("\n".join(lines) + "\n").encode())
    for name in sorted({name for book in books for name in book.truth}):
        _table(folder / f"{name}.csv", (row for book in books for row in book.truth.get(name, ())))
    told = [{"force_code": code, **vars(fault)} for code, found in faults.items() for fault in found]
    _table(folder / "faults.csv", told)


def planted_in(books: Iterable[Book], failing: str) -> list[str]:
    """The codes of the bodies in which a failing is planted."""
    return [book.force.code for book in books if failing in book.force.failings]


def _quoted(codes: Iterable[str]) -> list[str]:
    return [f'"{code}"' for code in codes]


def _force(book: Book, sending: Sending) -> list[str]:
    """One body: what was planted, the shares that came out, and the rates that were drawn."""
    force = book.force
    crimes = [row for row in book.truth.get("crimes", ()) if row["in_period"]]
    states = Counter(row["state"] for row in book.truth.get("notices", ()))
    named = [row for row in book.rows("involvements") if row.get("suspect_known_as") == "named"]
    by_name = [row for row in crimes if row["offence_code"] == "71"]
    return [
        "",
        f"[forces.{force.code}]",
        f'name = "{force.body.name}"',
        f"failings = [{', '.join(_quoted(force.failings))}]",
        f'sent_as = "{sending.style}"',
        f'damaged = "{sending.damaged}"',
        f"crimes = {len(crimes)}",
        f"recorded_in_24h = {sum(row['recorded_in_24h'] for row in crimes)}",
        f"exploited = {sum(row['exploited'] for row in crimes)}",
        f"named_as_exploitation = {len(by_name)}",
        f"named_as_exploitation_flagged = {sum(row['cse_flag'] for row in by_name)}",
        f"adults_reporting = {sum(row['adult_reporter'] for row in crimes)}",
        f"suspects_named = {len(named)}",
        f"suspects_named_ethnicity_self = {sum(bool(row['ethnicity_self']) for row in named)}",
        *(f"notices_{state} = {states[state]}" for state in ("in_time", "late", "never", "after_extraction")),
        f"rates = {{ {', '.join(f'{key} = {value}' for key, value in force.rates.items())} }}",
    ]


def _table(path: Path, rows: Iterable[Row]) -> None:
    held = list(rows)
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    columns = list(held[0]) if held else ["force_code"]
    lines.writerow(columns)
    lines.writerows([text(row[column]) for column in columns] for row in held)
    path.write_bytes(out.getvalue().encode())

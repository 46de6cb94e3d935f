"""Accuracy of the rules that decide who speaks in a sentence, on notes from an independent grammar.

    python benchmarks/voices.py [--notes 40000]

The grammar of the synthetic country's notes and the lexicon were written independently: `synthetic` and `text` share
nothing. Rules alone; once with the text only, and once with what the return records of each entry (the role of its
author, and its type).
"""

import argparse
from collections import Counter

from assay.synthetic.notes import office, write_note
from assay.synthetic.notes.note_writing import Attitude
from assay.synthetic.notes.typing_errors import WRITERS
from assay.synthetic.random_stream import RandomStream
from assay.text import Entry, find_printed_lines
from assay.workflows.reading.text_readers import build_reader

BLAMING = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=40_000)
    options = parser.parse_args()
    stream, workspaces, kinds = RandomStream("voices"), office("voices", 8000), tuple(WRITERS)
    notes = [
        write_note(
            kind, stream, author=workspaces.writer(kind, stream), attitude=Attitude(blaming=BLAMING), clock="14:05"
        )
        for kind in (kinds[place % len(kinds)] for place in range(options.notes))
    ]
    notes = [note for note in notes if note.text]
    fields = [Entry(note.author_role, note.kind) for note in notes]
    texts = [note.text for note in notes]
    ways = (
        ("text only", build_reader(), None),
        ("text, and what forms print found in the column", build_reader(templates=find_printed_lines(texts)), None),
        ("with the entry's fields", build_reader(), fields),
    )
    for name, reads, entries in ways:
        predictions = [bool(answer.blaming) for answer in reads.read(texts, entries)]
        hit = sum(prediction for prediction, note in zip(predictions, notes, strict=True) if note.blaming)
        blames = sum(note.blaming for note in notes)
        precision, recall = hit / max(1, sum(predictions)), hit / blames
        print(f"\n{name}: {len(notes):,} notes, {blames:,} blame; precision {precision:.2f}, recall {recall:.2f}")
        print("| voice in truth | notes | said to blame |\n|---|---|---|")
        counts_by_kind, found = Counter(), Counter()
        for prediction, note in zip(predictions, notes, strict=True):
            key = f"{note.voice}{', without a stock phrase' if note.paraphrase else ''}"
            counts_by_kind[key] += 1
            found[key] += prediction
        for key, number in sorted(counts_by_kind.items()):
            print(f"| {key} | {number:,} | {found[key] / number:.2f} |")


if __name__ == "__main__":
    main()

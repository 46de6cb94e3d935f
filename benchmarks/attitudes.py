"""Precision and recall of the rules that find texts which blame a child, on four sets of synthetic texts.

    python benchmarks/attitudes.py [--wrong]

The texts are officers' shorthand, formal reports and social care notes; half of them only look like blame (somebody
else's words, a challenge, guidance, a denial, other senses). Each set was read once when it was written, and the errors
were then corrected, so these figures say nothing about new texts; `held_out.py` does. The rules are compared with the
bare lexicon (any term anywhere). `--wrong` prints the texts that are classified wrongly.
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

from assay.stats.binomial_intervals import wilson
from assay.workflows.reading.text_readers import build_reader

SETS = ("first", "second", "third", "fourth")
TURNED = ("challenge", "policy", "negated")


def share(count: int, base: int) -> str:
    low, high = wilson(count, base)
    return f"{count} of {base} = {count / base:.2f} ({low:.2f} to {high:.2f})"


def rows_of(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / "attitudes" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def measured(name: str, wrong: bool) -> None:
    rows = rows_of(name)
    answers = build_reader().read([row["text"].replace("\\n", "\n") for row in rows])
    truth = [row["blames"] == "1" for row in rows]
    print(f"\n{name}: {len(rows)} texts, {sum(truth)} blame")
    print("| way | precision | recall | recall, no listed words | false hits on challenge, policy, denial |")
    print("|---|---|---|---|---|")
    ways = {
        "rules": [bool(answer.blaming) for answer in answers],
        "bare lexicon": [any(passage.term for passage in answer.passages) for answer in answers],
    }
    for way, predictions in ways.items():
        hit = [prediction for prediction, true in zip(predictions, truth, strict=True) if true]
        other = [answer for answer, row in zip(predictions, rows, strict=True) if row["kind"] == "other"]
        hard = [answer for answer, row in zip(predictions, rows, strict=True) if row["kind"] in TURNED]
        share_pairs = (
            (sum(hit), sum(predictions)),
            (sum(hit), len(hit)),
            (sum(other), len(other)),
            (sum(hard), len(hard)),
        )
        print(f"| {way} | {' | '.join(share(*pair) for pair in share_pairs)} |")
    judged = zip(rows, ways["rules"], truth, strict=True)
    false = Counter(row["kind"] for row, predicted, true in judged if predicted and not true)
    counts_by_kind = Counter(row["kind"] for row in rows if row["blames"] == "0")
    print(
        "False hits by kind:", ", ".join(f"{kind} {false[kind]} of {number}" for kind, number in counts_by_kind.items())
    )
    for row, answer, true in zip(rows, answers, truth, strict=True) if wrong else ():
        if bool(answer.blaming) != true:
            passages = [(passage.term, passage.voice, passage.rule) for passage in answer.passages]
            print("MISSED" if true else "FALSE ", row["kind"], passages, row["text"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true")
    args = parser.parse_args()
    for name in SETS:
        measured(name, args.wrong)


if __name__ == "__main__":
    main()

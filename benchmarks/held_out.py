"""How well does `assay text read` do on texts that nobody who built it has read, beside a list of phrases alone?

    python benchmarks/held_out.py [--words-only]        models/held-out, by file; 95% intervals

`--words-only`: without sentence vectors, as where the extra `vectors` is not installed.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from assay.stats.binomial_intervals import wilson
from assay.text.classifier.classifier_quality import area_under_curve
from assay.workflows.reading.starting_models import load_starting_models
from assay.workflows.reading.text_readers import build_reader

HELD_OUT = Path(__file__).parent.parent / "models/held-out"
OTHER_VOICES = ("challenge", "policy", "negated")
QUOTED = ("quote_suspect", "quote_third", "quote_child")


def said(count: int, base: int) -> str:
    """A share and its interval."""
    low, high = wilson(count, base)
    return f"{count / base:.2f} ({low:.2f} to {high:.2f}, of {base})" if base else "none"


def told_of(name: str, rows: list[dict[str, Any]], called: np.ndarray, scores: np.ndarray | None) -> None:
    """One line on one way of reading."""
    says, kinds = np.array([row["says"] for row in rows]), np.array([row["kind"] for row in rows])
    among = {"recall": says}
    if "paraphrase" in kinds:
        others, quoted = np.isin(kinds, OTHER_VOICES), np.isin(kinds, QUOTED)
        among |= {"of paraphrases": kinds == "paraphrase", "false on challenge, policy, negated": others}
        among |= {"false on quoted": quoted, "false on the rest": ~(says | others | quoted)}
    told = f"precision {said(int((called & says).sum()), int(called.sum()))}; "
    told += "; ".join(f"{part} {said(int((called & base).sum()), int(base.sum()))}" for part, base in among.items())
    ranked = "" if scores is None else f"area {area_under_curve(scores, says):.3f}; "
    print(f"  {name}: {ranked}{told}")


def main() -> None:
    """Read every file both ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words-only", action="store_true")
    asked = parser.parse_args()
    models = load_starting_models(by_meaning=False if asked.words_only else None)
    whole, rules = build_reader(classifier=models), build_reader()
    print(f"models {models.description}")
    for path in sorted(HELD_OUT.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for task in ("blaming", "unflagged"):
            mine = [row for row in rows if row["task"] == task]
            print(f"{path.name}, {task}: {len(mine)} texts")
            texts = [row["text"] for row in mine]
            for name, reads in (("rules and models", whole), ("rules alone", rules)):
                answers = reads.read(texts)
                called = np.array([bool(getattr(answer, task)) for answer in answers])
                told_of(name, mine, called, np.array([getattr(answer, f"{task}_score") or 0.0 for answer in answers]))
            if task == "blaming":
                listed = np.array([bool(answer.passages) for answer in rules.read(texts)])
                told_of("the list of phrases alone, whoever speaks", mine, listed, None)


if __name__ == "__main__":
    main()

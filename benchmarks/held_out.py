"""How well does `assay text read` classify texts unknown to its models, compared with a list of phrases?

    python benchmarks/held_out.py [--words-only]        models/held-out, by file; 95% intervals

Nobody who built the rules or the models has read these texts. `--words-only` uses no sentence vectors, as without the
extra `vectors`.
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


def share_text(count: int, base: int) -> str:
    """Return a share with its interval as text."""
    low, high = wilson(count, base)
    return f"{count / base:.2f} ({low:.2f} to {high:.2f}, of {base})" if base else "none"


def print_row(name: str, rows: list[dict[str, Any]], predicted: np.ndarray, scores: np.ndarray | None) -> None:
    """Print one line of the table: precision and recall of one model on one set of texts."""
    labels, kinds = np.array([row["says"] for row in rows]), np.array([row["kind"] for row in rows])
    subsets = {"recall": labels}
    if "paraphrase" in kinds:
        other_voices, quoted = np.isin(kinds, OTHER_VOICES), np.isin(kinds, QUOTED)
        subsets |= {"of paraphrases": kinds == "paraphrase", "false on challenge, policy, negated": other_voices}
        subsets |= {"false on quoted": quoted, "false on the rest": ~(labels | other_voices | quoted)}
    summary_text = f"precision {share_text(int((predicted & labels).sum()), int(predicted.sum()))}; "
    summary_text += "; ".join(
        f"{part} {share_text(int((predicted & base).sum()), int(base.sum()))}" for part, base in subsets.items()
    )
    ranked = "" if scores is None else f"area {area_under_curve(scores, labels):.3f}; "
    print(f"  {name}: {ranked}{summary_text}")


def main() -> None:
    """Classify the texts of every file with rules alone and with the models, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words-only", action="store_true")
    options = parser.parse_args()
    models = load_starting_models(by_meaning=False if options.words_only else None)
    whole, rules = build_reader(classifier=models), build_reader()
    print(f"models {models.description}")
    for path in sorted(HELD_OUT.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for task in ("blaming", "unflagged"):
            task_rows = [row for row in rows if row["task"] == task]
            print(f"{path.name}, {task}: {len(task_rows)} texts")
            texts = [row["text"] for row in task_rows]
            for name, reads in (("rules and models", whole), ("rules alone", rules)):
                answers = reads.read(texts)
                predicted = np.array([bool(getattr(answer, task)) for answer in answers])
                print_row(
                    name,
                    task_rows,
                    predicted,
                    np.array([getattr(answer, f"{task}_score") or 0.0 for answer in answers]),
                )
            if task == "blaming":
                listed = np.array([bool(answer.passages) for answer in rules.read(texts)])
                print_row("the list of phrases alone, any speaker", task_rows, listed, None)


if __name__ == "__main__":
    main()

"""Teach the two starting models from the texts in `models/texts`, and write what they are and how well they do.

    python scripts/teach_models.py [blaming] [unflagged] [cards]        minutes; needs the extra `vectors`

Writes `enquiries/attitudes/data/blaming.npz`, `enquiries/scale/data/unflagged.npz` and `models/CARDS.md`.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.special import expit

from assay.language.classifier import Ideas, Labelled, Model, Vectors, train
from assay.language.classifier.quality import quality
from assay.language.classifier.together import NOTHING_LEFT, fitted
from assay.language.classifier.training import Taught
from assay.reading.reader import reader

ROOT = Path(__file__).parent.parent
ENQUIRIES = ROOT / "src/assay/enquiries"
TASKS = {
    "blaming": ENQUIRIES / "attitudes/data/blaming.npz",
    "unflagged": ENQUIRIES / "scale/data/unflagged.npz",
}


def labelled(folder: Path, task: str) -> list[Labelled]:
    """The texts of one task in a folder, each with the hand that wrote it."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            if told["task"] == task:
                found.append(Labelled(told["text"], told["says"], told["kind"], path.stem))
    return found


def by_rules(texts: list[Labelled]) -> tuple[list[Labelled], list[np.ndarray[Any, Any]]]:
    """The texts with what rules leave of each; and what rules make of each, and the share of it that they take out."""
    parts = reader().parts([one.text for one in texts])
    left = [replace(one, left=part.left) for one, part in zip(texts, parts, strict=True)]
    return left, [np.array([part.rules for part in parts]), np.array([part.taken_out for part in parts])]


def beside_rules(taught: Taught, texts: list[Labelled], told: list[np.ndarray[Any, Any]]) -> Model:
    """The model with what it counts beside rules, by look, and how well both together do."""
    says, writers = np.array([one.says for one in texts]), np.array([one.writer for one in texts])
    nothing = np.array([not one.left for one in texts])
    together, card = {}, dict(taught.model.card)
    for look in ("full", "deep"):
        left = np.where(nothing, NOTHING_LEFT, taught.unseen_left[look])
        weights, scores = fitted([taught.unseen[look], left, *told], says, writers)
        together[look] = weights.as_dict()
        found = replace(scores, scores=expit(scores.scores), kinds=[one.kind for one in texts])
        card["unseen_writers"] = card["unseen_writers"] | {f"{look}, beside rules": quality(found, 0.5)}
    return replace(taught.model, together=together, card=card)


def card(model: Model) -> Iterator[str]:
    """The card of a model, line by line."""
    told = model.card
    yield f"## {model.key}"
    yield ""
    yield f"Taught by {told['texts']:,} texts of {told['writers']} writers, {told['saying']:,} of which say it."
    yield f"Fingerprint `{model.fingerprint}`. Each figure below is of texts by"
    yield "writers that the model had not read, with its 95% interval."
    yield ""
    yield "| look | area under the curve | Brier | called from | precision | recall |"
    yield "|---|---|---|---|---|---|"
    for name, found in told["unseen_writers"].items():
        shares = " | ".join(_said(found[part]) for part in ("precision", "recall"))
        yield f"| {name} | {found['area']:.3f} | {found['brier']:.3f} | {found['at']:.2f} | {shares} |"
    look = next(name for name in ("full, beside rules", "full") if name in told["unseen_writers"])
    found = told["unseen_writers"][look]
    yield ""
    yield f"Called, by kind of text ({look}): " + "; ".join(
        f"{kind.replace('_', ' ')} {_said(share)}" for kind, share in found["called_by_kind"].items()
    ) + "."
    yield ""
    yield "| score | texts | mean score | share that say it |"
    yield "|---|---|---|---|"
    for band in found["reliability"]:
        low, high = band["interval"]
        yield (
            f"| {band['from']} to {band['to']} | {band['texts']} | {band['mean_score']:.2f} | "
            f"{band['share']:.2f} ({low:.2f} to {high:.2f}) |"
        )
    yield ""


def _said(share: dict[str, Any]) -> str:
    low, high = share["interval"]
    return f"{share['share']:.2f} ({low:.2f} to {high:.2f}, of {share['of']})"


def taught_by_texts(task: str) -> Model:
    """The model of a task, taught by all texts, with what it counts beside rules."""
    texts, told = labelled(ROOT / "models/texts", task), []
    if task == "blaming":
        texts, told = by_rules(texts)
    taught = train(task, Ideas.read(ROOT / f"models/ideas/{task}.toml"), texts, Vectors.load())
    return beside_rules(taught, texts, told) if told else taught.model


def main() -> None:
    """Teach, save, and write the cards; a model that is not asked for keeps its card."""
    asked = sys.argv[1:] or list(TASKS)
    lines = [(ROOT / "models/HEAD.md").read_text(encoding="utf-8")]
    for task, path in TASKS.items():
        if task in asked:
            taught_by_texts(task).save(path)
        model = Model.load(path)
        lines += card(model)
        print(f"{task}: {path.relative_to(ROOT)}, {model.fingerprint}")  # noqa: T201
    (ROOT / "models/CARDS.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

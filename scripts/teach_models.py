"""Train the two text models on the texts in `models/texts`, and write their model cards.

    python scripts/teach_models.py [blaming] [unflagged] [cards]        minutes; needs the extra `vectors`

Writes `attitudes/data/blaming.npz` and `scale/data/unflagged.npz` in `assay.indicators.catalogue`, and
`models/CARDS.md`.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from assay.text.classifier import Concepts, LabelledText, Model, Vectors
from assay.text.classifier.model_cards import card
from assay.workflows.reading.model_teaching import train_with_rules

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "src/assay/indicators/catalogue"
TASKS = {
    "blaming": CATALOGUE / "attitudes/data/blaming.npz",
    "unflagged": CATALOGUE / "scale/data/unflagged.npz",
}


def labelled_texts(folder: Path, task: str) -> list[LabelledText]:
    """Return the labelled texts of one task in a folder, each with its writer (the name of the file)."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            if data["task"] == task:
                found.append(LabelledText(data["text"], data["says"], data["kind"], path.stem))
    return found


def trained_model(task: str) -> Model:
    """Return the model of a task, trained on all texts, for use together with the rules."""
    ideas = Concepts.read(ROOT / f"models/ideas/{task}.toml")
    return train_with_rules(task, ideas, labelled_texts(ROOT / "models/texts", task), Vectors.load())[0]


def main() -> None:
    """Train and save the models asked for, and write the model cards of all."""
    tasks = sys.argv[1:] or list(TASKS)
    lines = [(ROOT / "models/HEAD.md").read_text(encoding="utf-8")]
    for task, path in TASKS.items():
        if task in tasks:
            trained_model(task).save(path)
        model = Model.load(path)
        lines += card(model)
        print(f"{task}: {path.relative_to(ROOT)}, {model.fingerprint}")  # noqa: T201
    (ROOT / "models/CARDS.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

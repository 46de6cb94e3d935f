"""Teach the two starting models from the texts in `models/texts`, and write what they are and how well they do.

    python scripts/teach_models.py [blaming] [unflagged] [cards]        minutes; needs the extra `vectors`

Writes `enquiries/attitudes/data/blaming.npz`, `enquiries/scale/data/unflagged.npz` and `models/CARDS.md`.
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
ENQUIRIES = ROOT / "src/assay/indicators/catalogue"
TASKS = {
    "blaming": ENQUIRIES / "attitudes/data/blaming.npz",
    "unflagged": ENQUIRIES / "scale/data/unflagged.npz",
}


def labelled(folder: Path, task: str) -> list[LabelledText]:
    """The texts of one task in a folder, each with the hand that wrote it."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            if data["task"] == task:
                found.append(LabelledText(data["text"], data["says"], data["kind"], path.stem))
    return found


def taught_by_texts(task: str) -> Model:
    """The model of a task, taught by all texts, with what it counts beside rules."""
    ideas = Concepts.read(ROOT / f"models/ideas/{task}.toml")
    return train_with_rules(task, ideas, labelled(ROOT / "models/texts", task), Vectors.load())[0]


def main() -> None:
    """Teach, save, and write the cards; a model that is not asked for keeps its card."""
    tasks = sys.argv[1:] or list(TASKS)
    lines = [(ROOT / "models/HEAD.md").read_text(encoding="utf-8")]
    for task, path in TASKS.items():
        if task in tasks:
            taught_by_texts(task).save(path)
        model = Model.load(path)
        lines += card(model)
        print(f"{task}: {path.relative_to(ROOT)}, {model.fingerprint}")  # noqa: T201
    (ROOT / "models/CARDS.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Train the two text models on the texts in `models/texts`, and write their model cards.

    python scripts/teach_models.py [blaming] [unflagged] [cards]        minutes; needs the extra `vectors`

Writes `attitudes/data/blaming.npz` and `scale/data/unflagged.npz` in `assay.indicators.catalogue`, and
`models/CARDS.md`.
"""

import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from assay.text.classifier import Concepts, LabelledText, Model, Vectors
from assay.text.classifier.model_cards import card
from assay.text.context.analysed_text import Text
from assay.workflows.reading.model_teaching import train_with_rules

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "src/assay/indicators/catalogue"
TASKS = {
    "blaming": CATALOGUE / "attitudes/data/blaming.npz",
    "unflagged": CATALOGUE / "scale/data/unflagged.npz",
}
CRIME_SUMMARY = "crime_summary"
ORDINARY = (CRIME_SUMMARY, "neutral")
"""Kinds of texts whose sentences surround another text in a mixed entry: nobody is blamed in them."""
MIXED_EVERY = 3
SURROUNDING_SENTENCES = (2, 4)
SEED = 20261201


def labelled_texts(folder: Path, task: str) -> list[LabelledText]:
    """Return the labelled texts of one task in a folder, each with its writer (the name of the file)."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            if data["task"] == task:
                found.append(LabelledText(data["text"], data["says"], data["kind"], path.stem))
    return found


def blaming_texts(folder: Path) -> list[LabelledText]:
    """Return texts labelled for blaming, crime summaries as texts without blame, and mixtures of entries.

    Most records blame nobody, and most entries hold other matters too. Without such texts the model takes unfamiliar
    words for blame, and loses one blaming sentence among procedural ones.
    """
    texts = labelled_texts(folder, "blaming")
    summaries = [
        LabelledText(summary.text, False, CRIME_SUMMARY, summary.writer)
        for summary in labelled_texts(folder, "unflagged")
    ]
    return [*texts, *summaries, *mixed_entries(texts, [*texts, *summaries])]


def mixed_entries(texts: Sequence[LabelledText], sources: Sequence[LabelledText]) -> list[LabelledText]:
    """Return every third text again, placed among two to four ordinary sentences of the same writer; labels are
    kept."""
    stream, sentences_by_writer = random.Random(SEED), dict[str, list[str]]()
    for source in sources:
        if source.kind in ORDINARY:
            sentences_by_writer.setdefault(source.writer, []).extend(_sentences(source.text))
    found = []
    for example in texts[::MIXED_EVERY]:
        surrounding = stream.sample(sentences_by_writer[example.writer], stream.randint(*SURROUNDING_SENTENCES))
        place = stream.randint(0, len(surrounding))
        text = " ".join([*surrounding[:place], example.text, *surrounding[place:]])
        found.append(LabelledText(text, example.label, example.kind, example.writer))
    return found


def _sentences(text: str) -> list[str]:
    parsed = Text(text)
    return [text[slice(*parsed.folded.original(part.start, part.end))] for part in parsed.sentences]


def trained_model(task: str) -> Model:
    """Return the model of a task, trained on all texts, for use together with the rules.

    Blame is taught by words alone (docs/decisions/0247).
    """
    ideas = Concepts.read(ROOT / f"models/ideas/{task}.toml")
    folder = ROOT / "models/texts"
    if task == "blaming":
        return train_with_rules(task, ideas, blaming_texts(folder))[0]
    return train_with_rules(task, ideas, labelled_texts(folder, task), Vectors.load())[0]


def main() -> None:
    """Train and save the models named as arguments (by default all), and write the model cards of every model."""
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

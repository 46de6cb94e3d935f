"""Does `assay text read` perform as stated on texts that nobody who built it had read?

The texts were written by two hands of their own; nothing is taught by them (models/README.md). By words alone: meaning,
where it is installed, does better.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from assay.text.classifier.classifier_quality import area_under_curve
from assay.workflows.reading.starting_models import load_starting_models
from assay.workflows.reading.text_readers import build_reader

HELD_OUT = Path(__file__).parent.parent.parent / "models/held-out"


@pytest.fixture(scope="module")
def read():
    """(label, called, score, kind) of every text of a task, as columns."""
    rows = [json.loads(line) for path in sorted(HELD_OUT.glob("*.jsonl")) for line in path.read_text().splitlines()]
    reads = build_reader(classifier=load_starting_models(by_meaning=False))

    def results_of(task):
        task_rows = [row for row in rows if row["task"] == task]
        answers = reads.read([row["text"] for row in task_rows])
        labels = np.array([row["says"] for row in task_rows])
        predicted = np.array([getattr(answer, task) for answer in answers])
        scores = np.array([getattr(answer, f"{task}_score") for answer in answers])
        return labels, predicted, scores, np.array([row["kind"] for row in task_rows])

    return {task: results_of(task) for task in ("blaming", "unflagged")}


def test_of_what_is_called_blame_four_in_five_are_and_seven_in_ten_are_found(read):
    labels, predicted, _, _ = read["blaming"]
    assert labels[predicted].mean() >= 0.80
    assert predicted[labels].mean() >= 0.70


def test_half_of_the_blame_that_no_list_holds_is_found(read):
    _, predicted, _, kinds = read["blaming"]
    assert predicted[kinds == "paraphrase"].mean() >= 0.50


def test_challenges_guidance_and_denials_are_rarely_taken_for_blame(read):
    _, predicted, _, kinds = read["blaming"]
    assert predicted[np.isin(kinds, ["challenge", "policy", "negated"])].mean() <= 0.10


def test_signs_of_exploitation_are_told_from_what_only_sounds_like_them(read):
    labels, predicted, scores, _ = read["unflagged"]
    assert area_under_curve(scores, labels) >= 0.90
    assert labels[predicted].mean() >= 0.80
    assert predicted[labels].mean() >= 0.80


def test_no_text_that_a_model_was_taught_by_is_held_out():
    taught = {line for path in (HELD_OUT.parent / "texts").glob("*.jsonl") for line in texts_of(path)}
    held_out_lines = {line for path in HELD_OUT.glob("*.jsonl") for line in texts_of(path)}
    assert len(held_out_lines) > 700
    assert not taught & held_out_lines


def texts_of(path):
    return [" ".join(json.loads(line)["text"].lower().split()) for line in path.read_text().splitlines()]

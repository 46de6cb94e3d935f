"""Commands for labelling: draw a round of texts, receive labels, and train a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Json, print_lines, print_result, show_progress
from assay.errors import UsageError

Labels = Annotated[
    Path, typer.Argument(help="The folder of the labels of one question; it is created if it does not exist.")
]
Pool = Annotated[Path, typer.Argument(help="Texts without names, one JSON object a line: id, text, force_code.")]
Question = Annotated[str, typer.Option("--question", help="blaming or unflagged.")]


@command("text sample")
def next_round(
    folder: Labels,
    pool: Pool,
    question: Question = "blaming",
    size: Annotated[
        int, typer.Option("--size", min=4, help="How many texts: about 100 in the first round, then 40 to 50.")
    ] = 50,
    seed: Annotated[
        int, typer.Option("--seed", help="Written down before the draw: the same seed draws the same texts.")
    ] = 1,
    as_json: Json = False,
) -> None:
    """Draw the next texts to label, and write a sheet for each of two people."""
    from assay.workflows.reading.label_sampling import draw_round, read_pool

    with show_progress(as_json) as progress:
        texts = read_pool(pool)
        progress("Scoring texts", 0, len(texts))
        done = draw_round(folder, question, texts, size, seed)
    print_result(done, as_json)


@command("text receive-labels")
def take(
    folder: Labels,
    sheet: Annotated[Path, typer.Argument(help="A sheet of a round, with `says` filled in.")],
    marker: Annotated[str, typer.Option("--marker", help="Who labelled it: a code, never a name.")],
) -> None:
    """Receive the labels of a sheet; a text without an answer is not labelled yet."""
    from assay.workflows.reading.label_sampling import take_labels

    if not sheet.is_file():
        raise UsageError(f"There is no file {sheet}. Give the sheet of a round that a rater filled in.")
    print_lines(f"{take_labels(folder, sheet, marker)} labels accepted.")


@command("text undo-labels")
def undo(
    folder: Labels,
    marker: Annotated[str, typer.Option("--marker", help="The code of the rater whose labels are taken back.")],
) -> None:
    """Take back the labels of a rater's last round; a model that was trained on them is no longer used."""
    from assay.workflows.reading.label_sampling import UNDONE, undo_labels

    number = undo_labels(folder, marker)
    print_lines(
        f"{number} labels taken back; they are kept in {folder / UNDONE}. Next: assay text receive-labels with "
        "the right "
        "sheet, then assay text train."
    )


@command("text train")
def teach(folder: Labels, pool: Pool, question: Question = "blaming", as_json: Json = False) -> None:
    """Train a model on the labels, write its card, and say whether labelling may stop."""
    from assay.workflows.reading.label_lessons import train_model
    from assay.workflows.reading.label_sampling import read_pool

    with show_progress(as_json) as progress:
        progress("Training the model", 0, 0)
        done = train_model(folder, question, read_pool(pool))
    print_result(done, as_json)

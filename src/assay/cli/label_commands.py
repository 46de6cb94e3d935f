"""The commands of labelling: draw a round of texts, take labels in, and teach a model by them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_output import Json, app, progress_shown, say, tell
from assay.errors import UsageError

labels = typer.Typer(no_args_is_help=True, help="Label texts in rounds, and teach a model by the labels.")
app.add_typer(labels, name="label")

Labels = Annotated[Path, typer.Argument(help="The folder of the labels of one question; made if it is not there.")]
Pool = Annotated[Path, typer.Argument(help="Texts without names, one JSON object a line: id, text, force_code.")]
Question = Annotated[str, typer.Option("--question", help="blaming or unflagged.")]


@labels.command("next")
def next_round(
    folder: Labels,
    pool: Pool,
    question: Question = "blaming",
    size: Annotated[int, typer.Option("--size", min=4, help="How many: about 100 first, then 40 to 50.")] = 50,
    seed: Annotated[int, typer.Option("--seed", help="Written down beforehand: the same seed draws the same.")] = 1,
    as_json: Json = False,
) -> None:
    """Draw the next texts to label, and write a sheet for each of two people."""
    from assay.workflows.reading.label_sampling import draw, read_pool

    with progress_shown(as_json) as progress:
        texts = read_pool(pool)
        progress("Scoring texts", 0, len(texts))
        done = draw(folder, question, texts, size, seed)
    tell(done, as_json)


@labels.command()
def take(
    folder: Labels,
    sheet: Annotated[Path, typer.Argument(help="A sheet of a round, with `says` filled in.")],
    marker: Annotated[str, typer.Option("--marker", help="Who labelled it: a code, never a name.")],
) -> None:
    """Take the labels of a sheet in; a text without an answer is not labelled yet."""
    from assay.workflows.reading.label_sampling import take as taken

    if not sheet.is_file():
        raise UsageError(f"{sheet} is not there.")
    say(f"{taken(folder, sheet, marker)} labels taken in.")


@labels.command()
def undo(
    folder: Labels,
    marker: Annotated[str, typer.Option("--marker", help="Whose labels: the code by which they were taken in.")],
) -> None:
    """Take back the labels that a marker gave in their last round; a model that they taught is no longer used."""
    from assay.workflows.reading.label_sampling import UNDONE
    from assay.workflows.reading.label_sampling import undo as taken_back

    number = taken_back(folder, marker)
    say(f"{number} labels taken back; they stand in {folder / UNDONE}. Take the right sheet in, and teach again.")


@labels.command()
def teach(folder: Labels, pool: Pool, question: Question = "blaming", as_json: Json = False) -> None:
    """Teach a model by the labels, write its card, and say whether labelling may stop."""
    from assay.workflows.reading.label_lessons import teach as taught
    from assay.workflows.reading.label_sampling import read_pool

    with progress_shown(as_json) as progress:
        progress("Teaching", 0, 0)
        done = taught(folder, question, read_pool(pool))
    tell(done, as_json)

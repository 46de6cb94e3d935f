"""Commands for record linkage: sensitivity of counts, and review of pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_result
from assay.cli.output_paths import out_file


@command("linkage sensitivity")
def spread(
    folder: Folder,
    draws: Annotated[
        int, typer.Option("--draws", min=1, help="Number of random draws of the linkage for which counts are computed.")
    ] = 20,
    as_json: Json = False,
) -> None:
    """Show how counts of children and suspects vary with record linkage: at three thresholds, and in random draws."""
    from assay.workflows.run.linkage_sensitivity import show_spread

    print_result(show_spread(folder, draws), as_json)


@command("linkage grade-sensitivity")
def grades(
    folder: Folder,
    draws: Annotated[
        int,
        typer.Option("--draws", min=0, help="Number of random draws of the linkage, in addition to two thresholds."),
    ] = 3,
    as_json: Json = False,
) -> None:
    """Recompute every answer at other linkage thresholds and in random draws; the next run shows how grades vary."""
    from assay.workflows.run.linkage_sensitivity import run_linkage_trials

    print_result(run_linkage_trials(folder, draws), as_json)


@command("linkage sample-pairs")
def review(
    folder: Folder,
    number: Annotated[int, typer.Option("--number", min=1, help="How many pairs to draw.")] = 200,
    word: Annotated[
        str, typer.Option("--seed-word", help="The seed of the draw: a word that is written down before.")
    ] = "review",
    out: Annotated[Path, out_file("The file to write.")] = Path("pairs-to-review.csv"),
    sample: Annotated[
        str, typer.Option("--sample", help="Only pairs that touch the files of this sample of children or suspects.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Draw a random sample of record pairs for clerical review, most of them where linkage is uncertain."""
    from assay.workflows.run.linkage_sensitivity import write_review_pairs

    if sample:
        from assay.casefiles.file_allocation import clusters_of_sample

        print_result(
            write_review_pairs(folder, number, word, out, sample=sample, clusters=clusters_of_sample(folder, sample)),
            as_json,
        )
        return
    print_result(write_review_pairs(folder, number, word, out), as_json)


@command("linkage evaluate")
def reviewed(
    folder: Folder,
    verdicts: Annotated[Path, typer.Argument(help="The file of pairs, with a verdict for each pair.")],
    as_json: Json = False,
) -> None:
    """Receive verdicts on pairs, and show precision and recall at each threshold, with intervals."""
    from assay.workflows.run.linkage_sensitivity import receive_verdicts

    print_result(receive_verdicts(folder, verdicts), as_json)

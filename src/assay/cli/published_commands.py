"""Commands for published statistics: inspect every force, check a claim, and make a database of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Json, print_json, print_lines, print_result, show_progress

Out = Annotated[Path, typer.Option("--out", help="Folder for the inspection; made if it is not there.")]
Definition = Annotated[
    str,
    typer.Option("--definition", help="Which set of offence codes to count together: see the table of offence sets."),
]
Similar = Annotated[
    Path | None,
    typer.Option("--similar", help="An official list of similar forces (CSV with columns force, similar_force)."),
]
VERDICT_CODES = {"supported": 0, "not supported": 7, "cannot be said": 8}


@command("look report")
def published(
    out: Out = Path("published"),
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Official files: ODS, XLSX, CSV, CSV.GZ or Parquet; without any, the carried figures."),
    ] = None,
    definition: Definition = "csa11",
    similar: Similar = None,
    as_json: Json = False,
) -> None:
    """Inspect every force from published statistics: official files, or the bundled figures."""
    from assay.workflows.run.published_pipeline import inspect_published

    with show_progress(as_json) as progress:
        done = inspect_published(files or None, out, definition=definition, similar=similar, progress=progress)
    print_result(done, as_json)


@command("look database")
def database(
    report: Annotated[Path, typer.Argument(help="The folder of an inspection, of its report, or of its figures.")],
    out: Annotated[Path, typer.Argument(help="The database to make: figures.duckdb, or figures.sqlite for Datasette.")],
    as_json: Json = False,
) -> None:
    """Make a DuckDB or SQLite database of the released tables of a report, beside it."""
    from assay.report.figures_database import write_database

    print_result(write_database(report, out), as_json)


@command("look claim")
def claim(
    text: Annotated[str, typer.Argument(help="The sentence, such as 'recorded offences fell by 9%'.")],
    series: Annotated[
        str, typer.Option("--series", help="An offence code or set, with a place if wanted: csa11, 88A, csa11@kent.")
    ],
    from_year: Annotated[
        str, typer.Option("--from", help="The earlier financial year, such as 2021/22, unless the sentence names it.")
    ] = "",
    to_year: Annotated[
        str, typer.Option("--to", help="The later financial year, such as 2024/25, unless the sentence names it.")
    ] = "",
    folder: Annotated[
        Path | None, typer.Option("--folder", help="An inspection to ask; without it, the figures the program carries.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Is a sentence about a published series supported (exit code 0), not supported (7), or not decidable (8)?

    Every word must be understood, and must agree with the series and the years; otherwise nothing is decided.
    """
    from assay.workflows.run.published_claims import answer_claim

    answer = answer_claim(text, series, from_year, to_year, folder)
    if as_json:
        print_json({"claim": text, "series": series, "verdict": answer.verdict, "because": list(answer.because)})
    else:
        print_lines(f"{answer.verdict.capitalize()}.", *(f"  {line}" for line in answer.because))
    raise typer.Exit(VERDICT_CODES[answer.verdict])

"""Commands for published statistics: inspect every force, check a claim, and make a database of a report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Json, Pdf, print_json, print_lines, print_result, show_progress
from assay.cli.output_paths import out_folder, require_file

Out = Annotated[Path, out_folder("Folder for the inspection; it is created if it does not exist.")]
Definition = Annotated[
    str,
    typer.Option("--definition", help="The set of offence codes to count together; see the table of offence sets."),
]
Similar = Annotated[
    Path | None,
    typer.Option("--similar", help="An official list of similar forces (CSV with columns force, similar_force)."),
]
Tables = Annotated[
    list[Path] | None,
    typer.Option("--table", help="Mapping file (TOML) of a further published table; may be given several times."),
]
Status = Annotated[
    bool,
    typer.Option("--status", help="Make no report: list the registers and editions that are out of date."),
]
Today = Annotated[str, typer.Option("--on", help="The day for which this is checked, YYYY-MM-DD; without it, today.")]
VERDICT_CODES = {"supported": 0, "not supported": 7, "cannot be said": 8}


@command("look report")
def published(
    out: Out = Path("published"),
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Official files: ODS, XLSX, CSV, CSV.GZ or Parquet; without any, the bundled figures."),
    ] = None,
    definition: Definition = "csa11",
    similar: Similar = None,
    tables: Tables = None,
    status: Status = False,
    pdf: Pdf = False,
    as_json: Json = False,
) -> None:
    """Inspect every force from published statistics: official files, or the bundled figures."""
    if status:
        look_status(as_json=as_json)
        return
    from assay.report.pdf import Pdfs
    from assay.workflows.run.published_pipeline import inspect_published

    with show_progress(as_json) as progress:
        done = inspect_published(
            files or None,
            out,
            definition=definition,
            similar=similar,
            tables=tables or (),
            pdfs=Pdfs.ALL if pdf else Pdfs.NONE,
            progress=progress,
        )
    print_result(done, as_json)


@command("look status")
def look_status(
    form: Annotated[
        Path | None,
        typer.Option("--form", help="Write a form (CSV) to fill in, with a line for each item to look up."),
    ] = None,
    day: Today = "",
    as_json: Json = False,
) -> None:
    """List the registers and editions that are out of date, and write a form to bring them up to date."""
    from assay.workflows.registers import register_status, write_form

    today = _parse_day(day)
    if form:
        write_form(form, today)
    print_result(register_status(today, str(form or "")), as_json)


@command("look update")
def look_update(
    form: Annotated[
        Path, typer.Argument(help="The form that `assay look status --form` wrote, filled in; CSV or a workbook.")
    ],
    out: Annotated[Path, out_folder("A new folder for the registers that change.")],
    day: Today = "",
    as_json: Json = False,
) -> None:
    """Check a form that was filled in, and write the registers that change, with every change in one list."""
    from assay.workflows.registers import apply_form

    print_result(apply_form(form, out, _parse_day(day)), as_json)


@command("look long-form")
def look_long_form(
    out: Annotated[Path, out_folder("Folder for the files; it is created if it does not exist.")],
    tables: Tables = None,
) -> None:
    """Write the long form for any published table: its schemas, a mapping template and an example.

    With --table, the table of each mapping file is checked and written in the long form too.
    """
    from assay.ingest.added_tables import read_added_tables, write_long_form, write_long_table

    added = read_added_tables(tables or ())
    paths = [*write_long_form(out), *(write_long_table(table, out) for table in added)]
    print_lines(*(f"  {path}" for path in paths))
    print_lines("Copy example-mapping.toml, change each line, then: assay look --table MAPPING.toml --out REPORT")


def _parse_day(text: str) -> date:
    """Return the day of an option, or today."""
    from assay.errors import UsageError

    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise UsageError("The day after --on is not a date. Write it as YYYY-MM-DD, such as 2026-12-01.") from None


@command("look database")
def database(
    report: Annotated[Path, typer.Argument(help="The folder of an inspection, of its report, or of its figures.")],
    out: Annotated[
        Path,
        typer.Argument(
            help="The database to write: figures.duckdb, or figures.sqlite for Datasette.", callback=require_file
        ),
    ],
    as_json: Json = False,
) -> None:
    """Make a DuckDB or SQLite database of the released tables of a report, beside it."""
    from assay.report.figures_database import write_database

    print_result(write_database(report, out), as_json)


@command("look claim")
def claim(
    text: Annotated[str, typer.Argument(help="The sentence, such as 'recorded offences fell by 9%'.")],
    series: Annotated[
        str, typer.Option("--series", help="An offence code or set, optionally with a place: csa11, 88A, csa11@kent.")
    ],
    from_year: Annotated[
        str, typer.Option("--from", help="The earlier financial year, such as 2021/22, unless the sentence names it.")
    ] = "",
    to_year: Annotated[
        str, typer.Option("--to", help="The later financial year, such as 2024/25, unless the sentence names it.")
    ] = "",
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="The inspection whose figures are used; without it, the bundled figures."),
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

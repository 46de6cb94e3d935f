"""`assay`: from official files to a report that anyone can check, and answers to claims about them.

Exit codes: 0 done (for `verify`: nothing differs; for `claim`: supported), 1 an error we did not foresee, 2 the command
cannot do what was asked, 3 a file that was sent cannot be used, 4 a definition of ours is wrong, 5 the evidence does
not hold, 6 disclosure refused, 7 the claim is not supported, 8 it cannot be said.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.errors import AssayError, UsageError

app = typer.Typer(
    name="assay",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="How do police forces respond to child sexual exploitation? Inspect every force from the published "
    "statistics, and let anyone check the working.",
    epilog="Start with: assay demo. No public table carries the police flag for child sexual exploitation: "
    "what is counted are child sexual offences recorded by police.",
)

MOST_LINES = 40
VERDICT_CODES = {"supported": 0, "not supported": 7, "cannot be said": 8}

Out = Annotated[Path, typer.Option("--out", help="Folder for the inspection; made if it is not there.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output, for other programs.")]
Definition = Annotated[
    str,
    typer.Option("--definition", help="Which set of offence codes to count together: see the table of offence sets."),
]
Similar = Annotated[
    Path | None,
    typer.Option("--similar", help="An official list of similar forces (CSV with columns force, similar_force)."),
]


@app.command()
def published(
    files: Annotated[
        list[Path], typer.Argument(help="Official files: ODS, XLSX, CSV, CSV.GZ or Parquet, as published.")
    ],
    out: Out,
    definition: Definition = "csa11",
    similar: Similar = None,
    as_json: Json = False,
) -> None:
    """Inspect every force from official files: read, check, compare, report."""
    _inspect(files, out, definition, similar, as_json)


@app.command()
def demo(
    out: Out = Path("demo"),
    definition: Definition = "csa11",
    similar: Similar = None,
    as_json: Json = False,
) -> None:
    """The same inspection, on the published figures that the program carries."""
    _inspect(None, out, definition, similar, as_json)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="The folder of an inspection.")],
    as_json: Json = False,
) -> None:
    """Recompute every receipt and the ledger's chain, and name what differs."""
    from assay.evidence import verify as differences_in

    if not (folder / "ledger.jsonl").exists():
        raise UsageError(f"{folder} is not the folder of an inspection: it has no ledger.jsonl.")
    found = [str(difference) for difference in differences_in(folder)]
    if as_json:
        _print_json({"folder": str(folder), "verified": not found, "differences": found})
    elif found:
        more = [f"  and {len(found) - MOST_LINES} more (all of them with --json)"] if len(found) > MOST_LINES else []
        _say(f"{len(found)} thing(s) differ in {folder}:", *(f"  - {line}" for line in found[:MOST_LINES]), *more)
    else:
        _say(f"{folder}: every receipt holds, every count adds up, and the ledger's chain is whole.")
    raise typer.Exit(5 if found else 0)


@app.command()
def claim(
    text: Annotated[str, typer.Argument(help="The sentence, such as 'recorded offences fell by 9%'.")],
    series: Annotated[
        str, typer.Option("--series", help="An offence code or set, with a place if wanted: csa11, 88A, csa11@kent.")
    ],
    from_year: Annotated[str, typer.Option("--from", help="The earlier financial year, such as 2021/22.")],
    to_year: Annotated[str, typer.Option("--to", help="The later financial year, such as 2024/25.")],
    folder: Annotated[
        Path | None, typer.Option("--folder", help="An inspection to ask; without it, the figures the program carries.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Is a sentence about a published series supported, not supported, or can it not be said? And why?"""
    from assay.inspection import answer_claim

    answer = answer_claim(text, series, from_year, to_year, folder)
    if as_json:
        _print_json({"claim": text, "series": series, "verdict": answer.verdict, "because": list(answer.because)})
    else:
        _say(f"{answer.verdict.capitalize()}.", *(f"  {line}" for line in answer.because))
    raise typer.Exit(VERDICT_CODES[answer.verdict])


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    if version:
        from assay import __version__

        _say(f"assay {__version__}")
        raise typer.Exit


def _inspect(files: list[Path] | None, out: Path, definition: str, similar: Path | None, as_json: bool) -> None:
    from assay.inspection import inspect_published
    from assay.progress import shown

    with shown(quiet=as_json) as progress:
        done = inspect_published(files, out, definition=definition, similar=similar, progress=progress)
    if as_json:
        _print_json(done.as_dict())
    else:
        _say(*done.in_words())


def _say(*lines: str) -> None:
    for line in lines:
        typer.echo(line)


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))


def main() -> None:
    """Run the command; an error of ours is a letter on standard error and an exit code, never a traceback."""
    try:
        app()
    except AssayError as error:
        typer.echo(f"assay: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

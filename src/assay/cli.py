"""`assay`: from forces' returns, or from official files, to a report that anyone can check.

Exit codes: 0 done (for `verify`: nothing differs; for `claim`: supported), 1 an error we did not foresee, 2 the command
cannot do what was asked, 3 a file or a return that was sent cannot be used (other returns are taken in all the same),
4 a definition of ours is wrong, 5 the evidence does not hold, 6 disclosure refused, 7 the claim is not supported, 8 it
cannot be said.
"""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from assay.errors import AssayError, UsageError

if TYPE_CHECKING:
    from assay.progress import Progress

app = typer.Typer(
    name="assay",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="How do police forces respond to child sexual exploitation? Inspect every force from the records that it "
    "returns, or from the published statistics, and let anyone check the working.",
    epilog="Start with: assay demo (the whole inspection, on invented forces), or assay published (real figures).",
)

MOST_LINES = 40
VERDICT_CODES = {"supported": 0, "not supported": 7, "cannot be said": 8}

Out = Annotated[Path, typer.Option("--out", help="Folder for the inspection; made if it is not there.")]
Folder = Annotated[Path, typer.Argument(help="The folder of an inspection.")]
Forces = Annotated[int, typer.Option("--forces", min=1, max=99, help="How many forces to invent.")]
Crimes = Annotated[int, typer.Option("--crimes", min=1, help="Crimes in a force of middling size.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed invents the same forces.")]
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
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the inspection; the returns lie beside it.")] = Path(
        "demo"
    ),
    forces: Forces = 44,
    crimes: Crimes = 60,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """The whole inspection, on forces that are invented: returns, letters, indicators, report."""
    from assay.inspection.demo import demonstrate

    with _progress(as_json) as progress:
        done = demonstrate(out, forces=forces, crimes=crimes, seed=seed, progress=progress)
    _tell(done, as_json)


@app.command()
def new(
    folder: Folder,
    request: Annotated[Path | None, typer.Option("--request", help="The request that is answered, as TOML.")] = None,
    key: Annotated[str, typer.Option("--key", help="The key of the request, as returns name it.")] = "",
    first_day: Annotated[str, typer.Option("--from", help="First day of the period, such as 2025-04-01.")] = "",
    day_after: Annotated[str, typer.Option("--to", help="First day after the period.")] = "",
    history: Annotated[str, typer.Option("--history-from", help="First day of the history that is asked for.")] = "",
    title: Annotated[str, typer.Option("--title", help="What the inspection is called.")] = "",
) -> None:
    """Make the folder of an inspection, for a request in a file or told here."""
    from assay.inspection.requested import request_told

    asked = request_told(request, key=key, title=title, period=(first_day, day_after), history_from=history)
    from assay.inspection.folder import make_inspection

    make_inspection(folder, asked)
    _say(
        f"{folder} holds the inspection {asked.key}: {asked.period_from} up to, not including, {asked.period_to}.",
        f"Next: assay receive {folder} RETURNS",
    )


@app.command()
def invent(
    folder: Annotated[Path, typer.Argument(help="Folder for the request, the returns and the truth behind them.")],
    forces: Forces = 44,
    crimes: Crimes = 60,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Invent forces whose failings are known: a request, a return for each, and the truth apart."""
    from assay.inspection.demo import invent_forces

    with _progress(as_json) as progress:
        done = invent_forces(folder, forces=forces, crimes=crimes, seed=seed, progress=progress)
    _tell(done, as_json)


@app.command()
def receive(
    folder: Folder,
    returns: Annotated[list[Path], typer.Argument(help="Returns: folders with a return.toml, or a folder of such.")],
    as_json: Json = False,
) -> None:
    """Take in returns: check every cell, set aside what breaks a rule, and write a letter to each force."""
    from assay.inspection.receiving import take_in

    with _progress(as_json) as progress:
        done = take_in(folder, returns, progress=progress)
    _tell(done, as_json)
    raise typer.Exit(0 if done.all_usable else 3)


@app.command()
def run(folder: Folder, as_json: Json = False) -> None:
    """Run the stream on the returns that were taken in; stages that would be the same are kept."""
    from assay.inspection.stream import run_stream

    with _progress(as_json) as progress:
        done = run_stream(folder, progress=progress)
    _tell(done, as_json)


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="The key of an indicator; assay card lists them.")],
    force: Annotated[str, typer.Option("--force", help="A force, by code or name; without it, every force.")] = "",
    answer: Annotated[
        str, typer.Option("--answer", help="met, not met, not known, not known if counted, left out.")
    ] = "",
    folder: Annotated[Path | None, typer.Option("--folder", help="The inspection; without it, here or ./demo.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write the whole list to this CSV file.")] = None,
    as_json: Json = False,
) -> None:
    """The answers of an indicator, and the records behind any of them. For the inspection's own people."""
    from assay.inspection.shown import shown_answers

    told = shown_answers(key, force=force, answer=answer, folder=folder, to=to)
    _tell(told, as_json)


@app.command()
def card(
    key: Annotated[str, typer.Argument(help="The key of an indicator, a wait or a count; without it, all keys.")] = "",
    as_json: Json = False,
) -> None:
    """What an indicator counts, whom it leaves out and why, what it cannot tell: the card that an expert signs."""
    from assay.inspection.shown import shown_card

    _tell(shown_card(key), as_json)


@app.command()
def contract(
    out: Annotated[Path, typer.Option("--out", help="Folder for schema and workbook.")] = Path("contract"),
) -> None:
    """The contract of the data return, for forces: the schema (Frictionless) and an empty workbook."""
    from assay.inspection.requested import write_contract

    _say(*write_contract(out))


@app.command()
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
    """Inspect every force from published statistics: official files, or the figures that the program carries."""
    from assay.inspection import inspect_published

    with _progress(as_json) as progress:
        done = inspect_published(files or None, out, definition=definition, similar=similar, progress=progress)
    _tell(done, as_json)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="The folder of an inspection.")],
    as_json: Json = False,
) -> None:
    """Recompute every receipt and the ledger's chain, and name what differs."""
    from assay.evidence import verify as differences_in
    from assay.wording import counted

    if not (folder / "ledger.jsonl").exists():
        raise UsageError(f"{folder} is not the folder of an inspection: it has no ledger.jsonl.")
    found = [str(difference) for difference in differences_in(folder)]
    if as_json:
        _print_json({"folder": str(folder), "verified": not found, "differences": found})
    elif found:
        more = [f"  and {len(found) - MOST_LINES} more (all of them with --json)"] if len(found) > MOST_LINES else []
        said = f"{counted(len(found), 'thing differs', 'things differ')} in {folder}:"
        _say(said, *(f"  - {line}" for line in found[:MOST_LINES]), *more)
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


class _Told(Protocol):
    """Anything that can be told to a person or to another program."""

    def as_dict(self) -> dict[str, Any]: ...

    def in_words(self) -> list[str]: ...


def _progress(as_json: bool) -> AbstractContextManager[Progress]:
    from assay.progress import shown

    return shown(quiet=as_json)


def _tell(done: _Told, as_json: bool) -> None:
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

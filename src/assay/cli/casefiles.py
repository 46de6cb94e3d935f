"""The commands of fieldwork: draw case files, give them out, and take marks in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.telling import Folder, Json, app, progress_shown, say, tell


@app.command()
def sample(
    folder: Folder,
    design: Annotated[Path, typer.Argument(help="The design, as TOML; its name is the key of the sample.")],
    as_json: Json = False,
) -> None:
    """Draw the case files that people are to read, with known chances, by a seed that was written down."""
    from assay.casefiles.sampling import draw_files

    tell(draw_files(folder, design), as_json)


@app.command()
def sheets(
    folder: Folder,
    key: Annotated[str, typer.Argument(help="The key of the sample.")],
    questions: Annotated[str, typer.Option("--questions", help="The question set, such as responses_case.")],
    markers: Annotated[Path, typer.Option("--markers", help="A CSV: marker_code,away_from,part.")],
    out: Annotated[Path, typer.Option("--out", help="Where the sheets go.")],
    form: Annotated[str, typer.Option("--form", help="xlsx or ods.")] = "xlsx",
    missing: Annotated[
        Path | None, typer.Option("--missing", help="A CSV of files not found: force_code,subject_ref.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Give the files of a sample out: evenly, nobody reads their own force, a share twice; a marking sheet each."""
    from assay.casefiles.fieldwork import give_out, read_missing

    with progress_shown(as_json) as progress:
        gone = read_missing(missing) if missing else ()
        done = give_out(folder, key, questions, markers, out, form=form, missing=gone, progress=progress)
    tell(done, as_json)


@app.command()
def marks(
    folder: Folder,
    sheet: Annotated[list[Path], typer.Argument(help="Marking sheets that came back.")],
    kind: Annotated[str, typer.Option("--kind", help="Who marked: inspector or force_auditor.")] = "inspector",
    as_json: Json = False,
) -> None:
    """Seal the marks on sheets that came back; what is wrong is told by cell, and every other row counts."""
    from assay.casefiles.fieldwork import take_in

    done = take_in(folder, sheet, kind=kind)
    tell(done, as_json)
    raise typer.Exit(3 if done.faults else 0)


@app.command()
def marked(
    folder: Folder,
    key: Annotated[str, typer.Argument(help="The key of the sample.")],
    questions: Annotated[str, typer.Option("--questions", help="The question set, such as responses_case.")],
    page: Annotated[
        Path | None, typer.Option("--page", help="Where the page goes; without it, beside the inspection.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What the marks say of all files, force by force, how sure that is, and whether markers agree."""
    from assay.casefiles.page import write_page

    out = page or folder.parent / f"{folder.name}-{key}-{questions}.html"
    tell(write_page(folder, key, questions, out), as_json)


@app.command()
def questions(
    key: Annotated[str, typer.Argument(help="A question set; without it, all are named.")] = "",
    xlsform: Annotated[Path | None, typer.Option("--xlsform", help="Write it as an XLSForm for ODK or Kobo.")] = None,
) -> None:
    """The questions that are asked of whoever reads a case file, and how each may be answered."""
    from assay.enquiries.question_sets import question_set, question_sets

    if not key:
        say(*(f"{one.key} {one.version}, of a {one.subject}: {one.title}" for one in question_sets()))
        return
    asked = question_set(key)
    if xlsform:
        from assay.casefiles.xlsform import write_xlsform

        write_xlsform(xlsform, asked)
        say(f"{asked.title}: {xlsform}")
        return
    say(f"{asked.title} ({asked.key} {asked.version}, of a {asked.subject})", f"Checksum {asked.checksum}", "")
    for one in asked.questions:
        say(f"{one.key} ({one.stage}; {one.asks.replace('|', ', ')})", f"  {one.text}", f"  {one.guidance}".rstrip())

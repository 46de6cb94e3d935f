"""Commands for case files and fieldwork: draw samples, write rating sheets, and receive ratings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_lines, print_result, show_progress
from assay.cli.output_paths import out_file, out_folder


@command("casefile sample")
def sample(
    folder: Folder,
    design: Annotated[Path, typer.Argument(help="The design, as TOML; its name is the key of the sample.")],
    as_json: Json = False,
) -> None:
    """Draw a sample of case files to read, with known inclusion probabilities and a recorded random seed."""
    from assay.casefiles.file_sampling import draw_sample

    print_result(draw_sample(folder, design), as_json)


@command("fieldwork plan")
def plan(
    folder: Folder,
    planned: Annotated[
        Path, typer.Argument(help="A CSV: fieldwork_ref,subject_kind,force_code,role,held_on; its name is the key.")
    ],
    as_json: Json = False,
) -> None:
    """Accept the plan of interviews, groups and observations: roles, never names."""
    from assay.casefiles.fieldwork_plan import accept_plan

    done = accept_plan(folder, planned)
    print_result(done, as_json)
    raise typer.Exit(3 if done.errors else 0)


@command("casefile sheets")
def sheets(
    folder: Folder,
    key: Annotated[str, typer.Argument(help="The key of the sample or list, or who sent the register.")],
    questions: Annotated[str, typer.Option("--questions", help="The question set, such as responses_case.")],
    markers: Annotated[
        Path, typer.Option("--markers", help="A CSV: marker_code,away_from,part,auditor_of,adjudicator.")
    ],
    out: Annotated[Path, out_folder("Folder for the sheets.")],
    form: Annotated[str, typer.Option("--form", help="xlsx or ods.")] = "xlsx",
    missing: Annotated[
        Path | None, typer.Option("--missing", help="A CSV of files not found: force_code,subject_ref.")
    ] = None,
    double_read_share: Annotated[
        float,
        typer.Option(
            "--twice", min=0, max=1, help="The share of a register's documents that two people read, such as 0.2."
        ),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Assign the files of a sample evenly, none to its own force and some to two raters, and write rating sheets.

    Repeated after ratings are in, it assigns files on which two inspectors differ to adjudicators.
    """
    from assay.casefiles.file_allocation import issue_sheets, read_missing

    with show_progress(as_json) as progress:
        missing_files = read_missing(missing) if missing else ()
        done = issue_sheets(
            folder,
            key,
            questions,
            markers,
            out,
            form=form,
            double=double_read_share,
            missing=missing_files,
            progress=progress,
        )
    print_result(done, as_json)


@command("synthetic rate-files")
def rate_synthetic_files(
    sheet: Annotated[list[Path], typer.Argument(help="The rating sheets of the inspection.")],
    truth: Annotated[
        Path,
        typer.Option("--truth", help="The truth of the synthetic forces: FOLDER/truth of `assay synthetic generate`."),
    ],
    out: Annotated[Path, out_folder("Folder for the filled-in sheets.")],
    seed: Annotated[int, typer.Option("--seed", help="Each seed gives other synthetic inspectors.")] = 1,
) -> None:
    """Fill in sheets of synthetic forces as synthetic inspectors would: some severe, some drifting, all erring."""
    from assay.synthetic.synthetic_inspectors import SyntheticInspectors

    inspectors = SyntheticInspectors(truth, seed)
    out.mkdir(parents=True, exist_ok=True)
    with show_progress(False) as progress:
        for place, path in enumerate(sheet, start=1):
            inspectors.fill_sheet(path, out / path.with_suffix(".xlsx").name)
            progress("Reading files", place, len(sheet))
    print_lines(f"{len(sheet)} sheets filled in. Next: assay casefile ratings FOLDER {out}/*.xlsx")


@command("casefile ratings")
def marks(
    folder: Folder,
    files: Annotated[
        list[Path],
        typer.Argument(help="Rating sheets that were filled in, or answers as ODK or Kobo export them (.csv)."),
    ],
    sample_key: Annotated[
        str, typer.Option("--of", help="The sample or list of an export, where a file stands on several.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Store the valid ratings from returned sheets and tablet exports in the hash chain, and report errors by cell."""
    from assay.casefiles.rating_intake import accept_ratings

    done = accept_ratings(folder, files, sample_key=sample_key)
    print_result(done, as_json)
    raise typer.Exit(3 if done.errors else 0)


@command("casefile estimate")
def marked(
    folder: Folder,
    key: Annotated[str, typer.Argument(help="The key of the sample or list, or who sent the register.")],
    questions: Annotated[str, typer.Option("--questions", help="The question set, such as responses_case.")],
    page: Annotated[
        Path | None, typer.Option("--page", help="The file to write; without it, a page beside the inspection.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Estimate results for all files from the ratings, force by force, with intervals; purposive samples give
    counts.
    """
    from assay.casefiles.fieldwork_counts import write_counts
    from assay.casefiles.registered_documents import is_purposive
    from assay.casefiles.sample_page import write_page

    out = page or folder.parent / f"{folder.name}-{key}-{questions}.html"
    write = write_counts if is_purposive(folder, key) else write_page
    print_result(write(folder, key, questions, out), as_json)


@command("text confirmed-ratings")
def confirmed(
    folder: Folder,
    change_days: Annotated[
        list[str] | None, typer.Option("--on", help="Show blaming words before and after this day, such as 2025-10-01.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="The file to write; without it, a page beside the inspection.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show confirmed ratings of entries and summaries, by force: blaming words, and exploitation without a flag."""
    from datetime import date

    from assay.errors import UsageError
    from assay.workflows.run.confirmed_text_page import write_confirmed_page

    try:
        days = [date.fromisoformat(day) for day in change_days or ()]
    except ValueError:
        raise UsageError("--on is a day. Write it as 2025-10-01.") from None
    print_result(write_confirmed_page(folder, page or folder.parent / f"{folder.name}-confirmed.html", days), as_json)


@command("casefile questions")
def questions(
    key: Annotated[str, typer.Argument(help="A question set; without it, the names of all sets are shown.")] = "",
    xlsform: Annotated[Path | None, typer.Option("--xlsform", help="Write it as an XLSForm for ODK or Kobo.")] = None,
) -> None:
    """Show the questions about a case file, and the permitted answers."""
    from assay.indicators.question_set_catalogue import question_set, question_sets

    if not key:
        print_lines(*(f"{item.key} {item.version}, of a {item.subject}: {item.title}" for item in question_sets()))
        return
    questionnaire = question_set(key)
    if xlsform:
        from assay.casefiles.xlsform import write_xlsform

        write_xlsform(xlsform, questionnaire)
        print_lines(f"{questionnaire.title}: {xlsform}")
        return
    print_lines(
        f"{questionnaire.title} ({questionnaire.key} {questionnaire.version}, of a {questionnaire.subject})",
        f"Checksum {questionnaire.checksum}",
        "",
    )
    for item in questionnaire.questions:
        details = [item.text, item.guidance, f"Answer: {item.answer_hint}"]
        print_lines(
            f"{item.key} ({item.stage}; {item.asks.replace('|', ', ')})", *(f"  {line}" for line in details if line)
        )


@command("fieldwork export-notes")
def export(
    folder: Folder,
    out: Annotated[Path, out_file("The REFI-QDA project to write.")] = Path("notes.qdpx"),
    as_json: Json = False,
) -> None:
    """Write every note as a REFI-QDA project, with its question as a code. It holds texts: keep it inside."""
    from assay.casefiles.field_notes import export_project as export_notes

    print_result(export_notes(folder, out), as_json)


@command("fieldwork import-notes")
def import_(
    folder: Folder,
    project: Annotated[Path, typer.Argument(help="A REFI-QDA project (.qdpx) that a coding tool wrote.")],
    ends: Annotated[
        str, typer.Option("--ends", help="last: a position names the last character (the standard); after: the next.")
    ] = "last",
    as_json: Json = False,
) -> None:
    """Import codings and codes that a coding tool added; coders are named by code or number, never by name."""
    from assay.casefiles.field_notes import import_codings
    from assay.casefiles.refi_qda import Ends
    from assay.errors import UsageError

    if ends not in [end_kind.value for end_kind in Ends]:
        raise UsageError("--ends is last or after.")
    done = import_codings(folder, project, Ends(ends))
    print_result(done, as_json)
    raise typer.Exit(3 if done.errors else 0)


@command("fieldwork note-codes")
def codes(folder: Folder, as_json: Json = False) -> None:
    """Count the notes with each code, and the interviews, groups and observations; no shares are computed."""
    from assay.casefiles.field_notes import code_counts

    print_result(code_counts(folder), as_json)

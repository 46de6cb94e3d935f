"""Commands for other senders: victims' accounts, documents, lessons learned, and surveys of staff and partners."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_lines, print_result, show_progress
from assay.cli.output_paths import out_file


@command("inspect receive-evidence")
def receive(
    folder: Folder,
    folders: Annotated[list[Path], typer.Argument(help="Folders with a sent.toml, or a folder that holds several.")],
    as_json: Json = False,
) -> None:
    """Receive victims' accounts, documents and lessons learned: validate every cell, and write each sender a letter."""
    from assay.workflows.receive.other_sender_intake import receive_evidence

    with show_progress(as_json) as progress:
        done = receive_evidence(folder, folders, progress=progress)
    print_result(done, as_json)
    raise typer.Exit(0 if done.all_usable else 3)


@command("fieldwork documents")
def documents(
    folder: Folder,
    copies: Annotated[
        Path | None, typer.Option("--copies", help="The folder of the copies; each is compared with the register.")
    ] = None,
    checklist: Annotated[
        Path | None, typer.Option("--checklist", help="Write an empty table of checks for every document to this CSV.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the documents that were read and their questions, and which copies differ or are missing."""
    from assay.casefiles.document_register import check_register

    done = check_register(folder, copies, checklist)
    print_result(done, as_json)
    raise typer.Exit(0 if done.whole else 5)


Questionnaire = Annotated[
    str, typer.Argument(help="staff, partners, or a questionnaire of your own: TOML, or an XLSForm (.xlsx).")
]


@command("fieldwork survey-form")
def form(
    folder: Folder,
    questionnaire: Questionnaire,
    out: Annotated[Path, out_file("The XLSForm to write, for ODK or Kobo.")] = Path("survey.xlsx"),
) -> None:
    """Write a questionnaire as an XLSForm, with the forces of the inspection to choose from."""
    from assay.casefiles.surveys.survey_intake import form_for

    survey_questionnaire = form_for(folder, questionnaire, out)
    print_lines(
        f"{survey_questionnaire.title} ({survey_questionnaire.key} {survey_questionnaire.version}): {out}",
        f"Checksum {survey_questionnaire.checksum}",
    )


@command("fieldwork survey-answers")
def answers(
    folder: Folder,
    questionnaire: Questionnaire,
    export: Annotated[Path, typer.Argument(help="The answers, as CSV from ODK or Kobo.")],
    frame: Annotated[
        Path | None,
        typer.Option(
            "--frame", help="A CSV with the number of members in each cell; without it, only counts are shown."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Receive survey answers, and show responses and results; weights and intervals need a sampling frame."""
    from assay.casefiles.surveys.survey_intake import accept_answers

    done = accept_answers(folder, questionnaire, export, frame)
    print_result(done, as_json)
    raise typer.Exit(3 if done.errors else 0)

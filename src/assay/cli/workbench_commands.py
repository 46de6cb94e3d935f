"""Commands for the workbench: start it, manage accounts, and bring in samples, texts and pairs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_lines, print_result, show_progress
from assay.wording import count_phrase

if TYPE_CHECKING:
    from assay.workbench.workbench_folder import WorkbenchFolder

Code = Annotated[str, typer.Argument(help="A code of letters and digits, never a name.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Where it listens.")]
SetUpOnly = Annotated[
    bool, typer.Option("--set-up-only", help="Create the folder, settings and tables, and do not start the server.")
]


@command("workbench start")
def workbench(
    folder: Annotated[
        Path, typer.Argument(help="The folder of an inspection; if it does not exist, a synthetic inspection is made.")
    ],
    port: Port = 8000,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; keep the default unless a TLS proxy is in front.")
    ] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Number of processes; on a server, one for each core.")
    ] = 1,
    set_up_only: SetUpOnly = False,
) -> None:
    """Start the workbench in a browser, where inspectors rate files, analysts follow figures and forces answer."""
    from assay.workbench.demo_workbench import make_demo, needs_demo
    from assay.workbench.django_setup import require_workbench_packages
    from assay.workbench.web_server import serve

    require_workbench_packages()
    if needs_demo(folder):
        with show_progress(False) as progress:
            demo = make_demo(folder, progress)
        print_lines(*demo.summary_lines())
    if set_up_only:
        print_lines(f"{_start_django(folder).folder} is ready, and its tables are up to date.")
    else:
        opened = _open_workbench(folder)
        print_lines(f"Open http://{host}:{port}/ in a browser. Stop it with Ctrl+C.")
        serve(opened, host=host, port=port, workers=workers)


@command("workbench practice")
def workbench_practice(
    folder: Annotated[
        Path, typer.Argument(help="The folder for the synthetic inspection; it is created if it does not exist.")
    ] = Path("practice"),
    port: Port = 8000,
    set_up_only: SetUpOnly = False,
) -> None:
    """Start the workbench with a synthetic inspection to practise on, with work for every role."""
    workbench(folder, port=port, set_up_only=set_up_only)


@command("workbench account")
def account(
    folder: Folder,
    code: Code,
    role: Annotated[str, typer.Option("--role", help="inspector, analyst, panel, liaison or auditor.")],
    force: Annotated[str, typer.Option("--force", help="For a liaison: their force, by code.")] = "",
    renew: Annotated[bool, typer.Option("--again", help="A new password and key for an account.")] = False,
    as_json: Json = False,
) -> None:
    """Create an account, and show its password and the key of its second factor, once."""
    _start_django(folder)
    from assay.workbench.accounts import make_account

    print_result(make_account(code, role, force_code=force, renew=renew), as_json)


@command("workbench close-account")
def close(folder: Folder, code: Code) -> None:
    """Close an account: nobody can sign in with it any more, and its work stays."""
    _start_django(folder)
    from assay.workbench.accounts import close_account

    left = close_account(code)
    print_lines(f"{code} is closed.")
    if left:
        print_lines(
            f"{count_phrase(left, 'file')} not finished. Assign them to other inspectors: assay workbench "
            f"reassign {folder} {code}"
        )


@command("workbench reassign")
def reassign(folder: Folder, code: Code, as_json: Json = False) -> None:
    """Give a person's unfinished files to other raters, who begin again; finished files do not change."""
    _start_django(folder)
    from assay.workbench.file_reassignment import reassign_files

    print_result(reassign_files(code), as_json)


@command("workbench readers")
def readers(
    folder: Folder,
    key: Annotated[str, typer.Argument(help="The key of a sample that was opened in the workbench.")],
    questions: Annotated[str, typer.Option("--questions", help="The question set, such as responses_case.")],
    markers: Annotated[
        Path, typer.Option("--markers", help="A CSV: marker_code,away_from,part,auditor_of,adjudicator.")
    ],
    as_json: Json = False,
) -> None:
    """Change who may read a sample, such as another adjudicator; files that wait are assigned at once."""
    _start_django(folder)
    from assay.workbench.file_reassignment import change_readers

    print_result(change_readers(key, questions, markers), as_json)


@command("workbench open-sample")
def open_(
    folder: Folder,
    key: Annotated[str, typer.Argument(help="The key of a sample that was drawn.")],
    questions: Annotated[str, typer.Option("--questions", help="The question set, such as responses_case.")],
    markers: Annotated[
        Path, typer.Option("--markers", help="A CSV: marker_code,away_from,part,auditor_of,adjudicator.")
    ],
    as_json: Json = False,
) -> None:
    """Assign the files of a sample in the workbench: evenly, none to a rater's own force, and some to two raters."""
    opened = _start_django(folder)
    from assay.workbench.sample_opening import open_sample

    print_result(open_sample(opened, key, questions, markers), as_json)


@command("workbench open-texts")
def texts(
    folder: Folder,
    question: Annotated[str, typer.Option("--question", help="blaming or unflagged.")] = "blaming",
    size: Annotated[
        int, typer.Option("--size", min=4, help="How many texts: about 100 in the first round, then 40 to 50.")
    ] = 50,
    seed: Annotated[
        int, typer.Option("--seed", help="Written down before the draw: the same seed draws the same texts.")
    ] = 1,
    as_json: Json = False,
) -> None:
    """Bring a round of texts without names to the analysts, who label them to train a model."""
    opened = _start_django(folder)
    from assay.workbench.label_rounds import bring_texts

    with show_progress(as_json) as progress:
        done = bring_texts(opened, question, size=size, seed=seed, progress=progress)
    print_result(done, as_json)


@command("workbench open-pairs")
def pairs(
    folder: Folder,
    number: Annotated[int, typer.Option("--number", min=1, help="How many pairs to draw.")] = 200,
    word: Annotated[
        str, typer.Option("--seed-word", help="The seed of the draw: a word that is written down before.")
    ] = "review",
    as_json: Json = False,
) -> None:
    """Bring pairs of records that may be one person to the analysts, most of them where linkage is uncertain."""
    opened = _start_django(folder)
    from assay.workbench.record_pairs import bring_pairs

    print_result(bring_pairs(opened, number=number, seed=word), as_json)


@command("workbench practice-code")
def code_(folder: Folder, code: Code) -> None:
    """Show the current six-digit sign-in code, for a synthetic inspection only."""
    _start_django(folder)
    from assay.workbench.accounts import current_demo_code

    print_lines(current_demo_code(code))


def _open_workbench(folder: Path) -> WorkbenchFolder:
    """Return the workbench of an existing inspection."""
    from assay.ingest.inspection_folder import open_inspection
    from assay.workbench.workbench_folder import make_workbench_folder

    open_inspection(folder)
    return make_workbench_folder(folder)


def _start_django(folder: Path) -> WorkbenchFolder:
    """Return the workbench of an existing inspection, with Django ready."""
    from assay.workbench.django_setup import start_django

    opened = _open_workbench(folder)
    start_django(opened)
    return opened

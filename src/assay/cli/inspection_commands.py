"""Commands for inspectors: create an inspection, receive returns, run, look up answers, and verify."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import (
    MAX_LINES,
    Crimes,
    Folder,
    Forces,
    Json,
    Pdf,
    Seed,
    Years,
    print_json,
    print_lines,
    print_result,
    show_progress,
)
from assay.cli.output_paths import out_folder, require_folder
from assay.errors import UsageError


@command("demo")
def demo(
    out: Annotated[Path, out_folder("Folder for the inspection; the returns are stored beside it.")] = Path("demo"),
    forces: Forces = 7,
    crimes: Crimes = 83,
    years: Years = 3,
    seed: Seed = 1,
    pdf: Pdf = False,
    as_json: Json = False,
) -> None:
    """Run a whole inspection on synthetic forces: returns, letters, indicators, report.

    With fewer forces, crimes or years than the defaults, most figures and grades are missing: too few records.
    """
    from assay.report.pdf import Pdfs
    from assay.synthetic.demo import run_demo

    with show_progress(as_json) as progress:
        done = run_demo(
            out,
            forces=forces,
            crimes=crimes,
            years=years,
            seed=seed,
            pdfs=Pdfs.ALL if pdf else Pdfs.NONE,
            progress=progress,
        )
    print_result(done, as_json)


@command("inspect new")
def new(
    folder: Folder,
    request: Annotated[Path | None, typer.Option("--request", help="The data request, as TOML.")] = None,
    key: Annotated[str, typer.Option("--key", help="The key of the request, as returns write it.")] = "",
    first_day: Annotated[str, typer.Option("--from", help="First day of the period, such as 2025-04-01.")] = "",
    day_after: Annotated[str, typer.Option("--to", help="First day after the period.")] = "",
    history: Annotated[str, typer.Option("--history-from", help="First day of the history that is requested.")] = "",
    title: Annotated[str, typer.Option("--title", help="The title of the inspection.")] = "",
    basis: Annotated[
        str, typer.Option("--legal-basis", help="The legal basis on which the tables are requested, as advised.")
    ] = "",
    holder: Annotated[str, typer.Option("--holder", help="Who holds the data: a post, never a name.")] = "",
    destroy_by: Annotated[str, typer.Option("--destroy-by", help="The day by which the data must be destroyed.")] = "",
    used_until: Annotated[
        str,
        typer.Option(
            "--used-until", help="The last day on which the data may be used; without it, the day of --destroy-by."
        ),
    ] = "",
    identities: Annotated[
        str,
        typer.Option(
            "--identities-destroy-by", help="The day by which identities must be destroyed, if it is earlier."
        ),
    ] = "",
    tier: Annotated[
        int | None,
        typer.Option(
            "--tier", min=1, max=3, help="Request the tables of tier 1 up to this tier; without it, up to tier 3."
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also", help="Also request a table that no measure uses and that people will read, such as notes."
        ),
    ] = None,
) -> None:
    """Create the folder of an inspection, for a request in a file or in options, with its declarations of
    processing.
    """
    from assay.ingest.inspection_folder import create_inspection
    from assay.workflows.receive.request_contract import DeclarationOptions, parse_declarations, parse_request

    inspection_request = parse_request(
        request, key=key, title=title, period=(first_day, day_after), history_from=history
    )
    options = DeclarationOptions(basis, holder, destroy_by, used_until, identities, tier, also or ())
    inspection = create_inspection(folder, inspection_request, parse_declarations(request, options))
    print_lines(
        (
            f"{folder} holds the inspection {inspection_request.key}: {inspection_request.period_from} up to, not "
            f"including, {inspection_request.period_to}."
        ),
        f"{len(inspection.declarations)} tables and parts are declared in inspection.toml.",
        f"Next: assay inspect receive {folder} RETURNS"
        if inspection.declarations
        else "No table is declared yet, so no return can be accepted. Run assay inspect new again, with the same "
        "options and --legal-basis, --holder and --destroy-by.",
    )


@command("synthetic generate")
def invent(
    folder: Annotated[
        Path, typer.Argument(help="Folder for the request, the returns and the known truth.", callback=require_folder)
    ],
    world: Annotated[
        str, typer.Option("--world", help="The name of built-in settings, or a settings file of your own.")
    ] = "plain",
    scale: Annotated[
        float | None, typer.Option("--scale", help="A share of a nation: 1 is 115,000 crimes a year.")
    ] = None,
    summaries: Annotated[
        bool, typer.Option("--summaries", help="A summary of every crime of any kind: 6.7 million a year at scale 1.")
    ] = False,
    forces: Annotated[int | None, typer.Option(help="How many forces; without it, the number in the settings.")] = None,
    crimes: Annotated[
        int | None, typer.Option(help="Mean number of crimes a force and year; without it, the number in the settings.")
    ] = None,
    seed: Seed = 1,
    export: Annotated[
        str,
        typer.Option("--export", help="Also write the export of this force's own record system, such as INV01."),
    ] = "",
    tier_one: Annotated[
        list[str] | None, typer.Option("--tier-one", help="A force, by code, that sends only the first tier of tables.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Generate synthetic forces with known failings: a request, a return for each, and the truth in a separate
    folder.
    """
    from assay.synthetic import earlier_table_notices, read_world
    from assay.synthetic.demo import generate_returns

    for notice in earlier_table_notices(world):
        typer.echo(notice, err=True)
    chosen_world = replace(read_world(world).sized(forces=forces, crimes=crimes, scale=scale), summaries=summaries)
    with show_progress(as_json) as progress:
        done = generate_returns(
            folder,
            world=chosen_world,
            seed=seed,
            export=export,
            tier_one=tier_one or (),
            progress=progress,
        )
    print_result(done, as_json)


@command("contract")
def contract(
    out: Annotated[Path, out_folder("Folder for schema and workbook.")] = Path("contract"),
) -> None:
    """Write the contract of the data return for forces: the schema (Frictionless) and an empty workbook."""
    from assay.workflows.receive.request_contract import write_contract

    print_lines(*write_contract(out))


@command("inspect receive")
def receive(
    folder: Folder,
    returns: Annotated[
        list[Path], typer.Argument(help="Returns: folders with a return.toml, bundles, or a folder that holds several.")
    ],
    keys: Annotated[
        Path | None,
        typer.Option("--keys", help="The keys that decrypt bundles; see: assay inspect keys."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Receive returns: check every cell, set aside what breaks a rule, and write a letter to each force."""
    from assay.privacy import read_keys
    from assay.workflows.receive.return_intake import receive_returns

    private_keys = read_keys(keys) if keys else None
    with show_progress(as_json) as progress:
        done = receive_returns(folder, returns, keys=private_keys, progress=progress)
    print_result(done, as_json)
    raise typer.Exit(0 if done.all_usable else 3)


@command("inspect run")
def run(
    folder: Folder,
    persons: Annotated[
        str,
        typer.Option(
            "--persons", help="The record linkage to use: low, main, high, exact, or a draw such as 'draw 1'."
        ),
    ] = "main",
    draft: Annotated[
        Path | None,
        typer.Option("--draft", help="Write a draft with every page to this folder, for those who clear pages."),
    ] = None,
    earlier_figures: Annotated[
        Path | None,
        typer.Option("--earlier", help="The file of figures of the prior release; the new release lists what changed."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="With --earlier: why the report is issued again.")] = "",
    pdf: Pdf = False,
    as_json: Json = False,
) -> None:
    """Run the pipeline on the accepted returns; unchanged stages are cached."""
    from assay.report import Reissue
    from assay.report.pdf import Pdfs
    from assay.synthetic.injection_page import find_injection_page
    from assay.workflows.run.inspection_pipeline import run_inspection

    reissue = Reissue(earlier_figures, reason) if earlier_figures else None
    with show_progress(as_json) as progress:
        done = run_inspection(
            folder,
            persons=persons,
            progress=progress,
            draft=draft,
            reissue=reissue,
            pdfs=Pdfs.ALL if pdf else Pdfs.NONE,
            closing_page=find_injection_page(folder),
        )
    print_result(done, as_json)


@command("inspect show")
def show(
    key: Annotated[str, typer.Argument(help="The key of an indicator; assay inspect indicator-card lists them.")],
    force: Annotated[str, typer.Option("--force", help="A force, by code or name; without it, every force.")] = "",
    answer: Annotated[
        str, typer.Option("--answer", help="met, not met, not known, not known if counted, left out.")
    ] = "",
    folder: Annotated[Path | None, typer.Option("--folder", help="The inspection; without it, here or ./demo.")] = None,
    target: Annotated[Path | None, typer.Option("--to", help="Write the whole list to this CSV file.")] = None,
    as_json: Json = False,
) -> None:
    """Show the answers of an indicator, and the records behind any of them. For the inspection team only."""
    from assay.workflows.judge.answer_cards import show_answers

    result = show_answers(key, force=force, answer=answer, folder=folder, csv_path=target)
    print_result(result, as_json)


@command("casefile closed-cases")
def closed_cases(
    force: Annotated[str, typer.Option("--force", help="A force, by code or name; without it, every force.")] = "",
    folder: Annotated[Path | None, typer.Option("--folder", help="The inspection; without it, here or ./demo.")] = None,
    target: Annotated[Path | None, typer.Option("--to", help="Write the whole list to this CSV file.")] = None,
    as_json: Json = False,
) -> None:
    """List closed cases of groups for review, those with the most missing steps first. For the inspection team only."""
    from assay.workflows.judge.closed_case_review import list_closed_cases

    print_result(list_closed_cases(folder, force=force, csv_path=target), as_json)


@command("inspect indicator-card")
def card(
    key: Annotated[
        str, typer.Argument(help="The key of an indicator, a waiting time or a count; without it, all keys are shown.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show the card of an indicator, for an expert to sign: what it counts and excludes, why, and what it cannot
    show.
    """
    from assay.workflows.judge.answer_cards import show_card

    print_result(show_card(key), as_json)


@command("inspect release")
def pack(
    folder: Folder,
    target: Annotated[Path, typer.Option("--to", help="The pack to write.")] = Path("report-pack.zip"),
    although_waiting: Annotated[
        bool,
        typer.Option("--although-waiting", help="Pack although pages still wait for clearance; the pack lists them."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write one archive of the report, its figures, their public receipt and the method, which anyone can check."""
    from assay.workflows.release.report_pack import make_pack

    print_result(make_pack(folder, target, although_waiting=although_waiting), as_json)


@command("inspect reproduce")
def reproduce(
    pack: Annotated[Path, typer.Argument(help="A pack, as assay inspect release wrote it.")],
    returns: Annotated[
        Path, typer.Option("--returns", help="The inspection, or a folder with request.toml and the returns.")
    ],
    as_json: Json = False,
) -> None:
    """Make the report of a pack again from the returns, and report for each file whether it is the same."""
    from assay.synthetic.injection_page import find_injection_page
    from assay.workflows.release.reproduction import reproduce as reproduce_report

    with show_progress(as_json) as progress:
        found = reproduce_report(pack, returns, closing_page=find_injection_page(returns), progress=progress)
    print_result(found, as_json)
    raise typer.Exit(0 if found.is_reproduced else 5)


@command("inspect verify")
def verify(
    folder: Annotated[Path, typer.Argument(help="The folder of an inspection, or a pack.")],
    seal: Annotated[
        str,
        typer.Option(
            "--seal", help="The ledger head hash (seal), or the hash of the public receipt, as a report printed it."
        ),
    ] = "",
    public_key: Annotated[
        Path | None,
        typer.Option("--public-key", help="The public key of whoever signed the ledger; get it from its owner."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute every provenance record and the hash chain of the ledger, and report what differs; check printed hashes
    and signatures. For a pack, check every file and figure, and what all of them together could reveal.
    """
    from assay.engine.provenance import describe_settings_changes, describe_signature, list_destructions
    from assay.workflows.release.reproduction import verify_printed

    if seal and not re.fullmatch(r"[0-9a-fA-F]{64}", seal.strip()):
        raise UsageError(
            "The seal is not 64 digits and letters from a to f. Copy the whole hash from the report, and give it again."
        )
    if folder.is_file():
        if public_key:
            raise UsageError(
                "--public-key checks the ledger of an inspection, and a pack has no ledger. Check who signed the pack: "
                f"assay signature check {folder} --public {public_key}"
            )
        _verify_pack(folder, seal, as_json)
    if not (folder / "ledger.jsonl").exists():
        raise UsageError(
            f"{folder} is not the folder of an inspection: it has no ledger.jsonl. Give that folder, or a pack (.zip)."
        )
    workbench_differences, workbench_destroyed = _verify_workbench(folder)
    found = [
        str(difference) for difference in verify_printed(folder, seal, public_key=public_key)
    ] + workbench_differences
    signed = describe_signature(folder, public_key=public_key)
    settings = describe_settings_changes(folder)
    destroyed_content = list_destructions(folder) + workbench_destroyed
    if as_json:
        result = {"folder": str(folder), "verified": not found, "differences": found, "destroyed": destroyed_content}
        print_json(result | {"signature": signed, "settings": settings})
    else:
        print_lines(*_verification_lines(folder, seal, found), *filter(None, (settings, signed)))
        if destroyed_content:
            print_lines("Destroyed, and the rule for it:", *(f"  - {line}" for line in destroyed_content))
    raise typer.Exit(5 if found else 0)


def _next_step_after_differences(folder: Path) -> str:
    # The folder of published statistics has no settings.
    command = f"inspect run {folder}" if (folder / "inspection.toml").is_file() else f"look report --out {folder}"
    return f"Find out why, before you make missing and changed stages again: assay {command}"


def _verification_lines(folder: Path, seal: str, found: Sequence[str]) -> list[str]:
    """Return the result of a verification to print: the first differences, or that there are none."""
    from assay.wording import count_phrase

    if found:
        summary = f"{count_phrase(len(found), 'difference', 'differences')} in {folder}:"
        more = [f"  and {len(found) - MAX_LINES} more (all of them with --json)"] if len(found) > MAX_LINES else []
        return [summary, *(f"  - {line}" for line in found[:MAX_LINES]), *more, _next_step_after_differences(folder)]
    correct = (
        f"{folder}: every provenance record is correct, every count adds up, and the chain of the ledger is complete."
    )
    if not seal:
        return [correct]
    return [
        correct,
        (
            f"The printed hash {seal.strip()[:12]} is correct. A seal covers the data behind the figures; the hash of "
            "the public receipt (on the page of receipts) also covers the released figures."
        ),
    ]


def _verify_workbench(folder: Path) -> tuple[list[str], list[str]]:
    """Return the errors of the workbench of an inspection, if it has one, and what was destroyed in it."""
    from assay.workbench.workbench_folder import SETTINGS, read_workbench_folder, workbench_path

    workbench_folder = workbench_path(folder)
    if not (workbench_folder / SETTINGS).exists():
        return [], []
    from assay.workbench.django_setup import start_django

    workbench = read_workbench_folder(workbench_folder)
    start_django(workbench, tables=False)
    from django.db import Error

    from assay.workbench.workbench_verification import destruction_sentences, verify_workbench

    try:
        return verify_workbench(workbench), destruction_sentences(workbench)
    except Error:
        message = (
            f"The database of {workbench_folder.name} cannot be read, so the audit log of the workbench is not "
            "verified. "
            "Start the workbench once, and verify again."
        )
        return [message], []


def _verify_pack(pack: Path, seal: str, as_json: bool) -> None:
    from assay.workflows.release.report_pack import check_pack

    found = check_pack(pack, printed=seal)
    if as_json:
        print_json({"pack": str(pack), "verified": not found, "differences": found})
    else:
        confirmation = (
            f"{pack}: every file and figure is unchanged, and no suppressed count can be computed from the sums "
            "listed in "
            "method/. What a reader may know from elsewhere, or compute from estimates, is not tested here."
        )
        print_lines(*(found[:MAX_LINES] or [confirmation]))
        if seal and not found:
            print_lines(
                "The printed hash is correct. A seal alone does not show that the figures are those of the "
                "report: give "
                "the hash of the public receipt, or check the signature of the pack (assay signature check)."
            )
    raise typer.Exit(5 if found else 0)

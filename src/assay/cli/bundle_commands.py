"""Commands for encryption and signing: keys, bundles, signed files and ledgers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_lines, print_result, show_progress
from assay.cli.output_paths import out_folder
from assay.errors import UsageError


@command("inspect keys")
def keys(
    folder: Folder,
    out: Annotated[Path, out_folder("Folder for the keys; keep it separate from the data.")],
) -> None:
    """Make the keys of an inspection: a private file to keep, and a public one for the senders of bundles."""
    from assay.ingest.inspection_folder import open_inspection
    from assay.privacy import make_keys

    keep, give = make_keys(out, open_inspection(folder).request.key)
    print_lines(
        f"{keep} opens the bundles of this request. Keep it, and a copy: if it is lost, nobody can open them.",
        f"{give} goes to the senders, over a secure channel.",
    )


@command("bundle")
def bundle(
    folder: Annotated[Path, typer.Argument(help="The return: a folder with its return.toml.")],
    request: Annotated[
        Path, typer.Option("--request", help="The data request that you answer: the file that you received.")
    ],
    keys: Annotated[Path, typer.Option("--keys", help="The file of keys for senders that you were given.")],
    out: Annotated[Path, out_folder("A new folder for the bundle.")],
    own_share: Annotated[
        Path | None,
        typer.Option("--own-share", help="Your own part of the key for the codes; it is created if it does not exist."),
    ] = None,
    scan: Annotated[
        bool, typer.Option("--scan/--no-scan", help="Look for signs of exploitation in summaries, here at the force.")
    ] = True,
    as_json: Json = False,
) -> None:
    """For a force: make a bundle with codes in place of references, encrypted identities, and summaries already
    searched for signs.
    """
    from assay.workflows.receive.bundle_writer import make_bundle

    with show_progress(as_json) as progress:
        done = make_bundle(folder, request, keys, out, share=own_share, scan=scan, progress=progress)
    print_result(done, as_json)


@command("signature make-keys")
def signing_keys(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Folder for the keys, separate from the signed files; without it, your settings for assay."
        ),
    ] = None,
) -> None:
    """Make keys for signing: a private file to keep, and a public file to publish where readers trust it. A key in the
    folder of your settings signs the ledger of every inspection that you run.
    """
    from assay.engine.provenance.file_signatures import make_signing_keys
    from assay.engine.provenance.ledger_signatures import settings_folder

    try:
        place = folder or settings_folder()
    except RuntimeError:
        raise UsageError(
            "This user has no home folder. Name the folder for the keys: assay signature make-keys FOLDER"
        ) from None
    keep, publish = make_signing_keys(place)
    print_lines(
        f"{keep} is the private key. Keep it secret: whoever has it can sign as you.",
        f"{publish} is the public key. Publish it where readers trust it.",
    )


@command("signature accept-ledger")
def accept_ledger(
    folder: Annotated[Path, typer.Argument(help="The folder of the inspection.")],
    reviewer: Annotated[str, typer.Option("--who", help="Who accepts it: a code, never a name.")],
    reason: Annotated[str, typer.Option("--reason", help="Why the ledger differs; the reason is recorded in it.")],
) -> None:
    """Sign a ledger that differs from the one that you signed last, after you restored the folder from a backup or
    recreated it without the key. First see what differs: assay inspect verify."""
    from assay.engine.provenance.ledger_signatures import accept_ledger as sign_accepted_ledger
    from assay.text.personal_details import refuse_personal_details

    refuse_personal_details("The reason", reason)
    head = sign_accepted_ledger(folder, person_code=reviewer, reason_text=reason)
    print_lines(f"Lines 1 to {head.number} of the ledger are signed. The last line records who accepted it, and why.")


@command("signature sign")
def sign(
    file: Annotated[Path, typer.Argument(help="The file to sign, such as a pack; it is not changed.")],
    keys: Annotated[Path, typer.Option("--keys", help="The private key: signing.toml.")],
) -> None:
    """Sign a file, so that others can check who signed it and that it is unchanged; the signature is put beside it."""
    from assay.engine.provenance.file_signatures import sign_file

    print_lines(f"{sign_file(file, keys)} is the signature. Send it with the file.")


@command("signature check")
def check_signature(
    file: Annotated[Path, typer.Argument(help="The signed file; its signature is beside it.")],
    public: Annotated[Path, typer.Option("--public", help="The key that the signer published: signing-public.toml.")],
) -> None:
    """Check that a file is unchanged since it was signed, and by whose key; exit code 5 if it is not."""
    from assay.engine.provenance.file_signatures import check_signature as check_file

    print_lines(f"{file} is unchanged since it was signed with the key {check_file(file, public)}.")

"""Commands that read texts: one text, many texts, and an entry with or without names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_lines, print_result, show_progress
from assay.errors import UsageError

if TYPE_CHECKING:
    from assay.text import Reader
    from assay.workflows.reading.entry_reading import Note


@command("text read")
def read(
    file: Annotated[Path, typer.Argument(help="A text file, '-' for standard input; with --jsonl, an object a line.")],
    out: Annotated[Path | None, typer.Argument(help="With --jsonl: the file for the results.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Many texts: `id` and `text` in each line.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write the text as a page, with what was found.")] = None,
    author_role: Annotated[str, typer.Option("--author-role", help="Who wrote it: a code of the data return.")] = "",
    entry_type: Annotated[str, typer.Option("--entry-type", help="The kind of entry: a code of the data return.")] = "",
    form: Annotated[
        Path | None, typer.Option("--form", help="The printed lines of the form; they are not read.")
    ] = None,
    note: Annotated[
        str, typer.Option("--note", help="FILE is an inspection: show this entry of it, without names.")
    ] = "",
    summary: Annotated[
        str, typer.Option("--summary", help="FILE is an inspection: show the summary of this crime, without names.")
    ] = "",
    force: Annotated[str, typer.Option("--force", help="With these: whose return it is in, by code.")] = "",
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="Use only the listed terms, without the models.")
    ] = False,
    taught: Annotated[
        Path | None, typer.Option("--taught", help="A folder of labels, with the model trained on them.")
    ] = None,
    verdict: Annotated[
        bool,
        typer.Option("--verdict", help="With --note or --summary: also show what was found. The ledger records this."),
    ] = False,
    reader: Annotated[str, typer.Option("--who", help="With --verdict: who asks, by a code, never a name.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="With --verdict: why, in a sentence.")] = "",
    as_json: Json = False,
) -> None:
    """Explain what was found in a text: words that blame a child, in whose voice, and signs of exploitation. For an
    entry of an inspection, show the text without names and without what was found, so that raters judge first.
    """
    entry = note or summary
    _refuse_incomplete_request(has_entry=bool(entry), verdict=verdict, as_page=html is not None)
    verdict_request = (reader, reason) if verdict else None
    found = _entry(file, force, entry, "notes" if note else "summaries", verdict_request) if entry else None
    if found and not verdict:
        print_result(found, as_json)
        return
    text_reader = _text_reader(form, taught, rules_only=rules_only)
    if jsonl and not found:
        _read_many(file, out, text_reader, as_json)
        return
    from assay.text import Entry
    from assay.workflows.reading.reading_summaries import TextReading, write_text_page

    text, entry_details = (found.text, found.entry) if found else (_text(file), Entry(author_role, entry_type))
    reading = TextReading(text, text_reader.read([text], [entry_details])[0])
    print_result(reading, as_json)
    if html:
        write_text_page(reading, html)
        if not as_json:
            print_lines("", f"The text, with what was found: {html}")


def _refuse_incomplete_request(*, has_entry: bool, verdict: bool, as_page: bool) -> None:
    """Raise UsageError if what was found in an entry is asked for without naming the entry, or who asks and why."""
    if verdict and not has_entry:
        raise UsageError("--verdict needs an entry of an inspection. Name it with --note or --summary, and --force.")
    if has_entry and as_page and not verdict:
        raise UsageError(
            "The page shows what was found in the entry, and the ledger records who asks. Add: --verdict --who "
            "CODE --reason WHY"
        )


def _text_reader(form: Path | None, taught: Path | None, *, rules_only: bool) -> Reader:
    """Return the reader of texts, and print why a trained model is not used."""
    from assay.workflows.reading.starting_models import load_models, rejection_reasons
    from assay.workflows.reading.text_readers import build_reader, read_templates

    for line in rejection_reasons(taught) if taught and not rules_only else ():
        typer.echo(line, err=True)
    return build_reader(templates=read_templates(form), classifier=None if rules_only else load_models(taught))


def _read_many(file: Path, out: Path | None, text_reader: Reader, as_json: bool) -> None:
    """Read the texts of a JSON Lines file, and write the results to another."""
    from assay.workflows.reading.line_input import read_lines

    if out is None:
        raise UsageError("Name the file for the answers: assay text read --jsonl IN OUT")
    with show_progress(as_json) as progress:
        print_result(read_lines(file, out, text_reader, progress), as_json)


@command("text unlock")
def unlock(
    folder: Folder,
    note: Annotated[str, typer.Argument(help="The entry, by its note_ref.")],
    force: Annotated[str, typer.Option("--force", help="The force whose return holds it, by code.")],
    reader: Annotated[str, typer.Option("--who", help="Who reads it: a code, never a name.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence. The ledger records it.")],
) -> None:
    """Show an entry with its names. The ledger first records who unlocked it, which entry, and why."""
    from assay.workflows.reading.entry_reading import unlock_entry

    print_lines(unlock_entry(folder, force, note, reader_code=reader, reason=reason))


@command("text unlock-log")
def unlocked(folder: Folder, as_json: Json = False) -> None:
    """List the entries that were shown with names: to whom, when and why. The ledger identifies the people by codes."""
    from assay.workflows.reading.entry_reading import unlock_log

    print_result(unlock_log(folder), as_json)


def _entry(folder: Path, force: str, reference: str, table: str, verdict_request: tuple[str, str] | None) -> Note:
    """Return an entry of an inspection without its names.

    `verdict_request`: who asks for the verdict, and why; the ledger records it.
    """
    from assay.workflows.reading.entry_reading import read_entry, read_entry_with_verdict

    if verdict_request is None:
        return read_entry(folder, force, reference, table=table)
    reader_code, reason = verdict_request
    return read_entry_with_verdict(folder, force, reference, reader_code=reader_code, reason=reason, table=table)


def _text(file: Path) -> str:
    """Return the text of a file, or of standard input; bytes that are not UTF-8 become a replacement character."""
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be opened: {error.strerror}. Check its path and your permissions.") from None
    return content.decode("utf-8-sig", "replace")

"""How does the draft of `return.toml` read, one section a table: sent, partly, not, and why not?

Nothing is said for the force that it alone can say: whether a table is complete, why a column is not sent, which query
made the file. Such a key stands as a comment with TODO, and until it is filled the return is read in the way that
claims least, or is not taken in at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assay import contract
from assay.ingest.preparation.mapping_draft import TODO, Written, quoted
from assay.reference import Request

REASONS = ("not_held", "not_extractable", "on_paper", "not_lawful")
ONE_OF = f"one of {', '.join(REASONS)}"
HEAD = (
    "# Drafted by assay prepare. Take '# TODO: ' away from a line and write what holds. The words are explained in the",
    "# contract of the data return, section 2.",
)


def draft(request: Request, force_code: str, tables: Sequence[Written], system: str, wanted: Sequence[str]) -> str:
    """The text of `return.toml`, with a section for each table in `wanted`: what is not asked is not answered."""
    found = {one.name: one for one in tables}
    lines = [*HEAD, "", *_return(request, force_code)]
    for name in wanted:
        lines += ["", f"[tables.{name}]"]
        lines += _sent(found[name], system) if name in found else _not_sent()
    if "events" in wanted:
        lines += ["", *_kinds(found.get("events"))]
    return "\n".join(lines) + "\n"


def _return(request: Request, force_code: str) -> Iterator[str]:
    yield "[return]"
    yield f"spec_version = {quoted(contract.SPEC_VERSION)}"
    yield f"request = {quoted(request.key)}"
    yield f"force_code = {quoted(force_code)}"
    yield f"period_from = {request.period_from}"
    yield f"period_to = {request.period_to}"
    yield f"history_from = {request.history_from}"
    yield f'{TODO}extracted_at = "{request.period_to}T06:00"  # the minute at which the data were read out'
    yield "edition = 1"
    yield f'{TODO}contact_post = "Data officer"  # the post, never a name, to which the letter goes'


def _not_sent() -> Iterator[str]:
    yield 'supplied = "none"'
    yield f'{TODO}reason = "not_held"  # {ONE_OF}'


def _sent(one: Written, system: str) -> Iterator[str]:
    yield from _how_much(one)
    yield f'{TODO}complete = "no"  # yes only if a row that is not in the file is a thing that did not happen'
    yield f"system = {quoted(system)}" if system else f'{TODO}system = ""  # the record system that it comes from'
    yield f'{TODO}searchable = "yes"  # yes, part or no: could the rows be selected by query'
    yield f'{TODO}query = ""  # the query or the steps that made the file, and the local categories used'
    yield f"rows = {one.proposal.export.records}  # as counted in the file: compare it with the count of your system"
    yield "# covers_from, covers_to and extracted_at may stand here too, if they differ for this table"
    yield from _columns_not_sent(one)


def _how_much(one: Written) -> Iterator[str]:
    if not one.lacks("yes", "if known"):
        yield f'{TODO}supplied = "whole"  # every column was found; part, with a reason, if the scope is not whole'
        return
    yield 'supplied = "part"'
    yield f'{TODO}reason = "not_extractable"  # {ONE_OF}'
    yield f'{TODO}reason_note = ""  # what is left out, in a sentence, with no person in it'


def _columns_not_sent(one: Written) -> Iterator[str]:
    wanted = one.lacks("yes", "if known")
    if wanted:
        yield ""
        yield f"[tables.{one.name}.columns_not_sent]"
        yield f"# Not found in {one.proposal.export.file}. For each: {ONE_OF}; or name its column in mapping.toml."
        yield from (f'{TODO}{name} = "not_held"' for name in wanted)


def _kinds(events: Written | None) -> Iterator[str]:
    yield "[tables.events.kinds]"
    yield "# yes if every step of the kind in scope is in the file, no if some may lack. Not listed: not supplied."
    for kind, rows in _kinds_in(events).items():
        yield f'{TODO}{kind} = "no"  # {rows} rows'


def _kinds_in(events: Written | None) -> Mapping[str, int]:
    """The kinds of events in the file, as far as their words are known, with their rows."""
    match = events.proposal.matches.get("kind") if events else None
    if events is None or match is None:
        return {}
    known = {value.casefold(): value for value in contract.list_values("event_kind")}
    meant = events.meanings["kind"].translated
    written = {theirs: ours for was in events.earlier for theirs, ours in was.values("events", "kind").items()}
    found: dict[str, int] = {}
    for word, rows in events.proposal.export.shape(match.heading).values.items():
        kind = known.get(written.get(word, meant.get(word, word)).casefold())
        if kind:
            found[kind] = found.get(kind, 0) + rows
    return dict(sorted(found.items()))

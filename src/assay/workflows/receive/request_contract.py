"""What is asked of forces: the request as it was told, and the contract that their returns keep?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from assay.contract.declared_purposes import HIGHEST_TIER, declare
from assay.errors import UsageError
from assay.ingest.inspection_folder import declared_in
from assay.reference import bodies
from assay.reference.data_requests import Request, read_request
from assay.reference.processing_declarations import Declarations
from assay.wording import listed

REQUEST = "request.toml"
"""The file of a request."""


def request_told(path: Path | None, *, key: str, title: str, period: tuple[str, str], history_from: str) -> Request:
    """The request in a file, or one told in words to the command; UsageError if neither says enough."""
    if path is not None:
        if not path.is_file():
            raise UsageError(f"{path} is not there. Name the request's file, or tell it with --key, --from and --to.")
        return read_request(path)
    if not (key and all(period)):
        raise UsageError("Name the request: --request FILE, or --key, --from and --to.")
    first, after = (day_told(word, name) for word, name in zip(period, ("--from", "--to"), strict=True))
    if not first < after:
        raise UsageError("The period is empty: --to is the first day after it, and must lie after --from.")
    return Request(
        key=key,
        title=title or key,
        period_from=first,
        period_to=after,
        history_from=day_told(history_from, "--history-from") if history_from else first,
        group_history=False,
        register="real",
        bodies={body.code: body for body in bodies()},
    )


@dataclass(frozen=True)
class Settled:
    """What the inspecting body settled, as it was told to the command; days as text, '' or None for what was not told.

    `tier`: the tables of tiers 1 up to it are asked for; `also`: further tables, that people will read.
    """

    legal_basis: str = ""
    holder: str = ""
    destroy_by: str = ""
    used_until: str = ""
    identities_destroy_by: str = ""
    tier: int | None = None
    also: Sequence[str] = ()

    @property
    def needed(self) -> dict[str, str]:
        """By option: what must be settled before anything is declared."""
        return {"--legal-basis": self.legal_basis, "--holder": self.holder, "--destroy-by": self.destroy_by}

    @property
    def beside(self) -> list[str]:
        """The options told that say nothing without those."""
        told = {
            "--used-until": self.used_until,
            "--identities-destroy-by": self.identities_destroy_by,
            "--tier": self.tier,
            "--also": self.also,
        }
        return [option for option, said in told.items() if said]


def declared_told(path: Path | None, settled: Settled, today: date | None = None) -> Declarations:
    """What is declared in the request's file, or follows from what was settled; nothing where neither says it.

    UsageError where only a part was settled (a basis, a holder and a last day go together), and for a last day that
    has passed on the day `today`.
    """
    if not any(settled.needed.values()):
        _nothing_beside(settled)
        return declared_in(path) if path is not None else {}
    missing = [option for option, word in settled.needed.items() if not word.strip()]
    if missing:
        raise UsageError(f"Declaring the tables needs {', '.join(missing)} too. The inspecting body must settle it.")
    last_day = partial(_last_day, today=today or date.today())
    return declare(
        legal_basis=settled.legal_basis,
        holder=settled.holder,
        destroy_by=last_day(settled.destroy_by, "--destroy-by"),
        used_until=last_day(settled.used_until, "--used-until") if settled.used_until else None,
        identities_destroy_by=last_day(settled.identities_destroy_by, "--identities-destroy-by")
        if settled.identities_destroy_by
        else None,
        tier=settled.tier or HIGHEST_TIER,
        also=settled.also,
    )


def _nothing_beside(settled: Settled) -> None:
    """An option that would change nothing is refused, so that nobody takes it for done."""
    if settled.beside:
        raise UsageError(
            f"{listed(settled.beside)}: read with {listed(list(settled.needed))} alone. Say those three too, or leave "
            f"{'it' if len(settled.beside) == 1 else 'them'} out: then what the request's file declares holds."
        )


def _last_day(word: str, option: str, today: date) -> date:
    day = day_told(word, option)
    if day < today:
        raise UsageError(f"{option}: {day} has passed, so nothing could be taken in. Name a day that is still to come.")
    return day


def day_told(word: str, option: str) -> date:
    """A day in ISO form; UsageError that names the option for anything else."""
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UsageError(f"{option} must be a day such as 2025-04-01.") from None


def write_contract(out: Path) -> list[str]:
    """The schema and the empty workbook for forces, written into `out`; what was written, in words."""
    from assay.contract.empty_workbook import write_workbook
    from assay.contract.frictionless_schema import write_schemas

    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file. Name a folder; it is made if it is not there.")
    out.mkdir(parents=True, exist_ok=True)
    written = [*write_schemas(out), write_workbook(out / "data-return.xlsx")]
    return [f"{len(written)} files in {out}:", *(f"  {path.name}" for path in written)]

"""Read an inspection's request and the tables that it declares, and write the data contract for forces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from assay.contract.declared_purposes import HIGHEST_TIER, declare_tables
from assay.errors import UsageError
from assay.ingest.inspection_folder import read_table_declarations
from assay.reference import real_organisations
from assay.reference.data_requests import DataRequest, read_request
from assay.reference.processing_declarations import Declarations
from assay.wording import join_words

REQUEST = "request.toml"
"""The file of a request."""


def parse_request(
    path: Path | None, *, key: str, title: str, period: tuple[str, str], history_from: str
) -> DataRequest:
    """Return the request from a file or from command options; UsageError if neither suffices."""
    if path is not None:
        if not path.is_file():
            raise UsageError(f"There is no file {path}. Name the file of the request, or give --key, --from and --to.")
        return read_request(path)
    if not (key and all(period)):
        raise UsageError("The request is missing. Give --request FILE, or --key, --from and --to.")
    first, after = (parse_day(word, name) for word, name in zip(period, ("--from", "--to"), strict=True))
    if not first < after:
        raise UsageError(
            "The period is empty. --to is the first day after the period, so it must be later than --from."
        )
    return DataRequest(
        key=key,
        title=title or key,
        period_from=first,
        period_to=after,
        history_from=parse_day(history_from, "--history-from") if history_from else first,
        group_history=False,
        register="real",
        organisations={organisation.code: organisation for organisation in real_organisations()},
    )


@dataclass(frozen=True)
class DeclarationOptions:
    """The command options by which the inspecting organisation declares tables; dates are text, '' or None if not
    given.

    The tables of tiers 1 to `tier` are requested; `also` names further tables that people will read.
    """

    legal_basis: str = ""
    holder: str = ""
    destroy_by: str = ""
    used_until: str = ""
    identities_destroy_by: str = ""
    tier: int | None = None
    also: Sequence[str] = ()

    @property
    def required_options(self) -> dict[str, str]:
        """Return the value given for each option that a declaration requires."""
        return {"--legal-basis": self.legal_basis, "--holder": self.holder, "--destroy-by": self.destroy_by}

    @property
    def dependent_options(self) -> list[str]:
        """Return the given options that have no effect without the required ones."""
        option_values = {
            "--used-until": self.used_until,
            "--identities-destroy-by": self.identities_destroy_by,
            "--tier": self.tier,
            "--also": self.also,
        }
        return [option for option, option_value in option_values.items() if option_value]


def parse_declarations(path: Path | None, settled: DeclarationOptions, today: date | None = None) -> Declarations:
    """Return the declarations from the request file or from command options.

    Raises
    ------
    UsageError
        If only a part is given (a basis, a holder and a last day belong together), or a last day has passed on the day
        `today`.
    """
    if not any(settled.required_options.values()):
        _refuse_dependent_options(settled)
        return read_table_declarations(path) if path is not None else {}
    missing = [option for option, word in settled.required_options.items() if not word.strip()]
    if missing:
        raise UsageError(
            f"Declaring the tables also needs {', '.join(missing)}. Ask the inspecting organisation for it."
        )
    last_day = partial(_last_day, today=today or date.today())
    return declare_tables(
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


def _refuse_dependent_options(settled: DeclarationOptions) -> None:
    """Refuse an option without effect, so that nobody assumes that it was applied."""
    if settled.dependent_options:
        raise UsageError(
            f"{join_words(settled.dependent_options)}: read with "
            f"{join_words(list(settled.required_options))} alone. Say those three too, or leave "
            f"{'it' if len(settled.dependent_options) == 1 else 'them'} out: then what the request's file "
            f"declares holds."
        )


def _last_day(word: str, option: str, today: date) -> date:
    day = parse_day(word, option)
    if day < today:
        raise UsageError(f"{option}: {day} has passed, so nothing could be accepted. Give a later day.")
    return day


def parse_day(word: str, option: str) -> date:
    """Return a date in ISO form; UsageError with the name of the option for any other text."""
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UsageError(f"{option} must be a day such as 2025-04-01.") from None


def write_contract(out: Path) -> list[str]:
    """Write the schema and the empty workbook for forces into `out`, and return lines for a terminal."""
    from assay.contract.empty_workbook import write_workbook
    from assay.contract.frictionless_schema import write_schemas

    out.mkdir(parents=True, exist_ok=True)
    paths = [*write_schemas(out), write_workbook(out / "data-return.xlsx")]
    return [f"{len(paths)} files in {out}:", *(f"  {path.name}" for path in paths)]

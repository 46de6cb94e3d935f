"""What is asked of forces: the request as it was told, and the contract that their returns keep?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assay.commission import bodies
from assay.commission.requests import Request, read_request
from assay.errors import UsageError


def request_told(path: Path | None, *, key: str, title: str, period: tuple[str, str], history_from: str) -> Request:
    """The request in a file, or one told in words to the command; UsageError if neither says enough."""
    if path is not None:
        if not path.is_file():
            raise UsageError(f"{path} is not there. Name the request's file, or tell it with --key, --from and --to.")
        return read_request(path)
    if not (key and all(period)):
        raise UsageError("Name the request: --request FILE, or --key, --from and --to.")
    first, after = (_day(word, name) for word, name in zip(period, ("--from", "--to"), strict=True))
    if not first < after:
        raise UsageError("The period is empty: --to is the first day after it, and must lie after --from.")
    return Request(
        key=key,
        title=title or key,
        period_from=first,
        period_to=after,
        history_from=_day(history_from, "--history-from") if history_from else first,
        group_history=False,
        register="real",
        bodies={body.code: body for body in bodies()},
    )


def _day(word: str, option: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UsageError(f"{option} must be a day such as 2025-04-01.") from None


def write_contract(out: Path) -> list[str]:
    """The schema and the empty workbook for forces, written into `out`; what was written, in words."""
    from assay.returns.schema import write_schemas
    from assay.returns.workbook import write_workbook

    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file. Name a folder; it is made if it is not there.")
    out.mkdir(parents=True, exist_ok=True)
    written = [*write_schemas(out), write_workbook(out / "data-return.xlsx")]
    return [f"{len(written)} files in {out}:", *(f"  {path.name}" for path in written)]

"""Where do an invented country's request, returns and truth come from, and where are they written?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.commission import Request
from assay.commission.declarations import declarations_text
from assay.errors import UsageError
from assay.invented.chance import Chance
from assay.invented.country import FAILINGS, MOST_BODIES, Force, country
from assay.invented.dirt import Fault, plant
from assay.invented.holdings import holdings
from assay.invented.own_system import write_export
from assay.invented.people import travellers
from assay.invented.sending import Sending, first_tier, sendings
from assay.invented.sheets import sheets
from assay.invented.truth import write_truth
from assay.invented.wall import HISTORY_FROM, PERIOD_FROM, PERIOD_TO
from assay.invented.writing import write_return
from assay.progress import Progress, silent
from assay.returns import contract
from assay.returns.declaring import declare

KEY = "INVENTED-2026"
TITLE = "An inspection of invented forces"
DECLARED = declare(
    legal_basis="None is needed: every record is invented.",
    holder="Whoever invented these forces.",
    destroy_by=dt.date(2099, 12, 31),
    also=tuple(contract.tables()),
)


@dataclass(frozen=True)
class Invented:
    """What was made: the folder, its request, one folder of a return for each body, and what was planted where."""

    folder: Path
    request: Path
    returns: Mapping[str, Path]
    truth: Path
    planted: Mapping[str, tuple[str, ...]]
    crimes: int


def invent(
    folder: Path,
    *,
    forces: int = 44,
    crimes_per_force: int = 60,
    seed: int = 1,
    export: str = "",
    tier_one: Collection[str] = (),
    alike: Sequence[str] = (),
    progress: Progress = silent,
) -> Invented:
    """Write `request.toml`, `returns/CODE/` for every body and `truth/` into `folder`.

    `crimes_per_force` is a mean: sizes differ. With `export`, the code of a body, `export/CODE/` holds what its own
    system would export, before anyone made a return of it. `tier_one`: bodies that send the first tier of tables alone,
    and are otherwise as they would have been. `alike`: bodies that are as large and work as well as the first of them.
    The same arguments give the same bytes. UsageError if the folder holds any of these already, or the arguments make
    no country.
    """
    if not 1 <= forces <= MOST_BODIES or crimes_per_force < 1:
        raise UsageError(f"An invented country has 1 to {MOST_BODIES} forces and at least 1 crime a force.")
    for name in ("request.toml", "returns", "truth", "export"):
        if (folder / name).exists():
            raise UsageError(f"The folder holds {name} already: choose an empty folder, or remove it first.")
    made = twins(country(forces, crimes_per_force, seed), alike)
    strangers = sorted({*tier_one, *alike, *([export] if export else [])} - {force.code for force in made})
    if strangers:
        last = made[-1].code
        raise UsageError(f"The invented country has no force {', '.join(strangers)}: they are INV01 to {last}.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "request.toml").write_bytes(f"{_request(made).to_toml()}\n{declarations_text(DECLARED)}".encode())
    _write_all(folder, made, sendings(made, seed), seed, frozenset(tier_one), export, progress)
    return Invented(
        folder=folder,
        request=folder / "request.toml",
        returns={force.code: folder / "returns" / force.code for force in made},
        truth=folder / "truth",
        planted={key: tuple(force.code for force in made if key in force.failings) for key in FAILINGS},
        crimes=sum(force.crimes for force in made),
    )


def twins(made: list[Force], alike: Sequence[str]) -> list[Force]:
    """The bodies, of which those named are as large and work as well as the first that is named."""
    model = next((force for force in made if force.code in alike[:1]), None)
    if model is None:
        return made
    return [replace(model, body=force.body) if force.code in alike else force for force in made]


def _request(made: list[Force]) -> Request:
    bodies = {force.code: force.body for force in made}
    return Request(KEY, TITLE, PERIOD_FROM, PERIOD_TO, HISTORY_FROM, False, "invented", bodies)


def _write_all(
    folder: Path,
    made: list[Force],
    how: dict[str, Sending],
    seed: int,
    tier_one: Collection[str],
    export: str,
    progress: Progress,
) -> None:
    """One return after another, then the truth."""
    books, faults = [], dict[str, list[Fault]]()
    abroad = travellers(seed, max(3, sum(force.crimes for force in made) // 60))
    for number, force in enumerate(made):
        progress("inventing returns", number, len(made))
        sending = how[force.code]
        book = holdings(force, sending.span, seed, abroad)
        sent = sheets(book, sending)
        chance = Chance(seed, "faults", force.code)
        whole = {name: sheet for name, sheet in sent.items() if name != sending.damaged}
        faults[force.code] = plant(whole, chance) if sending.dirty else []
        if force.code in tier_one:
            sending = how[force.code] = first_tier(sending)
            sent = {name: sheet for name, sheet in sent.items() if name not in sending.left_out}
            faults[force.code] = [fault for fault in faults[force.code] if fault.table in sent]
        write_return(folder / "returns" / force.code, force, sending, sent, KEY)
        if force.code == export:
            write_export(folder / "export" / export, sent)
        book.tables = {"involvements": book.tables["involvements"], "groups": book.rows("groups")}
        books.append(book)
    write_truth(folder / "truth", books, how, faults, seed)
    progress("inventing returns", len(made), len(made))

"""Where do an invented country's request, returns and truth come from, and where are they written?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.commission import Request
from assay.errors import UsageError
from assay.invented.chance import Chance
from assay.invented.country import FAILINGS, MOST_BODIES, Force, country
from assay.invented.dirt import Fault, plant
from assay.invented.holdings import holdings
from assay.invented.people import travellers
from assay.invented.sending import Sending, sendings
from assay.invented.sheets import sheets
from assay.invented.truth import write_truth
from assay.invented.wall import HISTORY_FROM, PERIOD_FROM, PERIOD_TO
from assay.invented.writing import write_return
from assay.progress import Progress, silent

KEY = "INVENTED-2026"
TITLE = "An inspection of invented forces"


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
    folder: Path, *, forces: int = 44, crimes_per_force: int = 60, seed: int = 1, progress: Progress = silent
) -> Invented:
    """Write `request.toml`, `returns/CODE/` for every body and `truth/` into `folder`.

    `crimes_per_force` is a mean: sizes differ. The same arguments give the same bytes. UsageError if the folder
    holds any of the three already, or the numbers make no country.
    """
    if not 1 <= forces <= MOST_BODIES or crimes_per_force < 1:
        raise UsageError(f"An invented country has 1 to {MOST_BODIES} forces and at least 1 crime a force.")
    for name in ("request.toml", "returns", "truth"):
        if (folder / name).exists():
            raise UsageError(f"The folder holds {name} already: choose an empty folder, or remove it first.")
    folder.mkdir(parents=True, exist_ok=True)
    made = country(forces, crimes_per_force, seed)
    (folder / "request.toml").write_bytes(_request(made).to_toml().encode())
    _write_all(folder, made, sendings(made, seed), seed, progress)
    return Invented(
        folder=folder,
        request=folder / "request.toml",
        returns={force.code: folder / "returns" / force.code for force in made},
        truth=folder / "truth",
        planted={key: tuple(force.code for force in made if key in force.failings) for key in FAILINGS},
        crimes=sum(force.crimes for force in made),
    )


def _request(made: list[Force]) -> Request:
    bodies = {force.code: force.body for force in made}
    return Request(KEY, TITLE, PERIOD_FROM, PERIOD_TO, HISTORY_FROM, False, "invented", bodies)


def _write_all(folder: Path, made: list[Force], how: Mapping[str, Sending], seed: int, progress: Progress) -> None:
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
        write_return(folder / "returns" / force.code, force, sending, sent, KEY)
        book.tables = {"involvements": book.tables["involvements"], "groups": book.rows("groups")}
        books.append(book)
    write_truth(folder / "truth", books, how, faults, seed)
    progress("inventing returns", len(made), len(made))

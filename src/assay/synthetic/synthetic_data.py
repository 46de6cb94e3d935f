"""Where do an invented country's request, returns and truth come from, and where are they written?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay import contract
from assay.contract.declared_purposes import declare
from assay.errors import UsageError
from assay.progress import Progress, silent
from assay.reference import Request
from assay.reference.processing_declarations import declarations_text
from assay.synthetic import fieldwork_visits
from assay.synthetic.failing_parameters import failings
from assay.synthetic.force_generation import SEVERAL_FORCES, Making, make_all
from assay.synthetic.known_truth import planted_in, write_truth
from assay.synthetic.return_forms import Sending, first_tier, sendings, span_of
from assay.synthetic.synthetic_country import Force, country
from assay.synthetic.synthetic_voices import FOLDER, write_others
from assay.synthetic.world_files import read_world
from assay.synthetic.world_settings import World

KEY = "INVENTED-2026"
NEXT_DRAW = 2**32
"""Between the seeds of one draw of the records and the next: no seed that anybody writes comes near."""
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
    world: World | None = None,
    forces: int | None = None,
    crimes_per_force: int | None = None,
    seed: int = 1,
    again: int = 0,
    export: str = "",
    tier_one: Collection[str] = (),
    alike: Sequence[str] = (),
    progress: Progress = silent,
) -> Invented:
    """Write `request.toml`, `returns/CODE/` for every body, `others/` (voices, documents, notes), `fieldwork/` (who is
    visited) and `truth/` into `folder`.

    `world` is the plain one if none is given; `forces` and `crimes_per_force` (a mean in a year: sizes differ) are its
    own unless they are said. With `export`, the code of a body, `export/CODE/` holds what its own system would export,
    before anyone made a return of it. `tier_one`: bodies that send the first tier of tables alone, and are otherwise as
    they would have been. `alike`: bodies that are as large and work as well as the first of them. `again`: the same
    forces, as large and as good, with other records: each number is another draw. The same arguments give the same
    bytes. UsageError if the folder holds any of these already, or the arguments make no country.
    """
    world = (world or read_world("plain")).sized(forces=forces, crimes=crimes_per_force)
    for name in ("request.toml", "returns", "truth", "export", FOLDER, fieldwork_visits.FOLDER):
        if (folder / name).exists():
            raise UsageError(f"The folder holds {name} already: choose an empty folder, or remove it first.")
    made = twins(country(world, seed), alike)
    strangers = sorted({*tier_one, *alike, *([export] if export else [])} - {force.code for force in made})
    if strangers:
        last = made[-1].code
        raise UsageError(f"The invented country has no force {', '.join(strangers)}: they are INV01 to {last}.")
    how = {code: first_tier(one) if code in tier_one else one for code, one in sendings(world, made, seed).items()}
    folder.mkdir(parents=True, exist_ok=True)
    request = _request(world, made)
    (folder / "request.toml").write_bytes(f"{request.to_toml()}\n{declarations_text(DECLARED)}".encode())
    counts = _write_all(folder, world, made, how, seed + again * NEXT_DRAW, export, progress)
    write_others(folder, KEY, made, request.period_to, seed)
    write_truth(folder / "truth", world, made, how, counts, seed)
    return Invented(
        folder=folder,
        request=folder / "request.toml",
        returns={force.code: folder / "returns" / force.code for force in made},
        truth=folder / "truth",
        planted={key: tuple(planted_in(made, key)) for key in failings()},
        crimes=sum(found["crimes"] for found in counts.values()),
    )


def twins(made: list[Force], alike: Sequence[str]) -> list[Force]:
    """The bodies, of which those named are as large and work as well as the first that is named."""
    model = next((force for force in made if force.code in alike[:1]), None)
    if model is None:
        return made
    return [replace(model, body=force.body) if force.code in alike else force for force in made]


def _request(world: World, made: list[Force]) -> Request:
    bodies, span = {force.code: force.body for force in made}, span_of(world)
    return Request(KEY, TITLE, span.period_from, span.period_to, span.history_from, False, "invented", bodies)


def _write_all(
    folder: Path,
    world: World,
    made: list[Force],
    how: Mapping[str, Sending],
    seed: int,
    export: str,
    progress: Progress,
) -> dict[str, dict[str, int]]:
    """Every return and its part of the truth; the counts of the truth by force."""
    number = max(3, sum(force.crimes for force in made) // SEVERAL_FORCES)
    (folder / "truth").mkdir()
    policing = tuple(force.code for force in made if force.body.kind == "territorial")
    making = [
        Making(folder, world, force, how[force.code], seed, number, policing, KEY, force.code == export)
        for force in made
    ]
    counts: dict[str, dict[str, int]] = {}
    progress("inventing returns", 0, len(made))
    for code, found in make_all(making):
        counts[code] = found
        progress("inventing returns", len(counts), len(made))
    return counts

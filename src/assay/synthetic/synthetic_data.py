"""Generate a synthetic country: its request, returns and known truth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay import contract
from assay.contract.declared_purposes import declare_tables
from assay.errors import UsageError
from assay.progress import Progress, no_progress
from assay.reference import DataRequest
from assay.reference.processing_declarations import declarations_text
from assay.synthetic import fieldwork_visits
from assay.synthetic.failing_parameters import failings
from assay.synthetic.force_generation import CRIMES_PER_TRAVELLER, ForceGeneration, generate_all
from assay.synthetic.known_truth import forces_with_failing, write_truth
from assay.synthetic.return_forms import ReturnForm, first_tier, return_forms, world_span
from assay.synthetic.synthetic_country import SyntheticForce, generate_forces
from assay.synthetic.synthetic_voices import FOLDER, write_others
from assay.synthetic.world_files import read_world
from assay.synthetic.world_settings import World

KEY = "INVENTED-2026"
SEED_STEP = 2**32
"""Step between the seeds of repeated draws, larger than any seed that a user would choose."""
TITLE = "An inspection of invented forces"
DECLARED = declare_tables(
    legal_basis="None is needed: every record is invented.",
    holder="Whoever invented these forces.",
    destroy_by=dt.date(2099, 12, 31),
    also=tuple(contract.tables()),
)


@dataclass(frozen=True)
class SyntheticCountry:
    """A generated country: the folder, its request, the return folders, and the injected failings."""

    folder: Path
    request: Path
    returns: Mapping[str, Path]
    truth: Path
    injected: Mapping[str, tuple[str, ...]]
    crimes: int


def generate_country(
    folder: Path,
    *,
    world: World | None = None,
    forces: int | None = None,
    crimes_per_force: int | None = None,
    seed: int = 1,
    repeat: int = 0,
    export: str = "",
    tier_one: Collection[str] = (),
    alike_codes: Sequence[str] = (),
    progress: Progress = no_progress,
) -> SyntheticCountry:
    """Write `request.toml`, `returns/CODE/` for every force, `others/` (voices, documents, notes), `fieldwork/` (who is
    visited) and `truth/` into `folder`.

    `world` is the plain one if none is given; `forces` and `crimes_per_force` (a mean in a year: sizes differ) are
    its own unless they are said. With `export`, the code of a force, `export/CODE/` holds what its own system would
    export, before anyone made a return of it, and `extract/CODE.csv` the same crimes as one flat file. `tier_one`:
    forces that send the first tier of tables alone, and are otherwise as they would have been. `alike_codes`:
    forces that are as large and work as well as the first of them. `repeat`: the same forces, as large and as good,
    with other records: each number is another draw. The same arguments give the same bytes. UsageError if the
    folder holds any of these already, or the arguments make no country.
    """
    world = (world or read_world("plain")).sized(forces=forces, crimes=crimes_per_force)
    for name in ("request.toml", "returns", "truth", "export", "extract", FOLDER, fieldwork_visits.FOLDER):
        if (folder / name).exists():
            raise UsageError(f"The folder holds {name} already: choose an empty folder, or remove it first.")
    all_forces = make_alike(generate_forces(world, seed), alike_codes)
    unknown_codes = sorted(
        {*tier_one, *alike_codes, *([export] if export else [])} - {force.code for force in all_forces}
    )
    if unknown_codes:
        last = all_forces[-1].code
        raise UsageError(f"The invented country has no force {', '.join(unknown_codes)}: they are INV01 to {last}.")
    form_by_force = {
        code: first_tier(form) if code in tier_one else form
        for code, form in return_forms(world, all_forces, seed).items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    request = _request(world, all_forces)
    (folder / "request.toml").write_bytes(f"{request.to_toml()}\n{declarations_text(DECLARED)}".encode())
    counts = _write_all(folder, world, all_forces, form_by_force, seed + repeat * SEED_STEP, export, progress)
    write_others(folder, KEY, all_forces, request.period_to, seed)
    write_truth(folder / "truth", world, all_forces, form_by_force, counts, seed)
    return SyntheticCountry(
        folder=folder,
        request=folder / "request.toml",
        returns={force.code: folder / "returns" / force.code for force in all_forces},
        truth=folder / "truth",
        injected={key: tuple(forces_with_failing(all_forces, key)) for key in failings()},
        crimes=sum(found["crimes"] for found in counts.values()),
    )


def make_alike(all_forces: list[SyntheticForce], alike_codes: Sequence[str]) -> list[SyntheticForce]:
    """Return the forces; those in `alike_codes` get the size and rates of the first of them."""
    model = next((force for force in all_forces if force.code in alike_codes[:1]), None)
    if model is None:
        return all_forces
    return [
        replace(model, organisation=force.organisation) if force.code in alike_codes else force for force in all_forces
    ]


def _request(world: World, all_forces: list[SyntheticForce]) -> DataRequest:
    organisations, span = {force.code: force.organisation for force in all_forces}, world_span(world)
    return DataRequest(
        KEY, TITLE, span.period_from, span.period_to, span.history_from, False, "invented", organisations
    )


def _write_all(
    folder: Path,
    world: World,
    all_forces: list[SyntheticForce],
    form_by_force: Mapping[str, ReturnForm],
    seed: int,
    export: str,
    progress: Progress,
) -> dict[str, dict[str, int]]:
    """Write every return and its part of the truth; return the counts of the truth by force."""
    number = max(3, sum(force.crimes for force in all_forces) // CRIMES_PER_TRAVELLER)
    (folder / "truth").mkdir()
    policing = tuple(force.code for force in all_forces if force.organisation.kind == "territorial")
    generations = [
        ForceGeneration(
            folder, world, force, form_by_force[force.code], seed, number, policing, KEY, force.code == export
        )
        for force in all_forces
    ]
    counts: dict[str, dict[str, int]] = {}
    progress("inventing returns", 0, len(all_forces))
    for code, found in generate_all(generations):
        counts[code] = found
        progress("inventing returns", len(counts), len(all_forces))
    return counts

"""Generate a synthetic country, force by force: its request, returns and known truth."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq

from assay import contract
from assay.contract.declared_purposes import declare_tables
from assay.errors import UsageError
from assay.progress import Progress, no_progress
from assay.reference import DataRequest
from assay.reference.processing_declarations import declarations_text
from assay.synthetic import fieldwork_visits
from assay.synthetic.failing_parameters import failings
from assay.synthetic.force_records import force_records
from assay.synthetic.injected_errors import ROW, InjectedError, inject_errors
from assay.synthetic.known_truth import PARTS, ForceTruth, forces_with_failing, write_truth
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.notes.summary_columns import TRUTH_SCHEMA, summary_batches, truth_batches
from assay.synthetic.offender_networks import Network, networks
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.record_system_exports import write_export, write_flat_extract
from assay.synthetic.return_forms import ReturnForm, first_tier, return_forms, world_span
from assay.synthetic.return_sheets import Sheet, duplicate_rows, sheets
from assay.synthetic.return_writing import ReturnFiles
from assay.synthetic.synthetic_country import SyntheticForce, generate_forces
from assay.synthetic.synthetic_people import Person, travellers
from assay.synthetic.synthetic_voices import FOLDER, write_others
from assay.synthetic.world_files import read_world
from assay.synthetic.world_settings import World

# Generate one synthetic force, from its records to its return and its known truth.
#
# Forces share only the people whom several forces know, so they are generated in parallel; the same seed gives the same
# bytes for any number of processes.

PARALLEL_CRIMES = 20_000
"""Number of crimes from which parallel processes are faster."""
CRIMES_PER_TRAVELLER = 60
"""Crimes for each person who is known to several forces."""


@dataclass(frozen=True)
class ForceGeneration:
    """The inputs for generating one force."""

    folder: Path
    world: World
    force: SyntheticForce
    sending: ReturnForm
    seed: int
    travellers: int
    policing: tuple[str, ...]
    request: str
    export: bool

    def generate(self) -> tuple[str, dict[str, int]]:
        """Write the return and the truth of the force; return its code and the counts of the truth."""
        force, sending = self.force, self.sending
        files = ReturnFiles(self.folder / "returns" / force.code, force, sending, self.request)
        truth = ForceTruth(self.folder / "truth" / PARTS / force.code, force)
        abroad = _travellers(self.seed, self.travellers, self.world.period_from)
        known = _networks(self.seed, self.world.networks, self.policing, self.world.period_from)
        force_networks = tuple(network for network in known if force.code in network.forces)
        divisions = force_records(
            force, sending.span, self.seed, abroad, networks=force_networks, settings=self.world.networks
        )
        for place, records in enumerate(divisions):
            sheet_by_table = sheets(records, sending)
            truth.add_errors(
                self._inject_errors(
                    sheet_by_table, RandomStream(self.seed, "faults", force.code, *([place] if place else []))
                )
            )
            files.add(sheet_by_table)
            if self.export:
                write_export(self.folder / "export" / force.code, sheet_by_table)
                write_flat_extract(self.folder / "extract" / f"{force.code}.csv", sheet_by_table)
            truth.add(records)
        if self.force.other_crimes and "summaries" not in sending.not_sent:
            self._other_crimes(files)
        files.close()
        return force.code, dict(truth.counts)

    def _other_crimes(self, files: ReturnFiles) -> None:
        """Write the summaries of crimes of all other kinds, by year, and their truth."""
        force, span = self.force, self.sending.span
        place = self.folder / "truth" / "other_summaries" / f"{force.code}.parquet"
        place.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(place, TRUTH_SCHEMA, compression="zstd") as known:
            for year in range(span.period_from.year, span.period_to.year):
                arguments = (force.code, year, force.other_crimes, self.seed)
                for batch in summary_batches(*arguments):
                    files.add_batch("summaries", batch)
                for batch in truth_batches(*arguments):
                    known.write_batch(batch)

    def _inject_errors(self, sheet_by_table: dict[str, Sheet], stream: RandomStream) -> list[InjectedError]:
        """Inject the rows that break a rule into the sheets."""
        if self.sending.duplicate_share:
            repeated_rows = duplicate_rows(sheet_by_table, self.sending.duplicate_share, stream)
            return [InjectedError(name, "R12", ROW, rows) for name, rows in repeated_rows.items()]
        whole = {name: sheet for name, sheet in sheet_by_table.items() if name != self.sending.damaged}
        return inject_errors(whole, stream) if self.sending.has_errors else []


@lru_cache(maxsize=1)
def _travellers(seed: int, number: int, period_from: dt.date) -> list[Person]:
    return travellers(seed, number, period_from)


@lru_cache(maxsize=1)
def _networks(seed: int, settings: NetworkSettings, forces: tuple[str, ...], period_from: dt.date) -> list[Network]:
    return networks(seed, settings, forces, period_from)


def generate_all(generations: Sequence[ForceGeneration]) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield every generated force, the largest first; in parallel for large countries."""
    by_size = sorted(generations, key=lambda generation: (-generation.force.crimes, generation.force.code))
    processes = min(os.cpu_count() or 1, len(generations))
    if processes < 2 or sum(generation.force.crimes for generation in generations) < PARALLEL_CRIMES:
        yield from (generation.generate() for generation in by_size)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(generation.generate) for generation in by_size]):
            yield done.result()


KEY = "SYNTHETIC-2026"
SEED_STEP = 2**32
"""Step between the seeds of repeated draws, larger than any seed that a user would choose."""
TITLE = "An inspection of synthetic forces"
DECLARED = declare_tables(
    legal_basis="None is needed: every record is synthetic.",
    holder="The person who generated these forces.",
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
    """Generate a synthetic country into `folder`: its request, returns, other evidence and known truth.

    The folder gets `request.toml`, `returns/CODE/` for every force, `others/` (voices, documents, notes), `fieldwork/`
    (visits) and `truth/`. The same arguments give the same bytes.

    Parameters
    ----------
    world
        The world; the plain one by default.
    forces, crimes_per_force
        The number of forces, and their mean number of crimes in a year; those of the world by default.
    export
        The code of a force whose own system's export is written to `export/CODE/`, and as one flat file to
        `extract/CODE.csv`.
    tier_one
        Forces that send only the first tier of tables; their records do not change.
    alike_codes
        Forces that get the size and rates of the first of them.
    repeat
        The number of a repeated draw: the same forces and rates, with other records.

    Raises
    ------
    UsageError
        If the folder holds any of these already, or the arguments make no country.
    """
    world = (world or read_world("plain")).sized(forces=forces, crimes=crimes_per_force)
    _refuse_present(folder)
    all_forces = make_alike(generate_forces(world, seed), alike_codes)
    _refuse_unknown_codes({*tier_one, *alike_codes, *([export] if export else [])}, all_forces)
    found_forms = return_forms(world, all_forces, seed)
    form_by_force = {code: first_tier(form) if code in tier_one else form for code, form in found_forms.items()}
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


def _refuse_present(folder: Path) -> None:
    for name in ("request.toml", "returns", "truth", "export", "extract", FOLDER, fieldwork_visits.FOLDER):
        if (folder / name).exists():
            raise UsageError(f"The folder holds {name} already: choose an empty folder, or remove it first.")


def _refuse_unknown_codes(codes: Collection[str], all_forces: Sequence[SyntheticForce]) -> None:
    unknown_codes = sorted(set(codes) - {force.code for force in all_forces})
    if unknown_codes:
        last = all_forces[-1].code
        raise UsageError(f"The synthetic country has no force {', '.join(unknown_codes)}: they are INV01 to {last}.")


def make_alike(all_forces: list[SyntheticForce], alike_codes: Sequence[str]) -> list[SyntheticForce]:
    """Return the forces, with size and rates of those in `alike_codes` set to those of the first of them."""
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
    progress("Generating synthetic returns", 0, len(all_forces))
    for code, found in generate_all(generations):
        counts[code] = found
        progress("Generating synthetic returns", len(counts), len(all_forces))
    return counts

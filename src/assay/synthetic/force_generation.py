"""Generate one synthetic force, from its records to its return and its known truth.

Forces share only the people whom several forces know, so they are generated in parallel; the same seed gives the same
bytes for any number of processes.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq

from assay.synthetic.force_records import force_records
from assay.synthetic.injected_errors import ROW, InjectedError, inject_errors
from assay.synthetic.known_truth import PARTS, ForceTruth
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.notes.summary_columns import TRUTH_SCHEMA, summary_batches, truth_batches
from assay.synthetic.offender_networks import Network, networks
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.record_system_exports import write_export, write_flat_extract
from assay.synthetic.return_forms import ReturnForm
from assay.synthetic.return_sheets import Sheet, duplicate_rows, sheets
from assay.synthetic.return_writing import ReturnFiles
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_people import Person, travellers
from assay.synthetic.world_settings import World

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

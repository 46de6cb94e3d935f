"""How is one force of an invented country made, from its holdings to its return and its truth?

A force needs nothing of the others but the people whom several forces know, so forces are made side by side, and the
same seed gives the same bytes however many are at work.
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

from assay.synthetic.force_holdings import holdings
from assay.synthetic.injected_errors import ROW, Fault, plant
from assay.synthetic.known_truth import PARTS, TruthOfForce
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.notes.summary_columns import KNOWN, summaries_of, truth_of
from assay.synthetic.offender_networks import Network, networks
from assay.synthetic.random_stream import Chance
from assay.synthetic.record_system_export import write_export
from assay.synthetic.return_forms import Sending
from assay.synthetic.return_sheets import Sheet, sent_twice, sheets
from assay.synthetic.return_writing import ReturnFiles
from assay.synthetic.synthetic_country import Force
from assay.synthetic.synthetic_people import Person, travellers
from assay.synthetic.world_settings import World

SIDE_BY_SIDE = 20_000
"""Crimes from which on it pays to start further processes."""
SEVERAL_FORCES = 60
"""One person in so many crimes is known to several forces."""


@dataclass(frozen=True)
class Making:
    """What it takes to make one force."""

    folder: Path
    world: World
    force: Force
    sending: Sending
    seed: int
    travellers: int
    policing: tuple[str, ...]
    request: str
    export: bool

    def make(self) -> tuple[str, dict[str, int]]:
        """Write the return and the truth of the force; its code, and the counts of the truth."""
        force, sending = self.force, self.sending
        files = ReturnFiles(self.folder / "returns" / force.code, force, sending, self.request)
        truth = TruthOfForce(self.folder / "truth" / PARTS / force.code, force)
        abroad = _abroad(self.seed, self.travellers, self.world.period_from)
        known = _networks(self.seed, self.world.networks, self.policing, self.world.period_from)
        mine = tuple(one for one in known if force.code in one.forces)
        held = holdings(force, sending.span, self.seed, abroad, networks=mine, settings=self.world.networks)
        for place, book in enumerate(held):
            sent = sheets(book, sending)
            truth.faults(self._faults(sent, Chance(self.seed, "faults", force.code, *([place] if place else []))))
            files.add(sent)
            if self.export:
                write_export(self.folder / "export" / force.code, sent)
            truth.add(book)
        if self.force.other_crimes and "summaries" not in sending.left_out:
            self._other_crimes(files)
        files.close()
        return force.code, dict(truth.counts)

    def _other_crimes(self, files: ReturnFiles) -> None:
        """The summaries of crimes of every other kind, year by year, and the truth about them."""
        force, span = self.force, self.sending.span
        place = self.folder / "truth" / "other_summaries" / f"{force.code}.parquet"
        place.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(place, KNOWN, compression="zstd") as known:
            for year in range(span.period_from.year, span.period_to.year):
                told = (force.code, year, force.other_crimes, self.seed)
                for batch in summaries_of(*told):
                    files.add_batch("summaries", batch)
                for batch in truth_of(*told):
                    known.write_batch(batch)

    def _faults(self, sent: dict[str, Sheet], chance: Chance) -> list[Fault]:
        """The rows that break a rule, planted in the sheets."""
        if self.sending.sent_twice:
            twice = sent_twice(sent, self.sending.sent_twice, chance)
            return [Fault(name, "R12", ROW, rows) for name, rows in twice.items()]
        whole = {name: sheet for name, sheet in sent.items() if name != self.sending.damaged}
        return plant(whole, chance) if self.sending.dirty else []


@lru_cache(maxsize=1)
def _abroad(seed: int, number: int, period_from: dt.date) -> list[Person]:
    return travellers(seed, number, period_from)


@lru_cache(maxsize=1)
def _networks(seed: int, settings: NetworkSettings, forces: tuple[str, ...], period_from: dt.date) -> list[Network]:
    return networks(seed, settings, forces, period_from)


def make_all(making: Sequence[Making]) -> Iterator[tuple[str, dict[str, int]]]:
    """Make every force, the largest first, and say which is done; side by side where there is much to do."""
    by_size = sorted(making, key=lambda one: (-one.force.crimes, one.force.code))
    at_once = min(os.cpu_count() or 1, len(making))
    if at_once < 2 or sum(one.force.crimes for one in making) < SIDE_BY_SIDE:
        yield from (one.make() for one in by_size)
        return
    with ProcessPoolExecutor(at_once, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(one.make) for one in by_size]):
            yield done.result()

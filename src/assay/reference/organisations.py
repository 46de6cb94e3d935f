"""Who may be asked for a return, and may it be set beside others?

Territorial forces, British Transport Police, the National Crime Agency and the regional units. Only territorial
forces are ranked. Regional units and the agency take what forces pass to them: they get counts, never rates.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from assay.errors import UnknownForce
from assay.reference.force_register import Force, forces, plain
from assay.reference.reference_data import Register, read

COLUMNS = ("code", "slug", "name", "region", "note", "evidence", "source")
KINDS = ("territorial", "transport", "agency", "regional unit")


@dataclass(frozen=True)
class Body:
    """One body that is asked; `children` and `population` are residents, None where nobody lives.

    `country` is 'England', 'Wales', or '' where neither country's law holds for all it deals with.
    """

    code: str
    name: str
    slug: str
    kind: str
    country: str
    children: int | None = None
    population: int | None = None
    tile_column: int | None = None
    tile_row: int | None = None

    @property
    def key(self) -> str:
        """The code: 'E23000001', 'BTP', 'NCA', 'RU-EE'."""
        return self.code

    @property
    def ranked(self) -> bool:
        """True for a territorial force: the only kind that stands in an order."""
        return self.kind == "territorial"

    @property
    def rated(self) -> bool:
        """True for a force; the agency and the regional units never get a rate or a share."""
        return self.kind in ("territorial", "transport")

    @property
    def national(self) -> bool:
        """True for the agency and the regional units: they see across forces, and may send lessons, documents and what
        is known of groups in several forces."""
        return self.kind in ("agency", "regional unit")


class Bodies(Register[Body]):
    """The bodies that may be asked, by code; never guessed."""

    what = "body"

    def get(self, code: str) -> Body:
        """The body with this code; refuses any other with the nearest codes and names."""
        if code not in self:
            raise UnknownForce(unknown_body(code, self.all))
        return super().get(code)

    def table(self) -> pa.Table:
        """One row a body."""
        return bodies_table(self.all)


def unknown_body(code: str, known: Iterable[Body]) -> str:
    """The letter about a code that nobody bears: what is near it, and where codes stand."""
    words: dict[str, Body] = {}
    for body in known:
        words.update({body.code.casefold(): body, plain(body.name): body, plain(body.slug): body})
    near = _nearest(code.casefold(), words) + _nearest(plain(code), words)
    meant = dict.fromkeys(f"{words[one].code} ({words[one].name})" for one in near)
    hint = f" Did you mean {' or '.join(list(meant)[:3])}?" if meant else ""
    return f"No body has the code {code!r}.{hint} Codes stand in the list force_code of the return contract."


def _nearest(word: str, words: Iterable[str]) -> list[str]:
    """The likest words; of codes that are alike, those that begin alike come first."""
    alike = difflib.get_close_matches(word, words, n=12, cutoff=0.6)
    return sorted(alike, key=lambda one: -_begin_alike(word, one))[:3]


def _begin_alike(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


_NUMBERS = ("children", "population", "tile_column", "tile_row")
_TEXTS = ("code", "name", "slug", "kind", "country")
SCHEMA = pa.schema(
    [(name, pa.string()) for name in _TEXTS]
    + [(name, pa.int64()) for name in _NUMBERS]
    + [("ranked", pa.bool_()), ("rated", pa.bool_())]
)


def bodies_table(members: Iterable[Body]) -> pa.Table:
    """One row a body, with `ranked` and `rated`; numbers that are not there are null."""
    held = tuple(members)
    return pa.table({field.name: [getattr(one, field.name) for one in held] for field in SCHEMA}, schema=SCHEMA)


@lru_cache
def bodies() -> Bodies:
    """The real bodies: 43 territorial forces, British Transport Police, the National Crime Agency, ten units."""
    asked = [_body(force) for force in forces() if force.kind in KINDS]
    return Bodies(asked + [_unit(row) for row in read("regional_units", COLUMNS)])


def _body(force: Force) -> Body:
    country = force.country if force.country in ("England", "Wales") else ""
    residents = (force.children_mid2020, force.population_mid2020)
    return Body(force.code, force.name, force.slug, force.kind, country, *residents, force.tile_column, force.tile_row)


def _unit(row: dict[str, str]) -> Body:
    return Body(row["code"], row["name"], row["slug"], "regional unit", "")

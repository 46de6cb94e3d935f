"""Organisations that may be asked for a return: forces, agency and regional units.

Territorial forces, British Transport Police, the National Crime Agency and the regional units. Only territorial forces
are ranked. Regional units and the agency take cases that forces pass to them, so they have counts and no rates.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from assay.errors import UnknownForce
from assay.reference.force_register import Force, forces, normalise_force_name
from assay.reference.reference_data import Register, read_rows

COLUMNS = ("code", "slug", "name", "region", "note", "evidence", "source")
KINDS = ("territorial", "transport", "agency", "regional unit")


@dataclass(frozen=True)
class Organisation:
    """One police organisation; `children` and `population` are numbers of residents, None if it has no area.

    `country` is 'England', 'Wales', or '' if the law of neither applies to all its work.
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
        """True for a territorial force; other organisations are not ranked."""
        return self.kind == "territorial"

    @property
    def rated(self) -> bool:
        """True for a force; no rate or share is computed for the national agency and regional units."""
        return self.kind in ("territorial", "transport")

    @property
    def is_national(self) -> bool:
        """True for the agency and the regional units, which work across forces.

        They may send lessons, documents, and their knowledge of groups in several forces.
        """
        return self.kind in ("agency", "regional unit")


class Organisations(Register[Organisation]):
    """The organisations by code."""

    member_name = "body"

    def get(self, code: str) -> Organisation:
        """Return the organisation with this code; raise UnknownForce with similar codes otherwise."""
        if code not in self:
            raise UnknownForce(unknown_organisation_sentence(code, self.all))
        return super().get(code)

    def table(self) -> pa.Table:
        """Return one row for each organisation."""
        return organisations_table(self.all)


def unknown_organisation_sentence(code: str, known: Iterable[Organisation]) -> str:
    """Return the error sentence for an unknown code, with similar codes."""
    words: dict[str, Organisation] = {}
    for organisation in known:
        words.update(
            {
                organisation.code.casefold(): organisation,
                normalise_force_name(organisation.name): organisation,
                normalise_force_name(organisation.slug): organisation,
            }
        )
    similar_words = _similar_words(code.casefold(), words) + _similar_words(normalise_force_name(code), words)
    suggestions = dict.fromkeys(f"{words[word].code} ({words[word].name})" for word in similar_words)
    hint = f" Did you mean {' or '.join(list(suggestions)[:3])}?" if suggestions else ""
    return f"No body has the code {code!r}.{hint} Codes stand in the list force_code of the return contract."


def _similar_words(word: str, words: Iterable[str]) -> list[str]:
    """Return the most similar words; among equally similar ones, those with the same beginning first."""
    matches = difflib.get_close_matches(word, words, n=12, cutoff=0.6)
    return sorted(matches, key=lambda match: -_common_prefix_length(word, match))[:3]


def _common_prefix_length(first: str, second: str) -> int:
    pairs = zip(first, second, strict=False)
    return next((position for position, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


_NUMBER_COLUMNS = ("children", "population", "tile_column", "tile_row")
_TEXT_COLUMNS = ("code", "name", "slug", "kind", "country")
SCHEMA = pa.schema(
    [(name, pa.string()) for name in _TEXT_COLUMNS]
    + [(name, pa.int64()) for name in _NUMBER_COLUMNS]
    + [("ranked", pa.bool_()), ("rated", pa.bool_())]
)


def organisations_table(members: Iterable[Organisation]) -> pa.Table:
    """Return one row for each organisation, with whether it is ranked and rated."""
    organisations = tuple(members)
    return pa.table(
        {field.name: [getattr(organisation, field.name) for organisation in organisations] for field in SCHEMA},
        schema=SCHEMA,
    )


@lru_cache
def real_organisations() -> Organisations:
    """Return the real organisations: 43 territorial forces, BTP, NCA and ten regional units."""
    force_organisations = [_force_organisation(force) for force in forces() if force.kind in KINDS]
    return Organisations(force_organisations + [_regional_unit(row) for row in read_rows("regional_units", COLUMNS)])


def _force_organisation(force: Force) -> Organisation:
    country = force.country if force.country in ("England", "Wales") else ""
    residents = (force.children_mid2020, force.population_mid2020)
    return Organisation(
        force.code, force.name, force.slug, force.kind, country, *residents, force.tile_column, force.tile_row
    )


def _regional_unit(row: dict[str, str]) -> Organisation:
    return Organisation(row["code"], row["name"], row["slug"], "regional unit", "")

"""Links from themes of victims' accounts, and from survey questions, to characteristics (`ties.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.reference import characteristics


@dataclass(frozen=True)
class EvidenceLink:
    """The evidence linked to one characteristic: themes for and against it, and questions to staff and partners."""

    said_for: tuple[str, ...] = ()
    said_against: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class EvidenceLinks:
    """The evidence links of all characteristics, and the survey options that count in their favour."""

    links: Mapping[str, EvidenceLink]
    positive_options: frozenset[str]


@lru_cache
def evidence_links() -> EvidenceLinks:
    """Return all links; raise DefinitionError for an unknown characteristic."""
    document = tomllib.loads(files("assay.grading").joinpath("ties.toml").read_text(encoding="utf-8"))
    links = {
        key: EvidenceLink(**{field_name: tuple(field_value) for field_name, field_value in item.items()})
        for key, item in document.items()
        if isinstance(item, dict)
    }
    for key in links:
        characteristics().get(key)
    all_links = {item.key: links.get(item.key, EvidenceLink()) for item in characteristics()}
    return EvidenceLinks(all_links, frozenset(document["wanted_options"]))

"""A return as a bundle gives it to the facts: codes in the place of references, and no text that somebody wrote."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from assay import contract
from assay.privacy.reference_pseudonyms import Pseudonymisers, pseudonymise_incomplete, pseudonymise_table
from assay.workflows.receive.bundle_writer import reserved_references, without_short_texts

WIDTH = 24
Tables = Mapping[str, pa.Table]


class TurnedAround:
    """Codes whose order is that of the references turned around: whatever a tie was decided by, it is decided otherwise."""

    def pseudonym(self, owner: str, kind: str, reference: str) -> str:
        """The complement of every character, so that the last comes first; tied to whose it is and of what kind."""
        turned = "".join(f"{0x10FFFF - ord(character):07d}" for character in reference.ljust(WIDTH)[:WIDTH])
        return f"{turned} {kind} {owner} {reference[WIDTH:]}"

    def pseudonymise_column(self, owner: str, kind: str, references: pa.ChunkedArray) -> pa.ChunkedArray:
        """A column of references as codes; what is missing stays missing."""
        pseudonyms = [
            None if reference is None else self.pseudonym(owner, kind, reference)
            for reference in references.to_pylist()
        ]
        return pa.chunked_array([pa.array(pseudonyms, pa.string())])


def as_in_a_bundle(tables: Tables, force_code: str) -> dict[str, pa.Table]:
    """The tables of one force, coded and without words, as `workflows.receive.bundle_writer` writes them."""
    coders = Pseudonymisers(force_code, TurnedAround(), TurnedAround())  # type: ignore[arg-type]
    pseudonymiser_references, coded = reserved_references(), dict(tables)
    for name in contract.tables():
        coded[name] = pseudonymise_table(
            name, without_short_texts(name, tables[name]), coders, pseudonymiser_references
        )
    return coded | {"incomplete": pseudonymise_incomplete(tables["incomplete"], coders)}

"""Validation rules of the contract: the condition, its effect on the data, and the correction asked of the sender."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from assay.errors import DefinitionError

EFFECTS = MappingProxyType(
    {
        "kept": "kept and counted",
        "value": "value set aside",
        "row": "row set aside",
        "table": "table refused",
        "return": "return refused",
    }
)


@dataclass(frozen=True)
class Rule:
    """One validation rule (return contract, section 10).

    Parameters
    ----------
    key
        The number of the rule, such as 'R27'.
    when
        The condition under which the rule is broken.
    effect
        A key of `EFFECTS`.
    what_happens
        The effect as a phrase for the sender.
    correction
        The correction that the sender is asked to make.
    noticed
        By table: the sentence in place of the correction, where the table needs none.
    answers
        The inspection questions that the number of errors answers; '' if the rule only tests the return.
    """

    key: str
    when: str
    effect: str
    what_happens: str
    correction: str
    noticed: Mapping[str, str] = field(default_factory=dict)
    answers: str = ""

    def correction_for(self, table: str) -> str:
        """Return the correction that is asked of the sender when a table breaks this rule."""
        return self.noticed.get(table, self.correction)


@lru_cache
def rules() -> Mapping[str, Rule]:
    """Return the rules R01 to R73 by id. R61 and R62 (declared processing) are tested first."""
    entries = tomllib.loads(files("assay.contract").joinpath("rules.toml").read_text(encoding="utf-8"))
    found = {key: Rule(key=key, **entry) for key, entry in entries.items()}
    if any(rule.effect not in EFFECTS for rule in found.values()):
        raise DefinitionError(f"contract/rules.toml: an effect is one of {', '.join(EFFECTS)}.")
    return MappingProxyType(found)

"""How the share of each indicator is stated as a finding: '88%' and 'of crimes were recorded within 24 hours'."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def finding_phrases() -> Mapping[str, str]:
    """Return, by key of each indicator, the words that follow its share in a sentence."""
    text = files("assay.indicators").joinpath("finding_phrases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def finding_phrase(indicator: str, noun: str) -> str:
    """Return the words that follow the share of an indicator in a sentence, such as 'of crimes'."""
    return finding_phrases().get(indicator, f"of {noun}")

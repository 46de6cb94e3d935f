"""Word lists of the text tools, as TOML."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from assay.errors import DefinitionError


def read_data(name: str, package: str = "assay.text.data") -> dict[str, Any]:
    """Return the content of a data file; DefinitionError if it is not TOML or names no source."""
    try:
        data = tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{name}: this is not valid TOML: {error}") from None
    if not data.get("source"):
        raise DefinitionError(f"{name}: there is no source. Add the source of its words.")
    return data

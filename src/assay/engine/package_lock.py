"""On which packages was a figure made, with the hash of each, and what here is not as it was locked?

The lock is the file of pinned, hashed packages that the program is installed from. It holds for every Python that the
program runs on: where two of them need different versions, it says which holds for which.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from assay.errors import EvidenceError

NAME = "run.txt"
"""Beside this file; in the repository a link to `requirements/run.txt`, in the installed program the file itself."""


def lock() -> bytes:
    """The lock file that came with the program; EvidenceError if there is none."""
    place = files("assay.engine").joinpath(NAME)
    if not place.is_file():
        raise EvidenceError("The file of pinned packages did not come with this program. Install it again.")
    return place.read_bytes()


def pins(text: str) -> dict[str, str]:
    """The version of each package that the lock holds for this Python and machine."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line[:1].isalnum():
            asked = Requirement(line.rstrip("\\ ").strip())
            if asked.marker is None or asked.marker.evaluate({"extra": ""}):
                found[canonicalize_name(asked.name)] = str(asked.specifier).removeprefix("==")
    return found


def not_as_locked(text: str) -> dict[str, str]:
    """Packages that the program runs on here and that are of another version than the lock says, or not in it."""
    try:
        held = pins(text)
    except InvalidRequirement as wrong:
        raise EvidenceError("The file of pinned packages cannot be read. Install the program again.") from wrong
    return {name: version for name, version in sorted(packages().items()) if held.get(name) != version}


def packages() -> dict[str, str]:
    """Every package that the program runs on, by name, with its version here; the program itself is not among them."""
    found: dict[str, str] = {}
    waiting, seen = ["assay"], {"assay"}
    while waiting:
        name = waiting.pop()
        try:
            held = distribution(name)
        except PackageNotFoundError:
            continue  # not needed on this machine
        for asked in map(Requirement, held.requires or ()):
            key = canonicalize_name(asked.name)
            if (asked.marker is None or asked.marker.evaluate({"extra": ""})) and key not in seen:
                seen.add(key)
                waiting.append(key)
        if name != "assay":
            found[name] = held.version
    return found

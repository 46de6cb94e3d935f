"""Locked versions of the packages, compared with the installed ones.

The lock is the file of pinned, hashed packages from which the program is installed. It covers every supported Python
version; where these need different package versions, environment markers say which applies.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from assay.errors import EvidenceError

NAME = "run.txt"
"""Lock file beside this module; in the repository a link to `requirements/run.txt`."""


def read_lock() -> bytes:
    """Return the lock file that came with the program; EvidenceError if there is none."""
    path = files("assay.engine").joinpath(NAME)
    if not path.is_file():
        raise EvidenceError("The file of pinned packages did not come with this program. Install it again.")
    return path.read_bytes()


def locked_versions(text: str) -> dict[str, str]:
    """Return the locked version of each package for this Python and machine."""
    versions: dict[str, str] = {}
    for line in text.splitlines():
        if line[:1].isalnum():
            requirement = Requirement(line.rstrip("\\ ").strip())
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                versions[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return versions


def version_mismatches(text: str) -> dict[str, str]:
    """Return the installed packages whose version differs from the lock file, or which the lock file lacks."""
    try:
        locked = locked_versions(text)
    except InvalidRequirement as error:
        raise EvidenceError("The file of pinned packages cannot be read. Install the program again.") from error
    return {name: version for name, version in sorted(installed_versions().items()) if locked.get(name) != version}


def installed_versions() -> dict[str, str]:
    """Return the installed version of every package that the program uses."""
    versions: dict[str, str] = {}
    queue, seen = ["assay"], {"assay"}
    while queue:
        name = queue.pop()
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue  # not needed on this machine
        for requirement in map(Requirement, installed.requires or ()):
            key = canonicalize_name(requirement.name)
            if (requirement.marker is None or requirement.marker.evaluate({"extra": ""})) and key not in seen:
                seen.add(key)
                queue.append(key)
        if name != "assay":
            versions[name] = installed.version
    return versions

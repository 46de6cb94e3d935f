"""Write the software bill of materials (CycloneDX 1.6): pinned packages with version, hashes and licence.

    python scripts/bill_of_materials.py [run|dev|spark]        to standard output

Versions and hashes come from `requirements/`, licences from the installed packages; a package that is not installed is
listed without a licence. The bill has no time and no machine name, so the same pins give the same text.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;]+)")


def components(text: str) -> list[dict[str, Any]]:
    """Return one component for each pinned package of a requirements file."""
    pins = re.split(r"\n(?=\S)", text.strip())
    return [_component(found["name"], found["version"], pin) for pin in pins if (found := PIN.match(pin))]


def _component(name: str, version: str, pin: str) -> dict[str, Any]:
    hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", pin)
    address = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
    }
    component["licenses"] = [{"license": {"name": _licence(name, version)}}]
    component["properties"] = [{"name": "assay:sha256", "value": hash_text} for hash_text in hashes]
    return component


def _licence(name: str, version: str) -> str:
    try:
        package_metadata = metadata(name)
    except PackageNotFoundError:
        return "not installed here"
    if package_metadata["Version"] != version:
        return f"another version is installed here ({package_metadata['Version']})"
    classes = [
        item.rpartition(" :: ")[2]
        for item in package_metadata.get_all("Classifier") or []
        if item.startswith("License ::")
    ]
    first = (
        (package_metadata.get("License") or "").strip().splitlines()
    )  # `about[...]` raises KeyError from Python 3.14 on
    return (
        package_metadata.get("License-Expression") or ", ".join(classes) or (first[0][:80] if first else "not stated")
    )


def bill(requirements_name: str) -> dict[str, Any]:
    """Return the bill of materials of one requirements file."""
    import assay

    components_found = components((ROOT / "requirements" / f"{requirements_name}.txt").read_text(encoding="utf-8"))
    application = {"type": "application", "bom-ref": "assay", "name": "assay", "version": assay.__version__}
    application["licenses"] = [{"license": {"id": "Apache-2.0"}}]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": application},
        "components": components_found,
        "dependencies": [{"ref": "assay", "dependsOn": [item["bom-ref"] for item in components_found]}],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(*(sys.argv[1:] or ["run"])), indent=1) + "\n")

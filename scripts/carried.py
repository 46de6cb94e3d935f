"""Makes the figures that the program carries again, from the official files in the reference folder.

Usage: python scripts/carried.py FOLDER_OF_REFERENCE_DATA
"""

import sys
from pathlib import Path

from assay.returns.published import extract, read

HERE = Path(__file__).parent.parent / "src" / "assay" / "returns" / "published" / "carried"
FOLDERS = (
    "homeoffice-recorded-crime-2013-2025",
    "homeoffice-outcomes-2018-19",
    "homeoffice-outcomes-2024-25",
    "dfe-children-in-need",
)


def main(reference: Path) -> None:
    """Read the official files and write the compact tables over those that are there."""
    folders = [reference / "data" / name for name in FOLDERS]
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix != ".md"]
    extract(read(files), HERE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""`python -m assay.cli` is the command `assay`."""

from assay.cli import main

main()

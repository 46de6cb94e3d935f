"""Run the command line `assay` with `python -m assay.cli`."""

from assay.cli import main

main()

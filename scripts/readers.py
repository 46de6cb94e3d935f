"""Find the code that reads each column of the data return, and write the result to the contract (`readers.toml`)."""

from pathlib import Path

import assay
from assay.workflows.request.field_list import write_readers

if __name__ == "__main__":
    write_readers(Path(assay.__file__).parent / "contract" / "readers.toml")

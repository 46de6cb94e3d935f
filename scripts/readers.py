"""Works out anew what reads each column of the data return, and writes it into the contract."""

from pathlib import Path

import assay
from assay.workflows.request.field_list import write_readers

if __name__ == "__main__":
    write_readers(Path(assay.__file__).parent / "contract" / "readers.toml")

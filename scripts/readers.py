"""Works out anew what reads each column of the data return, and writes it into the contract."""

from pathlib import Path

import assay
from assay.asking.readers import write_readers

if __name__ == "__main__":
    write_readers(Path(assay.__file__).parent / "returns" / "contract" / "readers.toml")

"""Run several commands of `assay` in this process: the first argument is a JSON list of lists of words."""

import json
import sys

from assay.cli import main

for words in json.loads(sys.argv[1]) if __name__ == "__main__" else ():
    try:
        main(words)
    except SystemExit as ended:
        if ended.code:
            raise

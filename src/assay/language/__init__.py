"""What is written in a text, and where, without asking what it means?

`folding`: one way of writing for what may be typed in many, with a way back to the text as it stood.
`scanner`: phrases by the hundred, looked for in a column of texts.

    from assay.language import Phrase, Scanner
    scanner = Scanner([Phrase("lift", ("given a lift", "gave her a lift"))])
    scanner.hits(["A man gave her\\n a lift."])           record 0, key "lift", from 6 up to 22
"""

from assay.language.folding import Folded, fold, plain
from assay.language.scanner import SCANNER_VERSION, Engine, Phrase, Scanner

__all__ = ["SCANNER_VERSION", "Engine", "Folded", "Phrase", "Scanner", "fold", "plain"]

"""Find the prose of a page, and the names that a Jinja template defines, for `language.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

GAP = "\0"
"""Separates two texts that are searched together: no phrase matches across it."""
PARSER = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
"""It only parses: no template is rendered. Pages of the workbench need the tags of the extension."""

FENCE = re.compile(r"^( *)(```+|~~~+).*?^ *\2[`~]* *$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`[^`\n]*`")
LINK_TARGET = re.compile(r"(?<=\])\([^)\s]*\)")


def prose(text: str) -> str:
    """Return a text without code in backticks and targets of links; line numbers do not change."""
    blank = QUOTED.sub(lambda match: GAP * len(match[0]), text)
    return LINK_TARGET.sub(lambda match: GAP * len(match[0]), blank)


def page(text: str) -> str:
    """Return a page without code blocks, code in backticks and targets of links; line numbers do not change."""
    return prose(FENCE.sub(lambda match: "\n" * match[0].count("\n"), text))


def template_names(text: str) -> list[tuple[int, str]]:
    """Return the line and name of each loop variable, `set` variable, macro, parameter and import of a template.

    Names that a page receives from Python are not included.
    """
    return sorted(set(_definitions(PARSER.parse(text))))


def _definitions(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    for node in tree.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        match node:
            case nodes.Name(ctx="store" | "param"):
                yield node.lineno, node.name
            case nodes.Macro():
                yield node.lineno, node.name
            case nodes.Import():
                yield node.lineno, node.target
            case nodes.FromImport():
                yield from ((node.lineno, name[1]) for name in node.names if isinstance(name, tuple))

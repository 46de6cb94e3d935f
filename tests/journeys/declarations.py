"""Change the declarations of a table in an inspection or a request."""

import re


def declared(folder, table, line, file="inspection.toml"):
    """Change one line of what is declared of a table."""
    path = folder / file
    key = line.split(" ")[0]
    section = re.compile(rf"(\[declared\.{table}\]\n(?:[^\[\n].*\n)*?){key} = .*")
    text, changes = section.subn(lambda found: found[1] + line, path.read_text())
    assert changes == 1
    path.write_text(text)


def undeclared(folder, table):
    """Take away what is declared of a table."""
    path = folder / "inspection.toml"
    text, changes = re.subn(rf"\[declared\.{table}\]\n(?:[^\[\n].*\n)*", "", path.read_text())
    assert changes == 1
    path.write_text(text)

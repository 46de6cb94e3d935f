"""Does every table that is built from rows declare the types of its columns?

A library infers the type of a column from its values. Of a column without a value, or of a table without a row, it
infers one that no later step expects: what nobody sent then stops the run of everybody.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsed_once import parsed

SRC = Path(__file__).parent.parent / "src"
FROM_ROWS = {"from_pylist", "from_pydict", "from_dicts", "from_dict", "from_records"}
FRAMES = {"DataFrame", "Series", "table"}
LIBRARIES = {"pl", "pa", "pd"}
TYPED = {"from_arrow", "read_parquet", "empty_table"}
LOOKED_UP = {"is_in", "index_in"}
"""What compares values with a set: one without a value must have the type of those that it is compared with."""


def attribute_called(node: ast.AST) -> str:
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def is_library_call(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).split(".")[0] in LIBRARIES


def values(node: ast.AST) -> list[ast.AST]:
    """The columns of a table that is given as a dictionary, else the value itself."""
    if isinstance(node, ast.Dict):
        return [value for key, value in zip(node.keys, node.values, strict=True) if key is not None]
    return [node.value] if isinstance(node, ast.DictComp) else [node]


def untyped(node: ast.AST) -> bool:
    """Whether a value is a plain list of Python: what it holds decides of which type it is taken to be."""
    if isinstance(node, ast.ListComp):
        return not (attribute_called(node.elt) == "array" and isinstance(node.elt, ast.Call) and declares(node.elt))
    return isinstance(node, ast.List | ast.Tuple | ast.GeneratorExp) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"list", "sorted", "tuple"}
    )


def declares(call: ast.Call) -> bool:
    """Whether a call says which types it means; names alone are none."""
    keywords_given = {word.arg: word.value for word in call.keywords}
    type_values = [keywords_given[name] for name in ("schema", "dtype", "type") if name in keywords_given] or call.args[
        1:2
    ]
    return bool(type_values) and not (attribute_called(call) == "DataFrame" and isinstance(type_values[0], ast.List))


def inferred(call: ast.Call) -> bool:
    """Whether the types of what this call builds are inferred from its values."""
    name = attribute_called(call)
    if not is_library_call(call) or not call.args or declares(call):
        return False
    if name in FROM_ROWS:
        return True
    if name == "DataFrame":
        return any(attribute_called(node_found) not in TYPED for node_found in values(call.args[0]))
    return name in {"Series", "table", "array"} and any(untyped(ast) for ast in values(call.args[0]))


def sets(call: ast.Call) -> Iterator[ast.Call]:
    """The sets with which a call compares values, where they are built on the spot."""
    arguments_given = [*call.args[1:], *(word.value for word in call.keywords if word.arg == "value_set")]
    yield from (
        argument
        for argument in arguments_given
        if attribute_called(call) in LOOKED_UP
        and attribute_called(argument) == "array"
        and isinstance(argument, ast.Call)
    )


def errors(tree: ast.AST) -> Iterator[int]:
    for node in (call for call in ast.walk(tree) if isinstance(call, ast.Call)):
        if inferred(node) or any(not declares(item) for item in sets(node)):
            yield node.lineno


@pytest.mark.parametrize("line", [
    "pa.Table.from_pylist(rows)", "pl.from_dicts(rows)", "pl.DataFrame(rows)", "pl.DataFrame(rows, schema=['a', 'b'])",
    "pa.table({'a': [one.a for one in every]})", "pa.array([])", "pl.Series([one])", "pd.DataFrame({'a': given})",
    "pc.is_in(values, value_set=pa.array(chosen))",
])  # fmt: skip
def test_a_table_of_which_the_types_are_inferred_is_found(line):
    assert list(errors(ast.parse(line))) == [1]


@pytest.mark.parametrize("line", [
    "pa.Table.from_pylist(rows, SCHEMA)", "pa.Table.from_pylist(rows, schema=SCHEMA)", "pl.DataFrame(schema=SCHEMA)",
    "pl.DataFrame(pl.from_arrow(rows))", "pl.DataFrame(rows, {'a': pl.String}, orient='row')", "pa.array([], pa.string())",
    "pa.table({'a': pa.array(given, pa.string())})", "pl.Series(given, dtype=pl.String)", "read(rows)",
    "pc.is_in(values, pa.array(chosen, pa.string()))", "pa.table([pa.array(one, kind) for one in columns])",
])  # fmt: skip
def test_a_table_that_says_its_types_is_not(line):
    assert list(errors(ast.parse(line))) == []


def test_every_table_of_ours_says_its_types():
    found = [
        f"{path.relative_to(SRC).as_posix()}:{line}"
        for path in sorted((SRC / "assay").rglob("*.py"))
        for line in errors(parsed(path))
    ]
    assert found == [], "give each a schema, so that a table without a row has the same types"

"""Is a compiled statement reused in another process, and only for the same expression?"""

import ibis
import pyarrow as pa
import pytest

from assay.engine import ExpressionEngine, compiled_sql, expressions
from other_processes import said_by

STEPS = pa.table({"force_code": ["X1", "X2"], "visits": pa.array([1, 2])})
COMPILE = """
import sys
import pyarrow as pa
from assay.engine import ExpressionEngine
with ExpressionEngine() as engine:
    steps = engine.table("steps", pa.table({"force_code": ["X1"], "visits": pa.array([1])}))
    print(engine.run(steps.filter(steps.visits == int(sys.argv[1])).drop("force_code")).num_rows)
"""


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(expressions, "COMPILED_STATEMENTS", {})
    return tmp_path / "cache"


def cached_files(cache):
    return sorted(cache.rglob("*.sql"))


def compile_again(monkeypatch, expression, rows=STEPS):
    """The statement in a process that has compiled nothing yet, and whether it was compiled."""
    monkeypatch.setattr(expressions, "COMPILED_STATEMENTS", {})
    calls = []
    compiled = ExpressionEngine._compile
    monkeypatch.setattr(ExpressionEngine, "_compile", lambda self, expr: calls.append(expr) or compiled(self, expr))
    with ExpressionEngine() as engine:
        statement = engine.sql(expression(engine.table("steps", rows)))
    monkeypatch.setattr(ExpressionEngine, "_compile", compiled)
    return statement, bool(calls)


def doubled_visits(steps):
    return steps.mutate(visits=steps.visits * 2)


def test_a_statement_is_compiled_once_whatever_the_process(monkeypatch):
    first, was_compiled = compile_again(monkeypatch, doubled_visits)
    assert was_compiled
    assert compile_again(monkeypatch, doubled_visits) == (first, False)


def test_processes_with_other_hash_seeds_find_the_same_statement(cache):
    assert said_by(COMPILE, "1", seed=1) == "1\n"
    names = cached_files(cache)
    assert len(names) == 1
    assert said_by(COMPILE, "1", seed=2) == "1\n"
    assert cached_files(cache) == names
    assert said_by(COMPILE, "2", seed=2) == "0\n"
    assert len(cached_files(cache)) == 2


@pytest.mark.parametrize(
    "expression",
    [
        lambda steps: steps.mutate(visits=steps.visits * 3),
        lambda steps: steps.mutate(visit=steps.visits * 2),
        lambda steps: steps.mutate(visits=steps.visits * 2.0),
        lambda steps: steps.mutate(visits=steps.visits + 2),
        lambda steps: steps.mutate(visits=steps.visits * 2).limit(1),
    ],
)
def test_another_expression_is_another_statement(monkeypatch, expression):
    first, _ = compile_again(monkeypatch, doubled_visits)
    other, was_compiled = compile_again(monkeypatch, expression)
    assert was_compiled
    assert other != first


def test_a_column_of_another_type_is_another_statement(monkeypatch):
    compile_again(monkeypatch, doubled_visits)
    narrow = STEPS.set_column(1, "visits", STEPS["visits"].cast(pa.int16()))
    assert compile_again(monkeypatch, doubled_visits, narrow)[1]


def test_texts_that_read_alike_when_joined_are_not_confused(monkeypatch):
    compile_again(monkeypatch, lambda steps: steps.filter(steps.force_code.isin(["a", "b, c"])))
    assert compile_again(monkeypatch, lambda steps: steps.filter(steps.force_code.isin(["a, b", "c"])))[1]


def test_rows_from_memory_are_never_written_to_the_cache(monkeypatch, cache):
    def with_rows(steps):
        return steps.join(ibis.memtable(pa.table({"force_code": ["X1"]})), "force_code")

    with ExpressionEngine() as engine:
        assert engine._digests.digest(with_rows(engine.table("steps", STEPS)).op()) is None
    assert compile_again(monkeypatch, with_rows)[1]
    assert cached_files(cache) == []


def test_a_damaged_file_is_compiled_anew(monkeypatch, cache):
    first, _ = compile_again(monkeypatch, doubled_visits)
    (path,) = cached_files(cache)
    path.write_text(path.read_text().replace("2", "3"))
    assert compile_again(monkeypatch, doubled_visits) == (first, True)
    assert compile_again(monkeypatch, doubled_visits) == (first, False)


def test_with_an_empty_setting_nothing_is_kept(monkeypatch, cache):
    monkeypatch.setenv("ASSAY_CACHE", "")
    compile_again(monkeypatch, doubled_visits)
    assert compile_again(monkeypatch, doubled_visits)[1]
    assert cached_files(cache) == []


def test_a_folder_that_cannot_be_written_to_is_no_error(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "file"))
    assert compile_again(monkeypatch, doubled_visits)[0]


def test_another_release_of_a_compiler_finds_nothing(monkeypatch):
    compile_again(monkeypatch, doubled_visits)
    compiled_sql._compilers.cache_clear()
    monkeypatch.setattr(compiled_sql, "version", lambda name: "99")
    assert compile_again(monkeypatch, doubled_visits)[1]
    compiled_sql._compilers.cache_clear()

"""Run the expressions of a test on every engine of this machine.

In the conftest.py of a folder of tests:

    from engine.both_engines import engines

    __all__ = ["engines"]

A test that takes `engines` runs twice, each time with an open `ExpressionEngine`: on DuckDB, and (marked `spark`) on
Spark, which is left out with a sentence where PySpark or Java is missing. Spark takes some ten seconds to start,
once a process, and up to a second a question: use it for facts, not for every test.
"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from assay.engine import ExpressionEngine

# What tests ask of Spark is asked once, of few rows: Java compiles less eagerly, and a sort of ten rows takes no 64 MB.
# Said to Spark alone: Java reports options that it takes from its own variable, and other tests read what it tells.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
os.environ.setdefault(
    "PYSPARK_SUBMIT_ARGS", f"--driver-java-options '{JAVA}' --conf spark.buffer.pageSize=1m pyspark-shell"
)
SMALL = (
    ("spark.sql.adaptive.enabled", "false"),
    ("spark.sql.codegen.factoryMode", "NO_CODEGEN"),
    ("spark.sql.codegen.wholeStage", "false"),
    ("spark.sql.shuffle.partitions", "1"),
)
"""Settings of Spark for few rows: no code is compiled for a question, and a shuffle makes one part."""
NO_PYSPARK = 'spark: PySpark is not installed here (pip install "pyspark>=4.0,<4.1")'
NO_JAVA = "spark: no Java here (on Debian: sudo apt-get install -y openjdk-17-jre-headless)"


def spark_missing() -> str:
    """Why Spark cannot run here; empty if it can."""
    if find_spec("pyspark") is None:
        return NO_PYSPARK
    home = os.environ.get("JAVA_HOME")
    return "" if shutil.which("java") or (home and shutil.which("java", path=f"{home}/bin")) else NO_JAVA


# PySpark 4.0 reads each answer from a socket that it never closes (`_create_local_socket` in pyspark/util.py). Python
# warns at once, in `SocketIO.close`, so that the warning never falls into a test without Spark.
OPEN_SOCKETS = r"ignore:unclosed <socket\.socket:ResourceWarning:socket\Z"
needs_spark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings(OPEN_SOCKETS),
    pytest.mark.xdist_group("spark"),  # it starts in one process only
    pytest.mark.slow,
    pytest.mark.skipif(bool(spark_missing()), reason=spark_missing() or "spark"),
]


def home_of_a_cluster(place):
    """The environment of a process that makes a cluster of its own: what its machines write lies in `place`."""
    import pyspark

    for name in ("bin", "jars"):
        (place / name).symlink_to(Path(pyspark.__path__[0]) / name)
    return {**os.environ, "SPARK_HOME": str(place)}


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=needs_spark)])
def engines(request):
    """An open `ExpressionEngine` on each engine in turn."""
    with ExpressionEngine(request.param) as open_engine:
        yield open_engine

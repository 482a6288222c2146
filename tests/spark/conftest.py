"""A running Spark for the tests of this folder, and the sample company's tables for it.

``make spark`` runs them, once each way; the variable MOPSNB_SPARK says which. Where PySpark is not installed they skip.
"""

import os

import duckdb
import pytest
from spark_samples import MASTER, run_server, write_parquet

from mopsnb.data.engine import Engine
from mopsnb.data.views import select_typed


@pytest.fixture(scope="session")
def master(tmp_path_factory):
    """The address of a running Spark, without the place of the tables."""
    pytest.importorskip("pyspark", reason="PySpark is not installed; make spark runs these tests")
    if os.environ.get("MOPSNB_SPARK") != "connect":
        warehouse = tmp_path_factory.mktemp("warehouse")  # else it is made in the working folder
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYSPARK_SUBMIT_ARGS", f"--conf spark.sql.warehouse.dir={warehouse} pyspark-shell")
            yield MASTER
        return
    with run_server(tmp_path_factory.mktemp("connect")) as address:
        yield address


@pytest.fixture(scope="session")
def company(master, tmp_path_factory, repository):
    """The address of the sample company's tables, typed as the contract says."""
    folder = tmp_path_factory.mktemp("company")
    engine = Engine(repository / "data" / "samples" / "data")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, file in engine.files.items():
            write_parquet(connection, select_typed(file, "UTC"), folder / f"{name}.parquet")
    return f"{master}?folder={folder}"

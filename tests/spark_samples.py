"""A real Spark for tests: a session in this program, or a server of Spark Connect beside it; and tables as files."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from mopsnb.data.sql import quote_name, quote_text

MASTER = "local[2]"


def find_port():
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def run_server(folder):
    """Yield the address of a Spark Connect server, and end it."""
    import pyspark

    port = find_port()
    options = {"spark.connect.grpc.binding.port": port, "spark.connect.grpc.binding.address": "127.0.0.1"}
    options |= {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "4", "spark.driver.host": "127.0.0.1"}
    options |= {"spark.sql.session.timeZone": "Asia/Kolkata", "spark.sql.ansi.enabled": "false"}  # not what SQL needs
    settings = [part for key, value in options.items() for part in ("--conf", f"{key}={value}")]
    program = ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", MASTER]
    command = [Path(pyspark.__file__).parent / "bin" / "spark-submit", *program, *settings, "spark-internal"]
    log = folder / "log"
    with log.open("w") as file:
        # A group of processes of its own, because spark-submit starts Java as its child.
        server = subprocess.Popen(command, cwd=folder, stdout=file, stderr=file, start_new_session=True)
    try:
        _wait(server, port, log)
        yield f"sc://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


def _wait(server, port, log):
    for _ in range(240):
        assert server.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(log.read_text())


def write_parquet(connection, select, path):
    """Write what a query of a DuckDB connection finds."""
    connection.execute(f"COPY ({select}) TO {quote_text(str(path))} (FORMAT parquet)")


def write_tables(connection, names, folder):
    """Write tables of a DuckDB connection into a folder of their own, one file each."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in names:
        write_parquet(connection, f"SELECT * FROM {quote_name(name)}", folder / f"{name}.parquet")
    return folder

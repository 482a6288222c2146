"""A session of Spark: started or joined, and what goes wrong with it in words for people."""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mopsnb.data.engines.spark_address import Address
from mopsnb.data.shelf import find_scratch
from mopsnb.errors import DataError, MopsnbError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What SQL means in the session, whatever the cluster's own settings are.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a wrong number
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.ansi.enforceReservedKeywords": "false",  # parameters may bear such names
    "spark.sql.caseSensitive": "false",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # else a product of amounts is rounded on the way
    "spark.sql.legacy.ctePrecedencePolicy": "CORRECTED",  # the nearest WITH counts
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.orderByOrdinal": "true",
}
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",  # the default of 200 is for clusters
}
_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "pyspark.sql.connect.logging")
INSTALL = "Install it with: pip install 'mopsnb[spark]'"
_REFUSALS = (
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "INSUFFICIENT_PERMISSIONS",
    "AccessControlException",
    "Access denied",
)
_AWAY = ("UNAVAILABLE", "StatusCode", "stopped SparkContext", "Connection refused", "SESSION_CLOSED", "SESSION_CHANGED")


def start_session(address: Address) -> SparkSession:
    """Return a session of its own, with the settings that SQL needs here.

    Raises
    ------
    DataError
        Spark or Java is not installed, or the master does not answer.
    """
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)  # frames are ours
    for name in _LOGGERS:
        logging.getLogger(name).disabled = True  # each error becomes one for people
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise DataError(f"Reading from Spark needs the package pyspark. {INSTALL}") from None
    with explain_errors(address):
        address.check_reachable()
        if address.is_connect:
            session = SparkSession.builder.remote(address.master).appName("mopsnb").create()
        else:
            session = _start_classic(address)
        for key, value in SETTINGS.items():
            session.conf.set(key, value)
        return session


def _start_classic(address: Address) -> SparkSession:
    from pyspark.sql import SparkSession

    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        raise DataError(
            f"{address.name} needs Java 17 or later, and there is none here. Install it, such as the package "
            "openjdk-17-jre-headless, or set JAVA_HOME to where it is."
        )
    running = SparkSession.getActiveSession()
    if running is not None:  # of a notebook: it is joined, and its settings and temporary views are left alone
        return running.newSession()
    settings = dict(_LOCAL) if address.is_local else {}
    if address.is_local and address.folder:  # no tables of Spark's own, so nothing is left in the working folder
        settings["spark.sql.warehouse.dir"] = warehouse = tempfile.mkdtemp(prefix="mopsnb-", dir=find_scratch())
        atexit.register(shutil.rmtree, warehouse, ignore_errors=True)
    builder = SparkSession.builder.master(address.master).appName("mopsnb")
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate().newSession()


@contextmanager
def explain_errors(address: Address) -> Iterator[None]:
    """Turn what Spark raises inside into errors for people."""
    try:
        yield
    except (MopsnbError, KeyboardInterrupt):
        raise
    except ImportError as error:
        raise DataError(f"Reading from Spark Connect needs further packages ({_clean(error)}). {INSTALL}") from None
    except Exception as error:  # Spark, Java and the network each have their own
        raise _explain(error, address) from None  # what came before may repeat a token


def _explain(error: Exception, address: Address) -> MopsnbError:
    kind, said = type(error).__name__, f"{type(error).__name__} {error}"
    shown = "" if address.reference else f" It says: {_clean(error)}"
    if "JAVA_GATEWAY_EXITED" in said or "JavaGateway" in said:
        return DataError(f"{address.name} did not start. It needs Java 17 or later; see what Java said above.")
    if any(word in said for word in _REFUSALS):
        return DataError(f"{address.name} refuses to read. Check the token and the rights of its user.{shown}")
    if any(word in said for word in _AWAY):
        return DataError(f"{address.name} cannot be reached, or went away. Check that it runs.{shown}")
    if kind.startswith(("AnalysisException", "ParseException", "ArithmeticException", "NumberFormat", "DateTime")):
        return UsageError(f"Spark does not accept the query: {_clean(error)}")
    return DataError(f"{address.name} failed.{shown}")


def _clean(error: Exception) -> str:
    """Return the first sentence of an error, without Java's trace and without the query's place."""
    said = re.sub(r"^An error occurred while calling .*\n: (?:[\w.$]+: )?", "", str(error).strip())
    first = re.split(r"\n|;(?= line \d)|SQLSTATE:|JVM stacktrace", said, maxsplit=1)[0]
    return re.sub(r"(?i)(token=)[^;\s]+", r"\1…", first).strip().rstrip(".") + "."

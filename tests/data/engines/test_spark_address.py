"""What an address of Spark may say, and what is said where Spark is not there."""

import sys

import pytest
from spark_samples import find_port

from mopsnb.data.engines import connect_to
from mopsnb.data.engines.spark import SparkServer
from mopsnb.data.engines.spark_address import Address, read_address
from mopsnb.data.engines.spark_session import explain_errors
from mopsnb.errors import DataError, UsageError

TOKEN = "tok-hunter2"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("local", Address("local")),
        ("local[2]?folder=/srv/marketing/", Address("local[2]", folder="/srv/marketing")),
        ("local[*]?folder=file:///srv/my%20data", Address("local[*]", folder="file:///srv/my data")),
        ("spark://one:7077,two:7077?database=marketing", Address("spark://one:7077,two:7077", "marketing")),
        ("sc://host:15002/;use_ssl=true?database=main.marketing",
         Address("sc://host:15002/;use_ssl=true", "main.marketing")),
        ("yarn?folder=s3a://bucket/marketing", Address("yarn", folder="s3a://bucket/marketing")),
    ],
)  # fmt: skip
def test_an_address_says_where_spark_runs_and_where_the_tables_are(address, expected):
    assert read_address(address) == expected


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("local[two]", "is no address of Spark"),
        ("spark:/host", "is no address of Spark"),
        ("local?schema=x", r"Write \?database=NAME or \?folder=PATH"),
        ("local?database=", r"Write \?database=NAME"),
        ("local?database=a&folder=/b", r"Write \?database=NAME"),
        ("local?folder=data", "names a folder in part"),
    ],
)
def test_any_other_address_is_refused_with_what_to_write(address, said):
    with pytest.raises(DataError, match=said):
        read_address(address)
    with pytest.raises(DataError) as refused:
        read_address(address, "secret://spark")
    assert address not in str(refused.value)


def test_no_message_repeats_a_token():
    address = f"sc://127.0.0.1:{find_port()}/;token={TOKEN};user_id=ada"
    for reference in ("", "secret://spark"):
        place = read_address(address, reference)
        assert TOKEN not in place.name + repr(place)
        with pytest.raises(DataError, match=r"cannot be reached\. Nothing answers there") as away:
            place.check_reachable()
        with pytest.raises(DataError, match="refuses to read") as refused, explain_errors(place):
            raise RuntimeError(f"UNAUTHENTICATED {address} token={TOKEN}")
        assert TOKEN not in str(away.value) + str(refused.value)
        assert refused.value.__cause__ is None


def test_a_host_that_does_not_exist_is_named():
    with pytest.raises(
        DataError, match=r"Spark \(spark://nowhere\.invalid:7077\) cannot be reached\. There is no such"
    ):
        read_address("spark://nowhere.invalid:7077").check_reachable()


def test_without_pyspark_the_message_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    for address in ("local[2]?folder=/srv/marketing", "local?folder=/srv/a:b", "yarn", "sc://127.0.0.1:15002"):
        connection = connect_to(address)
        assert isinstance(connection.server, SparkServer)
        with pytest.raises(
            DataError, match=r"needs the package pyspark\. Install it with: pip install 'mopsnb\[spark\]'"
        ):
            connection.server.fetch("SELECT 1", {})


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (
            RuntimeError("[JAVA_GATEWAY_EXITED] Java gateway process exited"),
            DataError,
            "did not start. It needs Java 17",
        ),
        (RuntimeError("status = StatusCode.UNAVAILABLE"), DataError, "cannot be reached, or went away"),
        (RuntimeError("odd\n\tat org.apache"), DataError, r"failed\. It says: odd\.$"),
        (ImportError("No module named 'grpc'"), DataError, "needs further packages"),
        (type("AnalysisException", (Exception,), {})("[X] no column; line 1 pos 7"), UsageError, r"\[X\] no column\.$"),
    ],
)
def test_what_spark_raises_becomes_one_sentence(error, kind, said):
    with pytest.raises(kind, match=said), explain_errors(Address("local")):
        raise error

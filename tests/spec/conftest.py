"""What the SQL made of its pairs, beside the rows it made them from."""

from dataclasses import dataclass

import pandas as pd
import pytest

from matchers.link import link
from matchers.model import load_model
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import scratch_on_snapshot
from store.workspace import open_workspace
from tests.conftest import District


@dataclass
class Linked:
    """The SQL's side of a linked world."""

    records: pd.DataFrame  # by (record_id, role)
    persons: pd.DataFrame  # by person_id
    pairs: pd.DataFrame  # work.scored_pair with its posteriors
    coverage: dict[str, float]

    @property
    def index(self) -> pd.MultiIndex:
        """Each pair as (record, person)."""
        keys = list(zip(self.pairs["record_id"], self.pairs["role"], strict=True))
        return pd.MultiIndex.from_arrays(
            [pd.Index(keys, tupleize_cols=False), self.pairs["person_id"]]
        )


def linked(engine: DuckDBEngine) -> Linked:
    """What schema ``work`` holds after linking."""
    records = engine.arrow(
        "select saying.*, record.record_id, record.slot from work.open_record as record"
        " join work.saying as saying on saying.saying_id = record.saying_id"
    ).to_pandas()
    keys = list(zip(records["record_id"], records["role"], strict=True))
    records.index = pd.Index(keys, tupleize_cols=False)
    persons = engine.arrow(
        "select person.*, own.name as own_name from linked.person as person"
        " left join work.person_own_name as own on own.person_id = person.person_id"
    ).to_pandas()
    pairs = engine.arrow(
        "select record.record_id, record.role, pair.*,"
        " posterior.* exclude (weighing_id, saying_id, person_id)"
        " from work.posterior as posterior"
        " join (select weighing_id, unnest(open_ids) as open_id from work.weighing) as spoken"
        " on spoken.weighing_id = posterior.weighing_id"
        " join work.open_record as record on record.open_id = spoken.open_id"
        " join work.scored_pair as pair"
        " on pair.saying_id = posterior.saying_id and pair.person_id = posterior.person_id"
        " order by record_id, role, person_id"
    )
    coverage = dict(engine.rows("select dataset, share from work.coverage"))
    return Linked(records, persons.set_index("person_id"), pairs.to_pandas(), coverage)


@pytest.fixture(scope="session")
def small_world(district: District) -> Linked:
    """The district of the whole-run tests, linked again with everything kept."""
    workspace = open_workspace(district.workspace, create=False)
    with Ledger.open(workspace) as ledger:
        run = newest_run(ledger)
        assert run is not None
        with scratch_on_snapshot(workspace, ledger, run.as_of, ["clean"]) as engine:
            link(engine, as_of=run.as_of, model=load_model(), keep_work=True)
            return linked(engine)

"""An inbox and a workspace of a test's own, taken in as a night does."""

from datetime import date

from sources.contract import load_dictionary
from sources.intake import take_in
from store.engines.duckdb import DuckDBEngine
from store.workspace import open_workspace

DICTIONARY = load_dictionary()
PENSIONS = DICTIONARY["human_resources.pensions"]
SETTLEMENTS = DICTIONARY["medical_insurance.settlements"]
HOUSEHOLDS = DICTIONARY["civil_affairs.households"]
DAY = date(2026, 11, 20)


class World:
    def __init__(self, home):
        self.inbox = home / "inbox"
        self.workspace = home / "workspace"
        self.rows_told = 0
        open_workspace(self.workspace)

    def take_in(self, as_of=DAY, **changes):
        with DuckDBEngine() as engine:
            intake = take_in(
                engine,
                inbox=self.inbox,
                workspace=self.workspace,
                as_of=as_of,
                progress=self.progress,
                **changes,
            )
            assert engine.rows("select schema_name from information_schema.schemata"
                               " where schema_name in ('raw', 'work')") == []  # fmt: skip
            self.counts = {
                contract.dataset: engine.rows(f"select count(*) from clean.{contract.table}")[0][0]
                for contract in DICTIONARY
            }
            self.delivery_rows = engine.rows("select * from clean.delivery")
        return intake

    def progress(self, dataset, done, total):
        assert 0 <= done <= total
        self.rows_told = done

    def verdicts(self, contract, as_of=DAY, **changes):
        intake = self.take_in(as_of, **changes)
        return [
            (one.business_date, one.state.value, [str(reason) for reason in one.reasons])
            for one in intake.deliveries
            if one.dataset == contract.dataset
        ]

    def state(self, contract, as_of=DAY):
        states = {state.dataset: state for state in self.take_in(as_of).states}
        return states[contract.dataset]

"""The tables a department publishes in an exchange database, made and filled by tests."""

from collections.abc import Mapping, Sequence
from datetime import date

from exchange_nights import HOUSEHOLDS, PENSIONS, SETTLEMENTS
from exchange_servers import USER, DatabaseServer
from sqlalchemy import text

from sources.contract import Contract
from sources.routes import DatabaseRoute, Patience, Secret

VARIABLE = "HEDUI_TEST_PASSWORD"  # where the route looks for it
MANIFEST = """
create table delivery_manifest (
    agency varchar(40), dataset varchar(40), business_date date, mode varchar(20),
    {rows} bigint, produced_at timestamp null
)
"""


class Exchange:
    """The published tables of one department."""

    def __init__(self, server: DatabaseServer) -> None:
        self.server = server
        self.quote = server.admin.dialect.identifier_preparer.quote_identifier
        for table in (*self.tables(), "delivery_manifest"):
            server.run(f"drop table if exists {table}")
        server.run(MANIFEST.format(rows=self.quote("rows")))

    @staticmethod
    def tables() -> list[str]:
        return [f"{one.agency}_{one.folder}" for one in (PENSIONS, HOUSEHOLDS, SETTLEMENTS)]

    def make(self, contract: Contract, types: Mapping[str, str] = {}, extra: str = "") -> None:
        columns = ", ".join(
            f"{self.quote(one)} {types.get(one, 'varchar(200)')}" for one in contract.headers
        )
        self.server.run(f"create table {contract.agency}_{contract.folder} ({columns}{extra})")

    def fill(self, contract: Contract, rows: Sequence[Mapping[str, object]]) -> None:
        name = f"{contract.agency}_{contract.folder}"
        with self.server.admin.begin() as connection:
            for row in rows:
                names = ", ".join(map(self.quote, row))
                marks = ", ".join(f":v{place}" for place in range(len(row)))
                connection.execute(
                    text(f"insert into {name} ({names}) values ({marks})"),
                    {f"v{place}": value for place, value in enumerate(row.values())},
                )

    def announce(
        self, contract: Contract, day: date, rows: int, mode: str = "", hour: int = 22
    ) -> None:
        columns = f"agency, dataset, business_date, mode, {self.quote('rows')}, produced_at"
        self.server.run(
            f"insert into delivery_manifest ({columns}) values (:a, :d, :day, :m, :r, :at)",
            a=contract.agency, d=contract.folder, day=day, m=mode or contract.mode, r=rows,
            at=f"{day} {hour:02}:41:03",
        )  # fmt: skip

    def publish(self, contract: Contract, day: date, rows: Sequence[Mapping[str, object]]) -> None:
        self.make(contract)
        self.fill(contract, rows)
        self.announce(contract, day, len(rows))


def route_to(server: DatabaseServer, patience: Patience) -> DatabaseRoute:
    """The way to a server's schema; its password is looked for in ``VARIABLE``."""
    return DatabaseRoute(
        name="exchange", engine=server.engine, host="127.0.0.1", port=server.port,
        database="exchange", user=USER, schema=None, password=Secret(env=VARIABLE),
        tls_ca=None, since=None, patience=patience,
    )  # fmt: skip

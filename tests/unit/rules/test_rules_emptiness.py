"""A query that must give nothing is told from its text; one that may give something never is."""

import pytest

from rules.emptiness import yields_nothing


@pytest.mark.parametrize(
    ("sql", "empty", "nothing"),
    [
        ("select a from s.one", {"s.one"}, True),
        ("select a from s.one join s.two using (a)", {"s.two"}, True),
        ("select a from s.one cross join s.two", {"s.two"}, True),
        ("select a from s.one, s.two", {"s.two"}, True),
        ("select a from s.one left join s.two using (a)", {"s.two"}, False),
        ("select a from s.one left join s.two using (a)", {"s.one"}, True),
        ("select a from s.one full join s.two using (a)", {"s.one"}, False),
        ("select a from s.one right join s.two using (a)", {"s.one"}, False),
        ("select a from s.one union all select a from s.two", {"s.one"}, False),
        ("select a from s.one union all select a from s.two", {"s.one", "s.two"}, True),
        ("select count(*) from s.one", {"s.one"}, False),
        ("select coalesce(max(a), 0) as a from s.one", {"s.one"}, False),
        ("select a, count(*) from s.one group by a", {"s.one"}, True),
        ("select max(a) over (partition by b) as a from s.one", {"s.one"}, True),
        ("select 1", {"s.one"}, False),
        ("with x as (select a from s.one) select a from x", {"s.one"}, True),
        ("with x as (select max(a) as a from s.one) select a from x", {"s.one"}, False),
        ("with x as (select a from s.one) select s.two.a from s.two join x using (a)",
         {"s.one"}, True),
        ("select a from (select a from s.one) as x", {"s.one"}, True),
        ("select a from s.one where not exists (select 1 from s.two)", {"s.two"}, False),
    ],
)  # fmt: skip
def test_what_joins_from_an_empty_table_gives_nothing(sql, empty, nothing):
    assert yields_nothing(sql, lambda table: table in empty) is nothing

-- P: the newest month that has payments, none later than the month of the as-of date; null without any.
select max(paid_month) as paid_month
from clean.payment
where paid_month <= $as_of

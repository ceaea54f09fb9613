-- What each case was paid for each month, net; yuan.
select case_no, paid_month, cast(sum(paid_yuan) as decimal(14, 2)) as paid_yuan
from clean.payment
group by case_no, paid_month
order by case_no, paid_month

"""Civil affairs' own books: cases, members, payments, applications, marriages, deaths."""

from datetime import timedelta

from tests.other_world.books import ONE, Books, Case, newest_months
from tests.other_world.people import AS_OF, Home, Person

_STOPPED_FROM = (2026, 6)
_PAID_A_HEAD = 300


def keep(books: Books) -> None:
    """Enter everything civil affairs deliver; some people die, some move away."""
    homes = books.district.homes
    poor = books.district.random.sample(homes, max(40, len(homes) * 6 // 100))
    for place, home in enumerate(poor):
        _case(books, place, home)
    _deaths(books)
    _moves(books)
    _marriages(books)
    others = [home for home in homes if home not in set(poor)]
    for place, home in enumerate(books.district.random.sample(others, 30)):
        _application(books, place, home)
    helped = others[0].members[0][0]
    values = {
        "救助编号": "L1", "姓名": helped.name, "身份证号": helped.number,
        "乡镇街道代码": others[0].township, "困难原因": "2", "批准日期": "2026-11-01",
        "救助金额": "500.00",
    }  # fmt: skip
    books.enter("civil_affairs.temporary_assistance", values, person=helped)


def _case(books: Books, place: int, home: Home) -> None:
    random, clerk = books.district.random, books.clerk("civil_affairs.households")
    people = [person for person, _ in home.members]
    scheme = random.choice(("11", "12", "12", "31"))
    case = Case(f"DB{home.township}{place:06d}", people, scheme, random.random() > 0.05)
    books.cases.append(case)
    head, amount = people[0], _PAID_A_HEAD * len(people)
    values = {
        "救助证号": case.number, "救助类型": scheme, "申请人姓名": clerk.name(head),
        "申请人身份证号": clerk.number(head), "乡镇街道代码": home.township,
        "村居代码": home.village, "家庭人口数": str(len(people)), "保障人口数": str(len(people)),
        "申报家庭月收入": clerk.yuan(0), "月保障金额": clerk.yuan(amount),
        "批准日期": clerk.day(AS_OF - timedelta(days=800)), "待遇起始月": clerk.month((2024, 10)),
        "待遇状态": "1" if case.is_active else "2", "渐退截止月": "",
        "停发月份": "" if case.is_active else clerk.month(_STOPPED_FROM),
        "最近入户日期": clerk.day(AS_OF - timedelta(days=60)),
        "最近核对日期": clerk.day(AS_OF - timedelta(days=60)),
        "公示日期": clerk.day(AS_OF - timedelta(days=700)), "家庭住址": home.address,
        "联系电话": "13900000000",
    }  # fmt: skip
    books.enter("civil_affairs.households", values, person=head)
    for seq, (person, relation) in enumerate(home.members, start=1):
        _member(books, case, seq, person, relation)
    for month in newest_months(6):
        if case.is_active or month < _STOPPED_FROM:
            paid = {
                "发放流水号": f"{case.number}{month[0]}{month[1]:02d}", "救助证号": case.number,
                "救助类型": scheme, "领款人姓名": clerk.name(head),
                "领款人身份证号": clerk.number(head), "发放月份": clerk.month(month),
                "发放金额": clerk.yuan(amount),
            }  # fmt: skip
            books.enter("civil_affairs.payments", paid, person=head)


def _member(books: Books, case: Case, seq: int, person: Person, relation: str) -> None:
    random, clerk = books.district.random, books.clerk("civil_affairs.members")
    is_adult = person.age >= 18
    values = {
        "救助证号": case.number, "序号": str(seq), "姓名": clerk.name(person, books.slips / 2),
        "身份证号": clerk.number(person, books.slips / 2),
        "性别": person.sex if random.random() < 0.9 else "",
        "出生日期": clerk.day(person.born) if random.random() < 0.9 else "",
        "与申请人关系": relation, "成员类别": "1", "是否保障对象": random.choice(("是", "1")),
        "残疾类别": "", "残疾等级": "", "重病标志": "否",
        "劳动能力": "1" if is_adult else "4", "在校标志": "0" if is_adult else "1",
        "申报月收入": clerk.yuan(0),
        "授权书签署日期": clerk.day(AS_OF - timedelta(days=300)) if is_adult else "",
    }  # fmt: skip
    books.enter("civil_affairs.members", values, **{ONE: person})


def _deaths(books: Books) -> None:
    random, clerk = books.district.random, books.clerk("civil_affairs.cremations")
    for person in books.some_listed(1 / 150) + books.some_others(1 / 200):
        person.died = books.district.days_ago(40, 150)
        if random.random() < 0.7:
            person.status, person.status_date = "1", person.died + timedelta(days=3)
        if person.status == "0" or random.random() < 0.6:
            values = {
                "火化证号": f"HH{person.place:06d}", "逝者姓名": clerk.name(person),
                "逝者身份证号": clerk.number(person), "性别": person.sex,
                "死亡日期": clerk.day(person.died),
                "火化日期": clerk.day(person.died + timedelta(days=2)),
            }  # fmt: skip
            books.enter("civil_affairs.cremations", values, person=person)
        if person in books.case_of:
            books.planted.add(("deceased", books.case_of[person].number, person.number))


def _moves(books: Books) -> None:
    for person in books.some_listed(0.001)[:4]:
        person.status, person.status_date = "2", AS_OF - timedelta(days=100)
        person.moved_to = "980101"
        books.planted.add(("moved_out", books.case_of[person].number, person.number))


def _marriages(books: Books) -> None:
    clerk = books.clerk("civil_affairs.marriages")
    for man in books.district.people:
        woman = man.spouse
        if woman is None or man.sex != "1" or books.district.random.random() < 0.5:
            continue
        is_old = books.district.happens(books.district.mix.unnumbered_papers)
        values = {
            "登记字号": f"J{man.place:06d}", "业务类型": "IA",
            "登记日期": clerk.day(books.district.days_ago(400, 8000)),
            "男方姓名": clerk.name(man), "男方身份证号": "" if is_old else clerk.number(man),
            "女方姓名": clerk.name(woman), "女方身份证号": "" if is_old else clerk.number(woman),
        }  # fmt: skip
        books.enter("civil_affairs.marriages", values, husband=man, wife=woman)


def _application(books: Books, place: int, home: Home) -> None:
    clerk = books.clerk("civil_affairs.applications")
    for seq, (person, relation) in enumerate(home.members, start=1):
        values = {
            "申请号": f"SQ{place:05d}", "救助类型": "12", "申请日期": "2026-11-10",
            "乡镇街道代码": home.township, "序号": str(seq), "姓名": clerk.name(person),
            "身份证号": clerk.number(person), "与申请人关系": relation, "成员类别": "1",
            "残疾等级": "", "重病标志": "否", "劳动能力": "1", "申报月收入": "0.00",
            "授权书签署日期": "2026-11-10",
        }  # fmt: skip
        books.enter("civil_affairs.applications", values, **{ONE: person})

"""The other departments' registers: people, vehicles, titles, work, pensions, insurance, bills."""

from datetime import timedelta
from decimal import Decimal

from tests.other_world.books import Books, newest_months
from tests.other_world.clerks import Clerk
from tests.other_world.people import AS_OF, Person

_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_HOSPITALS = ("县医院", "中医院", "镇卫生院")
_LIGHT_MOTORCYCLE = "07"


def keep(books: Books) -> None:
    """Enter what the other departments deliver."""
    _vehicles(books)
    _titles(books)
    _presales(books)
    _contributions(books)
    _pensions(books)
    _unemployment(books)
    _enrolment(books)
    _settlements(books)
    _population(books)


def _population(books: Books) -> None:
    random, clerk = books.district.random, books.clerk("public_security.population")
    share = books.district.mix.outsiders
    outside = {home for home in books.district.homes if books.district.happens(share)}
    for person in books.district.people:
        home = person.home
        if home in outside:
            continue
        relation = next(code for one, code in home.members if one is person)
        is_slip = random.random() < books.slips / 10
        number = (clerk.number(person, 1.0) or "无") if is_slip else person.number
        if books.district.happens(books.district.mix.register_stranger):
            number = random.choice(books.district.people).number
        values = {
            "RYBH": person.register_no,
            "GMSFHM": number, "XM": person.name, "CYM": person.former_name, "XB": person.sex,
            "MZ": "01", "CSRQ": clerk.day(person.born), "HH": home.number, "YHZGX": relation,
            "HKLX": random.choice("12"), "XZQH": "990102", "XZJD": home.township,
            "JCWH": home.village, "ZZ": home.address, "RYZT": person.status,
            "ZTRQ": clerk.day(person.status_date) if person.status_date else "",
            "QWD": person.moved_to,
        }  # fmt: skip
        books.enter("public_security.population", values, person=person)
        if books.district.happens(books.district.mix.register_twice):
            cancelled = {"RYBH": f"D{person.place:08d}", "RYZT": "5", "ZTRQ": clerk.day(AS_OF)}
            books.enter("public_security.population", values | cancelled, person=person)


def _vehicles(books: Books) -> None:
    random, clerk = books.district.random, books.clerk("public_security.vehicles")
    for place, person in enumerate(books.some_listed(1 / 80) + books.some_others(1 / 6)):
        kind = random.choice(("02", "02", "52", "01", _LIGHT_MOTORCYCLE))
        state = random.choice(("A", "A", "A", "GQ", "G", "E", "GB", "MP"))
        heavy = random.choice(("K33", "K32", "H31"))
        values = {
            "HPHM": f"示A{place:05d}", "HPZL": kind,
            "CLLX": "M21" if kind == _LIGHT_MOTORCYCLE else heavy, "CLPP": "某牌",
            "CLSBDH": f"LX{place:015d}", "SYR": clerk.name(person), "SFZMHM": clerk.number(person),
            "SYXZ": "A", "CCDJRQ": clerk.day(books.district.days_ago(100, 3000)),
            "JYYXQZ": clerk.day(AS_OF + timedelta(days=200)), "QZBFQZ": clerk.day(None),
            "ZT": state, "ZTRQ": clerk.day(AS_OF - timedelta(days=50)),
        }  # fmt: skip
        books.enter("public_security.vehicles", values, person=person)
        in_force = kind != _LIGHT_MOTORCYCLE and not set(state) & set("BCEMP")
        if person in books.case_of and in_force:
            books.planted.add(("motor_vehicle", books.case_of[person].number, ""))


def _titles(books: Books) -> None:
    random, clerk, listed = books.district.random, books.clerk("housing.properties"), books.case_of
    shopkeepers = set(books.some_listed(0.01, least_age=25))
    units = 0
    for person in books.district.people:
        is_head = person.home.members[0][0] is person
        used: list[tuple[str, str]] = []
        if is_head and random.random() < 0.8:
            used.append(("11", str(random.randrange(50, 120))))
            if person not in listed and random.random() < 0.1:
                used.append(("11", "90"))
        if person in shopkeepers:
            used.append(("20", "33.5"))
            books.planted.add(("non_residential", listed[person].number, ""))
        for place, (use, area) in enumerate(used):
            units += 1
            shares = person.spouse is not None and use == "11" and random.random() < 0.4
            owners = [person, person.spouse] if shares and person.spouse else [person]
            at = person.home.address if use == "11" and place == 0 else f"新街{units}号"
            is_old = len(owners) > 1 and books.district.happens(
                books.district.mix.unnumbered_papers
            )
            for owner in owners:
                values = {
                    "不动产单元号": f"990102{units:022d}", "权利人": clerk.name(owner),
                    "权利人证件号码": "" if is_old else clerk.number(owner),
                    "共有情况": "1" if len(owners) > 1 else "0", "份额": "", "房屋用途": use,
                    "建筑面积": area, "坐落": at,
                    "登记时间": clerk.day(AS_OF - timedelta(days=3000)), "权属状态": "1",
                    "状态日期": clerk.day(None),
                }  # fmt: skip
                books.enter("housing.properties", values, person=owner)


def _presales(books: Books) -> None:
    clerk = books.clerk("housing.presales")
    for person in books.some_others(0.005):
        values = {
            "合同编号": f"HT{person.place:06d}", "买受人": clerk.name(person),
            "买受人证件号码": clerk.number(person), "房屋坐落": "新区1号", "房屋用途": "11",
            "建筑面积": "98.2", "合同总价": clerk.yuan(800_000),
            "签约日期": clerk.day(AS_OF - timedelta(days=200)), "合同状态": "1",
        }  # fmt: skip
        books.enter("housing.presales", values, person=person)


def _contributions(books: Books) -> None:
    random, clerk = books.district.random, books.clerk("human_resources.contributions")
    listed = [one for one in books.some_listed(0.02, least_age=22) if one.age < 58]
    others = [one for one in books.some_others(0.35) if 22 < one.age < 58]
    books.at_work = {*listed, *others}
    for person in (*listed, *others):
        employer = "91990102MA" + "".join(random.choice(_CREDIT_CODE) for _ in range(8))
        wage = Decimal(random.randrange(4400, 9000))
        for month in newest_months(6):
            values = {
                "AAC002": clerk.number(person), "AAC003": clerk.name(person), "AAB003": employer,
                "AAB004": f"某某公司{employer[-4:]}", "AAE140": "110",
                "AAE003": clerk.month(month), "AAC066": "1", "AAC040": clerk.yuan(wage),
                "AAE180": clerk.yuan(wage), "AAE078": "1",
            }  # fmt: skip
            books.enter("human_resources.contributions", values, person=person)
    for person in listed:
        books.planted.add(("income", books.case_of[person].number, ""))


def _pensions(books: Books) -> None:
    random, listed = books.district.random, books.case_of
    clerk = books.clerk("human_resources.pensions")
    for person in books.district.people:
        if person.age < 60 or person.died is not None or random.random() < 0.2:
            continue
        kind = "170" if person in listed or random.random() < 0.6 else "110"
        a_month = random.randrange(150, 260) if kind == "170" else random.randrange(2500, 4000)
        values = {
            "AAC002": clerk.number(person), "AAC003": clerk.name(person), "AAE140": kind,
            "AIC160": clerk.month((2020, 1)), "AAE019": clerk.yuan(a_month), "AAE116": "1",
        }  # fmt: skip
        books.enter("human_resources.pensions", values, person=person)


def _unemployment(books: Books) -> None:
    clerk = books.clerk("human_resources.unemployment_benefits")
    for person in [one for one in books.some_others(0.01) if one not in books.at_work]:
        values = {
            "AAC002": clerk.number(person), "AAC003": clerk.name(person),
            "AJC097": clerk.month((2026, 1)), "AJC098": clerk.month((2026, 12)),
            "AAE019": clerk.yuan(1500),
        }  # fmt: skip
        books.enter("human_resources.unemployment_benefits", values, person=person)


def _enrolment(books: Books) -> None:
    random, listed = books.district.random, books.case_of
    clerk = books.clerk("medical_insurance.enrolment")
    for person in books.district.people:
        case = listed.get(person)
        if person.died is not None or (case is None and random.random() < 0.03):
            continue
        if case and random.random() < 0.02:
            books.planted.add(("not_insured", case.number, person.number))
            continue
        aid = "2" if case else "0"
        is_due = case is not None and case.scheme != "31" and person not in books.at_work
        if case and is_due and random.random() < 0.02:
            aid = "0"
            books.planted.add(("premium_aid_missing", case.number, person.number))
        values = {
            "psn_no": f"P{person.place:08d}", "certno": clerk.number(person),
            "psn_name": clerk.name(person), "gend": person.sex, "brdy": clerk.day(person.born),
            "insutype": "310" if person in books.at_work else "390", "emp_name": "",
            "psn_insu_stas": "1", "psn_insu_date": clerk.day(AS_OF - timedelta(days=1000)),
            "aid_type": aid,
        }  # fmt: skip
        books.enter("medical_insurance.enrolment", values, person=person)


def _settlements(books: Books) -> None:
    random, clerk = books.district.random, books.clerk("medical_insurance.settlements")
    for place in range(len(books.district.people) // 3):
        person = random.choice(books.district.people)
        if person.died is None:
            total = random.randrange(100, 1000)
            _settlement(books, clerk, person, f"S{place:07d}", total, total * 3 // 10)
    for person in books.some_listed(0.01):
        _settlement(books, clerk, person, f"B{person.place:07d}", 90_000, 20_000)
        case = books.case_of[person]
        books.planted.add(("medical_hardship_listed", case.number, ""))


def _settlement(
    books: Books, clerk: Clerk, person: Person, number: str, total: int, borne: int
) -> None:
    days = (1, 600) if borne < 1000 else (1, 300)
    values = {
        "setl_id": number, "certno": clerk.number(person), "psn_name": clerk.name(person),
        "setl_time": clerk.day(books.district.days_ago(*days)), "refd_setl_flag": "0",
        "med_type": "21", "dise_name": "", "serious_flag": "0", "medfee_sumamt": clerk.yuan(total),
        "fund_pay_sumamt": clerk.yuan(total - borne), "maf_pay": clerk.yuan(None),
        "psn_part_amt": clerk.yuan(borne), "fulamt_ownpay_amt": clerk.yuan(0),
        "fixmedins_name": books.district.random.choice(_HOSPITALS),
    }  # fmt: skip
    books.enter("medical_insurance.settlements", values, person=person)

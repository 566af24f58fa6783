"""Made-up people of the demonstration laboratory, with their badges and PINs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from labdesk.domain.people import Field, Laboratory, Person, Role, Scope

LABORATORY = Laboratory(
    id="LAB-2108-0007",
    name="营口滨海建设工程检测有限公司",
    address="辽宁省营口市西市区滨海路 18 号",
    certificate_no="辽建检字第 21080007 号",
    cma_no="230601340017",
    phone="0417-5550018",
)
STATION = "演示工位"


@dataclass(frozen=True)
class DemoPerson:
    """A person with the secrets the demonstration types."""

    name: str
    badge: str
    pin: str
    password: str
    roles: tuple[Role, ...]
    fields: tuple[Field, ...] = ()
    signatory: tuple[Field, ...] = ()


BOTH = (Field.STEEL, Field.CONCRETE)
ADMINISTRATOR = DemoPerson("周明远", "LAB7-0001", "7301", "demo-zhou-mingyuan", (Role.ADMINISTRATOR, Role.QUALITY))
RECEPTIONIST = DemoPerson("李雯", "LAB7-0002", "7302", "demo-li-wen-2026", (Role.RECEPTION,))
TESTER = DemoPerson("张建国", "LAB7-0003", "7303", "demo-zhang-jianguo", (Role.TECHNICIAN,), BOTH)
CHECKER = DemoPerson("孙晓燕", "LAB7-0004", "7304", "demo-sun-xiaoyan", (Role.CHECKER, Role.TECHNICIAN), BOTH)
REVIEWER = DemoPerson("陈立", "LAB7-0005", "7305", "demo-chen-li-2026", (Role.REVIEWER, Role.CHECKER), BOTH)
SIGNATORY = DemoPerson("刘慧敏", "LAB7-0006", "7306", "demo-liu-huimin", (Role.SIGNATORY, Role.REVIEWER), BOTH, BOTH)
ASSISTANT = DemoPerson("赵志强", "LAB7-0007", "7307", "demo-zhao-zhiqiang", (Role.TECHNICIAN,), BOTH)
EVERYBODY = (RECEPTIONIST, TESTER, ASSISTANT, CHECKER, REVIEWER, SIGNATORY)


def person_of(demo: DemoPerson, key: str, day: date) -> Person:
    """The person as registered, competent from a year ago to a year ahead of ``day``."""
    first, last = date(day.year - 1, 1, 1), date(day.year + 1, 12, 31)
    return Person(
        id=key,
        name=demo.name,
        badge=demo.badge,
        roles=demo.roles,
        competences=tuple(Scope(field, first, last, f"上岗证 {demo.badge}") for field in demo.fields),
        signatory=tuple(Scope(field, first, last, f"授权 {demo.badge}") for field in demo.signatory),
    )

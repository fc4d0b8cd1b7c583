"""Who can sign in to the demo."""

from typing import NamedTuple

from resetportal.models import Role

PASSWORD = "fresh-start-2027"  # noqa: S105  (shown when the demo starts; it serves this machine alone)


class Person(NamedTuple):
    """An account of the demo; `district` is the name of a district admin's."""

    email: str
    name: str
    role: Role
    part: str
    district: str = ""


PEOPLE = (
    Person("carmen@vendor.example", "Carmen Ortiz", Role.CSM, "Customer Success Manager of Lakeside Unified"),
    Person("omar@vendor.example", "Omar Haddad", Role.CSM, "Customer Success Manager of other districts"),
    Person("maya@vendor.example", "Maya Lindqvist", Role.CSM_LEAD, "leads the CSMs: every district, the policy"),
    Person("ellis@vendor.example", "Ellis Park", Role.ENGINEER, "engineer: tonight's runs"),
    Person(
        "dana@lakeside.example",
        "Dana Whitfield",
        Role.DISTRICT_ADMIN,
        "Lakeside's district admin",
        "Lakeside Unified",
    ),
)

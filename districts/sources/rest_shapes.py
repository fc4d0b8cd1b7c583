"""Which column of OneRoster CSV is which attribute of a REST record, and how its value is written."""

from collections.abc import Callable, Mapping
from typing import Any

BREAKS = str.maketrans({"\r": " ", "\n": " "})

Record = Mapping[str, Any]
Cell = Callable[[Any], str]


class WrongValue(ValueError):
    """A value that is of another type than OneRoster says."""


def text(value: Any) -> str:
    """A plain value. CSV holds no line break, so one becomes a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.translate(BREAKS)
    if isinstance(value, int):
        return str(value)
    raise WrongValue


def reference(value: Any) -> str:
    """A GUIDRef's sourcedId, "" for none."""
    if value is None or value == {}:
        return ""
    if not isinstance(value, dict):
        raise WrongValue
    return text(value.get("sourcedId"))


def several(one: Cell) -> Cell:
    """A list of values, comma joined. Where a server gives one alone, a list of it."""

    def cell(value: Any) -> str:
        values = value if isinstance(value, list) else [] if value is None or value == "" else [value]
        cells = [one(each) for each in values]
        if any("," in each for each in cells):
            raise WrongValue
        return ",".join(each for each in cells if each)

    return cell


def nothing(value: Any) -> str:
    """A column that is not kept."""
    return ""


texts, references = several(text), several(reference)
Columns = tuple[tuple[str, str, Cell], ...]  # the column, the record's attribute, and how it is written

ORGS: Columns = (
    ("name", "name", text),
    ("type", "type", text),
    ("identifier", "identifier", text),
    ("parentSourcedId", "parent", reference),
)
SESSIONS: Columns = (
    ("title", "title", text),
    ("type", "type", text),
    ("startDate", "startDate", text),
    ("endDate", "endDate", text),
    ("parentSourcedId", "parent", reference),
    ("schoolYear", "schoolYear", text),
)
COURSES: Columns = (
    ("schoolYearSourcedId", "schoolYear", reference),
    ("title", "title", text),
    ("courseCode", "courseCode", text),
    ("grades", "grades", texts),
    ("orgSourcedId", "org", reference),
    ("subjects", "subjects", nothing),
    ("subjectCodes", "subjectCodes", nothing),
)
CLASSES: Columns = (
    ("title", "title", text),
    ("grades", "grades", texts),
    ("courseSourcedId", "course", reference),
    ("classCode", "classCode", text),
    ("classType", "classType", text),
    ("location", "location", nothing),
    ("schoolSourcedId", "school", reference),
    ("termSourcedIds", "terms", references),
    ("subjects", "subjects", nothing),
    ("subjectCodes", "subjectCodes", nothing),
    ("periods", "periods", nothing),
)
NAMES: Columns = (
    ("username", "username", text),
    ("userIds", "userIds", nothing),
    ("givenName", "givenName", text),
    ("familyName", "familyName", text),
    ("middleName", "middleName", nothing),
    ("identifier", "identifier", text),
    ("email", "email", text),
    ("sms", "sms", nothing),
    ("phone", "phone", nothing),
    ("agentSourcedIds", "agents", nothing),
    ("grades", "grades", texts),
    ("password", "password", nothing),
)
USERS_1_1: Columns = (
    ("enabledUser", "enabledUser", text),
    ("orgSourcedIds", "orgs", references),
    ("role", "role", text),
    *NAMES,
)
USERS_1_2: Columns = (
    ("enabledUser", "enabledUser", text),
    *NAMES,
    ("userMasterIdentifier", "userMasterIdentifier", nothing),
    ("preferredGivenName", "preferredFirstName", nothing),
    ("preferredMiddleName", "preferredMiddleName", nothing),
    ("preferredFamilyName", "preferredLastName", nothing),
    ("primaryOrgSourcedId", "primaryOrg", reference),
    ("pronouns", "pronouns", nothing),
)
ROLES: Columns = (
    ("userSourcedId", "user", reference),
    ("roleType", "roleType", text),
    ("role", "role", text),
    ("beginDate", "beginDate", text),
    ("endDate", "endDate", text),
    ("orgSourcedId", "org", reference),
    ("userProfileSourcedId", "userProfile", nothing),
)
ENROLLMENTS: Columns = (
    ("classSourcedId", "class", reference),
    ("schoolSourcedId", "school", reference),
    ("userSourcedId", "user", reference),
    ("role", "role", text),
    ("primary", "primary", text),
    ("beginDate", "beginDate", text),
    ("endDate", "endDate", text),
)
COMMON = {"academicSessions": SESSIONS, "orgs": ORGS, "courses": COURSES, "classes": CLASSES}
SHAPES: dict[str, dict[str, Columns]] = {
    "1.1": {**COMMON, "users": USERS_1_1, "enrollments": ENROLLMENTS},
    "1.2": {**COMMON, "users": USERS_1_2, "roles": ROLES, "enrollments": ENROLLMENTS},
}

"""The words that OneRoster knows, by version. 1.2 lets a vendor add words of its own, which begin with `ext:`."""

OWN = "ext:"

ORG_TYPES = frozenset({"department", "school", "district", "local", "state", "national"})
SESSION_TYPES = frozenset({"gradingPeriod", "semester", "schoolYear", "term"})
CLASS_TYPES = frozenset({"homeroom", "scheduled"})
ROLE_TYPES = frozenset({"primary", "secondary"})
MEMBERS = frozenset({"administrator", "aide", "proctor", "student", "teacher"})

STUDENT = "student"
RELATIVES = frozenset({"guardian", "parent", "relative"})
EDUCATORS = frozenset({"administrator", "aide", "proctor", "teacher"})
EDUCATORS_1_2 = EDUCATORS | {
    *("counselor", "districtAdministrator", "principal", "siteAdministrator", "systemAdministrator")
}
ROLES = {
    "1.1": RELATIVES | EDUCATORS | {STUDENT},
    "1.2": RELATIVES | EDUCATORS_1_2 | {STUDENT},
}

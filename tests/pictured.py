"""What `make screenshots` takes pictures of: every page, of each person who sees it. Held against the addresses."""

from collections.abc import Mapping
from typing import NamedTuple

LAKESIDE = "/districts/0620810/"
CEDAR = "/districts/4812730/"
THREE = "?d=0620810&d=0412200&d=2611460"
"""Districts of which one may move past July 28 and another lacks its start of rostering."""
LETTER = (
    "&subject=Your+reset+of+{reset_date}&body=Dear+{district},%0A%0AIs+{reset_date}+still+right+for+{district}?&asks=on"
)


class By(NamedTuple):
    """A page that has no address known beforehand: from one that has, by the names of links and buttons."""

    start: str
    follow: tuple[str, ...]
    shows: str = ""
    """The address's name in urls.py, where it is one of its own."""
    is_deed: bool = False
    """Whether what is followed changes something: it is followed once."""


Way = str | By
Pages = Mapping[str, Mapping[str, Way]]

MAIL = "/mail/?q=dana@lakeside.example"
OPENING = "end of your school year"
BY_LINK = "Answer without signing in"
STOP = (CEDAR, ("see the reset", "stop the reset"))
WHY = "@reason=The district asked for it by telephone."
FRIDAY = "?date=2027-07-30"
"""A night that has resets only after AFTER_A_DEED has moved some there; its pause stops no other."""

PAGES: Pages = {
    "": {
        "sign-in": "/accounts/login/",
        "sign-up-closed": "/accounts/signup/",
        "inactive": "/accounts/inactive/",
        "password-reset": "/accounts/password/reset/",
        "password-reset-sent": "/accounts/password/reset/done/",
        "password-reset-stale": "/accounts/password/reset/key/1-stale/",
        "password-reset-done": "/accounts/password/reset/key/done/",
        "certificate-keys": "/certificates/keys/",
        "not-found": "/no-such-page/",
        "reply": By(MAIL, (OPENING, BY_LINK), "resets:reply"),
        "reply-day": By(MAIL, (OPENING, BY_LINK, "choose a day"), "resets:reply_day"),
        "reply-stale": "/r/not-a-link/",
    },
    "carmen@vendor.example": {
        "my-districts": "/districts/",
        "my-districts-at-risk": "/districts/?show=at-risk",
        "my-districts-none": "/districts/?q=nowhere",
        "my-districts-chosen": By("/districts/", ("#input[name=d]",)),
        "district": LAKESIDE,
        "district-people": f"{LAKESIDE}people/",
        "choose-date": f"{LAKESIDE}date/",
        "choose-date-with-reason": f"{LAKESIDE}date/?day=2027-08-03",
        "choose-date-refused": f"{LAKESIDE}date/?day=2027-08-18",
        "preview": f"{LAKESIDE}preview/",
        "dates": f"{LAKESIDE}dates/",
        "records-hold": f"{LAKESIDE}hold/",
        "answer": f"{LAKESIDE}answer/",
        "rosters": f"{LAKESIDE}rosters/",
        "roster-source": f"{LAKESIDE}rosters/source/",
        "exports": f"{LAKESIDE}exports/",
        "educators": f"{LAKESIDE}educators/",
        "reset": By(LAKESIDE, ("see the reset",), "resets:reset"),
        "stop": By(*STOP, "resets:stop"),
        "bulk-date": f"/bulk/date/{THREE}",
        "bulk-date-preview": f"/bulk/date/{THREE}&day=2027-07-30",
        "bulk-letter": f"/bulk/letter/{THREE}",
        "bulk-letter-preview": f"/bulk/letter/{THREE}{LETTER}",
        "tonight": "/tonight/",
        "tonight-ahead": "/tonight/?date=2027-07-28",
        "letters": "/letters/",
        "letters-to-come": "/letters/?show=coming",
        "letters-of-district": f"{LAKESIDE}letters/",
        "letter": f"{LAKESIDE}letters/5/",
        "letter-by-hand": f"{LAKESIDE}letters/write/",
        "letter-sent": By(f"{LAKESIDE}letters/", ("opening letter",), "resets:letter"),
        "season": "/season/",
        "season-day": "/season/?day=2027-07-05",
        "what-if": "/season/what-if/?d=0620810&d=0412200&to=2027-07-20",
        "after": "/season/after/",
        "rules": "/rules/",
        "mailbox": "/mail/",
        "mail": By(MAIL, (OPENING,), "demo_mail"),
        "change-password": "/accounts/password/change/",
        "addresses": "/accounts/email/",
        "sign-out": "/accounts/logout/",
        "confirm-password": "/accounts/reauthenticate/",
    },
    "maya@vendor.example": {
        "lead-districts": "/districts/",
        "lead-tonight": "/tonight/?date=2027-07-28",
        "pause-night": "/tonight/pause/?date=2027-07-28",
        "policy": "/policy/",
        "lead-letters": "/letters/",
        "lead-letter": "/letters/steps/2/",
        "people": "/people/",
        "invite": "/people/invite/",
        "lead-season": "/season/",
        "season-summary": "/season/summary/",
        "bulk-csm": f"/bulk/csm/{THREE}",
        "roster-on-hold": f"{CEDAR}rosters/",
        "roster-apply": By(f"{CEDAR}rosters/", ("^apply",), "resets:roster_apply"),
        "roster-discard": By(f"{CEDAR}rosters/", ("^discard",), "resets:roster_discard"),
    },
    "ellis@vendor.example": {
        "engineer-districts": "/districts/",
        "engineer-district": LAKESIDE,
        "style-guide": "/style/",
    },
    "dana@lakeside.example": {
        "admin-home": LAKESIDE,
        "admin-ask": f"{LAKESIDE}ask/",
        "admin-ask-day": f"{LAKESIDE}ask/?day=2027-08-03",
        "admin-question": f"{LAKESIDE}question/",
        "admin-dates": f"{LAKESIDE}dates/",
        "admin-hold": f"{LAKESIDE}hold/",
        "admin-preview": f"{LAKESIDE}preview/",
        "admin-rosters": f"{LAKESIDE}rosters/",
        "admin-exports": f"{LAKESIDE}exports/",
        "admin-reports": f"{LAKESIDE}reports/",
        "admin-educators": f"{LAKESIDE}educators/?show=all",
        "forbidden": f"{LAKESIDE}date/",
    },
}
AFTER_A_DEED: Pages = {
    "dana@lakeside.example": {
        "admin-asked": By(
            f"{LAKESIDE}ask/?day=2027-08-03",
            ("@reason=Our summer school asks for two more days.", "^ask for"),
            is_deed=True,
        ),
    },
    "carmen@vendor.example": {
        "receipt": By(
            "/bulk/date/?d=0412200&d=2611460&d=1922140&day=2027-07-30",
            (WHY, "set the date of"),
            "resets:receipt",
            is_deed=True,
        ),
        "receipt-of-letters": By(f"/bulk/letter/{THREE}{LETTER}", ("^write to",), "resets:receipt", is_deed=True),
        "reset-held": By(CEDAR, (*STOP[1], WHY, "@name=Cedar Valley ISD", "stop the reset"), is_deed=True),
        "district-held": CEDAR,
        "answer-asked": f"{LAKESIDE}answer/",
        "my-districts-asked": "/districts/",
        "retry": By(CEDAR, ("see the reset", "retry"), "resets:retry"),
    },
    "maya@vendor.example": {
        "receipt-of-csm": By(
            "/bulk/csm/?d=2611460&d=2308840", ("@to=Omar Haddad", "^preview", "^give"), "resets:receipt", is_deed=True
        ),
        "tonight-paused": By(f"/tonight/{FRIDAY}", ("pause the night", WHY, "pause the night"), is_deed=True),
        "resume-night": f"/tonight/resume/{FRIDAY}",
    },
}
"""What comes of a deed that cannot be taken back, so these are taken with NIGHT alone."""
AFTER_THE_NIGHT: Pages = {
    "": {
        "check": "/certificates/RP-2027-0001/",
        "reply-expired": By(MAIL, (OPENING, BY_LINK)),
    },
    "carmen@vendor.example": {
        "reset-completed": By(LAKESIDE, ("see the reset",)),
        "certificate": By(LAKESIDE, ("certificate",), "resets:certificate"),
        "district-completed": LAKESIDE,
        "rostering-complete": By(LAKESIDE, ("rostering is complete",), "resets:rostering_complete"),
        "after-night": "/season/after/",
        "tonight-after": "/tonight/",
        "my-districts-after": "/districts/",
    },
    "maya@vendor.example": {
        "season-summary-after": "/season/summary/",
        "lead-certificate": By(LAKESIDE, ("certificate",), "resets:certificate"),
        "lead-tonight-after": "/tonight/?date=2027-07-28",
    },
    "ellis@vendor.example": {"engineer-certificate": By(LAKESIDE, ("certificate",), "resets:certificate")},
    "dana@lakeside.example": {
        "admin-completed": LAKESIDE,
        "admin-certificate": By(LAKESIDE, ("certificate",), "resets:certificate"),
    },
}
NOT_PICTURED = {
    "home": "leads on",
    "healthz": "for machines",
    "readyz": "for machines",
    "demo_mail_html": "stands in demo_mail",
    "resets:person": "stands in people",
    "resets:export": "leads on",
    "resets:open_season": "leads on unless a season is drafted",
    "resets:release": "leads on unless a roster of the new year holds a reset, which no demo has",
    "resets:report": "names a student, who is searched for",
    "resets:certificate_keys_json": "for machines",
    "account_set_password": "leads on",
    "account_confirm_login_code": "leads on",
    "account_email_verification_sent": "nobody signs up",
    "account_confirm_email": "nobody signs up",
}
"""Pages that answer a reader by name, and why no picture of them is taken."""

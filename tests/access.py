"""THE TABLE: every address, each method that it answers, and what each of the cast gets. Walked by test_access.py.

A row is `Row(name, method, answers, data)`: `answers` are statuses in the order of WHO, where `in` stands for "sent to
sign in"; `data` is what a form sends, where the good case needs it. Objects are Lakeside's: its district by site_code,
its reset (scheduled, of the season of 2026-27, in June 2027) by pk. A method without a row must be refused to all.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

WHO = ("carmen", "omar", "maya", "ellis", "dana", "sam")
TO_SIGN_IN = "in"
ALIKE = "200 200 200 200 200 200"
HOLD = {"do": "place", "ends_on": "2027-08-20", "reason": "A request to inspect is open."}
PERSON = {"name": "Luis Park", "email": "luis@lakeside.example", "role": "district_admin", "district": "0620810"}
LETTER = {"subject": "Hello", "body": "Dear {district}", "save": "1", "send": "1"}
EXPORT = {"product": "imagine_math", "range": "year", "format": "csv"}


class Row(NamedTuple):
    """One address and method. Carmen has Lakeside, Omar has not, Maya leads, Ellis is the engineer, Dana is its
    admin, Sam is signed out."""

    name: str
    method: str
    answers: str
    data: Mapping[str, Any] = {}

    @property
    def id(self) -> str:
        return f"{self.method.upper()} {self.name}"


#   name, method, what they get: carmen omar maya ellis dana sam
TABLE: tuple[Row, ...] = (
    Row("healthz", "get", ALIKE),
    Row("readyz", "get", "503 503 503 503 503 503"),
    # Signing in, addresses and passwords, by allauth. Nobody signs up.
    Row("account_login", "get", "302 302 302 302 302 200"),
    Row("account_login", "post", "302 302 302 302 302 200"),
    Row("account_logout", "get", "200 200 200 200 200 in"),
    Row("account_logout", "post", "302 302 302 302 302 in"),
    Row("account_signup", "get", "302 302 302 302 302 200"),
    Row("account_signup", "post", "302 302 302 302 302 200"),
    Row("account_inactive", "get", ALIKE),
    Row("account_reauthenticate", "get", "200 200 200 200 200 in"),
    Row("account_email", "get", "200 200 200 200 200 in"),
    Row("account_email", "post", "405 405 405 405 405 405"),
    Row("account_email_verification_sent", "get", ALIKE),
    Row("account_confirm_email", "get", ALIKE),
    Row("account_change_password", "get", "200 200 200 200 200 in"),
    Row("account_set_password", "get", "302 302 302 302 302 in"),
    Row("account_reset_password", "get", ALIKE),
    Row("account_reset_password_done", "get", ALIKE),
    Row("account_reset_password_from_key", "get", ALIKE),
    Row("account_reset_password_from_key_done", "get", ALIKE),
    Row("account_confirm_login_code", "get", "302 302 302 302 302 in"),
    # The engineer's admin pages; their other addresses (GUARDED_WHOLE) stand behind the same guard.
    Row("admin:index", "get", "302 302 302 200 302 302"),
    # Districts: the list is the vendor's; a district is its CSM's, the leads', the engineers' and its admin's.
    Row("home", "get", "302 302 302 302 302 in"),
    Row("resets:districts", "get", "200 200 200 200 403 in"),
    Row("resets:districts_file", "get", "200 200 200 200 403 in"),
    Row("resets:save_view", "post", "302 302 302 302 403 in", {"name": "Mine", "query": "show=at-risk"}),
    Row("resets:remove_view", "post", "404 404 404 404 403 in"),
    Row("resets:district", "get", "200 404 200 200 200 in"),
    Row("resets:dates", "get", "200 404 200 403 200 in"),
    Row("resets:dates", "post", "302 404 302 403 302 in", {"ends_on": "2027-06-11", "has_summer_session": "no"}),
    # The date of a reset: set by the CSM or a lead, asked for by the district's admin, kept by any of them (W9).
    Row("resets:choose", "get", "200 404 200 403 403 in"),
    Row("resets:choose", "post", "302 404 302 403 403 in", {"day": "2027-07-20", "version": 1}),
    Row("resets:ask", "get", "403 403 403 403 200 in"),
    Row("resets:ask", "post", "403 403 403 403 302 in", {"day": "2027-07-20"}),
    Row("resets:keep", "post", "409 404 409 403 409 in"),
    # A records hold: placed, extended and ended by the district's admin, its CSM or a lead.
    Row("resets:records_hold", "get", "200 404 200 403 200 in"),
    Row("resets:records_hold", "post", "302 404 302 403 302 in", HOLD),
    # Contacts are the district's and its CSM's; notes are the vendor's own; history is for whoever sees the district.
    Row("resets:add_contact", "post", "302 404 302 403 302 in", {"contact-name": "Luis Park"}),
    Row("resets:contact", "post", "302 404 302 403 302 in", {"do": "remove"}),
    Row("resets:add_note", "post", "302 404 302 403 403 in", {"note-text": "Luis is out in August."}),
    Row("resets:remove_note", "post", "302 404 302 403 403 in"),
    Row("resets:history_file", "get", "200 404 200 200 200 in"),
    Row("resets:preview", "get", "200 404 200 200 200 in"),
    # Rosters: whoever sees the district sees them. They are sent, applied and discarded by the district's admin, its
    # CSM or a lead; where they come from is set by the vendor's people.
    Row("resets:rosters", "get", "200 404 200 200 200 in"),
    Row("resets:rosters_xlsx", "get", "200 404 200 200 200 in"),
    Row("resets:roster_waiting", "get", "286 404 286 286 286 in"),
    Row("resets:roster_upload", "post", "422 404 422 403 422 in"),
    Row("resets:roster_apply", "get", "200 404 200 403 200 in"),
    Row("resets:roster_apply", "post", "302 404 302 403 302 in", {"reason": "Dana knows."}),
    Row("resets:roster_discard", "get", "200 404 200 403 200 in"),
    Row("resets:roster_discard", "post", "302 404 302 403 302 in", {"reason": "Dana sends another."}),
    Row("resets:roster_rehearse", "post", "302 404 302 403 302 in"),
    Row("resets:sync_now", "post", "302 404 302 302 302 in"),
    Row("resets:data_ready", "post", "403 403 403 403 302 in"),
    Row("resets:roster_source", "get", "200 404 200 200 200 in"),
    Row("resets:roster_source", "post", "422 404 422 422 403 in"),
    Row("resets:roster_source_try", "post", "302 404 302 302 403 in"),
    # A district's files: whoever sees the district sees that they exist; its own admin alone downloads, prints and
    # reads of students. The vendor asks for an export on its behalf.
    Row("resets:exports", "get", "200 404 200 200 200 in"),
    Row("resets:exports_xlsx", "get", "200 404 200 200 200 in"),
    Row("resets:exports_board", "get", "286 404 286 286 286 in"),
    Row("resets:export_ask", "post", "302 404 302 403 302 in", EXPORT),
    Row("resets:last_export", "post", "403 403 403 403 302 in", {"choose": "1"}),
    Row("resets:export", "get", "302 404 302 302 302 in"),
    Row("resets:export_download", "get", "403 403 403 403 200 in"),
    Row("resets:reports", "get", "403 403 403 403 200 in"),
    Row("resets:reports_board", "get", "403 403 403 403 286 in"),
    Row("resets:report_find", "post", "403 403 403 403 200 in", {"q": "noor"}),
    Row("resets:report_ask", "post", "403 403 403 403 302 in", {"format": "pdf"}),
    Row("resets:report", "get", "403 403 403 403 200 in"),
    # Educators: whoever sees the district sees them; its own admin keeps or deactivates them.
    Row("resets:educators", "get", "200 404 200 200 200 in"),
    Row("resets:educators_xlsx", "get", "200 404 200 200 200 in"),
    Row("resets:educators_decide", "post", "403 403 403 403 302 in"),
    # Many districts at once: a CSM's own, a lead's; without any chosen the list is next. Only a lead reassigns.
    Row("resets:bulk_date", "get", "200 302 200 403 403 in", {"d": "0620810", "day": "2027-07-20"}),
    Row("resets:bulk_date", "post", "302 302 302 403 403 in", {"d": "0620810", "day": "2027-07-20"}),
    Row("resets:bulk_letter", "get", "200 302 200 403 403 in", {"d": "0620810", "subject": "s", "body": "b"}),
    Row("resets:bulk_letter", "post", "302 302 302 403 403 in", {"d": "0620810", "subject": "s", "body": "b"}),
    Row("resets:bulk_csm", "get", "403 403 200 403 403 in", {"d": "0620810"}),
    Row("resets:bulk_csm", "post", "403 403 302 403 403 in", {"d": "0620810"}),
    Row("resets:receipt", "get", "200 404 200 403 403 in"),
    Row("resets:receipt_xlsx", "get", "200 404 200 403 403 in"),
    # Letters: a CSM edits, stops and writes those of her districts, a lead all and the season's sequence.
    Row("resets:letters", "get", "200 200 200 200 403 in"),
    Row("resets:letters_xlsx", "get", "200 200 200 200 403 in"),
    Row("resets:letter_step", "get", "200 200 200 200 403 in"),
    Row("resets:letter_step", "post", "403 403 422 403 403 in", {"save": "1"}),
    Row("resets:letter_step_stop", "post", "403 403 302 403 403 in"),
    Row("resets:letter_step_resume", "post", "403 403 302 403 403 in"),
    Row("resets:district_letters", "get", "200 404 200 200 403 in"),
    Row("resets:district_letter", "get", "200 404 200 200 403 in"),
    Row("resets:district_letter", "post", "302 404 302 403 403 in", LETTER),
    Row("resets:letter_write", "get", "200 404 200 403 403 in"),
    Row("resets:letter_write", "post", "302 404 302 403 403 in", LETTER),
    Row("resets:letter", "get", "200 404 200 200 403 in"),
    Row("resets:letter", "post", "302 404 302 403 403 in", LETTER),
    Row("resets:letter_resume", "post", "302 404 302 403 403 in"),
    # People: a lead invites and disables, an engineer reads; a district's people are seen by whoever sees it.
    Row("resets:people", "get", "403 403 200 200 403 in"),
    Row("resets:people_xlsx", "get", "403 403 200 200 403 in"),
    Row("resets:person_invite", "get", "403 403 200 403 403 in"),
    Row("resets:person_invite", "post", "403 403 302 403 403 in", PERSON),
    Row("resets:person", "post", "403 403 302 403 403 in", {"do": "disable"}),
    Row("resets:district_people", "get", "200 404 200 200 200 in"),
    Row("resets:district_people_xlsx", "get", "200 404 200 200 200 in"),
    # A season's policy is its lead's.
    Row("resets:rules", "get", "200 200 200 200 403 in"),
    Row("resets:policy", "get", "403 403 200 403 403 in"),
    Row("resets:policy", "post", "403 403 422 403 403 in"),
    Row("resets:draft_season", "post", "403 403 302 403 403 in", {"year": 2028, "source": "2023"}),
    Row("resets:open_season", "get", "403 403 302 403 403 in"),
    Row("resets:open_season", "post", "403 403 302 403 403 in"),
    # The API, in the session of a signed-in person. Nothing resets one school (W7).
    Row("resets:api_districts", "get", "200 200 200 200 200 403"),
    Row("resets:api_district", "get", "200 404 200 200 200 403"),
    Row("resets:api_reset", "get", "200 404 200 200 200 403"),
    Row("resets:api_reset", "put", "200 404 200 403 403 403", {"date": "2027-07-20", "version": 1}),
    Row("resets:api_reset", "patch", "200 404 200 403 403 403", {"date": "2027-07-20", "version": 1}),
    Row("resets:api_school", "post", "422 422 422 422 422 403"),
    # The learning platform's feed: with its token, and for nobody in a session.
    Row("districts:activity", "post", "403 403 403 403 403 401"),
    # One reset: whoever sees the district sees it; the vendor's people act, and a release is the CSM's or a lead's.
    Row("resets:reset", "get", "200 404 200 200 200 in"),
    Row("resets:progress", "get", "286 404 286 286 286 in"),
    Row("resets:stop", "get", "200 404 200 200 403 in"),
    Row("resets:stop", "post", "302 404 302 302 403 in", {"name": "Lakeside Unified", "reason": "Dana called."}),
    Row("resets:retry", "get", "302 404 302 302 403 in"),
    Row("resets:retry", "post", "302 404 302 302 403 in", {"reason": "It was a mistake."}),
    Row("resets:release", "get", "302 404 302 403 403 in"),
    Row("resets:release", "post", "302 404 302 403 403 in", {"name": "Lakeside Unified", "reason": "Dana knows."}),
    Row("resets:rostering_complete", "get", "302 404 302 403 403 in"),
    Row("resets:rostering_complete", "post", "302 404 302 403 403 in"),
    # Its certificate: whoever sees the district; checked by whoever holds a copy, signed in or not.
    Row("resets:certificate", "get", "200 404 200 200 200 in"),
    Row("resets:certificate_pdf", "get", "200 404 200 200 200 in"),
    Row("resets:certificate_json", "get", "200 404 200 200 200 in"),
    Row("resets:check_certificate", "get", ALIKE),
    Row("resets:check_certificate", "post", ALIKE, {"digest": "0" * 64}),
    Row("resets:certificate_keys", "get", ALIKE),
    Row("resets:certificate_keys_json", "get", ALIKE),
    # Behind a letter's link whoever has it answers, signed in or not; questions are the admin's, answers the CSM's.
    Row("resets:reply", "get", ALIKE),
    Row(
        "resets:reply",
        "post",
        "302 302 302 302 302 302",
        {"answer": "question", "name": "Ray", "text": "When?", "token": "5f1d6a52-2b8e-4f7c-9a43-6a1f3c0d9e11"},
    ),
    Row("resets:reply_day", "get", ALIKE),
    Row("resets:reply_day", "post", "302 302 302 302 302 302", {"name": "Ray", "day": "2027-07-20"}),
    Row("resets:ask_question", "get", "403 403 403 403 200 in"),
    Row(
        "resets:ask_question",
        "post",
        "403 403 403 403 302 in",
        {"text": "When?", "token": "5f1d6a52-2b8e-4f7c-9a43-6a1f3c0d9e12"},
    ),
    Row("resets:answer", "get", "200 404 200 403 403 in"),
    Row("resets:answer", "post", "422 404 422 403 403 in"),
    # The demo's mail: there is none outside a demo.
    Row("demo_mailbox", "get", "404 404 404 404 404 404"),
    Row("demo_mail", "get", "404 404 404 404 404 404"),
    Row("demo_mail_html", "get", "404 404 404 404 404 404"),
    # The season's calendar: a CSM sees her own districts of it; its summary is the lead's.
    Row("resets:season", "get", "200 200 200 200 403 in"),
    Row("resets:season_download", "get", "200 200 200 200 403 in"),
    Row("resets:what_if", "get", "422 422 422 422 403 in"),
    Row("resets:what_if", "post", "302 302 302 302 403 in", {"d": "0620810"}),
    Row("resets:season_after", "get", "200 200 200 200 403 in"),
    Row("resets:season_after_download", "get", "200 200 200 200 403 in"),
    Row("resets:season_summary", "get", "403 403 200 403 403 in"),
    Row("resets:season_summary_download", "get", "403 403 200 403 403 in"),
    # The night: a CSM sees her own districts of it, a lead or an engineer pauses it.
    Row("resets:tonight", "get", "200 200 200 200 403 in"),
    Row("resets:tonight_xlsx", "get", "200 200 200 200 403 in", {"date": "2027-07-28"}),
    Row("resets:tonight_board", "get", "200 200 200 200 403 in", {"date": "2027-07-28"}),
    Row("resets:pause_night", "get", "403 403 200 200 403 in", {"date": "2027-07-28"}),
    Row("resets:pause_night", "post", "403 403 302 302 403 in", {"date": "2027-07-28", "reason": "A disk is full."}),
    Row("resets:resume_night", "get", "403 403 200 200 403 in", {"date": "2027-07-28"}),
    Row("resets:resume_night", "post", "403 403 302 302 403 in", {"date": "2027-07-28", "reason": "It is not."}),
    # The demo's clock; outside the demo there is none.
    Row("demo_clock", "post", "404 404 404 404 404 404"),
)

GUARDED_WHOLE = ("admin:",)
"""Names that begin so are third-party pages behind one guard, which the row of their index shows."""

OTHERS = ("account_", "healthz", "readyz")
"""Names that begin so are not asked for every method: allauth's own, and answers for machines."""

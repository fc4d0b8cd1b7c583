"""Invented facts for the style guide: what each component is shown with. No page of the product reads them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django import forms

from resets.policy import Calendar, Policy, advise, judge

ZONE: Final = "America/Los_Angeles"
NOW: Final = datetime(2027, 7, 27, 23, 12, tzinfo=UTC)
TODAY: Final = date(2027, 7, 27)
CHOSEN: Final = date(2027, 8, 3)
POLICY: Final = Policy(
    school_year="2026-27", year=2027, default_dates=(date(2027, 7, 28),), default_assignment="single",
    first_date=date(2027, 6, 19), last_date=None, after_default="session_only", weekdays_only=False, holidays="none",
    lead_days=0, setters=frozenset({"csm", "csm_lead"}), resumes_on="rostering_complete", requires_export_proof=False,
)  # fmt: skip
LAKESIDE: Final = Calendar(
    zone=ZONE, school_year_ends=date(2027, 6, 10), has_summer_session=True,
    summer_session_ends=date(2027, 7, 30), rostering_starts=date(2027, 8, 9),
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody who looks signed in, so that the top bar can be shown."""

    name: str = "Carmen Ortiz"
    initials: str = "CO"
    email: str = "carmen@vendor.example"
    get_role_display: str = "Customer Success Manager"
    is_authenticated: bool = True


class ReasonForm(forms.Form):
    """The adviser's question."""

    reason = forms.CharField(
        label="Why August 3?", help_text="Kept in the district’s history.",
        initial="Dana asked for it. Staff are back on Mon, August 2 to make the last export and print reports.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ExampleForm(forms.Form):
    """One field of each sort, bound without data so that its refusals show."""

    day = forms.DateField(
        label="Reset date", help_text="Any day from Sat, June 19.",
        widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": "Choose a day."},
    )  # fmt: skip
    zone = forms.ChoiceField(label="Time zone", choices=[("p", "Pacific"), ("m", "Mountain")], required=False)
    summer = forms.ChoiceField(
        label="Is there a summer session?", choices=[("y", "Yes"), ("n", "No")],
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    told = forms.BooleanField(label="The district has been told", required=False)


def frame() -> dict[str, Any]:
    """What `base.html` shows: the strip, the places, the person."""
    places = [("My districts", 96, True), ("Season", None, False), ("Tonight", 31, False)]
    return {
        "demo_now": NOW, "demo_zone": ZONE, "user": Person(), "find_url": "#",
        "navigation": [{"label": label, "count": count, "url": "#", "here": here} for label, count, here in places],
        "crumbs": [("My districts", "#"), ("Lakeside Unified", "#"), ("Style guide", "")],
    }  # fmt: skip


def lists() -> dict[str, Any]:
    """My districts: numbers, chips, the table."""
    numbers = [
        ("At risk", 4, 96, "Breaks a rule unless you act"), ("Answered", 79, 96, "17 have not: July 28 stands"),
        ("On the default", 29, 96, "No date of their own"), ("Reset", 38, 96, "Counted and certified"),
        ("Waiting for rostering", 33, 38, "Syncs paused since their reset"),
    ]  # fmt: skip
    chips = [("All", 96), ("At risk", 4), ("Due July 28", 31), ("No answer", 17), ("Waiting for rostering", 33)]
    return {
        "numbers": [
            {"label": label, "value": value, "of": of, "detail": detail, "url": "#", "at_risk": label == "At risk"}
            for label, value, of, detail in numbers
        ],
        "chips": [{"label": label, "count": count, "url": "#", "here": label == "All"} for label, count in chips],
        "groups": [
            {"title": "At risk", "count": 2, "note": "July 28 breaks a rule for these", "rows": [_lakeside(),
             _cedar()]},
            {"title": "Wed, July 28", "count": 2, "note": "The default day, tonight", "rows": [_silver(), _juniper()]},
        ],
        "row": _lakeside(),
        "heads": _heads(),
    }  # fmt: skip


def _heads() -> list[dict[str, Any]]:
    sorting = ["District and site code", "Schools", "Students", "Reset date", "Session ends", "Rostering starts"]
    plain = ["Answer", "Export proof", "Syncs", "Next step"]
    return [
        {"label": label, "is_number": label in ("Schools", "Students"), "url": "#",
         "sort": "ascending" if label == "Reset date" else ""}
        for label in sorting
    ] + [{"label": label} for label in plain]  # fmt: skip


def _row(name: str, code: str, schools: int, students: int, **more: Any) -> dict[str, Any]:
    usual = {
        "url": "#", "day": date(2027, 7, 28), "chosen": False, "session_ends": date(2027, 6, 11),
        "rostering_starts": date(2027, 8, 9), "answer": ("wait", "None yet"), "export": ("next", "Not made"),
        "syncs": ("quiet", "On"), "next": None, "reasons": [],
    }  # fmt: skip
    return {"name": name, "site_code": code, "schools": schools, "students": students} | usual | more


def _lakeside() -> dict[str, Any]:
    return _row(
        "Lakeside Unified", "0620810", 14, 9412, session_ends=date(2027, 7, 30), session_at_risk=True,
        answer=("asks", "Asks for Aug 3"), export=("wait", "Stops at July 25"), next=("Answer Dana Whitfield", "#"),
        reasons=[
            "Summer session ends Fri, July 30, two days after the reset: students would lose work in progress. "
            "Nearest day that would do: Sat, July 31."
        ],
    )  # fmt: skip


def _cedar() -> dict[str, Any]:
    return _row(
        "Cedar Valley ISD", "4812730", 22, 15086, rostering_starts=date(2027, 7, 28), rostering_at_risk=True,
        next=("Ask to move rostering", "#"),
        reasons=[
            "Rostering starts Wed, July 28, the day of the reset, and must come after it. No earlier day is left: "
            "ask the district to start on Thu, July 29 or later."
        ],
    )  # fmt: skip


def _silver() -> dict[str, Any]:
    return _row(
        "Silver Creek ISD", "4839700", 19, 13541, chosen=True, answer=("done", "Keeps July 28"),
        export=("done", "Proven"), syncs=("held", "On hold"), next=("Review", "#"),
    )  # fmt: skip


def _juniper() -> dict[str, Any]:
    return _row("Juniper Flats 7", "3204560", 3, 812, rostering_starts=None)


def adviser() -> dict[str, Any]:
    """The date adviser, with the real rules behind it."""
    asked: Any = {"policy": POLICY, "calendar": LAKESIDE, "now": NOW}
    return {
        "advice": advise(**asked), "judgement": judge(CHOSEN, **asked), "refused": judge(date(2027, 8, 18), **asked),
        "today": TODAY, "chosen": CHOSEN,
        "labels": {date(2027, 7, 28): "default", date(2027, 8, 9): "rostering"},
        "line": {
            "chosen": CHOSEN, "session_ends": date(2027, 7, 30), "session_label": "Summer session",
            "rostering_starts": date(2027, 8, 9), "recommended": date(2027, 7, 31),
        },
        "reason_field": ReasonForm()["reason"], "consequences": _consequences(), "action": "#", "version": 3,
        "submit": "Set Tue, August 3", "cancel_url": "#", "foot": "You can change it again until the reset begins.",
    }  # fmt: skip


def _consequences() -> list[dict[str, str]]:
    return [
        {
            "icon": "trash", "lead": "14 schools together,",
            "text": "Tue, August 3, 1:00 AM PDT. 9,412 student accounts, 388 classrooms and all academic data are "
            "deleted. This cannot be undone.",
        },
        {"icon": "archive", "lead": "Kept:", "text": "612 educators, 15 organizations, 37 pathway definitions."},
        {"icon": "sync", "lead": "Syncs pause", "text": "from August 3, 12:00 AM until rostering is complete."},
        {"icon": "mail", "lead": "Dana Whitfield", "text": "gets a letter with the new date."},
    ]  # fmt: skip


def district() -> dict[str, Any]:
    """A district's page: the season, the checklist, the history, the facts."""
    return {
        "season": {
            "first": date(2027, 6, 1), "last": date(2027, 8, 31), "today": TODAY, "default": date(2027, 7, 28),
            "sessions": [
                {"label": "School", "detail": "to June 10", "first": None, "last": date(2027, 6, 10)},
                {"label": "Summer session", "detail": "to Fri, July 30", "first": date(2027, 6, 14),
                 "last": date(2027, 7, 30)},
            ],
            "records": [
                {"at": date(2027, 7, 26), "label": "Export made July 26", "detail": "holds up to July 25",
                 "tone": "wait"},
                {"at": date(2027, 8, 2), "label": "Export due Mon, August 2",
                 "detail": "will hold all of summer session",
                 "tone": "quiet"},
            ],
            "reset": {"at": CHOSEN, "label": "Reset, Tue, August 3", "detail": "1:00 AM PDT, chosen"},
            "paused": {"first": CHOSEN, "last": None, "label": "Paused until rostering is complete"},
            "new_year": [
                {"at": date(2027, 8, 9), "label": "Rostering starts", "detail": "Mon, August 9"},
                {"at": date(2027, 8, 18), "label": "First day of school", "detail": "Wed, August 18"},
            ],
        },
        "items": [
            {"kind": "done", "title": "Answered", "text": "Dana Whitfield asked for August 3.", "end": "July 27"},
            {"kind": "done", "title": "Dates known",
             "text": "School year, summer session, rostering start and first day.",
             "end": "Edit", "end_url": "#"},
            {"kind": "wait", "title": "Export proven", "text": "The export of July 26 stops at July 25. 1,204 students "
             "worked since.", "end": "Remind Dana", "end_url": "#"},
            {"kind": "next", "title": "Rostering complete",
             "text": "Can be said from August 9. Turns the syncs back on."},
        ],
        "events": [
            {"text": "Carmen Ortiz moved the reset from Wed, July 28 (default) to Tue, August 3.",
             "quote": "Dana asked for it.", "when": "Today, 4:14 PM PDT", "is_reset": True},
            {"text": "Dana Whitfield asked for Tue, August 3.", "when": "Today, 9:40 AM PDT"},
            {"text": "The season opened with July 28. It was put at risk: summer session ends July 30.",
             "when": "Mon, April 5, 9:00 AM PDT"},
        ],
        "facts": [("Schools", "14"), ("Students", "9,412"), ("Products",
        "Imagine Math PreK-2 and 3+, Imagine Math Facts"),
                  ("Time zone", "Pacific, America/Los_Angeles")],
        "people": [{"name": "Dana Whitfield", "initials": "DW", "about": "District admin, signed in today"}],
    }  # fmt: skip


def run() -> dict[str, Any]:
    """A reset that runs, and the night around it."""
    return {
        "phases": [
            {"name": "Counting", "kind": "done", "share": 100, "text": "13 of 13 counted in 9 s."},
            {"name": "Destroying", "kind": "done", "share": 100,
             "text": "One transaction, 0.22 s. All schools at once."},
            {"name": "Verifying", "kind": "now", "share": 69, "text": "9 of 13 counted again."},
            {"name": "Completed", "kind": "next", "share": 0, "text": "Syncs stay paused until rostering is complete."},
        ],
        "schools": [
            _school("Harbor Point High", 1184, 61, 212406, "done"), _school("Ames Middle", 742, 38, 141880, "done"),
            _school("Dyer Hill Primary", 176, 9, 18442, "now"), _school("Students without a school", 3, 0, 96, "next"),
        ],
        "night_numbers": [
            {"label": "Completed", "value": 138, "of": 612, "detail": "Counted, verified, certified", "share": 23},
            {"label": "Held", "value": 2, "held": 2, "limit": 5, "detail": "The night stops by itself at 5"},
            {"label": "Done by", "value": "4:01 AM PDT", "detail": "Hawaii is last"},
        ],
        "running": [{"name": "Bristol Heights", "url": "#", "status": "verifying", "share": 91, "schools": "31 of 34",
                     "students": 18220, "length": 36}],
        "completed": [{"name": "Wexford Borough", "url": "#", "status": "completed", "students": 1204, "length": 8,
                       "when": "10:01 PM PDT"}],
        "largest": 212406,
        "total": {"name": "All schools", "students": 2105, "classrooms": 108, "rows": 372824, "left_words": "0 so far"},
        "held": [{"name": "Quarry Hill", "about": "3609930 · Grace Lin · Counting, 3 attempts", "url": "#",
                  "why": "The count of usage rows changed between two reads: 41,207 and 41,212. Nothing was deleted.",
                  "todo": "Find the writer, then retry"}],
        "night": {"now": NOW + timedelta(hours=5, minutes=50), "zone": ZONE, "waves": _waves()},
    }  # fmt: skip


def _school(name: str, students: int, classrooms: int, rows: int, kind: str) -> dict[str, Any]:
    word = {"done": "Verified", "now": "Counting again", "next": "Waiting"}[kind]
    again = {"done": rows, "now": rows // 2, "next": 0}[kind]
    left = 0 if kind == "done" else None
    return {"name": name, "students": students, "classrooms": classrooms, "rows": rows, "left": left,
            "counted_again": again, "kind": kind, "word": word}  # fmt: skip


def _waves() -> list[dict[str, Any]]:
    first = datetime(2027, 7, 28, 5, tzinfo=UTC)
    zones = [
        ("Eastern", "EDT", 0, 134, 4, 2, 101), ("Central", "CDT", 1, 0, 0, 0, 214), ("Mountain", "MDT", 2, 0, 0, 0, 62),
        ("Pacific, Arizona", "PDT, MST", 3, 0, 0, 0, 79), ("Hawaii", "HST", 6, 0, 0, 0, 4),
    ]  # fmt: skip
    guam = ("Guam", "ChST", -2, 4, 0, 0, 0)
    return [
        {"name": name, "abbreviation": letters, "starts_at": first + timedelta(hours=hour), "completed": completed,
         "running": running, "held": held, "due": due}
        for name, letters, hour, completed, running, held, due in [guam, *zones]
    ]  # fmt: skip


def grave() -> dict[str, Any]:
    """The grave step and the district admin's parts."""
    return {
        "deleted": [("Student accounts", 13541), ("Classrooms", 604), ("Assessment results", 39120),
        ("Usage", 1702554)],
        "kept": [("Educator accounts", 871), ("District and schools", 20), ("Pathway definitions", 37)],
        "proof": ("done", "Export proven"),
        "proof_text": "July 12, 13,541 rows, made after the last activity on June 11.",
        "held_note": {"kind": "hold", "title": "Held since July 19:", "text": "a parent asked to inspect a record."},
        "kinds": ["Student accounts", "Classrooms", "Usage"],
        "school_counts": [{"name": "Alder Middle", "counts": [742, 38, 107280]}, {"name": "Pine High",
        "counts": [1184, 61, 160549]}],
        "totals": [1926, 99, 267829],
        "points": [
            {"day": TODAY, "label": "Today", "kind": "today"},
            {"day": date(2027, 7, 28), "label": "Reset, as it stands", "kind": "reset"},
            {"day": date(2027, 7, 30), "label": "Summer session ends", "kind": "early"},
            {"day": date(2027, 8, 9), "label": "Rostering starts", "kind": "plain"},
        ],
        "benchmarks": [
            {"number": 1, "text": "EM50Q", "day": "Aug 24", "value": -50},
            {"number": 2, "text": "310Q", "day": "Dec 10", "value": 310},
            {"number": 3, "text": "725Q", "day": "May 4", "value": 725},
        ],
        "choices": [
            {"title": "Ask for another day", "text": "Sat, July 31 is the first day after summer session.", "url": "#",
             "submit": "Choose a day", "icon": "calendar", "recommended": True},
            {"title": "Keep Wed, July 28", "text": "Students lose what they do in the last days of summer session.",
             "action": "#", "submit": "Keep July 28"},
        ],
        "steps": [
            {"number": 1, "title": "Download your Student Data Export", "text": "One spreadsheet, a row a student.",
             "url": "#", "submit": "Go to export"},
            {"number": None, "title": "Review your educators", "text": "612 kept, 23 deactivated.", "url": "#",
             "submit": "Look again"},
            {"number": 2, "title": "Say when rostering is complete", "text": "From August 9.", "end": "Not yet"},
        ],
        "example_form": ExampleForm(data={}),
    }  # fmt: skip

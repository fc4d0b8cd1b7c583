"""The letters that a season starts with: their words, and what each waits for. A CSM lead edits them afterwards.

Each says by itself what it is about: the one before it may have been stopped, or have come back.
"""

from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from resets.models import LetterStep

WaitsFor, Audience = LetterStep.WaitsFor, LetterStep.Audience


class Start(NamedTuple):
    """`days` are counted from what it waits for, below zero before it."""

    name: str
    waits_for: str
    days: int
    audience: str
    asks: bool
    subject: str
    body: str


STARTING = (
    Start(
        _("Opening letter"),
        WaitsFor.OPENING,
        0,
        Audience.EVERYBODY,
        True,
        _("The end of your school year {school_year}"),
        _("""The school year {school_year} ends, and the student data of {district} is reset before the new one \
begins. The reset is planned for {reset_date}, at {reset_hour}, for all {schools} schools together.

A reset deletes student accounts, their academic data and classrooms. Educators, schools and the district stay. It \
cannot be undone, and no math data is stored from one year to the next.

Please tell me by the buttons below whether this day suits you. It suits if your school year and your summer session \
both end before it, and rostering for the new year starts after it. {recommendation} If we hear nothing, \
{reset_date} stands.

Before the reset, download your Student Data Export: {exports}"""),
    ),
    Start(
        _("First reminder"),
        WaitsFor.OPENING,
        14,
        Audience.SILENT,
        True,
        _("Does {reset_date} suit you?"),
        _("""At the end of this school year the student data of {district} is reset, on {reset_date}. I do not know \
yet whether that day suits you.

One press below is enough: keep that day, ask for another one, or ask me a question."""),
    ),
    Start(
        _("Second reminder"),
        WaitsFor.RESET,
        -21,
        Audience.SILENT,
        True,
        _("Please answer: {district} is to be reset on {reset_date}"),
        _("""On {reset_date} the student data of {district} is reset: {students} student accounts and all that belongs \
to them, in {schools} schools.

{known_dates} If the day does not suit you, tell me by the buttons below."""),
    ),
    Start(
        _("Last notice"),
        WaitsFor.DEFAULT,
        -14,
        Audience.SILENT,
        True,
        _("{district} will be reset on {reset_date} by default"),
        _("""No day has been chosen for the end of your school year, so {district} will be reset on {reset_date} by \
default, at {reset_hour}.

If another day suits you better, this is the time to say so: press below, or write or call me."""),
    ),
    Start(
        _("The week before"),
        WaitsFor.RESET,
        -7,
        Audience.EVERYBODY,
        False,
        _("What to do before {district} is reset on {reset_date}"),
        _("""On {reset_date} the student data of {district} is reset. What to do before:

1. Download your Student Data Export. It holds all days before today: {exports}

2. Let teachers have the Student Progress reports they need in the new year. They cannot be printed afterwards.

3. Look through your educators: their accounts stay, so deactivate those who have left.

All of it starts here: {page}"""),
    ),
    Start(
        _("The day before"),
        WaitsFor.RESET,
        -1,
        Audience.EVERYBODY,
        False,
        _("Roster syncs of {district} pause for its reset"),
        _("""The reset of {district} is on {reset_date}, at {reset_hour}. From the beginning of that day nightly \
roster syncs are paused, until {pause_ends}.

This is the last time to download what you want to keep: {exports}"""),
    ),
    Start(
        _("After the reset"),
        WaitsFor.COMPLETED,
        0,
        Audience.EVERYBODY,
        False,
        _("The student data of {district} has been reset"),
        _("""The reset of {district} is completed and was counted again: no student data of {school_year} is left in \
the portal. Your certificate: {certificate}

{syncs}"""),
    ),
)

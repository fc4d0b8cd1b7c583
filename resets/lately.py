"""What happened to a district of late that its admin may not have seen."""

from datetime import timedelta

from django.utils.translation import gettext as _

from resets import policy
from resets.board import Entry
from resets.models import Question, Reset

LATELY = timedelta(days=14)  # as long as a summer's absence: what is older stands in the history


def told(entry: Entry, reset: Reset) -> list[str]:
    """A question that was answered, a records hold that ended."""
    since = entry.at - LATELY
    asked = Question.objects.filter(reset=reset, answered_at__gte=since).order_by("-answered_at")
    said = [
        _("{by} answered the question “{question}”: {answer}").format(
            by=one.answered_by, question=one.text, answer=one.answer
        )
        for one in asked[:3]
    ]
    ended = [held for held in entry.district.holds.all() if held.ended_at and held.ended_at >= since]
    if ended and entry.hold is None:
        day = policy.spoken(entry.local(ended[0].ended_at), reset.season.rules.year)
        said.append(_("{by} ended the records hold on {day}.").format(by=ended[0].ended_by, day=day))
    return said

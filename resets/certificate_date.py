"""What a certificate says of its date: who asked for it, and who set it. Read from the history, so that no later answer
hides an earlier one: a wish that was granted and then overtaken by a hold is still told.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from resets.certificate_run import moment
from resets.models import HeldFor, Reset, ResetEvent
from resets.policy import spoken

WISHES: Final = frozenset({"asked", "kept_default"})
SETTINGS: Final = frozenset({"opened", "added", "date_set", "default_moved"})
READ: Final = WISHES | SETTINGS | {"declined", "held"}


@dataclass(frozen=True)
class Story:
    """How a date came about: the events that tell it, oldest first."""

    reset: Reset
    events: list[ResetEvent]

    @property
    def wish(self) -> ResetEvent | None:
        """What the district said last."""
        return self._last(*WISHES)

    @property
    def setting(self) -> ResetEvent | None:
        """What gave the reset the date that it has."""
        return self._last(*SETTINGS)

    @property
    def refusal(self) -> ResetEvent | None:
        """Her CSM's no to the wish, if she gave one."""
        return self._last("declined", after=self.wish)

    @property
    def is_unanswered(self) -> bool:
        """A wish for another day that came last: nobody answered it."""
        return self.refusal is None and _is_after(self.wish, self.setting)

    @property
    def why_again(self) -> str:
        """` after a records hold`, where a held run was what had the date chosen again; else nothing."""
        earlier = [event for event in self.events if event.kind in SETTINGS][:-1]
        held = self._last("held", after=earlier[-1] if earlier else None)
        if not earlier or held is None or not _is_after(self.setting, held):
            return ""
        records = held.detail.get("held_for") == HeldFor.RECORDS
        return " after a records hold" if records else " after the run had been held"

    def was_granted(self, day: date) -> bool:
        """Whether the date was set to the day of the wish once."""
        given = [event for event in self.events if event.kind in SETTINGS and _is_after(event, self.wish)]
        return any(_day(event) == day for event in given)

    def _last(self, *kinds: str, after: ResetEvent | None = None) -> ResetEvent | None:
        found = (event for event in reversed(self.events) if event.kind in kinds and _is_after(event, after))
        return next(found, None)


def of(reset: Reset) -> Story:
    """The story of a reset's date; one query."""
    return Story(reset, list(ResetEvent.objects.filter(reset_id=reset.pk, kind__in=READ).order_by("id")))


def asked(story: Story) -> dict[str, Any]:
    """Who asked for the date of this reset, as far as the portal was told."""
    wish = story.wish
    if wish is None:
        return _nobody_asked(story.reset)
    how = _kept(story) if wish.kind == "kept_default" else _asked_for(story, _day(wish))
    return {"by": wish.by, "how": how, "at": moment(wish.at, story.reset.district.zone)}


def approved(story: Story) -> dict[str, Any]:
    """Who set the date."""
    reset = story.reset
    what = "the season’s default" if reset.is_default else f"chosen{story.why_again}"
    if story.setting and story.setting.kind == "default_moved":
        what += f", moved from {spoken(date.fromisoformat(story.setting.detail['of']))} with the season’s policy"
    at = moment(reset.date_set_at, reset.district.zone)
    return {"by": reset.date_set_by, "how": f"{what}: {spoken(reset.date)}", "at": at}


def _nobody_asked(reset: Reset) -> dict[str, Any]:
    if reset.is_default:
        return {"by": "", "how": "nobody answered: it is the season’s default"}
    if reset.district.admins.filter(name=reset.date_set_by).exists():
        at = moment(reset.date_set_at, reset.district.zone)
        return {"by": reset.date_set_by, "how": f"chose {spoken(reset.date)} for the district, as its admin", "at": at}
    return {"by": "", "how": f"no request is recorded: {reset.date_set_by} chose the date for the district"}


def _kept(story: Story) -> str:
    kept = _day(story.wish)
    if story.reset.is_default or kept == story.reset.date:
        return "kept the season’s default"
    return f"kept the season’s default, {spoken(kept)}; {spoken(story.reset.date)} was set instead{story.why_again}"


def _asked_for(story: Story, day: date) -> str:
    said, now = f"asked for {spoken(day)}", spoken(story.reset.date)
    if day == story.reset.date and not story.reset.is_default:
        return said
    if story.is_unanswered:
        return f"{said}; nobody answered, so {_stood(story.reset)} stood"
    if story.was_granted(day):
        return f"{said}, which was set; {now} was set instead{story.why_again}"
    if story.refusal is None:
        return f"{said}; {now} was set instead{story.why_again}"
    if _is_after(story.setting, story.refusal):
        return f"{said}; {story.refusal.by} declined, and {now} was set later{story.why_again}"
    return f"{said}; {story.refusal.by} declined, so {_stood(story.reset)} stood"


def _stood(reset: Reset) -> str:
    return f"the default, {spoken(reset.date)}," if reset.is_default else spoken(reset.date)


def _day(event: ResetEvent | None) -> date:
    return date.fromisoformat(event.detail["to"]) if event else date.min


def _is_after(one: ResetEvent | None, other: ResetEvent | None) -> bool:
    """Whether something happened, and after the other if that happened at all."""
    return one is not None and (other is None or one.pk > other.pk)

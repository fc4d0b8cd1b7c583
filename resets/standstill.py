"""What `districts` may not look up: whether a district's reset stands still, held or under a records hold."""

from django.utils.translation import gettext as _

from districts import standstill
from resets.models import Hold, Reset, Status


def why(district_id: int) -> str:
    """Why no reset of a district runs as things are, in a sentence for its people; nothing if one may, or has run."""
    ahead = Reset.objects.filter(district=district_id, destroyed_at=None).exclude(status=Status.COMPLETED)
    states = set(ahead.values_list("status", flat=True))
    if states and Hold.objects.filter(district=district_id, ended_at=None).exists():
        return _("The district is on a records hold: while it is open, no student data is deleted and no reset runs.")
    if Status.HELD in states:
        return _("The reset of the district is held: no student data is deleted until a person has looked at it.")
    return ""


def lend() -> None:
    """Lets the portal's mail say it."""
    standstill.lend(why)

"""What is said to a district by mail: given once as a row, whatever is restarted."""

from datetime import datetime

from districts.models import District, Notice


def give(district: District, kind: str, *, about: str, text: str = "", at: datetime) -> Notice:
    """Has a district's people told something once. `about` makes it one of its kind; `text` names no student."""
    notice, _ = Notice.objects.get_or_create(
        district=district, kind=kind, about=about, defaults={"text": text, "due_from": at}
    )
    return notice

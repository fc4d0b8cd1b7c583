"""Pages as a person reads them: the text between the tags, in one line."""

import html
import re

from django.test import Client

from resetportal.models import User


def words(client: Client, who: User, address: str, **query: str) -> str:
    """What the page at `address` says to this person. Fails unless it answers 200."""
    client.force_login(who)
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return text(answer.content)


def text(content: bytes) -> str:
    """The words of a page, tags and drawings left out."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body)))

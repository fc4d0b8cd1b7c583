"""The rules of a reset date can be looked up from where they are named."""

import re
from pathlib import Path

from django.test import Client

from resets import policy, rules_page
from resets.models import Reset
from tests.people import Cast

POLICY = Path(policy.__file__).parent
PAGE = "/rules/"


def test_every_rule_of_the_policy_is_told() -> None:
    named = {found for module in POLICY.glob("*.py") for found in re.findall(r'"(W\d+)"', module.read_text())}
    assert named
    assert named - {each.id for each in rules_page.told()} == set()


def test_the_mark_beside_a_day_leads_to_its_rule(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.carmen)
    adviser = client.get("/districts/0620810/date/", {"day": "2027-06-01"}).text
    links = set(re.findall(r'<a class="rule" href="(/rules/#W\d+)" title="[^"]+">', adviser))
    assert "/rules/#W1" in links
    page = client.get(PAGE).text
    assert [link for link in links if f'id="{link.partition("#")[2]}"' not in page] == []


def test_a_district_admin_sees_no_mark(client: Client, cast: Cast, reset: Reset) -> None:
    client.force_login(cast.dana)
    assert 'class="rule"' not in client.get("/districts/0620810/ask/", {"day": "2027-06-01"}).text

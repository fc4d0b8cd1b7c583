"""Refusals of the API that say more than a sentence: the wiring turns them into problem+json."""

from typing import Any

from rest_framework.exceptions import APIException

TYPES = "urn:resetportal:problem:"


class Problem(APIException):
    """`kind` makes the problem's type; `members` stand beside `detail`, and hold no value that was sent."""

    def __init__(self, status: int, kind: str, title: str, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status_code = status
        self.members = {"type": f"{TYPES}{kind}", "title": title, **members}

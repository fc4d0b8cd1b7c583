"""Errors of the API as problem+json (RFC 9457), with the rules' own findings."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from resets import services
from resets.policy import Finding

Problem = tuple[int, dict[str, Any]]

TITLES = {
    400: "The request cannot be read as it is",
    401: "No token that is in use",
    403: "Not allowed",
    404: "Not found",
    405: "This address does not do that",
    409: "It has changed, or is not in a state for this",
    413: "It is too large",
    415: "Send JSON",
    422: "A rule refuses it",
    429: "Too many requests",
}
HEADERS = ("Retry-After", "WWW-Authenticate")


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error that a view of the API raised; None for one that nobody foresaw."""
    found = _ours(error) or _theirs(error, context)
    if found is None:
        return None
    status, more = found
    data = {"type": "about:blank", "title": TITLES.get(status, "Refused"), "status": status, **more}
    return Response(data, status, headers=_headers(error, context), content_type="application/problem+json")


def _headers(error: Exception, context: dict[str, Any]) -> dict[str, str]:
    """What an answer says beside its words: when to come again, how to sign in."""
    answer = exception_handler(error, context)
    return {name: answer[name] for name in HEADERS if name in answer} if answer is not None else {}


def _ours(error: Exception) -> Problem | None:
    if isinstance(error, services.Refused):
        is_role = any(finding.rule == "W9" for finding in error.findings)
        return 403 if is_role else 422, _of_rules(str(error), error.findings)
    if isinstance(error, services.ReasonMissing):
        return 422, _of_rules(str(error), error.judgement.findings)
    if isinstance(error, services.Stale | services.NotPossible):
        return 409, {"detail": str(error)}
    return None


def _of_rules(detail: str, findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {"detail": detail, "rules": rules_of(findings), "findings": [as_data(finding) for finding in findings]}


def rules_of(findings: tuple[Finding, ...]) -> list[str]:
    """The ids of the rules that spoke, each once."""
    return list(dict.fromkeys(finding.rule for finding in findings))


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON: rule, level, sentence, the dates that collided by label, the nearest day that would do."""
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "sentence": finding.sentence,
        "dates": [{"label": label, "date": day.isoformat()} for label, day in finding.dates],
        "nearest": finding.nearest and finding.nearest.isoformat(),
    }


def _theirs(error: Exception, context: dict[str, Any]) -> Problem | None:
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, ValidationError):
        return answer.status_code, {"detail": "Some fields are missing or wrong.", "errors": answer.data}
    return answer.status_code, {"detail": str(answer.data["detail"]), **getattr(error, "members", {})}

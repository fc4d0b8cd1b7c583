"""What a form asked to see, kept in the session: its page has an address, so that Back and Reload show it again.

A choice of 1,000 districts with a letter is longer than an address may be; the newest few of each page are kept.
"""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

PARAMETER = "asked"
OF_A_PAGE = 5
MOST = 20
_KEY = "asked_by_form"


def ask_again(request: HttpRequest) -> HttpResponse:
    """Leads from what was posted to the same page by GET."""
    sent, token = request.POST.copy(), uuid4().hex
    sent.pop("csrfmiddlewaretoken", None)
    known = [*request.session.get(_KEY, []), [token, request.path, sent.urlencode()]]
    mine = [one for one in known if one[1] == request.path]
    request.session[_KEY] = [one for one in known if one[1] != request.path or one in mine[-OF_A_PAGE:]][-MOST:]
    return redirect(f"{request.path}?{PARAMETER}={token}")


def asked(request: HttpRequest) -> QueryDict | None:
    """What was posted to this page; None where nothing was, or where it is not kept any more."""
    token = request.GET.get(PARAMETER)
    known = request.session.get(_KEY, []) if token else []
    found = (text for key, path, text in known if (key, path) == (token, request.path))
    text = next(found, None)
    return None if text is None else QueryDict(text)


def is_gone(request: HttpRequest) -> bool:
    """Whether the address names what was asked of this page, and it is not kept any more."""
    return bool(request.GET.get(PARAMETER)) and asked(request) is None


def given(request: HttpRequest) -> QueryDict | None:
    """What a form gives to this page, by the button just pressed or as it is kept; None where there is no form."""
    return request.POST if request.method == "POST" else asked(request)


def given_here(request: HttpRequest) -> QueryDict:
    """The same, empty where there is no form."""
    return given(request) or QueryDict()


def only_looks(request: HttpRequest, *verbs: str) -> bool:
    """Whether a form asks for its page alone, by none of its buttons that do something; htmx swaps a part in place."""
    is_live = bool(request.headers.get("HX-Request"))
    return request.method == "POST" and not is_live and not any(verb in request.POST for verb in verbs)

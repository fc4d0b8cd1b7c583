"""Answers for those who watch over the portal: is the process up, and can it do its work?"""

from django.http import HttpRequest, HttpResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers as long as the process does.

    It asks no database, so that a slow one does not get web restarted.
    """
    return HttpResponse("ok\n", content_type="text/plain")

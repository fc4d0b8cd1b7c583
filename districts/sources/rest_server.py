"""A district's OneRoster REST server: where its collections are, and what its refusals mean."""

import re
from collections.abc import Mapping

import httpx
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from districts.models import RosterSource
from districts.sources import secrets
from districts.sources.errors import SourceError
from districts.sources.oauth import OAuth1, OAuth2, Signing
from districts.sources.web import Answer, Web, checked

BASES = {"1.1": "/ims/oneroster/v1p1", "1.2": "/ims/oneroster/rostering/v1p2"}
# A refusal's code is repeated when it is a word that the specifications know, and nothing else of the answer.
CODES = re.compile(
    rb'"(invalid[_ ]?(?:data|filter_field|selection_field|sort_field|blank_selection_field|scope|token|request)'
    rb"|insufficient_scope|unauthori[sz]ed(?:request)?|forbidden|server_busy|unknown[_ ]?object|unsupported"
    rb'|internal_server_error)"',
    re.IGNORECASE,
)
CURES = {
    400: gettext_noop("Check the version and the address, and whether the page size is one that it accepts."),
    401: gettext_noop("Enter the client's id and secret again, and the way in which requests are signed."),
    403: gettext_noop("Ask its operator to let this client read it, and check the scopes."),
    404: gettext_noop("Check the base address and the version."),
    422: gettext_noop("Check the version and the address, and whether the page size is one that it accepts."),
}
OTHER_CURE = gettext_noop("Check the base address, or ask its operator.")


class Server:
    """What is asked of one server, signed. Raises SourceError for an address or a secret that cannot be used."""

    def __init__(self, source: RosterSource, web: Web) -> None:
        self.web, self.base = web, base_of(source.address, source.version)
        self.host = httpx.URL(self.base).host
        self.signing = _signing(source, web)

    def get(self, collection: str, params: Mapping[str, str | int]) -> Answer:
        """The answer, whatever it is; one 401 in mid-fetch is a token that ended, and another is got."""
        answer = self._asked(collection, params)
        while answer.status == 401 and self.signing.renew():
            answer = self._asked(collection, params)
        self.signing.worked = self.signing.worked or answer.status == 200
        return answer

    def refusal(self, collection: str, answer: Answer) -> SourceError:
        """The sentence for an answer other than 200: the status, OneRoster's code and the cure, never the answer."""
        code = CODES.search(answer.body[:100_000])
        said = f"{answer.status}, {code.group(1).decode().lower()}" if code else str(answer.status)
        cure = _(CURES.get(answer.status, OTHER_CURE))
        return SourceError(
            _("{host} refuses {what} ({why}). {cure}").format(host=self.host, what=collection, why=said, cure=cure),
            can_retry=False,
        )

    def _asked(self, collection: str, params: Mapping[str, str | int]) -> Answer:
        address = str(httpx.URL(f"{self.base}/{collection}", params=dict(params)))
        return self.web.ask(address, self._build)

    def _build(self, address: str) -> httpx.Request:
        header = self.signing.header("GET", address)
        return self.web.client.build_request("GET", address, headers={"Authorization": header})


def base_of(address: str, version: str) -> str:
    """Where collections begin, of a server's root or of that place itself. Raises SourceError."""
    url = str(checked(address, _("base address"))).rstrip("/")
    for each, base in BASES.items():
        if url.endswith(base) and each != version:
            raise SourceError(
                _("The base address is that of OneRoster {each}. Set the version to {each}.").format(each=each), False
            )
    return url if url.endswith(BASES[version]) else url + BASES[version]


def _signing(source: RosterSource, web: Web) -> Signing:
    secret = secrets.decrypt(source.secret)
    if source.signing == RosterSource.Signing.OAUTH1:
        return OAuth1(source.username, secret)
    if not source.token_address:
        raise SourceError(_("There is no token address. Write the one that the server's operator names."), False)
    token_address = str(checked(source.token_address, _("token address")))
    return OAuth2(web, token_address, source.username, secret, source.scopes)

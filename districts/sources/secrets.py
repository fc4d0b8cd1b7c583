"""What opens a district's source, encrypted at rest: the first of SECRETS_KEYS encrypts, all of them decrypt."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from districts.models import RosterSource
from districts.sources.errors import SourceError


def encrypt(plain: str) -> str:
    """A password, private key or client's secret as it is stored; "" stays "", which is none."""
    return _keys().encrypt(plain.encode()).decode() if plain else ""


def decrypt(secret: str) -> str:
    """What was encrypted. Raises SourceError when none of SECRETS_KEYS is the one that encrypted it."""
    if not secret:
        return ""
    try:
        return _keys().decrypt(secret).decode()
    except InvalidToken:
        sentence = _("The stored secret cannot be read with SECRETS_KEYS. Enter the password or key again.")
        raise SourceError(sentence, can_retry=False) from None


def rotate() -> tuple[int, list[str]]:
    """Encrypts every stored secret with the first key. Answers how many, and the site codes where no key fits."""
    keys, done, lost = _keys(), 0, []
    for source in RosterSource.objects.exclude(secret="").select_related("district"):
        try:
            fresh = keys.rotate(source.secret).decode()
        except InvalidToken:
            lost.append(source.district.site_code)
            continue
        done += RosterSource.objects.filter(pk=source.pk, secret=source.secret).update(secret=fresh)
    return done, lost


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.SECRETS_KEYS])

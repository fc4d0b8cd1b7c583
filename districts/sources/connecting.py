"""A connection to an SFTP server that has shown the key that is pinned, signed in with a password or a private key."""

import io
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import paramiko
from django.utils.translation import gettext as _

from districts.models import RosterSource
from districts.sources import secrets
from districts.sources.errors import SourceError

PORT = 22
SECONDS = 20  # to connect, to shake hands, to sign in: each
KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


@contextmanager
def connected(source: RosterSource) -> Iterator[paramiko.Transport]:
    """A signed-in connection, closed at the end. Raises SourceError."""
    secret = secrets.decrypt(source.secret)
    with closing(_greeted(source)) as transport:
        _is_the_one(transport, source)
        _sign_in(transport, source, secret)
        yield transport


def _greeted(source: RosterSource) -> paramiko.Transport:
    """A server that shook hands; nothing was said to it about us."""
    try:
        return _shaken(socket.create_connection(_where(source), timeout=SECONDS))
    except socket.gaierror:
        sentence = _("The name {address} leads nowhere. Check the address.").format(address=source.address)
        raise SourceError(sentence, can_retry=True) from None
    except OSError:
        sentence = _("{address} does not answer. Ask the district whether its server is up.").format(
            address=source.address
        )
        raise SourceError(sentence, can_retry=True) from None
    except (paramiko.SSHException, EOFError):
        sentence = _("{address} answers, but not as an SFTP server. Check the address and its port.").format(
            address=source.address
        )
        raise SourceError(sentence, can_retry=True) from None


def _shaken(sock: socket.socket) -> paramiko.Transport:
    transport = None
    try:
        transport = paramiko.Transport(sock)
        transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = SECONDS
        transport.start_client(timeout=SECONDS)
    except BaseException:
        if transport is not None:
            transport.close()
        sock.close()
        raise
    return transport


def _where(source: RosterSource) -> tuple[str, int]:
    """Host and port of an address such as `sftp.example`, `sftp.example:2222` or `[::1]:22`."""
    parts = urlsplit(f"//{source.address.strip().removeprefix('sftp://')}")
    try:
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port = None, PORT
    if not host:
        raise SourceError(_("The address is not one of a server. Write host or host:port."), can_retry=False)
    return host, port


def _is_the_one(transport: paramiko.Transport, source: RosterSource) -> None:
    """Refuses a server that does not show the pinned key: it may be another one, that waits for the password."""
    shown = str(transport.get_remote_server_key().fingerprint)
    pinned = source.host_key.strip().rstrip("=")
    if not pinned:
        raise SourceError(
            _(
                "{address} showed the key {shown}. Ask the district's people whether it is theirs, and "
                "write it down as the server's key."
            ).format(address=source.address, shown=shown),
            can_retry=False,
        )
    if shown != pinned:
        raise SourceError(
            _(
                "{address} showed another key than the one written down: {shown}. Nothing was sent to "
                "it. Ask the district's people whether they changed their server, and write the new key "
                "down if they did."
            ).format(address=source.address, shown=shown),
            can_retry=False,
        )


def _sign_in(transport: paramiko.Transport, source: RosterSource, secret: str) -> None:
    """Signs in. A refusal is not tried again by itself: servers lock users out who knock too often."""
    try:
        if "PRIVATE KEY-----" in secret:
            transport.auth_publickey(source.username, _key(secret))
        else:
            transport.auth_password(source.username, secret)
    except paramiko.AuthenticationException as error:
        if isinstance(error, paramiko.BadAuthenticationType) or _was_refused(transport, error):
            sentence = _("{address} refused the user and the password or key. Enter them again.").format(
                address=source.address
            )
            raise SourceError(sentence, can_retry=False) from None
        raise _gone(source) from None
    except (paramiko.SSHException, EOFError, OSError):
        raise _gone(source) from None
    if not transport.is_authenticated():
        sentence = _("{address} wants more than a password or a key. Ask the district for a user without that.").format(
            address=source.address
        )
        raise SourceError(sentence, can_retry=False)


def _was_refused(transport: paramiko.Transport, error: Exception) -> bool:
    """Whether the server said no, rather than nothing."""
    return "timeout" not in str(error).lower() and "EOF" not in str(error)


def _gone(source: RosterSource) -> SourceError:
    return SourceError(_("{address} stopped answering at the sign-in.").format(address=source.address), can_retry=True)


def _key(secret: str) -> paramiko.PKey:
    for kind in KEYS:
        try:
            return kind.from_private_key(io.StringIO(secret.strip() + "\n"))
        except paramiko.PasswordRequiredException:
            sentence = _("The private key has a passphrase. Enter one without.")
            raise SourceError(sentence, can_retry=False) from None
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue
    raise SourceError(_("The private key cannot be read. Enter an Ed25519, ECDSA or RSA key."), can_retry=False)

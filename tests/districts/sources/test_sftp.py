"""Rosters from an SFTP folder, against a real server."""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paramiko
import pytest

from districts.models import RosterSource
from districts.roster import archive
from districts.sources import fetching, secrets
from districts.sources.errors import SourceError
from districts.sources.fetched import Fetched
from tests.people import Cast
from tests.servers.sftp_server import PASSWORD, USER, SftpServer

AT = datetime(2027, 4, 6, 9, 0, tzinfo=UTC)
EARLIER = datetime(2027, 4, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / "served" / "rosters").mkdir(parents=True)
    with SftpServer(tmp_path / "served").running() as server:
        yield server


@pytest.fixture
def source(cast: Cast, server: SftpServer) -> RosterSource:
    """Lakeside's source: the server's folder `rosters`, its key written down."""
    source = RosterSource.objects.select_related("district").get(district=cast.lakeside)
    source.kind, source.address, source.folder = "sftp", server.address, "rosters"
    source.username, source.secret, source.host_key = USER, secrets.encrypt(PASSWORD), server.fingerprint
    return source


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def put(server: SftpServer, name: str, content: bytes = b"PK a roster", at: datetime = EARLIER) -> Path:
    path = server.root / "rosters" / name
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def fetched(source: RosterSource, desk: Path, at: datetime = AT) -> Fetched:
    return fetching.fetch(source, desk, at=at, full=True)


def refusal(source: RosterSource, desk: Path, at: datetime = AT) -> SourceError:
    with pytest.raises(SourceError) as told:
        fetched(source, desk, at)
    return told.value


def test_it_fetches_the_roster_and_says_of_when_it_is(source: RosterSource, server: SftpServer, desk: Path) -> None:
    put(server, "roster.zip", b"PK" + bytes(300_000))
    got = fetched(source, desk)
    assert (got.name, got.as_of, got.is_changes) == ("roster.zip", EARLIER, False)
    assert got.path.read_bytes() == b"PK" + bytes(300_000)
    assert got.path.stat().st_mode & 0o077 == 0


def test_it_signs_in_with_a_private_key(source: RosterSource, server: SftpServer, desk: Path) -> None:
    put(server, "roster.zip")
    source.secret = secrets.encrypt(server.admit())
    assert fetched(source, desk).name == "roster.zip"


def test_it_takes_the_newest_by_its_change(source: RosterSource, server: SftpServer, desk: Path) -> None:
    put(server, "a.zip", at=EARLIER)
    put(server, "2030-01-01.zip", at=EARLIER - timedelta(days=2))
    assert fetched(source, desk).name == "a.zip"


def test_it_takes_the_newest_by_its_name_where_names_say_the_day(
    source: RosterSource, server: SftpServer, desk: Path
) -> None:
    put(server, "2027-04-05.zip", at=EARLIER)
    put(server, "2027-04-06.ZIP", at=EARLIER - timedelta(hours=1))
    put(server, "2027-04-07.zip", at=EARLIER)
    assert fetched(source, desk).name == "2027-04-06.ZIP"


def test_it_looks_at_nothing_but_zips(source: RosterSource, server: SftpServer, desk: Path) -> None:
    put(server, "good.zip", at=EARLIER - timedelta(days=9))
    for name in ("a.zip.part", ".hidden.zip", "b.csv"):
        put(server, name)
    later = (AT.timestamp(), AT.timestamp())
    (server.root / "rosters" / "folder.zip").mkdir()
    (server.root / "rosters" / "link.zip").symlink_to("good.zip")
    os.utime(server.root / "rosters" / "folder.zip", later)
    os.utime(server.root / "rosters" / "link.zip", later, follow_symlinks=False)
    assert fetched(source, desk).name == "good.zip"


def test_an_empty_folder_is_no_reason_to_try_again(source: RosterSource, desk: Path) -> None:
    told = refusal(source, desk)
    assert "holds no zip" in told.sentence
    assert not told.can_retry


def test_a_missing_folder_is_named(source: RosterSource, desk: Path) -> None:
    source.folder = "elsewhere"
    told = refusal(source, desk)
    assert "There is no folder elsewhere" in told.sentence
    assert not told.can_retry


def test_a_wrong_password_is_not_tried_again(source: RosterSource, server: SftpServer, desk: Path) -> None:
    source.secret = secrets.encrypt("wrong")
    told = refusal(source, desk)
    assert "refused the user and the password or key" in told.sentence
    assert not told.can_retry


def test_a_key_that_is_not_welcome_is_not_tried_again(source: RosterSource, server: SftpServer, desk: Path) -> None:
    source.secret = secrets.encrypt(server.admit())
    server.welcome.clear()
    assert not refusal(source, desk).can_retry


def test_a_key_that_is_none_is_refused_with_a_cure(source: RosterSource, desk: Path) -> None:
    source.secret = secrets.encrypt("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----")
    assert "Enter an Ed25519, ECDSA or RSA key" in refusal(source, desk).sentence


def test_a_server_with_another_key_is_told_nothing(source: RosterSource, server: SftpServer, desk: Path) -> None:
    source.host_key = "SHA256:" + "A" * 43
    told = refusal(source, desk)
    assert server.fingerprint in told.sentence
    assert not told.can_retry
    assert server.knocks == 0


def test_a_server_whose_key_is_unknown_is_told_nothing(source: RosterSource, server: SftpServer, desk: Path) -> None:
    source.host_key = ""
    told = refusal(source, desk).sentence
    assert server.fingerprint in told
    assert "write it down as the server's key" in told
    assert server.knocks == 0


def test_a_file_written_just_now_is_left_for_later(source: RosterSource, server: SftpServer, desk: Path) -> None:
    put(server, "roster.zip", at=AT - timedelta(seconds=5))
    told = refusal(source, desk)
    assert "still being written" in told.sentence
    assert told.can_retry


def test_a_file_that_grows_while_it_is_read_is_left_for_later(
    source: RosterSource, server: SftpServer, desk: Path
) -> None:
    path = put(server, "roster.zip", bytes(100_000))

    def grow() -> None:
        with path.open("ab") as file:
            file.write(b"more")

    server.when_read = grow
    told = refusal(source, desk)
    assert "still being written" in told.sentence
    assert told.can_retry


def test_a_file_that_changes_while_it_is_read_is_left_for_later(
    source: RosterSource, server: SftpServer, desk: Path
) -> None:
    path = put(server, "roster.zip")
    server.when_read = lambda: os.utime(path, (AT.timestamp(), AT.timestamp()))
    told = refusal(source, desk)
    assert "still being written" in told.sentence
    assert told.can_retry


def test_a_file_that_is_too_large_is_not_fetched(
    source: RosterSource, server: SftpServer, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "ZIPPED_BYTES", 1000)
    put(server, "roster.zip", bytes(1001))
    assert not refusal(source, desk).can_retry
    assert list(desk.iterdir()) == []


def test_a_server_that_is_down_is_tried_again(source: RosterSource, server: SftpServer, desk: Path) -> None:
    source.address = "127.0.0.1:1"
    told = refusal(source, desk)
    assert "127.0.0.1:1 does not answer" in told.sentence
    assert told.can_retry


@pytest.mark.parametrize("address", ["", "host:port", "host:99999", ":22"])
def test_an_address_that_is_none_is_refused_with_a_cure(source: RosterSource, desk: Path, address: str) -> None:
    source.address = address
    told = refusal(source, desk)
    assert "Write host or host:port" in told.sentence
    assert not told.can_retry


def test_a_secret_is_never_logged_or_said(
    source: RosterSource, server: SftpServer, desk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(server, "roster.zip")
    paramiko.util.get_logger("paramiko").setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        fetched(source, desk)
        source.secret = secrets.encrypt(PASSWORD + "x")
        told = refusal(source, desk)
    assert caplog.text
    assert PASSWORD not in caplog.text + told.sentence


def test_looking_says_what_is_there(source: RosterSource, server: SftpServer) -> None:
    assert "holds no zip yet" in fetching.look(source, at=AT)
    put(server, "roster.zip")
    assert fetching.look(source, at=AT).endswith("It holds one zip; the newest is roster.zip, of April 5.")


def test_the_day_of_a_name_is_the_districts(source: RosterSource, server: SftpServer, desk: Path) -> None:
    put(server, "2027-04-05.zip")
    put(server, "2027-04-06.zip")
    before_midnight = datetime(2027, 4, 6, 6, 59, tzinfo=UTC)
    assert fetched(source, desk, before_midnight).name == "2027-04-05.zip"

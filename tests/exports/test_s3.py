"""Districts' files in S3-compatible storage: the same life, on a storage server of the S3 kind."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from exports import files
from exports.models import ExportFile
from tests.exports.conftest import JUNE_1, fresh
from tests.exports.makers import SAID
from tests.people import Cast

Make = Callable[..., ExportFile]
KEYS = {"access_key": "a-key", "secret_key": "a-secret"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A storage server of this module's own, with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    _client(address).create_bucket(Bucket="districts")
    yield address
    server.stop()


@pytest.fixture(autouse=True)
def storage(settings: Settings, address: str) -> None:
    options: dict[str, Any] = {
        "bucket_name": "districts",
        "location": "exports",
        "endpoint_url": address,
        "region_name": "us-east-1",
    }
    options |= KEYS | {"default_acl": None, "file_overwrite": False}
    kept = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"exports": kept}


def _client(address: str) -> "boto3.client":
    keys = {"aws_access_key_id": KEYS["access_key"], "aws_secret_access_key": KEYS["secret_key"]}
    return boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys)


def stored(address: str) -> list[str]:
    """What lies in the bucket."""
    found = _client(address).list_objects_v2(Bucket="districts")
    return [each["Key"] for each in found.get("Contents", [])]


def test_a_file_lies_there_and_comes_back_equal(made: Make, cast: Cast, address: str) -> None:
    file = made()
    assert f"exports/{file.stored}" in stored(address)
    assert files.is_there(file)
    with files.hand_out(file, person=cast.dana, at=JUNE_1) as content:
        assert content.read().decode() == SAID


def test_a_reset_leaves_none_of_it(made: Make, cast: Cast, address: str) -> None:
    file = made()
    ExportFile.objects.filter(pk=file.pk).delete()
    assert file.stored in files.found(cast.lakeside.pk)
    files.remove(cast.lakeside.pk)
    assert (files.found(cast.lakeside.pk), stored(address)) == ([], [])


def test_one_that_was_taken_out_of_it_is_gone(made: Make, cast: Cast, address: str) -> None:
    file = made()
    _client(address).delete_object(Bucket="districts", Key=f"exports/{file.stored}")
    assert not files.is_there(file)
    with pytest.raises(files.Gone, match="cannot be read now"):
        files.hand_out(file, person=cast.dana, at=JUNE_1)
    assert fresh(file).state == ExportFile.State.READY


def test_the_sweep_removes_what_no_row_needs(made: Make, address: str) -> None:
    file = made()
    ExportFile.objects.filter(pk=file.pk).delete()
    other = made()
    files.sweep(at=JUNE_1)
    assert stored(address) == [f"exports/{other.stored}"]

"""Uploads on their way in: they lie in no folder under a name, not even while they come, and end with the request.

Half an upload of a process that was killed is gone with the process: the operating system holds it, nobody lists it.
"""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from districts.roster.archive import ZIPPED_BYTES


class Unnamed(FileUploadHandler):
    """Receives files without a name on the disk of ROSTER_FILES, up to the largest roster there can be.

    A larger one is read to its end and kept nowhere; the form then finds its name in `META[TOO_LARGE]`.
    """

    chunk_size = 1 << 20

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        folder = Path(settings.ROSTER_FILES)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.size = 0
        self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed with the request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > ZIPPED_BYTES:
            self.file.close()
            if self.request is not None:
                self.request.META[TOO_LARGE] = self.field_name
            raise SkipFile
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if self.file.closed:
            return None
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


TOO_LARGE = "districts.too_large"

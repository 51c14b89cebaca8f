"""Where the files lie: a folder in which a file is only ever seen whole."""

from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from core.kit.disk import write_whole


class WholeFileStorage(FileSystemStorage):
    """Django's folder of files, written so that no half file stays behind.

    Names come from core.files alone and are random, so none is ever taken already.
    """

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        write_whole(Path(self.path(name)), content.chunks())
        return name

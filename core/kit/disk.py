"""Files that are only ever seen whole."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_whole(target: Path, chunks: Iterable[bytes]) -> None:
    """Write a file under another name and give it its own once it is complete.

    A file of that name is replaced; its folder is made; nobody but the portal reads it.
    Raises OSError and leaves nothing behind, for example when the disk is full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as part:
        unfinished = Path(part.name)
        try:
            part.writelines(chunks)
            part.flush()
            os.fsync(part.fileno())
            unfinished.rename(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise

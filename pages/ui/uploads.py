"""Keeps uploaded files in the data folder, under names of their own that can't lead elsewhere."""

import re
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from core.audience import kept
from core.errors import Invalid, StorageFailed
from core.files import replacing
from core.server.uploads import NOTE, arrived
from core.settings import Settings
from core.texts import _

LONGEST = 80  # letters of the original name that are kept
CHUNK = 1 << 20  # bytes


def keep(settings: Settings, owner: int, id: str, name: str, content: IO[bytes]) -> Path:
    """Where the file is now, whole or not at all: it arrived on the disk, or is still in memory.

    `owner` is the account of whoever uploaded it. Raises Invalid when it was here for so long that
    it was cleared away, StorageFailed.
    """
    target = kept.place_for(settings, owner, safe(name))
    try:
        settings.uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
        if here := arrived(settings, owner, id):
            here.replace(target)
            return target
        content.seek(0)
        with replacing(target) as file:
            copyfileobj(content, file, CHUNK)
    except OSError as error:
        raise StorageFailed(
            _(
                "The file “{name}” can’t be saved in {folder}: {why}. Free space, or allow "
                "writing there."
            ).format(name=safe(name), folder=settings.uploads, why=error.strerror)
        ) from error
    if target.stat().st_size == len(NOTE) and target.read_bytes() == NOTE:
        target.unlink()
        raise Invalid(_("This file was removed in the meantime. Choose it again."), "path")
    return target


def safe(name: str) -> str:
    """The original name without folders and odd letters; its ending stays."""
    last = re.split(r"[/\\]", name)[-1]
    clean = re.sub(r"[^\w.-]+", "_", last).lstrip("._-") or "profiles"
    return clean[-LONGEST:]


def original(path: Path) -> str:
    """The name the file had before it was uploaded."""
    return kept.UPLOAD.sub("", path.name, 1)

"""Keeps uploaded files in the data folder, under names of their own that can't lead elsewhere."""

import os
import re
from pathlib import Path
from typing import IO
from uuid import uuid4

from core.errors import StorageFailed
from core.settings import Settings
from core.texts import _

LONGEST = 80  # letters of the original name that are kept
CHUNK = 1 << 20  # bytes
MARK = re.compile(r"^[0-9a-f]{32}-")


def keep(settings: Settings, name: str, content: IO[bytes]) -> Path:
    """Where the file is now, whole or not at all. Raises StorageFailed."""
    target = settings.uploads / f"{uuid4().hex}-{safe(name)}"
    draft = target.with_suffix(".part")
    try:
        settings.uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(draft, content)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageFailed(
            _("The file “{name}” can’t be kept in {folder}: {why}. Make room or allow it.").format(
                name=safe(name), folder=settings.uploads, why=error.strerror
            )
        ) from error
    return target


def drop(settings: Settings, path: Path) -> None:
    """Removes a kept file that nothing uses; leaves all other files alone."""
    if path.parent == settings.uploads:
        path.unlink(missing_ok=True)


def safe(name: str) -> str:
    """The original name without folders and odd letters; its ending stays."""
    last = re.split(r"[/\\]", name)[-1]
    clean = re.sub(r"[^\w.-]+", "_", last).lstrip("._-") or "profiles"
    return clean[-LONGEST:]


def original(path: Path) -> str:
    """The name the file had before it was uploaded."""
    return MARK.sub("", path.name)


def _write(path: Path, content: IO[bytes]) -> None:
    content.seek(0)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while part := content.read(CHUNK):
            file.write(part)
        file.flush()
        os.fsync(file.fileno())

"""Where a source's files are: a path on the server, or an upload kept in the data folder."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st

from core.access import Role
from core.audience import kept
from core.errors import Invalid
from core.profiles.sources.formats import KNOWN, Format
from core.profiles.sources.packed import PACKINGS
from core.profiles.sources.stores.address import has_secret, is_address
from core.settings import Settings
from core.store.tables.data import SourceRow
from core.texts import _
from pages.sources import database
from pages.ui import forms, frame, kit, uploads
from pages.ui.words import plain

Upload = Mapping[str, Any]  # its name, and its path once it was looked at
KINDS = {
    "upload": _("Upload a file"),
    "path": _("A path on the server or in a store"),
    "database": _("A database"),
}
TYPES = [ending.lstrip(".") for form in Format for ending in form.value]
TYPES += [ending.lstrip(".") for ending in PACKINGS]


def draw(
    form: str,
    given: Mapping[str, Any],
    row: SourceRow | None,
    primary: bool,
    changed: Callable[[], None],
) -> bool:
    """The choice of the place; whether what is there is to be looked at. It begins with `given`."""
    settings = frame.store().settings
    with st.container(border=True, key="place"):
        way = st.session_state.get(f"{form}-way", given["way"])
        kit.section(_("Where the profiles are"), None if way == "database" else KNOWN)
        kind = st.radio(
            _("Where the profiles are"),
            list(KINDS),
            list(KINDS).index(given["way"]),
            format_func=KINDS.__getitem__,
            key=f"{form}-way",
            horizontal=True,
            label_visibility="collapsed",
            on_change=changed,
        )
        if kind == "upload":
            _draw_upload(form, settings, changed)
            _of_draft(form, given.get("upload"))
        elif kind == "database":
            database.draw(form, given["of_database"], row, changed)
        else:
            _draw_path(form, settings, given["path"], changed)
        forms.problem(form, "path")
        pressed = st.button(
            _("Preview table") if kind == "database" else _("Preview file"),
            key=f"{form}-look-button",
            icon=":material/search:",
            type="primary" if primary else "secondary",
        )
        return pressed or (kind == "upload" and _has_arrived(form))


def _has_arrived(form: str) -> bool:
    """Whether another file was uploaded: it is looked at without being asked for, once."""
    file, key = st.session_state.get(f"{form}-file"), f"{form}-arrived"
    before = st.session_state.get(key)
    st.session_state[key] = file.file_id if file else None
    return file is not None and file.file_id != before


def _draw_upload(form: str, settings: Settings, changed: Callable[[], None]) -> None:
    st.file_uploader(
        _("File"),
        TYPES,
        key=f"{form}-file",
        help=_("For larger files, put them on the server and give their path."),
        max_upload_size=settings.max_upload,
        on_change=changed,
    )


def _of_draft(form: str, upload: Upload | None) -> None:
    """What became of the file that was uploaded before, as long as no other is chosen."""
    if upload is None or st.session_state.get(f"{form}-file") is not None:
        return
    name = f"**{plain(upload['name'])}**"
    if st.session_state.get(_key(form)):
        text = _("{name} is still here. Choose another file to replace it.")
        st.markdown(f":small[:material/draft: {text.format(name=name)}]")
    else:
        text = _("Choose the file again: {name}. An uploaded file is kept for a day.")
        st.markdown(f":small[:orange[:material/upload_file: {text.format(name=name)}]]")


def _draw_path(form: str, settings: Settings, path: str, changed: Callable[[], None]) -> None:
    st.text_input(
        _("Path"),
        path,
        key=f"{form}-path",
        required=True,
        placeholder="/srv/profiles/*.parquet",
        help=_path_help(settings),
        on_change=changed,
    )


def typed(form: str) -> dict[str, Any]:
    """What was filled in; of an upload its name, and its place once it was looked at.

    A path with a password or a signature in it isn't kept.
    """
    way, given = st.session_state.get(f"{form}-way", "upload"), typed_path(form)
    found = {"way": way, "path": "" if has_secret(given) else given}
    if way == "database":
        return found | {"of_database": dict(database.EMPTY) | database.typed(form)}
    if way == "upload" and (upload := st.session_state.get(_key(form))):
        return found | {"upload": {"name": uploads.original(Path(upload[1])), "path": upload[1]}}
    if file := st.session_state.get(f"{form}-file"):
        return found | {"upload": {"name": file.name, "path": None}}
    return found


def take_up(form: str, upload: Upload | None) -> bool:
    """Whether the file that was uploaded before is still there; it is used until another is chosen.

    Only an upload of the reader's own.
    """
    path = _own(upload)
    if path is None or not path.is_file():
        return False
    st.session_state.setdefault(_key(form), (None, str(path)))
    return True


def drop_of_draft(data: Mapping[str, Any]) -> None:
    """Removes the upload that a draft names, if it is the reader's own."""
    if path := _own(data.get("upload")):
        kept.drop(frame.store(), path, path.name)


def _own(upload: Upload | None) -> Path | None:
    path = Path((upload and upload["path"]) or "")
    person = frame.guard(Role.contributor)
    own = kept.is_upload_of(frame.store().settings, path, person.id or 0)
    return path if own else None


def chosen(form: str, settings: Settings, row: SourceRow | None) -> tuple[str, Mapping[str, Any]]:
    """What it may be called after, and the values of a source that say where it is.

    Raises Invalid, StorageFailed.
    """
    if st.session_state.get(f"{form}-way") == "database":
        where = database.spec(form, row)
        name = where["dbt"]["model"] if "dbt" in where else where.get("table") or ""
        return name.rpartition(".")[2].strip('"`'), where
    given = typed_path(form)
    if st.session_state.get(f"{form}-way") == "path" and is_address(given):
        return PurePosixPath(given.partition("?")[0]).name, {"path": given}
    where_it_is = path(form, settings)
    return where_it_is.name, {"path": str(where_it_is)}


def typed_path(form: str) -> str:
    """The path as it was filled in."""
    return (st.session_state.get(f"{form}-path") or "").strip()


def path(form: str, settings: Settings) -> Path:
    """The place that was filled in, an upload kept first. Raises Invalid, StorageFailed."""
    if st.session_state.get(f"{form}-way") == "upload":
        return _uploaded(form, settings)
    given = typed_path(form)
    if not given:
        raise Invalid(_("Give the path of the file."), "path")
    where = Path(given).expanduser()
    if not where.is_absolute():
        raise Invalid(_("Give the full path; it begins with / or, in a store, with s3://."), "path")
    return where


def title(path: str) -> str:
    """A name to begin with, from the file's own."""
    stem = uploads.original(Path(path)).split(".")[0]
    words = re.sub(r"[\W_]+", " ", stem).strip()
    return words[:1].upper() + words[1:] or _("Profiles")


def drop(form: str, keep: bool = False) -> None:
    """Removes the kept upload of a form, unless a source was saved with it, and its copies.

    With `keep` it stays until it is swept away: a draft names it.
    """
    if (upload := st.session_state.pop(_key(form), None)) and not keep:
        path = Path(upload[1])
        kept.drop(frame.store(), path, path.name)  # it was looked at under its name


def _uploaded(form: str, settings: Settings) -> Path:
    file = st.session_state.get(f"{form}-file")
    upload = st.session_state.get(_key(form))
    if file is None and not upload:
        text = _("Choose a file first. One that was refused says why beside its name.")
        raise Invalid(text, "path")
    if upload and upload[0] == (file and file.file_id):
        return Path(upload[1])
    drop(form)
    owner = frame.guard(Role.contributor).id or 0
    where = uploads.keep(settings, owner, file.file_id, file.name, file)
    st.session_state[_key(form)] = (file.file_id, str(where))
    return where


def _path_help(settings: Settings) -> str:
    folders = map(str, settings.allowed_folders)
    allowed = ", ".join(plain(place) for place in (*folders, *settings.allowed_stores))
    text = _(
        "The full path of a file or a folder, or with * for several files. It has to be in "
        "one of: {folders}. Stores, such as s3://bucket/, and web servers are those that "
        "SEGFERRY_SOURCE_STORES names."
    )
    return text.format(folders=allowed)


def _key(form: str) -> str:
    return f"{form}-kept"

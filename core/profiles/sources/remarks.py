"""How text files were read, in sentences for people: the form, the source's page, `apply`."""

from collections.abc import Iterator, Sequence

from core.profiles.sources import Source
from core.profiles.sources.conversion import Detected
from core.profiles.sources.notes import Note, Noted
from core.texts import _, many


def remarks_on(source: Source) -> Iterator[str]:
    """All there is to say of how a source was read."""
    detected = getattr(source.alone(), "detected", None)
    if isinstance(detected, Detected):
        yield from remarks(detected)
    yield from counted(source.notes())


def remarks(detected: Detected) -> Iterator[str]:
    """How the files were read, as far as it is peculiar."""
    yield from _on_choices(detected)
    yield from _on_columns(detected)
    yield from _on_changes(detected)
    yield from _on_lines(detected)


def _on_choices(detected: Detected) -> Iterator[str]:
    """What could have been read otherwise: letters, sheets."""
    if detected.other:
        text = _(
            "Its letters were read as {encoding}: “{word}”. In {other} it would be "
            "“{reading}”. Set the `encoding` to be sure."
        )
        word, reading = detected.readings
        yield text.format(
            encoding=detected.encoding, word=word, other=detected.other, reading=reading
        )
    if others := [name for name in detected.sheets if name != detected.sheet]:
        text = _(
            "The sheet “{sheet}” is read; there are also: {others}. Set the `sheet` to be sure."
        )
        yield text.format(sheet=detected.sheet, others=", ".join(others))


def _on_columns(detected: Detected) -> Iterator[str]:
    """Columns that are left out, or that some files lack."""
    for name, of in detected.left_out.items():
        text = _("The column “{name}” is left out: its type, {type}, can't be read.")
        yield text.format(name=name, type=of.upper())
    for name, file in detected.lacking.items():
        text = _("{file} has no column “{name}”, which other files have: it is empty there.")
        yield text.format(file=file, name=name)


def _on_changes(detected: Detected) -> Iterator[str]:
    """What differs from the last reading."""
    if detected.vanished:
        names = ", ".join(f"“{name}”" for name in detected.vanished)
        yield _("Columns missing since the last reading: {names}.").format(names=names)
    if was := detected.before.get("encoding"):
        text = _("Its encoding was {was} at the last reading, and is {now} now.")
        yield text.format(was=was, now=detected.encoding)
    if was := detected.before.get("separator"):
        text = _("Its separator was “{was}” at the last reading, and is “{now}” now.")
        yield text.format(was=was, now=detected.separator)


def _on_lines(detected: Detected) -> Iterator[str]:
    """Lines that are left out."""
    if n := detected.skipped:
        yield many(
            "{n} line above the rows is left out.", "{n} lines above the rows are left out.", n
        )
    if n := detected.footer:
        yield many(
            "{n} line after the rows is left out.", "{n} lines after the rows are left out.", n
        )


def counted(notes: Sequence[Note]) -> Iterator[str]:
    """Each note with its number of cells, or rows, and the first of them."""
    for note in notes:
        if note.kind == Noted.short_row:
            found = many("{n} row", "{n} rows", note.count)
        else:
            found = many("{n} cell", "{n} cells", note.count)
        yield f"{note.kind}: {found}, {note.example}"

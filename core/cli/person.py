"""segferry person: everything that is known of one person, in order; documents, and their check."""

from pathlib import Path

import click

from core.access import operator
from core.cli.output import as_json, opened, reading
from core.cli.stderr import say
from core.errors import Invalid
from core.person.look_up import Found, as_data, look_up
from core.person.words import as_lines, gaps, moment
from core.store import Store
from core.texts import _

FILE = click.Path(path_type=Path, dir_okay=False)
MADE = click.Path(path_type=Path, dir_okay=False, exists=True, readable=True)


@click.command()
@click.argument("address", required=False)
@click.option("--ask", is_flag=True, help="Ask the destinations, too, where the person is now.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
@click.option("--pdf", type=FILE, help="Write it to this file as a signed document.")
@click.option("--verify", type=MADE, help="Check the signature of such a document instead.")
def person(
    address: str | None, ask: bool, json_: bool, pdf: Path | None, verify: Path | None
) -> int:
    """Show what happened to the person with ADDRESS, in every export and run, in order."""
    if (address is None) == (verify is None):
        raise click.UsageError(_("Give an address, or with --verify a document to check."))
    store = opened()
    if verify is not None:
        return _verify(store, verify)
    if pdf is not None:
        from core.person.paper import as_pdf

        _write(pdf, as_pdf(store, operator(), address or "", ask, reading))
    else:
        _show(look_up(store, operator(), address or "", reading, ask), json_)
    return 0


def _write(file: Path, content: bytes) -> None:
    """Raises Invalid where the disk refuses."""
    try:
        file.write_bytes(content)
    except OSError as error:
        text = _("{file} can't be written ({why}). Choose another place.")
        raise Invalid(text.format(file=file, why=error.strerror), "pdf") from error


def _show(found: Found, json_: bool) -> None:
    if json_:
        as_json(as_data(found))
        return
    for line in as_lines(found):
        click.echo(line)
    for line in gaps(found):
        say(line)


def _verify(store: Store, file: Path) -> int:
    """Says whether a document is as this installation signed it; the exit status."""
    from core.person import signing

    found = signing.check(store, file.read_bytes())
    if not found.whole:
        say(_("{file} was changed after it was signed.").format(file=file))
        return 1
    if not found.ours:
        text = _("{file} is as it was signed, but by somebody else (certificate {fingerprint}).")
        say(text.format(file=file, fingerprint=found.fingerprint))
        return 1
    text = _("{file} is as this installation signed it on {at} (certificate {fingerprint}).")
    at = moment(found.at) if found.at else "—"
    click.echo(text.format(file=file, at=at, fingerprint=found.fingerprint))
    return 0

"""segferry backup and restore: the installation as one file, and back."""

from dataclasses import asdict, replace
from pathlib import Path

import click

from core import settings
from core.access import operator
from core.backup import making, restoring
from core.backup.archive import Manifest
from core.backup.keys import Keys
from core.cli.output import as_json, opened, reading
from core.cli.stderr import say
from core.texts import _, many

FILE = click.Path(dir_okay=False, path_type=Path)
WITHOUT_KEYS = _("Leave the keys out: secrets have to be entered again.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--without-keys", is_flag=True, help=WITHOUT_KEYS)
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def backup(file: Path, without_keys: bool, json_: bool) -> None:
    """Make a backup of everything in FILE, while Segferry runs or not."""
    store = opened()
    passphrase = None
    if not without_keys and making.has_keys(store.settings):
        passphrase = store.settings.backup_passphrase or _prompted(confirmed=True)
    made = making.make(store, operator(), file.absolute(), passphrase, reading)
    if json_:
        as_json(_data(made) | {"path": str(file), "size": file.stat().st_size})
        return
    click.echo(_summary(_("{file}: {n} files, {mb} MB; runs in its history: {runs}"), file, made))
    if made.keys == Keys.left_out:
        say(_("Without its keys: after a restore every secret has to be entered again."))
    if made.keys == Keys.elsewhere:
        say(_("The key of its secrets is not in it: the environment has to give it there, too."))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="Data folder.")
@click.option("--replace", "replaces", is_flag=True, help="Replace all that is in use there.")
@click.option("--without-keys", is_flag=True, help=WITHOUT_KEYS)
@click.option("--json", "json_", is_flag=True, help="Print one JSON object.")
def restore(file: Path, home: Path | None, replaces: bool, without_keys: bool, json_: bool) -> None:
    """Put a backup back into an empty data folder."""
    given = settings.read()
    if home is not None:
        given = replace(given, home=home.absolute())
    passphrase = None if without_keys else lambda: given.backup_passphrase or _prompted()
    done = restoring.restore(
        given, operator(), file, passphrase, replaces=replaces, progress=reading
    )
    if json_:
        data = {"home": str(given.home), "ended": done.ended, "has_keys": done.has_keys}
        as_json(_data(done.manifest) | data)
        return
    text = _(
        "{file}, made {made_at}, is in the data folder now: {n} files; runs in its history: {runs}"
    )
    click.echo(_summary(text, file, done.manifest))
    if done.ended:
        say(
            many(
                "{n} run that was under way has ended.",
                "{n} runs that were under way have ended.",
                done.ended,
            )
        )
    if not done.has_keys:
        say(_("Its keys are not in it: enter the secrets of connections and sources again."))


def _summary(text: str, file: Path, made: Manifest) -> str:
    return text.format(
        file=file,
        n=f"{len(made.members):,}",
        mb=f"{made.bytes / 1e6:,.1f}",
        runs=f"{made.counts['run']:,}",
        made_at=made.made_at,
    )


def _data(made: Manifest) -> dict[str, object]:
    return asdict(made) | {"members": len(made.members), "bytes": made.bytes}


def _prompted(confirmed: bool = False) -> str:
    found: str = click.prompt(
        _("Passphrase for the keys"), hide_input=True, confirmation_prompt=confirmed, err=True
    )
    return found

"""segferry rotate-key: all secrets encrypted with a new key."""

import click

from core.access import operator
from core.cli.output import opened
from core.errors import Conflict, Invalid
from core.store import Store, rotation
from core.store.locks import unused
from core.store.vault import Vault, keep, key_file, renewed
from core.texts import _, many


@click.command()
def rotate_key() -> None:
    """Encrypt all secrets with a new key."""
    store = opened()
    with unused(store) as is_unused:
        if not is_unused:
            raise Conflict(
                _(
                    "Segferry is running on this data with the old key. Stop it, then "
                    "change the key."
                )
            )
        n = _from_environment(store) if store.settings.secret_key else _in_file(store)
    click.echo(
        many(
            "{n} secret is encrypted with the new key.",
            "{n} secrets are encrypted with the new key.",
            n,
        )
    )


def _in_file(store: Store) -> int:
    """The file holds both keys meanwhile: wherever this breaks off, every secret stays readable."""
    new, path = renewed(store.vault), key_file(store.settings)
    keep(new, path)
    n = _relocked(store, new)
    keep(Vault(new.key), path)
    return n


def _from_environment(store: Store) -> int:
    """Locks with the first of the keys that were given. Raises Invalid when it is the only one."""
    if not store.vault.older:
        raise Invalid(
            _(
                "The key comes from SEGFERRY_SECRET_KEY, so only you can change it. Make a new one "
                "(32 random bytes in url-safe base64), set the variable to “NEW OLD”, both keys "
                "with a space between, and repeat this; then set it to the new key alone."
            )
        )
    n = _relocked(store, store.vault)
    click.echo(_("Now set SEGFERRY_SECRET_KEY to its first key alone."))
    return n


def _relocked(store: Store, new: Vault) -> int:
    with store.begin() as session:
        return rotation.relock(session, operator(), store.vault, new)

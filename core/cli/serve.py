"""segferry serve and sandbox: the dashboard, and a local Klaviyo to try it with."""

import os
import runpy
import sys
from ipaddress import ip_address
from pathlib import Path

import click

from core import settings
from core.cli.output import opened
from core.cli.stopping import until_stopped
from core.errors import Invalid
from core.runs.engine import sqlite
from core.server.server import DEMO
from core.store.locks import serving
from core.store.rights import keep_private
from core.texts import _

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
SECRETS = "secrets.toml"  # in the data folder: Streamlit's, with the provider of single sign-on
PROXY = "FORWARDED_ALLOW_IPS"  # the proxies that uvicorn, which serves, believes


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8501, show_default=True)
@click.option("--address", default=LOOPBACK, show_default=True, help="Address to listen on.")
@click.option("--demo", is_flag=True, help="Add sample profiles, segments, exports, a sandbox.")
def serve(port: int, address: str, demo: bool) -> None:
    """Start the dashboard on this machine."""
    _check_address(address)
    sqlite.check(settings.read())
    store = opened()
    with serving(store):  # a second server is refused before anything starts
        pass
    store.close()
    if demo:
        os.environ[DEMO] = "1"
    home = fix_paths()
    os.environ[PROXY] = settings.read().trusted_proxy
    os.chdir(ROOT)
    options = [
        f"--server.port={port}",
        f"--server.address={address}",
        f"--secrets.files={home / SECRETS}",
    ]
    _become_streamlit(["run", str(ROOT / "app.py"), *options])


def _become_streamlit(arguments: list[str]) -> None:
    """In this process: a new one would import everything again, which takes a second."""
    sys.argv = ["streamlit", *arguments]
    sys.path.insert(0, str(ROOT))
    runpy.run_module("streamlit", run_name="__main__")


def _check_address(address: str) -> None:
    """Raises Invalid for what is no address, and for one at which all callers would be refused."""
    try:
        local = ip_address(address).is_loopback
    except ValueError:
        text = _("--address takes an address such as 127.0.0.1 or 0.0.0.0, not “{given}”.")
        raise Invalid(text.format(given=address)) from None
    if not local and not os.environ.get("SEGFERRY_ALLOWED_HOSTS"):
        raise Invalid(
            _(
                "With --address {address} others reach the dashboard: set SEGFERRY_ALLOWED_HOSTS "
                "to the names by which they do, such as segferry.example.com."
            ).format(address=address)
        )


def fix_paths() -> Path:
    """Paths in the environment are meant from here, not from the program's own folder.

    Returns the data folder.
    """
    given = settings.read()
    os.environ |= settings.paths(given)
    return given.home


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
def sandbox(port: int) -> None:
    """Run the local Klaviyo on 127.0.0.1 until stopped."""
    from core import sandbox as klaviyo

    given = settings.read()
    keep_private(given)
    folder = given.home / "sandbox"
    with klaviyo.running(folder, port=port) as url:
        click.echo(
            _(
                "The local Klaviyo listens on {url}; it accepts any key that begins with pk_."
            ).format(url=url)
        )
        until_stopped()

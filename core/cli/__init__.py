"""The same product without a browser: commands, exit statuses, and one sentence for each error."""

import sys
from typing import Any

import click

from core import __version__
from core.errors import Invalid, SegferryError
from core.texts import _

FAILED, WRONG_USAGE = 1, 2  # exit statuses; those of runs stand in core.cli.running

COMMANDS = {  # command: module that holds it, imported only when it is called
    "serve": "serving",
    "sandbox": "serving",
    "apply": "configuring",
    "config": "configuring",
    "preview": "running",
    "run": "running",
    "cancel": "running",
    "retry": "running",
    "resume": "running",
    "runs": "looking",
    "show": "looking",
    "rejects": "looking",
    "doctor": "checking",
}


class _Lazy(click.Group):
    """Imports a command's module when it is needed, so that every start is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of a user's way, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        module = import_module(f"core.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="segferry")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def segferry(debug: bool) -> None:
    """Takes segments of your customer profiles to Klaviyo lists."""


def main(arguments: list[str] | None = None) -> Any:
    """The console script: runs a command and leaves with its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        status = segferry.main(arguments, prog_name="segferry", standalone_mode=False)
    except (SegferryError, click.ClickException, click.Abort, OSError) as error:
        if "--debug" in arguments:
            raise
        status = _told(error)
    _leave(status if isinstance(status, int) else 0)


def _told(error: Exception) -> int:
    """Prints the error's sentence; its exit status."""
    if isinstance(error, click.Abort):
        click.echo(_("Stopped."), err=True)
        return FAILED
    if isinstance(error, click.UsageError):
        error.show()
        return WRONG_USAGE
    if isinstance(error, BrokenPipeError):
        return FAILED
    text = error.format_message() if isinstance(error, click.ClickException) else str(error)
    click.echo(f"segferry: {text}", err=True)
    return WRONG_USAGE if isinstance(error, Invalid) else FAILED


def _leave(status: int) -> None:
    sys.exit(status)

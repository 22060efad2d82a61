"""The same product without a browser: commands, exit statuses, and one sentence for each error."""

import gc
import io
import logging
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand

from core import __version__
from core.cli.stderr import say
from core.errors import Invalid, SegferryError, Terminated
from core.texts import _

FAILED, WRONG_USAGE = 1, 2  # exit statuses; those of runs stand in core.cli.output
TERMINATED = 143  # as shells have it for a program that SIGTERM ended

# Command: the module that holds it, imported only when it is called, and what it does.
COMMANDS = {
    "serve": ("serve", _("Start the dashboard on this machine.")),
    "worker": ("worker", _("Run exports and schedules without pages.")),
    "sandbox": ("serve", _("Run the local Klaviyo on 127.0.0.1 until stopped.")),
    "apply": ("config", _("Make the configuration match a file.")),
    "config": ("config", _("Print the current configuration as such a file.")),
    "preview": ("run", _("Show what a run would do, without doing it.")),
    "run": ("run", _("Send an export's segments to its list.")),
    "cancel": ("run", _("Stop a run softly.")),
    "retry": ("run", _("Send the undelivered profiles of a run.")),
    "undo": ("undo", _("Take a run back, unless people have changed since.")),
    "restore-list": ("undo", _("Take a list back to who was on it on a day.")),
    "refresh": ("refresh", _("Read sources again and count their segments.")),
    "resume": ("run", _("Finish what a crash interrupted, then exit.")),
    "approve": ("approve", _("Approve or reject a change that waits for a second person.")),
    "runs": ("runs", _("List runs, newest first.")),
    "show": ("show", _("Show one run.")),
    "person": ("person", _("Show what happened to one person, in order.")),
    "rejects": ("show", _("Print each profile that was not exported, with the reason.")),
    "user": ("user", _("Manage who may sign in to the dashboard.")),
    "token": ("token", _("Manage tokens of the API.")),
    "dbt": ("dbt", _("Print exports as exposures of a dbt project.")),
    "mcp": ("mcp", _("Serve tools for agents, which read and propose.")),
    "backup": ("backup", _("Make one file of the whole installation.")),
    "restore": ("backup", _("Put such a file back into an empty data folder.")),
    "rotate-key": ("rotate_key", _("Encrypt all secrets with a new key.")),
    "move-to": ("move_to", _("Carry this installation over to PostgreSQL.")),
    "doctor": ("doctor", _("Check everything that a run needs.")),
}


class _Lazy(click.Group):
    """Imports a command's module when it is needed, so that every start is quick."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order in which a user needs them, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = _imported(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Raises NoSuchCommand, naming the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table: asking each command would import all of them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, text) for name, (_module, text) in COMMANDS.items()])


def _imported(name: str) -> ModuleType:
    """The module of a command.

    What imports make stays to the end: to look for garbage among it, again and again, is a fifth
    of a command's start.
    """
    gc.disable()
    try:
        return import_module(f"core.cli.{name}")
    finally:
        gc.freeze()
        gc.enable()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="segferry")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")
def segferry() -> None:
    """Takes segments of your customer profiles to Klaviyo lists."""


def main(arguments: list[str] | None = None) -> Any:
    """The console script: runs a command and leaves with its exit status.

    `--debug` may stand anywhere, for it is added to a line that has just failed.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # whatever a terminal can't show
    try:
        words = [word for word in given if word != "--debug"]
        status = segferry.main(words, prog_name="segferry", standalone_mode=False)
    except Exception as error:
        if "--debug" in given:
            raise
        status = _reported(error)
    sys.exit(status if isinstance(status, int) else 0)


def _reported(error: Exception) -> int:
    """Prints the error's sentence; its exit status."""
    if isinstance(error, NoArgsIsHelpError):
        error.show()
    else:
        say(" ".join(_sentence(error).splitlines()), level=logging.ERROR)
    if isinstance(error, Terminated):
        return TERMINATED
    return WRONG_USAGE if isinstance(error, Invalid | click.UsageError) else FAILED


def _sentence(error: Exception) -> str:
    if isinstance(error, click.Abort):
        return _("segferry: Stopped.")
    if isinstance(error, click.UsageError):
        where = error.ctx.command_path if error.ctx else "segferry"
        why = error.format_message()
        return _("{where}: {why} See “{where} --help”.").format(where=where, why=why)
    if isinstance(error, SegferryError):
        return f"segferry: {error}"
    return _(
        "segferry: This is a bug: {why}. Run it again with --debug to see where, and report it."
    ).format(why=f"{type(error).__name__}: {error}".rstrip("."))

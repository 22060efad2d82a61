"""What commands tell beside their result, on stderr: a line for people, or one of the JSON log."""

import logging

import click

from core import traces

log = logging.getLogger(__name__)


def say(text: str, *, run: int | None = None, level: int = logging.INFO) -> None:
    """Tells it; `run` and `level` are for the log."""
    if traces.logs_as_json():
        log.log(level, text, extra={} if run is None else {"run": run})
    else:
        click.echo(text, err=True)

"""Maps tables where it is imported, before programs are forked, not in each of them."""

from sqlalchemy.orm import configure_mappers

from core.runs.engine import host  # noqa: F401  it needs them all

configure_mappers()

"""For how long is kept what would otherwise only grow."""

from typing import Annotated

from pydantic import Field

from core.configuration.values import NUMBER, Value

MOST = 36_500
LEAST_RUNS = 90  # days that the charts show
Days = Annotated[int, Field(ge=1, le=MOST), NUMBER]


class Retention(Value):
    """Days after which something is removed by itself."""

    runs: Annotated[int, Field(ge=LEAST_RUNS, le=MOST), NUMBER] = (
        730  # after their end; and missed times
    )
    rejects: Days = 90  # of a run: who was not exported, and whatever else tells of people
    files: Days = 30  # of runs that have delivered everything
    journal: Days = 90  # changes that runs made, by which they can be undone
    undelivered: Days = 90  # files of the others: until then they can be retried
    audit: Days = 400  # entries; SEGFERRY_AUDIT_DAYS in the environment wins
    refreshes: Days = 90  # how each went, and what its sources looked like
    sizes: Days = 400  # of segments at each count: a year can be compared with the one before
    drafts: Days = 30  # of forms, after their last change
    engine: Days = 30  # steps of runs that have ended, in the engine's own tables
    suppressed: Days = 1  # who is suppressed, as the destination said for a preview
    uploads: Days = 1  # files, and copies, that no source needs

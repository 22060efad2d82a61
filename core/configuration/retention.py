"""For how long is kept what would otherwise only grow."""

from typing import Annotated

from pydantic import Field

from core.configuration.values import Value

Days = Annotated[int, Field(ge=1, le=36_500)]


class Retention(Value):
    """Days after which something is removed by itself."""

    audit: Days = 400  # entries; SEGFERRY_AUDIT_DAYS in the environment wins
    sizes: Days = 400  # of segments at each count: a year can be compared with the one before
    drafts: Days = 30  # of forms, after their last change

"""The root of all tables."""

from pydantic import ConfigDict
from sqlmodel import SQLModel


class Table(SQLModel):
    """A row is not validated, so what pydantic would need for it is not built at each start."""

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]

"""What the engine keeps, as JSON: whoever may write to its database runs no code by it."""

import base64
import io
import json
import pickle
from typing import Any, NoReturn

from dbos import Serializer
from dbos._serialization import DefaultSerializer

from core.errors import SegferryError, StorageFailed
from core.texts import _

ERROR = "error"  # key of an error among results


class PlainJson(Serializer):
    """Arguments and results of steps, which are plain values; of an error its sentence.

    One that isn't ours tells its kind as well.
    """

    def name(self) -> str:
        """By which the engine's rows tell how they are written."""
        return "segferry_json"

    def serialize(self, data: Any) -> str:
        """Raises TypeError for what is no plain value."""
        if isinstance(data, BaseException):
            kind = "" if isinstance(data, SegferryError) else type(data).__name__
            data = {ERROR: str(data), "type": kind}
        return json.dumps(data)

    def deserialize(cls, serialized_data: str) -> Any:
        """The value again; an error as one with the same sentence."""
        found = json.loads(serialized_data)
        is_error = isinstance(found, dict) and found.keys() == {ERROR, "type"}
        if not is_error:
            return found
        return RuntimeError(": ".join(part for part in (found["type"], found[ERROR]) if part))


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> NoReturn:
        """A plain value needs no class, and any other could run code."""
        text = _(
            "The engine's database has an object ({name}) where a plain value belongs. It "
            "isn't read, because it could run programs here. Restore the database, or "
            "retry."
        )
        raise StorageFailed(text.format(name=f"{module}.{name}"))


def read_pickle(text: str) -> Any:
    """A plain value that a former version wrote. Raises StorageFailed for any other."""
    return _PlainUnpickler(io.BytesIO(base64.b64decode(text))).load()


def refuse_pickles() -> None:
    """The engine reads rows by the name that stands in them: pickles are read as plain values only.

    So runs that a former version left under way go on, and nothing else comes out of a pickle.
    """
    setattr(DefaultSerializer, "deserialize", staticmethod(read_pickle))  # noqa: B010

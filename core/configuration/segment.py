"""A segment as a value."""

from core.configuration.values import Name, Value
from core.profiles.segments.rules import Group


class Segment(Value):
    """A group of people, by rules over a source."""

    name: Name
    source: Name
    rules: Group
    active: bool = True

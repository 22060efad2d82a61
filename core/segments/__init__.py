"""Segments: rules as values become one expression for every engine; counts and members by it."""

from core.segments.checking import check as check
from core.segments.counting import Counts as Counts
from core.segments.counting import counts as counts
from core.segments.counting import marked as marked
from core.segments.counting import members as members
from core.segments.expressions import expression as expression
from core.segments.operators import operators as operators
from core.segments.wording import words as words

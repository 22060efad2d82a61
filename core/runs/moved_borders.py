"""How the border of the first of a group's people moved between two readings of a source."""

from collections.abc import Collection, Iterator

from core.profiles.rule_summary import TopSummary
from core.profiles.summary import Summary
from core.runs.moved import written
from core.texts import _

# Whether fewer values are in than before: what that means.
CLOSER = {
    True: _(
        "The border of the first {n} by {field} moved from {before} to {now}, and whoever left was "
        "passed by others"
    ),
    False: _(
        "The border of the first {n} by {field} moved from {before} to {now}, and whoever came "
        "passed others or has fewer before them"
    ),
}
NEW = _("The first {n} by {field} end at {now} now; before, everybody with a value was in")
GONE = _("The first {n} by {field} are everybody with a value now; before, they ended at {before}")


def pairs(
    before: Summary, now: Summary, changed: Collection[str]
) -> Iterator[tuple[TopSummary, TopSummary]]:
    """The groups of segments whose rules aren't `changed`, each as it was and as it is."""
    for segment in dict.fromkeys(one.segment for one in now.tops):
        was, is_now = (
            [one for one in some.tops if one.segment == segment] for some in (before, now)
        )
        if segment not in changed and len(was) == len(is_now):
            yield from zip(was, is_now, strict=True)


def words(was: TopSummary, is_now: TopSummary) -> str | None:
    """As in “The border of the first 100 by spent moved from 310 to 325, and …”.

    None where it didn't move, or isn't known.
    """
    ends = {"before": written(was.border), "now": written(is_now.border)}
    closer = is_closer(was, is_now)
    if closer is None or ends["before"] == ends["now"]:
        return None
    text = NEW if was.border is None else GONE if is_now.border is None else CLOSER[closer]
    return text.format(n=f"{is_now.count:,}", field=is_now.field, **ends)


def is_closer(was: TopSummary, is_now: TopSummary) -> bool | None:
    """Whether fewer values are in than before; None where the same are, or nobody knows."""
    if was.border == is_now.border or _is_hidden(was) or _is_hidden(is_now):
        return None
    if was.border is None or is_now.border is None:
        return was.border is None
    is_lower = is_now.border < was.border  # type: ignore[operator]  # of one field: of one type
    return is_lower is (is_now.order == "smallest")


def _is_hidden(top: TopSummary) -> bool:
    """Whether somebody is out, by a value that isn't kept."""
    return top.border is None and top.people > top.passes

"""How old the data of a source is, as pages of sources, exports and previews say it."""

from datetime import UTC, datetime, timedelta

from core.profiles.freshness import Freshness
from core.runs import freshness_words
from core.texts import _
from pages.ui.words import plain, when


def words(found: Freshness | None, most: float = 0) -> str:
    """`31 h old, by the time of its files: up to yesterday 22:00`; orange beyond `most` hours.

    Markdown; `most` is 0 where data may be of any age.
    """
    if found is None:
        return _("not known until the source is read again")
    length = found.age(datetime.now(UTC))
    if length is None:
        text = _("not known: {why}").format(why=plain(freshness_words.unclear(found)))
        return f":orange[:material/warning: {text}]"
    text = _("{age} old, by {measure}: up to {moment}").format(
        age=plain(freshness_words.age(length)),
        measure=plain(freshness_words.measure(found)),
        moment=when(found.at, in_sentence=True),
    )
    if most and length > timedelta(hours=most):
        return f":orange[:material/warning: {text}]"
    return text


def warnings(found: Freshness | None, most: float) -> list[str]:
    """What is to be said besides: dates in the future, and that a run would be held; markdown."""
    if found is None:
        return []
    length, said = found.age(datetime.now(UTC)), []
    if ahead := freshness_words.ahead(found):
        said.append(plain(ahead))
    if most and (length is None or length > timedelta(hours=most)):
        text = _("The export takes no data older than {n} h: a run would be held.")
        said.append(text.format(n=f"{most:g}"))
    return said

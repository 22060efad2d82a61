"""Guards of the data that is sent: of another kind, old, or failed in dbt."""

from collections.abc import Sequence
from datetime import timedelta

from core.configuration.export import Guards
from core.runs import dbt_words, freshness_words
from core.runs.built import Built
from core.runs.guards.facts import Aged, ChangedColumn, CrossedGuard
from core.texts import _, many


def changed_columns(
    guards: Guards, changed: Sequence[ChangedColumn], valid: int
) -> CrossedGuard | None:
    """Matters also to an export that touches no list: everybody's values become others."""
    if not guards.columns or not changed:
        return None
    sentences = []
    for one in changed:
        text = _("The column “{name}” had {before} in the last run and now has {now}{why}.")
        why = f" ({one.why})" if one.why else ""
        sentences.append(
            text.format(name=one.name, before=one.before.several, now=one.now.several, why=why)
        )
    sentences.append(
        many(
            "{n} profile would get the new values.", "{n} profiles would get the new values.", valid
        )
    )
    return CrossedGuard("columns", " ".join(sentences), valid)


def old_data(guards: Guards, aged: Aged | None, valid: int) -> CrossedGuard | None:
    """Matters also to an export that touches no list: what is sent may no longer be so.

    Data of which nobody can tell how old it is may be older than any limit.
    """
    if not guards.age or aged is None:
        return None
    age = aged.data.age(aged.now)
    if age is not None and age <= timedelta(hours=guards.age):
        return None
    why = freshness_words.sentence(aged.data, aged.now, aged.time_zone)
    text = _("{why} The export takes none that is older than {hours} h.")
    return CrossedGuard("age", text.format(why=why, hours=f"{guards.age:g}"), valid)


def failed_in_dbt(guards: Guards, built: Built | None, valid: int) -> CrossedGuard | None:
    """Matters also to an export that touches no list, as old data does."""
    if not guards.dbt or built is None:
        return None
    found = dbt_words.problems(built.standing, built.time_zone, built.before)
    if not found:
        return None
    text = _("{why} Run dbt again and then the export, or confirm.")
    return CrossedGuard("dbt", text.format(why=" ".join(found)), valid)

"""What dbt said last of a model, in words: for holds, previews, and the pages of sources."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from core.profiles.sources.dbt.standing import BAD, CheckedTest, Outcome, Standing, Upstream
from core.texts import _, many

NAMED = 3  # tests or sources that are named in a sentence each
WORDS = {
    Outcome.passed: _("passed"),
    Outcome.warned: _("warned"),
    Outcome.failed: _("failed"),
    Outcome.error: _("could not be run"),
    Outcome.skipped: _("was skipped"),
    Outcome.unknown: _("not known"),
}

FRESH = WORDS | {
    Outcome.passed: _("fresh"),
    Outcome.warned: _("ageing"),
    Outcome.failed: _("stale"),
    Outcome.unknown: _("not checked"),
}


def problems(found: Standing, time_zone: str, before: str | None = None) -> list[str]:
    """Sentences on what a run is held for: the model, its tests, the tables that it is made of.

    `before`: which table it was in the export's last run, where that is known.
    """
    moved = [_moved(found, before)] if before and before != found.relation else []
    tests = [_of_test(found, one, time_zone) for one in found.tests_of(*BAD)]
    stale = [_of_upstream(one, time_zone) for one in found.upstream_of(*BAD)]
    return [*_building(found, time_zone), *_first(tests), *_first(stale), *moved]


def warnings(found: Standing, time_zone: str) -> list[str]:
    """Sentences on what only warns, and on what isn't known."""
    warned = [_of_test(found, one, time_zone) for one in found.tests_of(Outcome.warned)]
    aging = [_of_upstream(one, time_zone) for one in found.upstream_of(Outcome.warned)]
    unknown = [*_unknown_tests(found, time_zone), *_unknown_freshness(found)]
    return [*_first(warned), *_first(aging), *unknown, *_unknown_formats(found)]


def newer_than_tests(found: Standing, data_at: datetime | None, time_zone: str) -> str | None:
    """That the data is of a time after its tests; None where it isn't, or nobody can tell."""
    tested = max((one.at for one in found.tests if one.at), default=None)
    if tested is None or data_at is None or data_at <= tested:
        return None
    text = _("The data goes up to {data}, and its dbt tests are of {tests}: they saw older data.")
    return text.format(data=when(data_at, time_zone), tests=when(tested, time_zone))


def _moved(found: Standing, before: str) -> str:
    """That the model is another table than in the last run: of another target, perhaps."""
    text = _("The dbt model “{model}” was {before} in the last run and now is {now}.")
    return text.format(model=found.model, before=before, now=found.relation)


def results(found: Standing, time_zone: str) -> str:
    """`dbt build, 2026-11-28 18:37 (UTC)`: of which command the results are, and when it ended."""
    if found.results_at is None:
        return _("dbt has left no results yet")
    command = f"dbt {found.command}" if found.command else "dbt"
    return f"{command}, {when(found.results_at, time_zone)}"


def when(moment: datetime | None, time_zone: str) -> str:
    """A moment in the zone."""
    if moment is None:
        return _("an unknown time")
    return f"{moment.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M} ({time_zone})"


def _first(sentences: list[str]) -> list[str]:
    """Some of them, and how many more there are."""
    more = len(sentences) - NAMED
    if more <= 0:
        return sentences
    return [*sentences[:NAMED], many("{n} more is like that.", "{n} more are like that.", more)]


def _building(found: Standing, time_zone: str) -> Iterator[str]:
    if found.built in BAD:
        text = _("dbt failed to build “{model}” on {when}: its data may be of before.")
    elif found.built is Outcome.skipped:
        text = _("dbt skipped “{model}” on {when}, after a failure: its data is of before.")
    else:
        return
    yield text.format(model=found.model, when=when(found.results_at, time_zone))


def _of_test(found: Standing, test: CheckedTest, time_zone: str) -> str:
    given = {"test": test.name, "model": found.model}
    given["when"] = when(test.at or found.results_at, time_zone)
    if test.outcome is Outcome.error:
        return _("The dbt test “{test}” of “{model}” could not be run on {when}.").format(**given)
    verb = _("failed") if test.outcome is Outcome.failed else _("warned")
    if test.rows is None:
        return _("The dbt test “{test}” of “{model}” {verb} on {when}.").format(verb=verb, **given)
    return many(
        "The dbt test “{test}” of “{model}” {verb} on {when} with {n} result.",
        "The dbt test “{test}” of “{model}” {verb} on {when} with {n} results.",
        test.rows,
        verb=verb,
        **given,
    )


def _of_upstream(one: Upstream, time_zone: str) -> str:
    looked = when(one.at, time_zone)
    if one.outcome is Outcome.error:
        text = _("dbt could not look how fresh “{name}” is, which the model is made of.")
        return text.format(name=one.name)
    if one.outcome is Outcome.warned:
        text = _("“{name}”, which the model is made of, ages: data up to {newest} on {looked}.")
    else:
        text = _("“{name}”, which the model is made of, is stale: data up to {newest} on {looked}.")
    return text.format(name=one.name, newest=when(one.newest, time_zone), looked=looked)


def _unknown_tests(found: Standing, time_zone: str) -> Iterator[str]:
    unknown = found.tests_of(Outcome.unknown, Outcome.skipped)
    if not unknown:
        return
    yield many(
        "{n} of the {all} dbt tests of “{model}” has no result ({results}), such as “{test}”.",
        "{n} of the {all} dbt tests of “{model}” have no result ({results}), such as “{test}”.",
        len(unknown),
        all=f"{len(found.tests):,}",
        model=found.model,
        results=results(found, time_zone),
        test=unknown[0].name,
    )


def _unknown_freshness(found: Standing) -> Iterator[str]:
    if unknown := found.upstream_of(Outcome.unknown):
        text = _(
            "Nobody has checked how fresh {names} is, which the model is made of. Run dbt source "
            "freshness."
        )
        yield text.format(names=", ".join(f"“{one.name}”" for one in unknown[:NAMED]))


def _unknown_formats(found: Standing) -> Iterator[str]:
    for one in found.unknown_formats:
        text = _("dbt wrote {format}, which Segferry doesn't know: it may be read wrongly.")
        yield text.format(format=one)

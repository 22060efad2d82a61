"""Loads the demo while people work: its things at once, its month as soon as that is made."""

import threading
from datetime import date
from pathlib import Path
from shutil import rmtree

from core.access import Action, Person
from core.errors import Conflict, Stopped
from core.settings import Settings
from core.store import Store, samples
from core.store.runtime import LongWork
from core.texts import _


def load(store: Store, person: Person, n: int | None = None) -> LongWork:
    """Loads the demo, of n people or all, in a thread of its own, unless it is being loaded.

    What goes wrong there is the problem of the work. Raises Denied; Conflict where no server runs
    here, or the demo is there.
    """
    store.require(person, Action.configure)
    work = store.runtime.demo
    if work and not work.is_done:
        return work
    if store.runtime.start_sandbox is None:
        text = _("Only a dashboard started by “segferry serve” can load the demo.")
        raise Conflict(text)
    with store.begin() as session:
        if samples.are_there(session):
            raise Conflict(_("The demo is loaded already. Remove it first to load it once more."))
    return begin(store, person, n)


def begin(store: Store, person: Person, n: int | None = None) -> LongWork:
    """Makes the demo's things, unless they are there, and their month, in a thread of its own."""
    work = store.runtime.demo = LongWork(_("Making sample profiles"))
    given = (lambda: _carry(store, person, work, n), "The demo has no history")
    threading.Thread(target=work.carry, args=given, name="demo", daemon=True).start()
    return work


def sweep(settings: Settings) -> None:
    """Removes what a server that was killed left of making a month."""
    rmtree(_folder(settings), ignore_errors=True)


def _folder(settings: Settings) -> Path:
    return settings.home / "demo" / "making"


def _carry(store: Store, person: Person, work: LongWork, n: int | None) -> None:
    try:
        _add_month(store, person, work, n)
    except Stopped:
        if work.is_taken_back:
            _take_back(store, person)
    finally:
        sweep(store.settings)


def _add_month(store: Store, person: Person, work: LongWork, n: int | None) -> None:
    # Here, for a server that loads no demo needn't wait for all of this.
    from core.sandbox import demo
    from core.sandbox.demo import people
    from core.server.demo import bringing, making

    today, start_sandbox = date.today(), store.runtime.start_sandbox
    if start_sandbox:
        demo.seed(store, person, start_sandbox(), today, n or people.MANY)
        work.report(0.0, _("Making a month of history"))
    folder = _folder(store.settings)
    sweep(store.settings)
    making.make(store, folder, today, work.report)
    work.report(1.0, _("Adding the history"))
    aside = making.store_in(folder, store)
    try:
        bringing.bring(store, person, aside, making.sandbox_in(folder))
    finally:
        aside.close()


def _take_back(store: Store, person: Person) -> None:
    from core.server.demo import removal

    removal.remove(store, person)


def cancel(store: Store, person: Person) -> None:
    """Stops the loading; what it had made by then is removed. Raises Denied."""
    store.require(person, Action.configure)
    if work := store.runtime.demo:
        work.stop(takes_back=True)

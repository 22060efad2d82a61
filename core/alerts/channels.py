"""What people do with channels: add and change them, with their addresses checked, and try them."""

from core.access import Person
from core.alerts import delivery, services
from core.configuration.alerts import Channel
from core.store import Store, channels


def save(
    store: Store, person: Person, row_id: int | None, spec: Channel, address: str, *, is_own: bool
) -> int:
    """Adds the channel, or changes it; its id. An empty address leaves it where it leads.

    Raises Denied, Invalid, Unknown, Conflict.
    """
    if address or row_id is None:
        (services.check_own if is_own else services.check)(address)
    with store.begin() as session:
        if row_id is None:
            row = channels.add(session, store.vault, person, spec, address=address, is_own=is_own)
        else:
            row = channels.find(session, row_id)
            channels.change(session, store.vault, person, row, spec, address=address or None)
        return row.id


def remove(store: Store, person: Person, row_id: int) -> None:
    """Removes it, with what waits to go there. Raises Denied, Unknown."""
    with store.begin() as session:
        channels.remove(session, person, channels.find(session, row_id))


def test(store: Store, person: Person, row_id: int) -> str:
    """Sends a message to try it; the service's name. Raises Denied, Invalid, Unknown; NotTaken.

    The answer is kept with the channel, as of any other message.
    """
    with store.begin() as session:
        row = channels.find(session, row_id)
        channels.require_change(person, row)
    try:
        service = delivery.try_out(store, row)
    except services.NotTaken as error:
        with store.begin() as session:
            channels.failing(channels.find(session, row_id), str(error), store.clock())
        raise
    with store.begin() as session:
        channels.delivered(channels.find(session, row_id), store.clock())
    return service

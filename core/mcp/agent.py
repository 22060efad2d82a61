"""An agent: whose it is, and what it may do in their name, looked up again at each call."""

from dataclasses import dataclass

from core.access import Person, Role
from core.errors import Denied
from core.store import Store, accounts
from core.texts import _

ORIGIN = "agent"  # in the audit
NOBODYS = "an agent"


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent of the person with this account; of nobody, who may only read, for None."""

    store: Store
    account_id: int | None = None

    def reader(self) -> Person:
        """Who reads: always as a viewer, so that what tells of people is masked. Raises Denied."""
        if self.account_id is None:
            return Person(NOBODYS, Role.viewer, None, ORIGIN)
        person = self.person()
        return Person(person.name, Role.viewer, person.id, ORIGIN)

    def person(self) -> Person:
        """Who proposes, in the role that they have now. Raises Denied."""
        if self.account_id is None:
            text = _("This agent may only read. With “segferry mcp --user NAME” it may propose.")
            raise Denied(text)
        with self.store.begin() as session:
            account = accounts.find(session, self.account_id)
        if account.disabled_at is not None:
            raise Denied(_("{who} is disabled, and so is their agent.").format(who=account.name))
        return Person(account.name, Role(account.role), account.id, ORIGIN)


def of(store: Store, name: str | None) -> Agent:
    """The agent of the person with this name, or of nobody. Raises Unknown, Denied."""
    if name is None:
        return Agent(store)
    with store.begin() as session:
        agent = Agent(store, accounts.find(session, name).id)
    agent.person()
    return agent

"""The tools: each function is one, its docstring what the agent reads of it.

None sends anything, saves a thing or confirms a run. Their parameters are bounded by their types.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field
from sqlmodel import Session

from core.access import Action, require
from core.mcp import drafts, shown
from core.mcp.agent import Agent
from core.person.look_up import as_data, look_up
from core.preview import plan
from core.runs.details import details
from core.store import address_lists, connections, exports, requests, runs, segments, sources
from core.store.tables.runs import AGENT

MOST = 200  # things of one list
Name = Annotated[str, Field(min_length=1, max_length=120)]
Address = Annotated[str, Field(min_length=3, max_length=254)]
Rules = Annotated[
    dict[str, Any],
    Field(
        description="One of all, any, none with a list of rules {field, op, value}, such groups "
        "{segment: name}, the members of another segment of the source, or {sql: condition}, "
        'as in {"all": [{"field": "country", "op": "equals", "value": "LV"}]}.'
    ),
]
Match = Annotated[
    dict[str, Any],
    Field(
        description="Field of the destination: column of the source; email is needed. Own fields "
        'are under properties, as in {"email": "email", "properties": {"tier": "loyalty_tier"}}.'
    ),
]
ListId = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,40}$")]
Row = TypeVar("Row")


class Tools:
    """The tools of one agent."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._store = agent.store

    @property
    def reading(self) -> list[Callable[..., dict[str, Any]]]:
        """Those that every agent has."""
        lists = (self.list_exports, self.list_segments, self.list_sources, self.list_connections)
        return [
            *lists,
            self.list_address_lists,
            self.list_runs,
            self.show_run,
            self.preview_export,
            self.explain_person,
        ]

    @property
    def proposing(self) -> list[Callable[..., dict[str, Any]]]:
        """Those that only a person's agent has."""
        changes = (self.draft_segment_change, self.draft_export_change)
        return [self.draft_segment, self.draft_export, *changes, self.request_run]

    def list_exports(self) -> dict[str, Any]:
        """Lists the exports: which segments go to which list, by which mode, when."""
        return self._listed(exports.everything, shown.export)

    def list_segments(self) -> dict[str, Any]:
        """Lists the segments with their rules in words and how many members they had last."""
        return self._listed(segments.everything, shown.segment)

    def list_address_lists(self) -> dict[str, Any]:
        """Lists the address lists that rules may name (operator in_list), without any address."""
        return self._listed(address_lists.everything, shown.address_list)

    def list_sources(self) -> dict[str, Any]:
        """Lists the sources with their columns and the types of these; it shows no values."""
        return self._listed(sources.everything, shown.source)

    def list_connections(self) -> dict[str, Any]:
        """Lists the connections: accounts of destinations, and whether they work."""
        return self._listed(connections.everything, shown.connection)

    def list_runs(
        self, export: Name | None = None, limit: Annotated[int, Field(ge=1, le=50)] = 20
    ) -> dict[str, Any]:
        """Lists the latest runs, of all exports or of one, newest first."""
        require(self._agent.reader(), Action.look)
        with self._store.begin() as session:
            id = exports.find(session, export).id if export else None
            found = runs.everything(session, export_id=id, limit=limit)
        return {"runs": [shown.run(run) for run in found]}

    def show_run(self, run_id: Annotated[int, Field(ge=1, le=999_999_999)]) -> dict[str, Any]:
        """Shows a run: its numbers, why it is held or failed, why profiles were rejected."""
        reader = self._agent.reader()
        require(reader, Action.look)
        with self._store.begin() as session:
            run = runs.find(session, run_id)
        return details(self._store, reader, run)

    def preview_export(self, export: Name) -> dict[str, Any]:
        """Shows what a run of an export would do now, without doing it. The source is read for it.

        Values of people are masked.
        """
        return plan.preview(self._store, self._agent.reader(), export).as_data()

    def explain_person(self, email: Address) -> dict[str, Any]:
        """Shows what exports and runs did about one person, and why; their values are masked."""
        return as_data(look_up(self._store, self._agent.reader(), email))

    def draft_segment(self, name: Name, source: Name, rules: Rules) -> dict[str, Any]:
        """Drafts a new segment. Nothing is saved: the person finds the draft under New segment.

        The columns of the source are in list_sources.
        """
        given = {"name": name, "source": source, "rules": rules}
        drafted = drafts.draft_segment(self._store, self._agent.person(), given)
        return {"drafted": drafted, "next": "The person opens Segments, New segment, and saves it."}

    def draft_export(
        self,
        name: Name,
        connection: Name,
        list_id: ListId,
        segments: Annotated[list[Name], Field(min_length=1, max_length=50)],
        match: Match,
        mode: Literal["add", "mirror", "update"] = "add",
    ) -> dict[str, Any]:
        """Drafts a new export. Nothing is saved or sent: the person finds it under New export.

        Its segments must be saved ones. The mode add joins and updates, mirror also takes people
        off the list, update touches no list. The list's id is in list_exports, or the person's.
        """
        given: dict[str, Any] = {"name": name, "connection": connection, "list_id": list_id}
        given |= {"segments": segments, "match": match, "mode": mode}
        drafted = drafts.draft_export(self._store, self._agent.person(), given)
        return {"drafted": drafted, "next": "The person opens Exports, New export, and saves it."}

    def draft_segment_change(
        self,
        segment: Name,
        name: Name | None = None,
        source: Name | None = None,
        rules: Rules | None = None,
    ) -> dict[str, Any]:
        """Drafts a change of a saved segment: give what is to differ. Nothing is saved.

        Rules take the place of all that it has. The person sees what differs before they save it.
        """
        given = _given(name=name, source=source, rules=rules)
        changed = drafts.change_segment(self._store, self._agent.person(), segment, given)
        return {"drafted": changed, "next": "The person opens Segments, this one, and saves it."}

    def draft_export_change(
        self,
        export: Name,
        name: Name | None = None,
        list_id: ListId | None = None,
        segments: Annotated[list[Name], Field(min_length=1, max_length=50)] | None = None,
        exclude: Annotated[list[Name], Field(max_length=50)] | None = None,
        match: Match | None = None,
        mode: Literal["add", "mirror", "update"] | None = None,
    ) -> dict[str, Any]:
        """Drafts a change of a saved export: give what is to differ. Nothing is saved or sent.

        A matching takes the place of the one that it has, as do segments and those excluded. The
        person sees what differs, and what it does to the list, before they save it.
        """
        given = _given(name=name, list_id=list_id, segments=segments)
        given |= _given(exclude=exclude, match=match, mode=mode)
        changed = drafts.change_export(self._store, self._agent.person(), export, given)
        return {"drafted": changed, "next": "The person opens Exports, this one, and saves it."}

    def request_run(self, export: Name) -> dict[str, Any]:
        """Requests a run of an export. It always waits, held, until a person has confirmed it.

        Nothing is sent before. A run of it that has not ended yet is shown instead.
        """
        person = self._agent.person()
        with self._store.begin() as session:
            row = exports.find(session, export)
            run = requests.request(session, person, row, trigger=AGENT)
        return details(self._store, self._agent.reader(), run)

    def _listed(
        self,
        everything: Callable[[Session], Iterable[Row]],
        show: Callable[[Session, Row], dict[str, Any]],
    ) -> dict[str, Any]:
        """The first of them, and how many there are."""
        require(self._agent.reader(), Action.look)
        with self._store.begin() as session:
            found = list(everything(session))
            return {"total": len(found), "shown": [show(session, row) for row in found[:MOST]]}


def _given(**fields: Any) -> dict[str, Any]:
    """Those that an agent gave."""
    return {name: value for name, value in fields.items() if value is not None}

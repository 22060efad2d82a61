"""Who may name which path: the browser the allowed folders, the command line any."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from core.access import Person, Role, operator
from core.audience import databases, looks
from core.configuration.segment import Segment
from core.configuration.source import Source, is_open_to_all
from core.errors import Denied, Invalid, SourceFailed
from core.preview.plan import preview
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind
from core.settings import Settings
from core.store import Store, audit, segments, sources
from core.store.database import MIGRATIONS, migrate
from core.store.tables.data import SourceRow
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied
from tests.runs.carried import ran

KASPARS = Person("Kaspars", Role.contributor, 7, "192.0.2.7")
FIELDS = {"customer_id", "email", "first_name", "country", "spent"}


def saved(store: Store, person: Person, path: Path, row: SourceRow | None = None) -> SourceRow:
    spec = Source(name="Profiles", path=str(path))
    schema = dict.fromkeys(FIELDS, Kind.text)
    with store.begin() as session:
        if row is None:
            return sources.add(session, person, spec, schema)
        found = sources.find(session, row.id)
        sources.change(session, person, found, spec, schema)
        return found


def test_the_browser_names_nothing_outside_the_allowed_folders(store: Store, profiles: Path):
    spec = Source(name="Profiles", path=str(profiles))
    with pytest.raises(SourceFailed, match="outside the folders"):
        looks.look(store, KASPARS, spec)
    with store.begin() as session:
        (noted,) = audit.entries(session, ADA, deed=audit.Deed.refused)
    assert noted.by == KASPARS.name
    assert str(profiles) in noted.what
    row = saved(store, KASPARS, profiles)
    with pytest.raises(SourceFailed, match="outside the folders"):
        looks.read(store, KASPARS, row)
    with pytest.raises(SourceFailed, match="outside the folders"):
        looks.read(store, ADA, row)  # it matters who named it, not who reads it


def test_a_setting_allows_more_folders(store: Store, profiles: Path, tmp_path: Path):
    folder = str(profiles.parent)
    wider = replace(store, settings=Settings(home=store.settings.home, source_folders=folder))
    assert looks.look(wider, KASPARS, Source(name="P", path=str(profiles))).rows == 12


def test_uploads_are_allowed_and_nothing_else_of_the_data_folder(store: Store, profiles: Path):
    upload = store.settings.uploads / "profiles.csv"
    upload.parent.mkdir()
    upload.write_bytes(profiles.read_bytes())
    root = Settings(home=store.settings.home, source_folders="/")
    wider = replace(store, settings=root)
    assert looks.look(store, KASPARS, Source(name="P", path=str(upload))).rows == 12
    for name in ("secret.key", "*.key", "uploads/../secret.key", "**/secret.key"):
        spec = Source(name="Key", path=f"{store.settings.home}/{name}")
        with pytest.raises(SourceFailed, match="outside the folders"):
            looks.look(wider, KASPARS, spec)


def test_a_person_with_an_account_is_never_taken_for_the_command_line(store: Store, profiles: Path):
    sly = Person("Sly", Role.administrator, 8, "command line")
    with pytest.raises(SourceFailed, match="outside the folders"):
        looks.look(store, sly, Source(name="P", path=str(profiles)))


def test_a_file_of_the_command_line_may_lie_anywhere_until_the_browser_moves_it(
    store: Store, profiles: Path, tmp_path: Path
):
    row = saved(store, ADA, profiles)
    assert looks.read(store, KASPARS, row).rows == 12
    row = saved(store, KASPARS, profiles, row)  # edited, its path left as it is
    assert looks.read(store, KASPARS, row).rows == 12
    other = tmp_path / "other.csv"
    other.write_bytes(profiles.read_bytes())
    row = saved(store, KASPARS, other, row)
    with pytest.raises(SourceFailed, match="outside the folders"):
        looks.read(store, KASPARS, row)
    row = saved(store, KASPARS, profiles, row)  # what was given away doesn't come back
    with pytest.raises(SourceFailed, match="outside the folders"):
        looks.read(store, KASPARS, row)


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> SourceRow:
    """A table of a database that the command line applied."""
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database, database:
        database.execute("create table people (id integer)")
        database.execute("create table salaries (id integer)")
    spec = Source(**SHOP, table="people", url=f"sqlite:///{tmp_path}/shop.db")
    with store.begin() as session:
        return sources.add(session, ADA, spec, {"id": Kind.number}, store.vault)


SHOP = {"name": "Shop", "type": "database"}
ELSEWHERE = ({"table": "salaries"}, {"query": "select * from salaries"})


@pytest.mark.parametrize("reads", ELSEWHERE)
def test_a_contributor_reads_no_other_table_with_a_url_of_the_command_line(
    store: Store, shop: SourceRow, reads: dict[str, str]
):
    spec = Source(**SHOP, **reads)
    for try_it in (
        lambda: looks.look(store, KASPARS, spec, shop),
        lambda: looks.check(store, KASPARS, spec, shop),
        lambda: changed(store, KASPARS, shop, spec),
        lambda: databases.tables(store, KASPARS, None, shop),
    ):
        with pytest.raises(Denied, match="Enter the URL with its password"):
            try_it()
    with store.begin() as session:
        assert len(list(audit.entries(session, ADA, deed=audit.Deed.refused))) == 4
        assert sources.spec(sources.find(session, shop.id)).table == "people"
    boss = replace(KASPARS, role=Role.administrator)
    assert looks.look(store, boss, spec, shop).rows == 0


def changed(store: Store, person: Person, row: SourceRow, spec: Source) -> bool:
    with store.begin() as session:
        found = sources.find(session, row.id)
        kept = store.vault, None, store.settings
        return sources.change(session, person, found, spec, {"id": Kind.number}, *kept)


def test_of_such_a_source_contributors_change_the_rest(store: Store, shop: SourceRow):
    keyed = Source(**SHOP, table="people", key="id")
    assert changed(store, KASPARS, shop, keyed)
    with store.begin() as session:
        assert not sources.find(session, shop.id).confined


def test_who_knows_the_url_chooses_the_table_and_is_confined(
    store: Store, shop: SourceRow, tmp_path: Path
):
    spec = Source(**SHOP, table="salaries", url=f"sqlite:///{tmp_path}/shop.db")
    with pytest.raises(SourceFailed, match="outside the folders"):
        looks.look(store, KASPARS, spec, shop)
    opened = replace(
        store, settings=Settings(home=store.settings.home, source_folders=str(tmp_path))
    )
    assert looks.look(opened, KASPARS, Source(**SHOP, table="salaries"), shop).rows == 0
    assert changed(opened, KASPARS, shop, Source(**SHOP, table="salaries"))


@pytest.mark.parametrize(
    ("place", "is_open"),
    [
        ("postgresql://segferry@db.example.com/shop", False),
        ("postgresql://segferry@DB.local/shop", True),
        ("bigquery://project/set", False),
        ("sqlite:////srv/shop.db", False),
    ],
)
def test_only_databases_that_the_operator_named_are_open_to_all(place: str, is_open: bool):
    assert is_open_to_all(place, Settings(source_databases="db.local")) == is_open


def test_previews_and_runs_are_confined_too(store: Store, configuration: Path, profiles: Path):
    applied(store, configuration)
    assert preview(store, ADA, "Newsletter").valid == 8
    with store.begin() as session:
        row = sources.find(session, "Profiles")
    moved = profiles.with_name("moved.csv")
    moved.write_bytes(profiles.read_bytes())
    saved(store, KASPARS, moved, row)
    with pytest.raises(SourceFailed, match="outside the folders"):
        preview(store, ADA, "Newsletter")
    run = ran(store)
    assert run.status == RunStatus.failed
    assert "outside the folders" in (run.error or "")


def test_sources_from_before_sign_in_are_read_as_they_were(
    store: Store, configuration: Path, profiles: Path
):
    applied(store, configuration)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    migrate(store.engine)
    with store.begin() as session:
        row = sources.find(session, "Profiles")
    assert not row.confined
    assert looks.read(store, KASPARS, row).rows == 12


def test_a_segment_is_refused_when_saved_where_the_database_of_its_source_can_not_keep_it(
    store: Store,
):
    spec = Source(name="CRM", type="database", url="sqlite:////crm.db", table="people")
    with store.begin() as session:
        sources.add(session, ADA, spec, {"city": Kind.text}, store.vault, "CRM_URL")
        assert sources.schema(sources.find(session, "CRM")).engine == "sqlite"
        words = {"all": [{"field": "city", "op": "matches", "value": r"\bRiga"}]}
        segment = Segment(name="Riga", source="CRM", rules=Group.model_validate(words))
        with pytest.raises(Invalid, match=r"SQLite has nothing that means the same as “\\b”"):
            segments.add(session, ADA, segment)


def test_another_dbt_project_is_confined_once_the_browser_names_it(store: Store, tmp_path: Path):
    url = f"sqlite:///{tmp_path}/shop.db"
    model = {"project": "/srv/dbt/shop", "model": "customers"}
    given = Source(name="Customers", type="database", url=url, dbt=model)
    with store.begin() as session:
        row = sources.add(session, operator(), given, {}, store.vault)
    for changed, confined in (({"model": "scores"}, False), ({"project": "/etc"}, True)):
        edited = Source(name="Customers", type="database", dbt=model | changed)
        assert sources.confined(KASPARS, edited, row) is confined

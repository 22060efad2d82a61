"""Channels: whose they are, what is kept of them, and how a configuration file brings them."""

from pathlib import Path

import pytest

from core.access import Person, Role
from core.configuration.alerts import Channel
from core.configuration.file import read
from core.errors import Conflict, Denied, Invalid
from core.store import (
    Store,
    accounts,
    alert_settings,
    apply,
    audit,
    channels,
    dump,
    exports,
)
from core.store.tables.exports import ExportRow
from tests.conftest import ADA, ENVIRONMENT

SECRETS = {
    "OPS": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "BEAT": "https://hc-ping.example/4f0c-secret",
}
ALERTS = """
alerts:
  channels:
    - name: Ops
      address: ${OPS}
      reasons: [failed, held, recovered]
      exports: [Newsletter]
      digest: "07:30"
  heartbeat: {address: "${BEAT}"}
  limits: {rejected: 2}
"""


def person(store: Store, name: str, role: Role) -> Person:
    with store.begin() as session:
        return Person(name, role, accounts.add(session, ADA, name, role).id)


def own(store: Store, who: Person, name: str = "Mine") -> int:
    spec = Channel(name=name, address="me@example.com")
    with store.begin() as session:
        address = spec.address
        return channels.add(session, store.vault, who, spec, address=address, is_own=True).id


def brought(store: Store, folder: Path, text: str = ALERTS, **options: bool) -> list[apply.Change]:
    """What applying a file with these lines did."""
    file = folder / "alerts.yaml"
    file.write_text(text)
    found, keys = read(file, ENVIRONMENT | SECRETS)
    return apply.apply(store, ADA, apply.prepare(store, found, keys), **options)


@pytest.mark.usefixtures("export")
def test_a_file_brings_alerts_once_and_prints_them_without_secrets(store: Store, tmp_path: Path):
    made = [(change.name, change.what) for change in brought(store, tmp_path)]
    assert made == [("Ops", "created"), ("heartbeat", "changed"), ("limits", "changed")]
    assert {change.what for change in brought(store, tmp_path)} == {"unchanged"}
    printed = dump.text(store, ADA)
    for secret in SECRETS.values():
        assert secret not in printed
    section = "alerts:" + printed.partition("\nalerts:")[2]
    assert {change.what for change in brought(store, tmp_path, section)} == {"unchanged"}


@pytest.mark.usefixtures("export")
def test_what_a_file_no_longer_names_goes_only_with_prune(store: Store, tmp_path: Path):
    brought(store, tmp_path)
    own(store, person(store, "Vera", Role.viewer))
    assert brought(store, tmp_path, "alerts: {channels: []}") == []
    gone = brought(store, tmp_path, "alerts: {channels: []}", prune=True)
    assert [(change.name, change.what) for change in gone] == [("Ops", "removed")]
    with store.begin() as session:
        assert [row.name for row in channels.everything(session)] == ["Mine"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("alerts: {channels: [{name: Ops, address: 'json://s3cr3t'}]}", "has its address as text"),
        ("alerts: {heartbeat: {address: 'https://example.com/s3cr3t'}}", "has its address as text"),
        ("alerts: {channels: [{name: Ops, address: '${S3CR3T}'}]}", "S3CR3T .* is not set"),
        ("alerts: {channels: [{name: O, address: '${OPS}', reasons: [x]}]}", "alerts.channels.0"),
    ],
)
@pytest.mark.usefixtures("export")
def test_a_file_with_a_mistake_says_where_it_is(store: Store, tmp_path: Path, text: str, says: str):
    with pytest.raises(Invalid, match=says) as refused:
        brought(store, tmp_path, text)
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.usefixtures("export")
def test_the_address_is_encrypted_and_in_no_audit(store: Store, tmp_path: Path):
    brought(store, tmp_path)
    with store.begin() as session:
        [row] = channels.team(session)
        assert "TIiajkdn" not in row.address
        assert channels.address_of(store.vault, row) == SECRETS["OPS"]
        said = [f"{one.kind} {one.what}" for one in audit.entries(session, ADA)]
        assert "alert channel Ops" in said
        assert not [one for one in said if "TIiajkdn" in one or "hc-ping" in one]
        assert alert_settings.heartbeat_host(session) == "hc-ping.example"
    used = store.settings.home / "segferry.sqlite"
    assert b"TIiajkdnlazkcOXrIdevi7FQ" not in used.read_bytes()


def test_a_persons_channel_is_theirs_alone(store: Store):
    vera, egon = (person(store, name, Role.viewer) for name in ("Vera", "Egon"))
    id = own(store, vera)
    for other in (egon, ADA):
        with store.begin() as session:
            assert channels.own(session, other) == []
        with pytest.raises(Denied), store.begin() as session:
            channels.remove(session, other, channels.find(session, id))
    with store.begin() as session:
        channels.remove(session, vera, channels.find(session, id))


def test_a_person_has_a_few_channels_and_each_name_once(store: Store):
    vera = person(store, "Vera", Role.viewer)
    own(store, vera)
    with pytest.raises(Invalid, match="already a channel “Mine”"):
        own(store, vera)
    for n in range(channels.MOST_OWN - 1):
        own(store, vera, f"Mine {n}")
    with pytest.raises(Conflict, match="at most 5"):
        own(store, vera, "One more")


def test_a_channel_of_a_removed_export_does_not_tell_of_all_others(
    store: Store, tmp_path: Path, export: ExportRow
):
    brought(store, tmp_path)
    with store.begin() as session:
        exports.remove(session, ADA, exports.find(session, "Newsletter"))
        [row] = channels.team(session)
        assert channels.tells_nothing(row)
    assert "Ops" not in dump.text(store, ADA)

"""The configuration file: applied as a whole or not at all, and printed again."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.configuration.configuration import Configuration
from core.configuration.file import read
from core.configuration.values import problems
from core.errors import Invalid, SegferryError, Unknown
from core.store import Store, connections, dump, exports, preferences
from core.store.apply import Change
from tests.conftest import ADA, ENVIRONMENT, applied, written


def test_applying_a_file_creates_everything_in_it(store: Store, configuration: Path):
    changes = applied(store, configuration)
    assert [(c.section, c.name, c.what) for c in changes] == [
        ("connections", "Klaviyo", "created"),
        ("sources", "Profiles", "created"),
        ("segments", "Everybody", "created"),
        ("exports", "Newsletter", "created"),
    ]


def test_applying_it_a_second_time_changes_nothing(store: Store, configuration: Path):
    applied(store, configuration)
    assert {c.what for c in applied(store, configuration)} == {"unchanged"}


def test_a_dry_run_says_what_would_change_and_changes_nothing(store: Store, configuration: Path):
    assert {c.what for c in applied(store, configuration, dry_run=True)} == {"created"}
    with store.begin() as session:
        assert exports.everything(session) == []


def test_what_is_printed_can_be_applied_again_and_changes_nothing(
    store: Store, configuration: Path, tmp_path: Path
):
    applied(store, configuration)
    printed = tmp_path / "printed.yaml"
    printed.write_text(dump.text(store, ADA))
    assert {c.what for c in applied(store, printed)} <= {"unchanged", "changed"}
    again = dump.text(store, ADA)
    assert again == printed.read_text()
    assert {c.what for c in applied(store, printed)} == {"unchanged"}


def test_the_numbers_of_billing_are_printed_as_they_were_applied(
    store: Store, configuration: Path, tmp_path: Path
):
    text = configuration.read_text()
    consent = "    consent:"
    numbers = f"    billing: {{plan: 50000, active: 41200}}\n{consent}"
    configuration.write_text(text.replace(consent, numbers))
    applied(store, configuration)
    printed = tmp_path / "printed.yaml"
    printed.write_text(dump.text(store, ADA))
    assert applied(store, printed)[1] == Change("connections", "Klaviyo", "unchanged")
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
    assert (row.plan_profiles, row.active_profiles) == (50_000, 41_200)
    configuration.write_text(text)
    assert applied(store, configuration)[0] == Change("connections", "Klaviyo", "changed")
    assert "billing:\n" not in dump.text(store, ADA)
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
    assert (row.plan_profiles, row.active_profiles, row.active_at) == (None, None, None)


SCHEDULES = [
    ("schedule: refresh", "refresh: {times: ['05:00'], time_zone: Europe/Riga}"),
    (
        "schedule: {days: [mon, thu], times: ['06:00', '18:00'], time_zone: Europe/Riga}",
        "refresh: {cron: '0 6 * * 1-5', time_zone: America/New_York, after_downtime: never}",
    ),
    (
        "schedule: {cron: '*/20 8-18 * * *', time_zone: UTC}\n    paused: true",
        "refresh: {times: ['05:00'], time_zone: Europe/Riga, active: false}",
    ),
]


@pytest.mark.parametrize(("of_export", "refresh"), SCHEDULES)
def test_schedules_are_printed_as_they_were_applied(
    store: Store, configuration: Path, tmp_path: Path, of_export: str, refresh: str
):
    configuration.write_text(f"{configuration.read_text().rstrip()}\n    {of_export}\n{refresh}\n")
    applied(store, configuration)
    printed = tmp_path / "printed.yaml"
    printed.write_text(dump.text(store, ADA))
    assert {c.what for c in applied(store, printed)} == {"unchanged"}
    found, _keys = read(printed, ENVIRONMENT)
    wanted, _keys = read(configuration, ENVIRONMENT)
    assert found.refresh == wanted.refresh
    assert (found.exports or ())[0].schedule == (wanted.exports or ())[0].schedule
    assert (found.exports or ())[0].paused == (wanted.exports or ())[0].paused


def test_the_refresh_of_a_file_is_switched_on_and_off_without_one(
    store: Store, configuration: Path
):
    applied(store, configuration)
    with store.begin() as session:
        assert not preferences.refresh(session).active
    configuration.write_text("refresh: {times: ['05:00'], time_zone: Europe/Riga}\n")
    applied(store, configuration)
    with store.begin() as session:
        assert preferences.refresh(session).active


def test_no_secret_is_printed(store: Store, configuration: Path):
    applied(store, configuration)
    text = dump.text(store, ADA)
    assert "${KLAVIYO_API_KEY}" in text
    assert ENVIRONMENT["KLAVIYO_API_KEY"] not in text


def test_the_key_comes_from_a_file_as_well(configuration: Path, tmp_path: Path):
    (tmp_path / "key").write_text("pk_of_a_file\n")
    environment = {**ENVIRONMENT, "KLAVIYO_API_KEY_FILE": str(tmp_path / "key")}
    with pytest.raises(Invalid, match="KLAVIYO_API_KEY and KLAVIYO_API_KEY_FILE are both set"):
        read(configuration, environment)
    del environment["KLAVIYO_API_KEY"]
    _found, keys = read(configuration, environment)
    assert keys["Klaviyo"] == "pk_of_a_file"


def test_the_key_is_encrypted_in_the_database(store: Store, configuration: Path):
    applied(store, configuration)
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
    assert "0123456789" not in row.secret
    assert store.vault.unlock(row.secret) == ENVIRONMENT["KLAVIYO_API_KEY"]
    assert row.secret_ending == "…cdef"
    files = store.settings.home.glob("segferry.sqlite*")
    assert not any(b"pk_0123456789" in file.read_bytes() for file in files)


def test_only_prune_removes_what_the_file_no_longer_names(store: Store, configuration: Path):
    applied(store, configuration)
    configuration.write_text("exports: []\n")
    assert applied(store, configuration) == []
    removed = applied(store, configuration, prune=True)
    assert [(c.section, c.name, c.what) for c in removed] == [("exports", "Newsletter", "removed")]


def test_a_section_that_is_missing_prunes_nothing(store: Store, configuration: Path):
    applied(store, configuration)
    configuration.write_text("refresh: {days: daily, times: ['05:00'], time_zone: Europe/Riga}\n")
    assert [c.section for c in applied(store, configuration, prune=True)] == ["refresh"]


WRONG = {
    "an empty file": ("", "is empty"),
    "a list": ("- a\n", "has to consist of sections"),
    "broken YAML": ("exports: [\n", "line"),
    "an unknown section": ("exprots: []\n", "exprots"),
    "a literal key": (
        "connections: [{name: K, api_key: pk_1234567890, consent: {agreed_by: a}}]\n",
        "has its API key as text",
    ),
    "a variable that is not set": (
        "connections: [{name: K, api_key: '${NOT_SET}', consent: {agreed_by: a}}]\n",
        "NOT_SET",
    ),
    "no consent": ("connections: [{name: K, api_key: '${KLAVIYO_API_KEY}'}]\n", "consent"),
    "a name twice": (
        "sources: [{name: P, path: a.csv}, {name: P, path: b.csv}]\n",
        "is used twice",
    ),
    "http to elsewhere": (
        "connections: [{name: K, api_key: '${KLAVIYO_API_KEY}', base_url: 'http://a.example', "
        "consent: {agreed_by: a}}]\n",
        "http",
    ),
    "a plan without its active profiles": (
        "connections: [{name: K, api_key: '${KLAVIYO_API_KEY}', billing: {plan: 500}, "
        "consent: {agreed_by: a}}]\n",
        "billing.active is missing",
    ),
    "five times a day": (
        "refresh: {times: ['01:00','02:00','03:00','04:00','05:00'], time_zone: Europe/Riga}\n",
        "times",
    ),
    "an unknown time zone": (
        "refresh: {times: ['01:00'], time_zone: Europe/Rome2}\n",
        "Europe/Rome2",
    ),
}


@pytest.mark.parametrize(("content", "told"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_with_a_sentence(
    store: Store, tmp_path: Path, content: str, told: str
):
    file = tmp_path / "wrong.yaml"
    file.write_text(content)
    with pytest.raises(Invalid, match=told):
        applied(store, file)


UNKNOWN = [
    ("country, op: equals", "contry, op: equals", "country"),
    ("first_name: first_name", "first_name: frist_name", "first_name"),
    ("segments: [Everybody]", "segments: [Evrybody]", "Everybody"),
    ("connection: Klaviyo", "connection: Klavio", "Klaviyo"),
    ("source: Profiles", "source: Profile", "Profiles"),
]


@pytest.mark.parametrize(("right", "wrong", "nearest"), UNKNOWN)
def test_an_unknown_name_is_told_with_the_nearest_and_nothing_is_changed(
    store: Store, configuration: Path, right: str, wrong: str, nearest: str
):
    configuration.write_text(configuration.read_text().replace(right, wrong))
    with pytest.raises(Unknown) as caught:
        applied(store, configuration)
    assert f"“{nearest}”" in str(caught.value)
    with store.begin() as session:
        assert connections.everything(session) == []


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("rules:", "rule:", "segments “Everyone” rule isn't known; did you mean “rules”?"),
        ("op:", "opp:", "rules.all.0.opp isn't known; did you mean “op”?"),
        ("all:", "al:", "rules.al isn't known; did you mean “all”?"),
        ("city:", "citty:", "match.location.citty isn't known; did you mean “city”?"),
        ("remove:", "removes:", "guards.removes isn't known; did you mean “remove”?"),
        ("base_url:", "base-url:", "base-url isn't known; did you mean “base_url”?"),
        ("exports:", "export:", "export isn't known; did you mean “exports”?"),
        ("city:", "xyzzy:", "xyzzy isn't known; known are address1, address2, city"),
    ],
)
def test_a_key_that_isnt_known_comes_with_the_nearest(tmp_path: Path, right, wrong, sentence):
    path = tmp_path / "segferry.yaml"
    path.write_text(KEYS.replace(right, wrong))
    with pytest.raises(Invalid) as caught:
        read(path, {"KEY": "pk_any"})
    assert sentence in str(caught.value)


KEYS = """
connections: [{name: K, api_key: "${KEY}", base_url: "http://127.0.0.1:1", consent: {agreed_by: x}}]
sources: [{name: P, path: p.parquet}]
segments: [{name: Everyone, source: P, rules: {all: [{field: email, op: is_not_empty}]}}]
exports:
  - name: N
    connection: K
    list_id: Y6nRLr
    segments: [Everyone]
    match: {email: email, location: {city: city}}
    guards: {remove: 10}
"""


def test_yaml_is_read_as_1_2_where_no_and_off_are_text(
    store: Store, configuration: Path, tmp_path: Path
):
    text = configuration.read_text().replace("value: LV", "value: NO") + "    schedule: off\n"
    configuration.write_text(text)
    applied(store, configuration)
    assert "value: NO" in dump.text(store, ADA).replace("'", "")


def test_paths_are_relative_to_the_file(store: Store, tmp_path: Path, profiles: Path):
    file = written(tmp_path, Path(profiles.name), "http://127.0.0.1:1")
    found, _keys = read(file, ENVIRONMENT)
    assert found.sources
    assert found.sources[0].path == str(profiles)


def test_a_limit_beyond_its_range_names_its_export(store: Store, configuration: Path):
    configuration.write_text(configuration.read_text() + "    limit: 0\n")
    with pytest.raises(Invalid, match="exports “Newsletter” limit"):
        applied(store, configuration)


YAML_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
SECTIONS = st.sampled_from(["connections", "sources", "segments", "exports", "refresh", "other"])


@given(data=st.dictionaries(SECTIONS, YAML_VALUES))
def test_whatever_stands_in_a_file_it_is_valid_or_told_in_sentences(data: dict[str, object]):
    from pydantic import ValidationError

    told = {}
    try:
        Configuration.model_validate(data)
    except ValidationError as error:
        told = problems(error)
    assert all(told.values())


@given(text=st.text())
def test_any_text_as_a_file_is_read_or_refused_with_a_sentence(
    text: str, tmp_path_factory: pytest.TempPathFactory
):
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    told = "nothing, it was read"
    try:
        read(file, {})
    except SegferryError as error:
        told = str(error)
    assert told


def laughs(levels: int, each: int) -> str:
    """So many levels of lists, each of which names the one before so often."""
    lines = ["a0: &a0 [lol]"]
    for n in range(1, levels):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * each)}]")
    return "\n".join(lines)


@pytest.mark.parametrize("text", [laughs(10, 9), laughs(25, 2), "a: &a [*a]", "a: &a {b: {c: *a}}"])
def test_aliases_that_would_become_a_billion_values_are_refused_at_once(tmp_path: Path, text: str):
    (tmp_path / "laughs.yaml").write_text(text)
    with pytest.raises(Invalid, match="too large when its aliases"):
        read(tmp_path / "laughs.yaml", {})


def test_aliases_may_save_writing(tmp_path: Path):
    rules = "{all: [{field: country, op: equals, value: LV}]}"
    (tmp_path / "few.yaml").write_text(
        f"segments:\n  - {{name: A, source: P, rules: &latvia {rules}}}\n"
        "  - {name: B, source: P, rules: *latvia}\n"
    )
    found, _keys = read(tmp_path / "few.yaml", {})
    assert [one.name for one in found.segments or ()] == ["A", "B"]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("    guards: {remove: false}", "guards.remove"),
        ("    limit: true", "limit"),
        ("\nretention: {journal: true}", "retention.journal"),
    ],
)
def test_a_switch_in_place_of_a_number_is_refused_and_not_taken_for_one_or_zero(
    tmp_path: Path, profiles: Path, more: str, place: str
):
    with pytest.raises(Invalid, match="write a number, not on or off") as found:
        read(written(tmp_path, profiles, "http://127.0.0.1:1", more), ENVIRONMENT)
    assert place in str(found.value)

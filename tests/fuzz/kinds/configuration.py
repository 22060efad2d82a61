"""The configuration file: applied as a whole, or refused with nothing of it done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

from core.access import Person, Role
from core.configuration.file import read
from core.errors import SegferryError
from core.settings import Settings
from core.store import apply, dump, open_store
from tests.fuzz.kinds import Kind, Trial
from tests.fuzz.mutations import mutated

ADA = Person("Ada", Role.administrator)
ENVIRONMENT = {"KEY": "pk_0123456789abcdef", "URL": "postgresql://reader@127.0.0.1:9/shop"}
PARTS = {
    "connections": b"""connections:
  - {name: Klaviyo, api_key: "${KEY}", base_url: "http://127.0.0.1:9",
     consent: {agreed_by: ops@example.com}, billing: {plan: 50000, active: 41200}}
""",
    "sources": b"""sources:
  - {name: People, path: people.csv, separator: ";", dates: dmy, encoding: utf-8, key: id}
""",
    "segments": b"""segments:
  - {name: Everybody, source: People, rules: {all: [{field: country, op: equals, value: LV}]}}
  - {name: Some, source: People, rules: {sql: "country = 'LV' and spent > 1.5"}}
  - {name: Both, source: People, rules: {any: [{segment: Some}, {segment: Everybody}]}}
""",
    "exports": b"""exports:
  - name: Newsletter
    connection: Klaviyo
    list_id: Y6nRLr
    segments: [Everybody]
    match: {email: email, properties: {spent: spent}}
    schedule: {days: [mon, thu], times: ['06:00', '18:00'], time_zone: Europe/Riga}
    guards: {remove: 10}
""",
    "refresh": b"""refresh: {cron: '0 6 * * 1-5', time_zone: Asia/Tokyo, after_downtime: never}
guards: {remove: 20}
retention: {runs: 400}
""",
}
WHOLE = b"".join(PARTS.values())
DATABASE = b"""sources:
  - {name: Orders, type: database, url: "${URL}", table: public.orders}
"""
WORDS = [
    *("-", ":", "{}", "[]", "&a", "*a", "!!python/object:os.system", "?", "|", ">", "%"),
    *("@", "`", "~", "null", "yes", "1e999", ".nan", ".inf", "0o7", "1_000"),
    *("2026-02-30", "name:", "source:", "rules:", "all:", "any:", "field:", "op:"),
    *("equals", "value:", "segments:", "exports:", "match:", "sql:", "${KEY}", "<<:"),
    *("*a", "!!binary", "!!set", "!!omap", "!!timestamp", "2026-01-01T25:00:00Z", "---"),
    *("...", "#", "0x", "12:30:45", '""', "''", '"\\ud800"', '"\\0"', ""),
]
LINES = st.lists(st.sampled_from([*WORDS, "\n", "\n  ", "\n    "]), max_size=30).map(" ".join)


@contextmanager
def _opened(folder: Path) -> Iterator[Trial]:
    store = open_store(Settings(home=folder / "data"))
    file = folder / "segferry.yaml"
    (folder / "people.csv").write_text("id;email;country;spent\n1;a@example.com;LV;2\n")

    def tried(case: bytes) -> None:
        before = dump.text(store, ADA)
        file.write_bytes(case)
        try:
            found, keys = read(file, ENVIRONMENT)
            apply.apply(store, ADA, apply.prepare(store, found, keys))
        except SegferryError:
            assert dump.text(store, ADA) == before, "a file that was refused has changed something"
            raise

    yield tried
    store.close()


KIND = Kind(
    "configuration",
    4,
    mutated([WHOLE, WHOLE, *PARTS.values(), DATABASE], 4)
    | LINES.map(lambda text: text.encode())
    | LINES.map(lambda text: WHOLE + text.encode()),
    _opened,
)

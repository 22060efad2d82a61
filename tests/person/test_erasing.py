"""Erasing a person: no trace of them is left, numbers stay, and it sticks."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import polars as pl
import pytest

from core.access import Person, Role
from core.errors import Conflict, Denied
from core.person import erasing, receipts
from core.person.look_up import look_up
from core.person.purging import Addresses, from_parquet, records_without
from core.preview import plan
from core.runs import rejects
from core.settings import Settings
from core.store import Store, accounts, audit, drafts, erasures, exports, open_store, requests, runs
from core.store.drafts import Form
from core.store.tables.runs import Run
from tests.conftest import ADA
from tests.person.conftest import ANNA, FORMER
from tests.person.test_paper import text_of
from tests.workbooks import workbook

BOTH = Addresses((ANNA, FORMER))
KARL = Person("Karl", Role.contributor, 3)


def traces(home: Path) -> Iterator[str]:
    """The files of the data folder that have one of the addresses, unpacked and decoded."""
    for file in sorted(path for path in home.rglob("*") if path.is_file()):
        low = b"".join(contents(file.read_bytes())).lower()
        if any(email.encode() in low for email in BOTH.emails):
            yield str(file.relative_to(home))


def contents(content: bytes) -> Iterator[bytes]:
    """The bytes, and what is packed in them."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from contents(archive.read(name))
    if content.startswith(b"\x1f\x8b"):
        yield from contents(gzip.decompress(content))
    if content.startswith(b"PAR1"):
        yield pl.read_parquet(io.BytesIO(content)).write_ndjson().encode()


@pytest.fixture
def scattered(store: Store, story: list[Run]) -> None:
    """They are named in errors, in a draft, in the audit, in an upload and in what was asked."""
    settings = store.settings
    with store.begin() as session:
        run = runs.find(session, story[0].id)
        run.error = f"Klaviyo answered: {ANNA.upper()} bounced."
        run.order_data = run.order_data | {"only_email": FORMER}
        session.add(run)
        audit.record(session, ADA, audit.Deed.asked, "test on one person", ANNA)
        account = accounts.add(session, ADA, "Boss", Role.administrator)
        boss = Person("Boss", Role.administrator, account.id)
        drafts.keep(session, boss, Form("segment"), {"rules": [ANNA]}, {})
    settings.uploads.mkdir(parents=True, exist_ok=True)
    (settings.uploads / f"{1:08x}{'0' * 24}-more.csv").write_bytes(
        f'email,note\r\n{ANNA},"two\r\nlines"\r\np2@example.com,"x, ""y"""\r\n'.encode()
    )
    rows = [["email", "note"], [ANNA, "x"], ["p2@example.com", "y"]]
    book = workbook(People=rows)
    (settings.uploads / f"{1:08x}{'1' * 24}-more.xlsx").write_bytes(book)
    lines = f"email,note\n{FORMER},x\np2@example.com,y\n".encode()
    (settings.uploads / f"{1:08x}{'2' * 24}-more.csv.gz").write_bytes(gzip.compress(lines))
    arrival = settings.arrivals / "1" / "0b1c2d3e-0000-4000-8000-000000000000"
    arrival.parent.mkdir(parents=True)
    arrival.write_bytes(gzip.compress(book))
    refused = pl.DataFrame(
        {"row": [1], "email": [ANNA], "reason": ["refused"], "detail": [f"'{ANNA}' bounced"]}
    )
    rejects.keep_refused(settings, story[1], 1, "job", refused)


@pytest.mark.usefixtures("scattered")
def test_no_trace_of_them_is_left_in_the_data_folder(store: Store, story: list[Run]):
    home, before = store.settings.home, list(traces(store.settings.home))
    assert any("segferry.sqlite" in file for file in before)
    assert any("sent.parquet" in file for file in before)
    assert any("uploads" in file for file in before)
    row = erasing.begin(store, ADA, erasing.offered(store, ADA, ANNA))
    receipt = erasing.carry(store, row.id)
    assert list(traces(home)) == []
    assert receipt.finished_at
    assert receipt.locked is None
    assert receipt.steps["ledgers"]["rows"] > 0
    assert receipt.steps["uploads"] | {"at": ""} == {"files": 4, "rows": 4, "at": ""}
    assert look_up(store, ADA, ANNA).events == ()


@pytest.mark.usefixtures("scattered")
def test_numbers_and_other_people_stay(store: Store, story: list[Run]):
    others = look_up(store, ADA, "p2@example.com").events
    with store.begin() as session:
        before = [(r.members, r.sent, r.accepted, r.removed) for r in runs.everything(session)]
    erasing.carry(store, erasing.begin(store, ADA, [ANNA, FORMER]).id)
    with store.begin() as session:
        after = [(r.members, r.sent, r.accepted, r.removed) for r in runs.everything(session)]
    assert after == before
    assert look_up(store, ADA, "p2@example.com").events == others
    (row,) = rejects.of_run(store.settings, story[1]).iter_rows(named=True)
    assert (row["email"], row["detail"]) == ("erased", None)
    (upload,) = store.settings.uploads.glob("*.csv")
    assert upload.read_bytes() == b'email,note\r\np2@example.com,"x, ""y"""\r\n'


def test_klaviyo_is_asked_to_delete_them(store: Store, story: list[Run]):
    with store.begin() as session:
        url = exports.connection_of(session, exports.find(session, "Newsletter")).base_url
    before = httpx.get(f"{url}/sandbox/state").json()["deletions"]
    receipt = erasing.carry(store, erasing.begin(store, ADA, [ANNA]).id)
    (told,) = [found for name, found in receipt.steps.items() if name.startswith("connection")]
    assert (told["name"], told["asked"]) == ("Klaviyo", 1)
    deletions = httpx.get(f"{url}/sandbox/state").json()["deletions"]
    assert sum(deletions.values()) == sum(before.values()) + 1


def test_without_the_scope_the_receipt_says_what_to_do_by_hand(store: Store, story: list[Run]):
    with store.begin() as session:
        url = exports.connection_of(session, exports.find(session, "Newsletter")).base_url
    row = erasing.begin(store, ADA, [ANNA])
    restricted = {"keys": {"pk_0123456789abcdef": ["lists:read", "profiles:read"]}}
    httpx.post(f"{url}/sandbox/keys", json=restricted).raise_for_status()
    try:
        receipt = erasing.carry(store, row.id)
    finally:
        httpx.post(f"{url}/sandbox/keys", json={"keys": None}).raise_for_status()
    (told,) = [found for name, found in receipt.steps.items() if name.startswith("connection")]
    assert "data-privacy:write" in told["problem"]
    assert receipt.finished_at
    text = text_of(receipts.as_pdf(store, ADA, row.id))
    assert receipt.steps["sources"]["names"] == ["Profiles"]
    for words in (
        "Receipt of erasure",
        "to be corrected there: Profiles",
        "Delete the profile there by hand",
        row.digests[0],
    ):
        assert words in text
    assert ANNA not in text
    assert [one.id for one in receipts.of_addresses(store, ADA, [ANNA.upper()])] == [row.id]


def test_what_a_crash_left_is_finished_once(store: Store, story: list[Run]):
    row = erasing.begin(store, ADA, [ANNA, FORMER])

    class Killed(BaseException):
        """As kill -9: nothing after it is done."""

    def die(share: float, _doing: str) -> None:
        if share > 0.4:
            raise Killed

    with pytest.raises(Killed):
        erasing.carry(store, row.id, die)
    again = open_store(Settings(home=store.settings.home))
    with again.begin() as session:
        (half,) = erasures.unfinished(session)
    assert "ledgers" in half.steps
    assert half.locked
    erasing.resume(again)
    with again.begin() as session:
        assert erasures.unfinished(session) == []
        done = erasures.find(session, row.id)
    assert done.steps["ledgers"] == half.steps["ledgers"]
    again.close()
    assert list(traces(store.settings.home)) == []


def test_it_waits_for_runs_and_is_for_administrators(store: Store, story: list[Run]):
    with pytest.raises(Denied):
        erasing.begin(store, KARL, [ANNA])
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        run.status = "running"
        session.add(run)
    with pytest.raises(Conflict, match="Newsletter"):
        erasing.begin(store, ADA, [ANNA])


def test_a_later_preview_leaves_them_out(store: Store, story: list[Run]):
    erasing.carry(store, erasing.begin(store, ADA, ["p3@example.com"]).id)
    found = plan.preview(store, ADA, "Newsletter")
    assert found.rejected == {"erased": 1}


def test_who_has_a_longer_address_stays(tmp_path: Path):
    file = tmp_path / "copy.parquet"
    emails = ["Anna@Example.com", "joanna@example.com", "anna@example.com.au", "x"]
    notes = ["", "", "", "mail ANNA@example.com, anna@example.com."]
    pl.DataFrame({"mail": emails, "note": notes}).write_parquet(file)
    assert from_parquet(file, Addresses(("anna@example.com",))) == 2
    assert pl.read_parquet(file)["mail"].to_list() == ["joanna@example.com", "anna@example.com.au"]
    named = pl.DataFrame({"email": emails, "note": notes})
    named.write_parquet(file)
    assert from_parquet(file, Addresses(("anna@example.com",))) == 1
    assert pl.read_parquet(file)["note"].to_list() == ["", "", "mail erased, erased."]


def test_records_go_with_the_lines_in_their_cells():
    content = b'a,b\n"x\ny",anna@example.com\n1,2\n'
    assert records_without(content, Addresses(("anna@example.com",))) == (b"a,b\n1,2\n", 1)

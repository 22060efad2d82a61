"""The description of the API: committed as it is made, right, and what the API really does."""

import hmac
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api import openapi
from core.api.endpoints import ENDPOINTS, Endpoint
from core.store import Store, exports, progress, requests, runs
from core.store.tables.runs import RunStatus
from tests.conftest import ADA

EXAMPLES = 8  # requests to each endpoint
DOCS = Path(__file__).parents[2] / "docs"


def test_the_committed_description_is_made_from_the_table():
    assert json.loads((DOCS / "openapi.json").read_text()) == openapi.document(), "make schema"


def test_every_endpoint_is_described_with_words_and_its_schemas_are_right():
    document = openapi.document()
    found = {
        (method.upper(), path, operation["operationId"])
        for path, place in document["paths"].items()
        for method, operation in place.items()
        if operation["summary"]
    }
    assert found == {(one.method, f"/api{one.path}", one.do.__name__) for one in ENDPOINTS}
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.do.__name__)
def test_the_api_does_what_it_describes(
    store: Store, served: Starlette, token, clock: list[float], endpoint: Endpoint
):
    """By requests that fit the description and ones that don't, for what is there or isn't."""
    import schemathesis  # here: each process of tests imports this module

    secret = token("Newsletter", "refresh")
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        session.flush()
        there = {"name": "Newsletter", "id": run.id}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", served)
    operation = schema[f"/api{endpoint.path}"][endpoint.method]
    known = {name: there[name] for name in re.findall(r"{(\w+)}", endpoint.path)}
    right = operation.as_strategy(path_parameters=known) if known else operation.as_strategy()
    wrong = operation.as_strategy(schemathesis.GenerationMode.NEGATIVE)

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], database=None)
    @given(right | operation.as_strategy() | wrong)
    def does(case: Any) -> None:
        clock[0] += 60.0
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})

    does()


def test_the_docs_name_every_endpoint():
    text = (DOCS / "api.md").read_text()
    assert [one.path for one in ENDPOINTS if f"`{one.method} /api{one.path}`" not in text] == []


def code_of_docs(served: Starlette, token: str) -> dict[str, Any]:
    """All that docs/api.md has for programs that need nothing but httpx, with clients in process.

    The examples for other programs are compiled, which is all that can be done here.
    """
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "api.md").read_text(), re.DOTALL)
    function, airflow, dagster, dbt = blocks
    for other in (airflow, dagster):
        compile(other, "api.md", "exec")
    code: dict[str, Any] = {}
    exec(function + dbt, code)  # noqa: S102 - our own docs
    headers = {"Authorization": f"Bearer {token}"}
    code["segferry"] = lambda _url, _token: TestClient(served, headers=headers)
    return code


def test_the_function_of_the_docs_follows_a_run_to_its_end(store: Store, served: Starlette, token):
    code, waits = code_of_docs(served, token("Newsletter")), []

    def pause(seconds: float) -> None:
        """While it waits, the run ends."""
        waits.append(seconds)
        with store.begin() as session:
            progress.step(session, 1, RunStatus.running)
            progress.step(session, 1, RunStatus.succeeded)

    code["time"] = SimpleNamespace(monotonic=lambda: 0.0, sleep=pause)
    client = code["segferry"]("", "")
    assert code["run_export"](client, "Newsletter", "job-1")["status"] == "succeeded"
    assert waits == [5]
    assert code["run_export"](client, "Newsletter", "job-1")["run_id"] == 1
    with pytest.raises(RuntimeError, match="nothing here for this token"):
        code["run_export"](client, "Second", "job-2")


def test_the_receiver_of_the_docs_starts_a_run_for_a_job_that_succeeded(
    store: Store, served: Starlette, token, monkeypatch: pytest.MonkeyPatch
):
    for name in ("DBT_CLOUD_WEBHOOK_SECRET", "SEGFERRY_URL", "SEGFERRY_TOKEN"):
        monkeypatch.setenv(name, "given")
    receiver = TestClient(code_of_docs(served, token("Newsletter"))["app"])

    def sent(status: str, signature: str | None = None) -> int:
        body = json.dumps({"eventId": "wev_1", "data": {"runStatus": status}}).encode()
        right = hmac.new(b"given", body, "sha256").hexdigest()
        headers = {"Authorization": signature or right}
        return receiver.post("/dbt", content=body, headers=headers).status_code

    assert [sent("Success", "wrong"), sent("Errored")] == [401, 200]
    with store.begin() as session:
        assert runs.everything(session) == []
    assert [sent("Success"), sent("Success")] == [200, 200]
    with store.begin() as session:
        assert [run.trigger for run in runs.everything(session)] == ["api"]

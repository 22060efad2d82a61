"""Logs as JSON with run ids, requests without ids and keys, spans that cost nothing."""

import json
import logging

from core import traces


def test_a_log_line_is_json_with_the_run_that_it_is_about():
    record = logging.LogRecord("core.x", logging.ERROR, "", 1, "It %s.", ("failed",), None)
    with traces.about(7, "send"):
        found = json.loads(traces.JsonLines().format(record))
    assert (found["run"], found["level"], found["message"]) == (7, "error", "It failed.")
    assert "run" not in json.loads(traces.JsonLines().format(record))


def test_requests_are_noted_without_what_tells_of_people_or_keys():
    with traces.recorded() as made:
        with traces.requesting("GET", "/api/profiles/01HX5/?filter=any(email,[a@b.lv])") as status:
            status.append(429)
        for _n in range(2 * traces.MOST):
            with traces.requesting("POST", "/api/lists"):
                pass
    assert (made[0].method, made[0].path, made[0].status) == ("GET", "/api/profiles/…/", 429)
    assert len(made) == traces.MOST
    assert made[1].status == 0


def test_spans_are_sent_where_opentelemetry_is_set_up():
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traces.trace_with(provider.get_tracer("segferry"))
    with traces.about(3, "send"), traces.requesting("GET", "/api/lists/Y6n") as status:
        status.append(200)
    traces.trace_with(None)
    with traces.about(4, "send"):
        pass
    inner, outer = exporter.get_finished_spans()
    assert (inner.name, outer.name) == ("segferry.request", "segferry.send")
    assert inner.attributes["segferry.status"] == 200
    assert outer.attributes["segferry.run"] == 3
    assert inner.parent.span_id == outer.context.span_id

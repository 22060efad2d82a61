import json
import socket
import ssl

import httpx
import pytest

from core.destinations.klaviyo.settings import KlaviyoSettings
from core.errors import (
    AnswerLost,
    Forbidden,
    Missing,
    NotAccepted,
    Rejected,
    RowsRejected,
    TooLarge,
    Unavailable,
)

TRIES = KlaviyoSettings().tries

BODY = '{"type":"profile","attributes":{"email":"a@example.com"}}'
ACCOUNT = {
    "id": "AbC123",
    "attributes": {
        "test_account": True,
        "contact_information": {"organization_name": "Baltic Outfitters"},
        "timezone": "Europe/Riga",
    },
}
ROW = "/data/attributes/profiles/data/{}/attributes/email"
BUSY = {
    429: "Klaviyo is receiving too many requests for this Klaviyo account",
    500: "Klaviyo has a problem of its own (status 500)",
    502: "Klaviyo has a problem of its own (status 502)",
    503: "Klaviyo has a problem of its own (status 503)",
    504: "Klaviyo has a problem of its own (status 504)",
}


def told(error):
    """The sentence of an error that belongs to exactly this type."""
    return type(error.value), str(error.value)


@pytest.mark.parametrize(
    ("status", "detail", "sentence"),
    [
        (400, "Bad.", "Klaviyo refused the whole request about “Y6nRLr” in this Klaviyo account."
         " Klaviyo says: “Bad.”"),
        (401, "", "Klaviyo doesn't accept the private key of this Klaviyo account. It may have been"
         " deleted: make a new one in Klaviyo, Settings, API keys (it begins with pk_), and enter"
         " it in the connection."),
        (403, "", "The private key of this Klaviyo account lacks a scope: lists:read."),
        (403, "Missing scopes: profiles:read.", "lacks a scope: profiles:read. A key's scopes can't"
         " be changed: make a new key in Klaviyo with accounts:read, lists:read, lists:write,"
         " profiles:read, profiles:write, and enter it in the connection."),
        (404, "", "There is no list “Y6nRLr” in this Klaviyo account. Choose another list in the"
         " export, or check whether it was deleted in Klaviyo."),
        (404, "Unknown revision.", "Klaviyo doesn't know the revision 2026-10-15 of its API. Check"
         " the revision of the connection."),
        (409, "Duplicate.", "What was sent conflicts with what is already in this Klaviyo account"),
        (410, "", "Klaviyo has retired revision 2026-10-15 of its API (its support ended on"
         " 2028-10-15). Choose a newer revision in the connection, or update Segferry."),
        (413, "", "finds the request of 0 bytes too large: Klaviyo takes 5 MB"),
        (405, "Method.", "Klaviyo refused the request to this Klaviyo account (status 405). Klaviyo"
         " says: “Method.”"),
        (422, "A {brace} in it.", "Klaviyo says: “A {brace} in it.”"),
    ],
)  # fmt: skip
def test_each_refusal_has_its_sentence_and_is_not_repeated(
    klaviyo, script, status, detail, sentence
):
    script.says(status, {"errors": [{"detail": detail}]})
    with pytest.raises(Rejected) as caught:
        klaviyo.list_facts("Y6nRLr")
    kind, text = told(caught)
    assert kind is {401: NotAccepted, 403: Forbidden, 404: Missing}.get(status, Rejected)
    assert sentence in text
    assert klaviyo.requests == 1


def test_an_import_to_an_unknown_list_names_it_too(klaviyo, script):
    script.refuses(404)
    with pytest.raises(Rejected, match="There is no list “Nix”"):
        klaviyo.send("Nix", [BODY])


def test_an_import_says_how_large_a_batch_was_too_large(klaviyo, script):
    script.refuses(413)
    with pytest.raises(TooLarge, match=r"the request of 10,2.. bytes too large"):
        klaviyo.send("Nix", [BODY + " " * 10_000])


def test_a_forgotten_job_is_told_as_such(klaviyo, script):
    script.refuses(404)
    with pytest.raises(Rejected, match=r"no import job “J1” in this .*forgets jobs after a week"):
        klaviyo.jobs.check("J1")


def test_a_wrong_address_is_told_as_such(klaviyo, script, address):
    script.says(404, b"<html>nothing here")
    with pytest.raises(
        Rejected, match=r"has nothing at /api/lists\. Check the address and the rev"
    ):
        list(klaviyo.lists())


def test_the_scopes_of_the_endpoint_are_named_where_klaviyo_names_none(klaviyo, script):
    script.refuses(403, "Forbidden.")
    with pytest.raises(Rejected, match="lacks a scope: lists:write, profiles:write"):
        klaviyo.send(None, [BODY])


def test_the_account_is_named_once_it_is_known(klaviyo, script):
    script.says(200, {"data": [ACCOUNT]}).refuses(401)
    klaviyo.account()
    with pytest.raises(Rejected, match="of the Klaviyo account “Baltic Outfitters”"):
        klaviyo.list_facts("Y6nRLr")


def test_a_refusal_that_points_at_rows_names_each_with_its_words(klaviyo, script):
    errors = [
        {"detail": "Invalid email address", "source": {"pointer": ROW.format(1)}},
        {"detail": "Too long", "source": {"pointer": "/data/attributes/profiles/data/12"}},
        {"detail": "Invalid phone", "source": {"pointer": ROW.format(1)}},
        {"detail": "Something else", "source": {"pointer": "/data"}},
        {"detail": "No source at all"},
    ]
    script.says(400, {"errors": errors})
    with pytest.raises(RowsRejected, match="Klaviyo refused 2 profiles") as caught:
        klaviyo.send(None, [BODY])
    assert caught.value.rows == {1: "Invalid email address Invalid phone", 12: "Too long"}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[1]", {"errors": {}}, {"errors": [1]}, {"errors": [{"source": []}]}, None],
)
def test_a_refusal_of_any_shape_is_still_a_sentence(klaviyo, script, body):
    script.says(400, body)
    with pytest.raises(Rejected, match="the whole request"):
        klaviyo.send(None, [BODY])


def test_long_words_are_cut(klaviyo, script):
    script.refuses(400, "x" * 5_000)
    with pytest.raises(Rejected) as caught:
        klaviyo.send(None, [BODY])
    assert len(str(caught.value)) < 800


@pytest.mark.parametrize("status", BUSY)
def test_trouble_that_stays_is_told_after_a_bounded_number_of_tries(klaviyo, script, status):
    for _ in range(TRIES):
        script.refuses(status)
    with pytest.raises(Unavailable) as caught:
        klaviyo.list_facts("Y6nRLr")
    assert told(caught)[0] is Unavailable
    assert BUSY[status] in str(caught.value)
    assert klaviyo.requests == TRIES
    assert klaviyo.throttled == (TRIES if status == 429 else 0)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_import_that_met_trouble_may_have_arrived(klaviyo, script, status):
    script.refuses(status)
    with pytest.raises(AnswerLost, match=f"status {status}"):
        klaviyo.send(None, [BODY])
    assert klaviyo.requests == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_never_followed(klaviyo, script, status):
    script.says(status, location="https://elsewhere.example/api/lists")
    with pytest.raises(Rejected, match=r"another address .elsewhere.example.*is not sent there"):
        list(klaviyo.lists())
    assert klaviyo.requests == 1


@pytest.mark.parametrize("location", ["/api/lists/", "https://[", None])
def test_an_odd_redirect_is_told_too(klaviyo, script, location):
    script.says(302, **({"location": location} if location else {}))
    with pytest.raises(Rejected, match=r"another address|status 302"):
        list(klaviyo.lists())


def test_broken_json_is_told_and_not_asked_for_again(klaviyo, script):
    script.says(200, b'{"data": {"id": "Y6n')
    with pytest.raises(Unavailable, match="isn't Klaviyo's JSON"):
        klaviyo.list_facts("Y6nRLr")
    assert klaviyo.requests == 1


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "data"),
        ([], "data"),
        ({"data": {"attributes": {}}}, "data.id"),
        ({"data": {"id": "", "attributes": {}}}, "data.id"),
        ({"data": {"id": "Y6nRLr"}}, "data.attributes"),
    ],
)
def test_an_unexpected_shape_names_what_is_missing(klaviyo, script, body, place):
    script.says(200, json.dumps(body).encode())
    with pytest.raises(Rejected, match=f"missing “{place}”"):
        klaviyo.list_facts("Y6nRLr")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "isn't Klaviyo's JSON"),
        (b"<html>", "isn't Klaviyo's JSON"),
        ({"data": {"attributes": {"status": "queued"}}}, "missing “data.id”"),
        ({"data": {"id": "", "attributes": {"status": "queued"}}}, "missing “data.id”"),
    ],
)
def test_an_accepted_import_with_an_unreadable_answer_may_have_arrived(
    klaviyo, script, body, sentence
):
    script.says(202, body)
    with pytest.raises(AnswerLost, match=sentence):
        klaviyo.send(None, [BODY])


def test_a_job_in_an_unknown_state_is_no_success(klaviyo, script):
    attributes = {"status": "failed", "created_at": "2026-11-24T08:00:00Z", "total_count": 1}
    script.says(200, {"data": {"id": "J1", "attributes": attributes}})
    with pytest.raises(Rejected, match=r"data\.attributes\.status"):
        klaviyo.jobs.check("J1")


def test_a_closed_connection_is_tried_again_where_that_does_no_harm(klaviyo, script):
    script.says(-1).says(200, {"data": []})
    assert list(klaviyo.lists()) == []
    assert klaviyo.requests == 2


def test_a_closed_connection_is_told(klaviyo, script):
    for _ in range(TRIES):
        script.says(-1)
    with pytest.raises(Unavailable, match="closed the connection before its answer was complete"):
        list(klaviyo.lists())


def test_an_import_whose_connection_closed_may_have_arrived(klaviyo, script):
    script.says(-1)
    with pytest.raises(AnswerLost, match="closed the connection"):
        klaviyo.send(None, [BODY])
    assert klaviyo.requests == 1


def test_an_import_without_an_answer_in_time_may_have_arrived(open_at, address, script):
    script.says(-2)
    with pytest.raises(AnswerLost, match="didn't answer in time"):
        open_at(address, timeout=0.1).send(None, [BODY])


def test_a_read_without_an_answer_in_time_is_unavailable(open_at, address, script):
    for _ in range(TRIES):
        script.says(-2)
    with pytest.raises(Unavailable, match="didn't answer in time") as caught:
        open_at(address, timeout=0.05).list_facts("Y6nRLr")
    assert told(caught)[0] is Unavailable


def test_a_refused_connection_is_told_and_surely_did_not_arrive(open_at):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        klaviyo = open_at(f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(Unavailable, match="refuses connections: nothing listens") as caught:
            klaviyo.send(None, [BODY])
    assert told(caught)[0] is Unavailable
    assert klaviyo.requests == TRIES


def test_an_unencrypted_server_behind_https_is_told(open_at, address):
    klaviyo = open_at(address.replace("http:", "https:"))
    with pytest.raises(Unavailable, match=r"answers without encryption .plain HTTP.") as caught:
        klaviyo.send(None, [BODY])
    assert told(caught)[0] is Unavailable


def broken(error, cause=None):
    """A transport whose every request ends in this error; no server would do that."""

    def handler(request):
        raise error from cause

    return httpx.MockTransport(handler)


@pytest.mark.parametrize(
    ("error", "cause", "kind", "sentence"),
    [
        (httpx.ConnectError(""), socket.gaierror(-2, "unknown"), Unavailable,
         "The name a.klaviyo.com can't be found"),
        (httpx.ConnectError(""), ssl.SSLCertVerificationError("expired"), Rejected,
         "The certificate of a.klaviyo.com can't be trusted, so the request was not sent"),
        (httpx.ConnectError(""), ssl.SSLError(1, "handshake failure"), Unavailable,
         "No encrypted connection to a.klaviyo.com could be made"),
        (httpx.ConnectError(""), OSError(101, "unreachable"), Unavailable,
         "a.klaviyo.com can't be reached. Check the network"),
        (httpx.ConnectTimeout(""), None, Unavailable, "can't be reached in time"),
        (httpx.ProxyError(""), None, Unavailable, "a.klaviyo.com can't be reached"),
        (httpx.WriteError(""), None, AnswerLost, "closed the connection"),
        (httpx.WriteTimeout(""), None, AnswerLost, "didn't answer in time"),
        (httpx.RemoteProtocolError(""), None, AnswerLost, "closed the connection"),
        (httpx.DecodingError(""), None, AnswerLost, "closed the connection"),
    ],
)  # fmt: skip
def test_what_no_server_would_do_is_told_too(open_at, error, cause, kind, sentence):
    klaviyo = open_at("https://a.klaviyo.com", transport=broken(error, cause))
    with pytest.raises(kind, match=sentence) as caught:
        klaviyo.send(None, [BODY])
    assert told(caught)[0] is kind
    assert klaviyo.requests == (TRIES if kind is Unavailable else 1)

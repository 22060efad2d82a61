"""A client of the local listmonk with the few requests that every test makes."""

from typing import Any

import httpx

TOKEN = "token segferry:" + "t" * 48
NEWSLETTER, DOUBLE, VISITORS = 1, 6, 9


class Local(httpx.Client):
    """A client of the local listmonk with the few requests that every test makes."""

    def switch(self, what: str, **order: Any) -> dict[str, Any]:
        """Uses a control."""
        answer = self.post(f"/sandbox/{what}", json=order)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def data(self, answer: httpx.Response) -> Any:
        """What a good answer holds."""
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def refusal(self, answer: httpx.Response) -> tuple[int, str]:
        """Status and words of an error."""
        return answer.status_code, answer.json()["message"]

    def create(self, email: str, **more: Any) -> dict[str, Any]:
        """A new subscriber."""
        return self.data(self.post("/api/subscribers", json={"email": email, **more}))

    def person(self, id: int) -> dict[str, Any]:
        """Somebody as listmonk shows them."""
        return self.data(self.get(f"/api/subscribers/{id}"))

    def found(self, query: str = "", **more: Any) -> dict[str, Any]:
        """What a question for subscribers gives, all of it."""
        params = {"query": query, "per_page": "all", **more}
        return self.data(self.get("/api/subscribers", params=params))

    def manage(self, action: str, ids: list[int], list_id: int = NEWSLETTER, **more: Any) -> None:
        """Joins or takes off by SQL."""
        within = ", ".join(map(str, ids))
        body = {"query": f"(subscribers.id IN ({within}))", "action": action}
        answer = self.put(
            "/api/subscribers/query/lists", json=body | {"target_list_ids": [list_id]} | more
        )
        assert self.data(answer) is True

    def status(self, id: int, list_id: int = NEWSLETTER) -> str | None:
        """Of the subscription to a list."""
        found = {row["id"]: row["subscription_status"] for row in self.person(id)["lists"]}
        return found.get(list_id)

    def mails(self) -> list[dict[str, Any]]:
        """What would have been sent."""
        return self.get("/sandbox/outbox").json()["mails"]


def client_of(url: str) -> Local:
    """A client with a token."""
    return Local(base_url=url, headers={"authorization": TOKEN}, timeout=10)

"""The client of MemoryOrleans, a memory for AI agents. Standard library only.

    memory = MemoryClient("http://127.0.0.1:8080")
    memory.append_turn("s1", {"role": "user", "content": "My starter is called Hubert.", "user_id": "mira"})
    for item in memory.recall({"query": "What is the starter called?", "user_id": "mira"})["items"]:
        print(item["content"])

Every method raises MemoryProblem when the API answers with a problem, and OSError when nobody answers. Reads, recalls, searches and
keyed writes are sent again when the memory is busy or silent. A client may be used by several threads.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypedDict

__all__ = ["Answer", "FieldError", "MemoryClient", "MemoryProblem", "Recall", "Turn", "WriteMemory"]
__version__ = "0.1.0"

_SHORTEST = 0.2
_LONGEST = 30.0


class FieldError(TypedDict):
    """What is wrong with one field; elements are written ``turns[3].content``."""

    field: str
    message: str


class Turn(TypedDict, total=False):
    """One turn to append: role and content are required, user_id and agent_id are of single appends alone, and
    time_zone (an IANA name, kept with the session)."""

    id: str
    role: str
    content: str
    name: str
    occurred_at: str
    metadata: Mapping[str, Any]
    user_id: str
    agent_id: str
    time_zone: str


class WriteMemory(TypedDict, total=False):
    """A record of an agent's own: kind and content are required."""

    kind: str
    content: str
    user_id: str
    agent_id: str
    agent_class: str
    session_id: str
    importance: float
    valid_from: str
    valid_to: str
    sources: list[Mapping[str, str]]
    metadata: Mapping[str, Any]
    pinned: bool
    tier: str
    aliases: list[str]


class Recall(TypedDict, total=False):
    """What to recall: the query is required."""

    query: str
    limit: int
    user_id: str
    agent_id: str
    agent_class: str
    session_id: str
    kinds: list[str]
    tiers: list[str]
    scopes: list[str]
    archived: bool
    time_zone: str
    as_of: Mapping[str, str]
    filter: Mapping[str, Any]
    min_score: float
    max_tokens: int
    explain: bool


class Answer(dict[str, Any]):
    """A record of the API. version is what if_match takes, where there is one; replayed: an earlier request had done the work."""

    version: int | None = None
    replayed: bool = False


class MemoryProblem(Exception):
    """The API answered with a problem (RFC 9457).

    code is stable, what programs decide on; errors are the fields to blame; retry_after is in seconds, None when waiting does not help.
    """

    def __init__(self, problem: Mapping[str, Any], retry_after: float | None) -> None:
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.problem = problem
        self.status: int = problem["status"]
        self.code: str = problem["code"]
        self.errors: list[FieldError] = problem.get("errors") or []
        self.request_id: str | None = problem.get("request_id")
        self.retry_after = retry_after


class MemoryClient:
    """Calls the HTTP API, v1.

    address: the server's; a path in it is kept. attempts: in all, of what may be repeated. timeout: of one attempt, in seconds.
    """

    def __init__(
        self,
        address: str = "http://127.0.0.1:8080",
        api_key: str | None = None,
        *,
        attempts: int = 4,
        timeout: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._root = address.rstrip("/") + "/v1/"
        self._api_key = api_key
        self._attempts = attempts
        self._timeout = timeout
        self._sleep = sleep
        # A proxy that the environment names reaches other machines, never this one.
        local = urllib.parse.urlsplit(address).hostname in ("localhost", "127.0.0.1", "::1")
        self._opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if local else []))

    # Sessions and turns

    def append_turn(
        self, session_id: str, turn: Turn | Mapping[str, Any], *, idempotency_key: str | None = None, if_match: int | None = None
    ) -> Answer:
        """Appends one turn. Without an id of its own it is given an Idempotency-Key: a repeat takes effect once."""
        return self._append(f"sessions/{_id(session_id)}/turns", turn, turn.get("id") is not None, idempotency_key, if_match)

    def append_turns(
        self, session_id: str, turns: Mapping[str, Any], *, idempotency_key: str | None = None, if_match: int | None = None
    ) -> Answer:
        """Appends up to 1,000 turns, all or none: {"turns": [...], "user_id": ..., "agent_id": ..., "time_zone": ...}."""
        named = all(turn.get("id") is not None for turn in turns.get("turns", []))
        return self._append(f"sessions/{_id(session_id)}/turns/batch", turns, named, idempotency_key, if_match)

    def get_session(self, session_id: str) -> Answer:
        return self._get(f"sessions/{_id(session_id)}")

    def list_sessions(self, **query: Any) -> Answer:
        """One page, most recently created first; user_id, agent_id, status, limit, cursor."""
        return self._get("sessions", query)

    def list_turns(self, session_id: str, **query: Any) -> Answer:
        """One page, by ascending seq; limit, cursor."""
        return self._get(f"sessions/{_id(session_id)}/turns", query)

    def get_working_memory(self, session_id: str) -> Answer:
        return self._get(f"sessions/{_id(session_id)}/working-memory")

    def get_context(self, session_id: str, *, query: str | None = None, max_tokens: int | None = None, **narrowed: Any) -> Answer:
        """A prompt-ready block; with a query, also what recall finds beyond the window: user_id, agent_id, min_score,
        scopes and kinds (with commas between), filter (JSON text) narrow that."""
        return self._get(f"sessions/{_id(session_id)}/context", {"query": query, "max_tokens": max_tokens, **narrowed})

    def distil(self, session_id: str) -> Answer:
        return self._send("POST", f"sessions/{_id(session_id)}/distill")

    def get_distillation(self, session_id: str) -> Answer:
        """How far the session is distilled."""
        return self._send("GET", f"sessions/{_id(session_id)}/distillation")

    def close_session(self, session_id: str, *, if_match: int | None = None) -> Answer:
        return self._send("POST", f"sessions/{_id(session_id)}/close", if_match=if_match)

    def delete_session(self, session_id: str, *, if_match: int | None = None) -> None:
        """Erases a session with all that was made of it."""
        self._send("DELETE", f"sessions/{_id(session_id)}", if_match=if_match)

    def delete_turn(self, session_id: str, turn_id: str, *, if_match: int | None = None) -> None:
        """Erases a turn, by its own id or the one recall answers with, and what was made of it; its seq stays, empty."""
        self._send("DELETE", f"sessions/{_id(session_id)}/turns/{_id(turn_id)}", if_match=if_match)

    # Recall and memories

    def recall(self, recall: Recall | Mapping[str, Any]) -> Answer:
        return self._send("POST", "recall", recall, safe=True)

    def write_memory(self, memory: WriteMemory | Mapping[str, Any]) -> Answer:
        """Writes a record of an agent's own. A second call writes a second record."""
        return self._send("POST", "memories", memory)

    def get_memory(self, memory_id: str) -> Answer:
        return self._get(f"memories/{_id(memory_id)}")

    def list_memories(self, **query: Any) -> Answer:
        """One page, the most recently made first; kind, tier, status, user_id, agent_id, session_id, limit, cursor."""
        return self._get("memories", query)

    def get_memory_history(self, memory_id: str) -> Answer:
        return self._get(f"memories/{_id(memory_id)}/history")

    def edit_memory(self, memory_id: str, edit: Mapping[str, Any], *, if_match: int | None = None) -> Answer:
        """Changes a memory: what is absent stays, None takes valid_to or metadata away."""
        return self._send("PATCH", f"memories/{_id(memory_id)}", edit, if_match=if_match)

    def delete_memory(self, memory_id: str, *, if_match: int | None = None) -> None:
        """Erases a memory in every version."""
        self._send("DELETE", f"memories/{_id(memory_id)}", if_match=if_match)

    def undo_memory(self, memory_id: str, *, if_match: int | None = None) -> Answer:
        return self._send("POST", f"memories/{_id(memory_id)}/undo", if_match=if_match)

    def cite_memory(self, memory_id: str) -> Answer:
        return self._send("POST", f"memories/{_id(memory_id)}/citations")

    # Knowledge graph

    def upsert_entity(self, entity: Mapping[str, Any]) -> Answer:
        """Makes an entity, or merges into the one of that name and scope."""
        return self._send("POST", "entities", entity, safe=True)

    def list_entities(self, **query: Any) -> Answer:
        """One page; type, user_id, agent_id, limit, cursor."""
        return self._get("entities", query)

    def get_entity(self, entity_id: str, *, as_of_valid: str | None = None, as_of_known: str | None = None) -> Answer:
        return self._get(f"entities/{_id(entity_id)}", {"as_of_valid": as_of_valid, "as_of_known": as_of_known})

    def edit_entity(self, entity_id: str, edit: Mapping[str, Any], *, if_match: int | None = None) -> Answer:
        return self._send("PATCH", f"entities/{_id(entity_id)}", edit, if_match=if_match)

    def delete_entity(self, entity_id: str, *, if_match: int | None = None) -> Answer:
        return self._send("DELETE", f"entities/{_id(entity_id)}", if_match=if_match)

    def search_entities(self, search: Mapping[str, Any]) -> Answer:
        return self._send("POST", "entities/search", search, safe=True)

    def add_observations(self, observations: Mapping[str, Any]) -> Answer:
        """Adds one observation, or {"observations": [...]} with up to 100, all or none."""
        return self._send("POST", "observations", observations, safe=True)

    def delete_observation(self, observation_id: str) -> None:
        self._send("DELETE", f"observations/{_id(observation_id)}")

    def add_relation(self, relation: Mapping[str, Any]) -> Answer:
        return self._send("POST", "relations", relation, safe=True)

    def edit_relation(self, relation_id: str, edit: Mapping[str, Any], *, if_match: int | None = None) -> Answer:
        return self._send("PATCH", f"relations/{_id(relation_id)}", edit, if_match=if_match)

    def delete_relation(self, relation_id: str, *, if_match: int | None = None) -> None:
        self._send("DELETE", f"relations/{_id(relation_id)}", if_match=if_match)

    def find_path(self, from_id: str, to_id: str, **query: Any) -> Answer:
        """A shortest path; max_hops, as_of_valid, as_of_known."""
        return self._get("graph/path", {"from": from_id, "to": to_id, **query})

    def get_graph_overview(self) -> Answer:
        return self._get("graph/overview")

    # Erasing

    def erase(self, target: Mapping[str, Any]) -> Answer:
        """Erases {"memory_id": ...}, {"turn": {"session_id": ..., "turn_id": ...}}, {"session_id": ...} or all of {"user_id": ...}, for good."""
        return self._send("POST", "admin/erasures", target)

    def get_erasure(self, erasure_id: str) -> Answer:
        return self._get(f"admin/erasures/{_id(erasure_id)}")

    # Keys in the store; another tenant than the key's own is for operators

    def list_keys(self, *, tenant: str | None = None, limit: int | None = None, cursor: str | None = None) -> Answer:
        """One page, newest first."""
        return self._get("admin/keys", {"tenant": tenant, "limit": limit, "cursor": cursor})

    def get_key(self, key_id: str, *, tenant: str | None = None) -> Answer:
        return self._get(f"admin/keys/{_id(key_id)}", {"tenant": tenant})

    def make_key(self, key: Mapping[str, Any], *, tenant: str | None = None) -> Answer:
        """Makes a key: name, scopes, users, agents, requires_user, expires_at. Its text is in this answer and nowhere else."""
        return self._send("POST", "admin/keys" + _of(tenant), key)

    def rotate_key(self, key_id: str, rotation: Mapping[str, Any] | None = None, *, tenant: str | None = None) -> Answer:
        """Gives a key a new secret; the one before stays good for overlap_seconds."""
        return self._send("POST", f"admin/keys/{_id(key_id)}/rotate" + _of(tenant), rotation or {})

    def revoke_key(self, key_id: str, *, tenant: str | None = None) -> Answer:
        """Ends a key for good."""
        return self._send("DELETE", f"admin/keys/{_id(key_id)}" + _of(tenant))

    # Webhooks

    def list_webhooks(self) -> Answer:
        return self._get("webhooks")

    def get_webhook(self, webhook_id: str) -> Answer:
        return self._get(f"webhooks/{_id(webhook_id)}")

    def make_webhook(self, webhook: Mapping[str, Any]) -> Answer:
        """Makes a webhook: url, events, name, include_content, enabled. Its secret is in this answer and nowhere else."""
        return self._send("POST", "webhooks", webhook)

    def change_webhook(self, webhook_id: str, patch: Mapping[str, Any]) -> Answer:
        """Changes a webhook; what is left out stays."""
        return self._send("PATCH", f"webhooks/{_id(webhook_id)}", patch)

    def rotate_webhook(self, webhook_id: str, rotation: Mapping[str, Any] | None = None) -> Answer:
        """Gives a webhook a new secret; deliveries are signed with the one before too for overlap_seconds."""
        return self._send("POST", f"webhooks/{_id(webhook_id)}/rotate", rotation or {})

    def test_webhook(self, webhook_id: str) -> Answer:
        """Has a test sent; what comes of it is in list_deliveries."""
        return self._send("POST", f"webhooks/{_id(webhook_id)}/test")

    def list_deliveries(self, webhook_id: str, *, limit: int | None = None, cursor: str | None = None) -> Answer:
        """One page, the newest event's first."""
        return self._get(f"webhooks/{_id(webhook_id)}/deliveries", {"limit": limit, "cursor": cursor})

    def remove_webhook(self, webhook_id: str) -> None:
        self._send("DELETE", f"webhooks/{_id(webhook_id)}")

    def events(
        self, *, after: int | None = None, types: list[str] | None = None, user_id: str | None = None, agent_id: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Events as they come, from now on or behind after (0: all that are kept), until the iterator is closed or the connection breaks.

        Then ask again with the last seq that was read. One of type events.missed says that older ones are not kept any more.
        """
        query = {"types": ",".join(types) if types else None, "user_id": user_id, "agent_id": agent_id}
        given = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        headers = {"Accept": "text/event-stream"}
        if self._api_key is not None:
            headers["Authorization"] = f"Bearer {self._api_key}"
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        request = urllib.request.Request(self._root + "events?" + given, None, headers)
        try:
            # Comments keep it alive: what is silent for longer than this is broken.
            with self._opener.open(request, timeout=max(self._timeout, 60.0)) as response:
                for line in response:
                    if line.startswith(b"data: "):
                        yield json.loads(line[len(b"data: ") :])
        except urllib.error.HTTPError as refusal:
            raise _problem(refusal) from None
        except http.client.HTTPException as broken:
            raise ConnectionError(f"the stream of events broke off: {broken!r}") from broken

    # Listings from end to end

    def turns(self, session_id: str) -> Iterator[dict[str, Any]]:
        return self._pages(f"sessions/{_id(session_id)}/turns", {})

    def sessions(self, **query: Any) -> Iterator[dict[str, Any]]:
        return self._pages("sessions", query)

    def memories(self, **query: Any) -> Iterator[dict[str, Any]]:
        return self._pages("memories", query)

    def entities(self, **query: Any) -> Iterator[dict[str, Any]]:
        return self._pages("entities", query)

    def _append(self, path: str, body: Mapping[str, Any], named: bool, key: str | None, if_match: int | None) -> Answer:
        return self._send("POST", path, body, key=key or (None if named else uuid.uuid4().hex), if_match=if_match, safe=named)

    def _get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        given = {name: value for name, value in (query or {}).items() if value is not None}
        return self._send("GET", path + ("?" + urllib.parse.urlencode(given) if given else ""), safe=True)

    def _pages(self, path: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        cursor = None
        while True:
            page = self._get(path, {**query, "limit": 100, "cursor": cursor})
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None, if_match: int | None = None, safe: bool = False
    ) -> Answer:
        headers = {"Accept": "application/json"}
        if self._api_key is not None:
            headers["Authorization"] = f"Bearer {self._api_key}"
        if key is not None:
            headers["Idempotency-Key"] = key
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        attempts = self._attempts if safe or key is not None else 1
        for attempt in range(1, attempts + 1):
            request = urllib.request.Request(self._root + path, data, headers, method=method)
            try:
                return self._exchange(request)
            except MemoryProblem as problem:
                if attempt == attempts or problem.status not in (429, 503):
                    raise
                wait = problem.retry_after
            except OSError:
                if attempt == attempts:
                    raise
                wait = None
            self._sleep(min(_LONGEST, max(_SHORTEST, wait if wait is not None else _SHORTEST * 2 ** (attempt - 1))))
        raise AssertionError("unreachable")

    def _exchange(self, request: urllib.request.Request) -> Answer:
        try:
            try:
                with self._opener.open(request, timeout=self._timeout) as response:
                    return _read(response)
            except urllib.error.HTTPError as refusal:
                raise _problem(refusal) from None
        except http.client.HTTPException as broken:
            # An answer that breaks off, or is none of HTTP, is no OSError to the standard library.
            raise ConnectionError(f"the answer of the memory broke off: {broken!r}") from broken


def _id(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _of(tenant: str | None) -> str:
    return "" if tenant is None else "?" + urllib.parse.urlencode({"tenant": tenant})


def _read(response: Any) -> Answer:
    text = response.read()
    answer = Answer(json.loads(text) if text else {})
    tag = (response.headers.get("ETag") or "").strip('"')
    answer.version = int(tag) if tag.isdigit() else None
    answer.replayed = "Idempotency-Replayed" in response.headers
    return answer


def _problem(refusal: urllib.error.HTTPError) -> MemoryProblem:
    wait = refusal.headers.get("Retry-After") or ""
    retry_after = float(wait) if wait.isdigit() else None
    with refusal:
        if (refusal.headers.get("Content-Type") or "").startswith("application/problem+json"):
            return MemoryProblem(json.loads(refusal.read()), retry_after)
    detail = f"The server answered {refusal.code} without problem details."
    return MemoryProblem({"status": refusal.code, "code": "unknown", "detail": detail}, retry_after)

"""Runs clients/conformance.json against the memory at MEMORY_TEST_URL, and what needs no memory."""

import base64
import contextlib
import io
import json
import os
import re
import threading
import unittest
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from memory_orleans import MemoryClient, MemoryProblem

STEPS = json.loads((Path(__file__).parent.parent / "conformance.json").read_text("utf-8"))["steps"]
OPTIONS = {"if_match", "idempotency_key", "limit", "cursor", "query", "max_tokens", "max_hops", "as_of_valid", "as_of_known"}
QUERIES = {"list_sessions", "list_memories", "list_entities", "sessions", "memories", "entities"}


class ConformanceTest(unittest.TestCase):
    def test_the_client_does_what_every_client_must_do(self) -> None:
        client = MemoryClient(os.environ["MEMORY_TEST_URL"])
        saved: dict[str, Any] = {"run": f"py-{uuid.uuid4()}"}
        for number, step in enumerate(STEPS, 1):
            with self.subTest(f"{number} {step['call']}"):
                self.check(client, step, saved)

    def test_events_come_as_they_happen_and_from_the_beginning(self) -> None:
        client, user = MemoryClient(os.environ["MEMORY_TEST_URL"]), f"py-{uuid.uuid4()}"
        made = [client.write_memory({"kind": "note", "content": "Rye.", "user_id": user})["id"] for _ in range(2)]
        stream = client.events(after=0, types=["memory.made"], user_id=user)
        first = next(stream)
        self.assertEqual(("memory.made", made[0]), (first["type"], first["data"]["memory_id"]))
        stream.close()
        again = client.events(after=first["seq"], user_id=user)
        self.assertEqual(made[1], next(again)["data"]["memory_id"])
        made.append(client.write_memory({"kind": "note", "content": "Oats.", "user_id": user})["id"])
        self.assertEqual(made[2], next(again)["data"]["memory_id"])
        again.close()
        with self.assertRaises(MemoryProblem):
            next(client.events(types=["turn.made"]))

    def check(self, client: MemoryClient, step: dict[str, Any], saved: dict[str, Any]) -> None:
        if "problem" in step:
            with self.assertRaises(MemoryProblem) as caught:
                call(client, step, saved)
            self.assertEqual(step["problem"], caught.exception.code)
            for field in step.get("fields", []):
                self.assertIn(field, [each["field"] for each in caught.exception.errors])
            return
        answer = call(client, step, saved)
        for path, value in fill(step.get("expect", {}), saved).items():
            self.assertEqual(value, at(answer, path), path)
        for path, length in step.get("count", {}).items():
            self.assertEqual(length, len(at(answer, path)), path)
        if "replayed" in step:
            self.assertEqual(step["replayed"], answer.replayed)
        for name, path in step.get("save", {}).items():
            saved[name] = at(answer, path)


def call(client: MemoryClient, step: dict[str, Any], saved: dict[str, Any]) -> Any:
    arguments = fill(step["args"], saved)
    options: dict[str, Any] = {}
    is_option = bool(arguments) and isinstance(arguments[-1], dict) and (step["call"] in QUERIES or len(arguments) > 1 and set(arguments[-1]) <= OPTIONS)
    if is_option:
        options = arguments.pop()
    answer = getattr(client, step["call"])(*arguments, **options)
    return answer if answer is None or isinstance(answer, dict) else list(answer)


def fill(value: Any, saved: dict[str, Any]) -> Any:
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda name: str(saved[name[1]]), value)
    if isinstance(value, list):
        return [fill(each, saved) for each in value]
    return {name: fill(each, saved) for name, each in value.items()} if isinstance(value, dict) else value


def at(answer: Any, path: str) -> Any:
    if path == "@version":
        return answer.version
    for part in filter(None, path.split(".")):
        answer = answer[int(part)] if isinstance(answer, list) else answer.get(part)
    return answer


class PageTest(unittest.TestCase):
    """What docs/clients.md shows of this client, as it stands there."""

    def test_the_example_recalls_what_it_said(self) -> None:
        page = (Path(__file__).parent.parent.parent / "docs/clients.md").read_text("utf-8")
        shown = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]  # type: ignore[index]
        shown = shown.replace("http://127.0.0.1:8080", os.environ["MEMORY_TEST_URL"]).replace('"mira"', f'"py-{uuid.uuid4()}"', 1)
        user = re.search(r"py-[-0-9a-f]+", shown)[0]  # type: ignore[index]
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(shown.replace('"mira"', f'"{user}"').replace('"s1"', f'"{user}"'), "docs/clients.md", "exec"), {})
        self.assertEqual("My starter is called Hubert.\n", said.getvalue())


class ReceiverTest(unittest.TestCase):
    """The receiver that docs/webhooks.md shows, as it stands there."""

    def test_it_takes_what_is_signed_and_nothing_else(self) -> None:
        page = (Path(__file__).parent.parent.parent / "docs/webhooks.md").read_text("utf-8")
        shown: dict[str, Any] = {"__name__": "receiver"}
        exec(compile(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], "docs/webhooks.md", "exec"), shown)  # type: ignore[index]
        # The example of the Standard Webhooks specification.
        shown["SECRET"] = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        headers = {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        self.assertTrue(shown["is_signed"](headers, b'{"test": 2432232314}', 1614265331))
        self.assertFalse(shown["is_signed"](headers, b'{"test": 2432232315}', 1614265331))
        self.assertFalse(shown["is_signed"](headers, b'{"test": 2432232314}', 1614266331))
        self.assertFalse(shown["is_signed"]({**headers, "webhook-id": "msg_other"}, b'{"test": 2432232314}', 1614265331))


class TransportTest(unittest.TestCase):
    """Against a server that answers as its script says."""

    def setUp(self) -> None:
        self.seen: list[tuple[str, str | None]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.raw: list[bytes] = []
        test = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                test.seen.append((self.path, self.headers.get("Idempotency-Key")))
                if test.raw:
                    self.wfile.write(test.raw.pop(0))
                    self.close_connection = True
                    return
                status, headers = test.answers.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"{}")

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.waits: list[float] = []
        self.client = MemoryClient(f"http://127.0.0.1:{self.server.server_port}/memory/", sleep=self.waits.append)

    def tearDown(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def test_a_path_in_the_address_is_kept_and_ids_are_escaped(self) -> None:
        self.answers = [(200, {})]
        self.client.get_session("a:b@c")
        self.assertEqual("/memory/v1/sessions/a%3Ab%40c", self.seen[0][0])

    def test_recalls_and_appends_are_sent_again_and_a_written_memory_is_not(self) -> None:
        self.answers = [(503, {"Retry-After": "2"}), (200, {})]
        self.client.recall({"query": "q"})
        self.assertEqual([2.0], self.waits)
        self.seen.clear()
        self.answers = [(503, {}), (201, {})]
        self.client.append_turn("s", {"role": "user", "content": "c"})
        self.assertEqual(2, len(self.seen))
        self.assertIsNotNone(self.seen[0][1])
        self.assertEqual(self.seen[0], self.seen[1])
        self.answers = [(503, {}), (201, {})]
        with self.assertRaises(MemoryProblem) as caught:
            self.client.write_memory({"kind": "note", "content": "c"})
        self.assertEqual((503, "unknown"), (caught.exception.status, caught.exception.code))
        self.assertEqual(1, len(self.answers))

    def test_an_answer_that_breaks_off_is_asked_for_again_and_is_a_connection_error_in_the_end(self) -> None:
        half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"
        half_refused = b"HTTP/1.1 503 Busy\r\nContent-Type: application/problem+json\r\nContent-Length: 100\r\n\r\n{}"
        for broken in (half, half_refused, b"no HTTP at all\r\n\r\n"):
            self.seen.clear()
            self.raw = [broken]
            self.answers = [(200, {})]
            self.client.get_session("s")
            self.assertEqual(2, len(self.seen))
            self.raw = [broken]
            with self.assertRaises(ConnectionError):
                self.client.write_memory({"kind": "note", "content": "c"})
        self.raw = [b"no HTTP at all\r\n\r\n"]
        with self.assertRaises(ConnectionError):
            list(self.client.events())


if __name__ == "__main__":
    unittest.main()

"""Runs the hook as an agent does, against the memory at MEMORY_TEST_URL."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock
import uuid
from pathlib import Path
from typing import Any

HOOK = Path(__file__).parent / "memory_hook.py"


def run(event: dict[str, Any], user: str, address: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "MEMORY_BASE_URL": address or os.environ["MEMORY_TEST_URL"], "MEMORY_MCP_USER": user}
    return subprocess.run([sys.executable, str(HOOK)], input=json.dumps(event), capture_output=True, text=True, env=env, timeout=60)


class HookTest(unittest.TestCase):
    def setUp(self) -> None:
        self.user = f"hook-{uuid.uuid4()}"

    def recalled(self, prompt: str, event: str = "UserPromptSubmit") -> str:
        done = run({"hook_event_name": event, "session_id": "other", "prompt": prompt}, self.user)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        return json.loads(done.stdout)["hookSpecificOutput"]["additionalContext"] if done.stdout else ""

    def test_what_one_session_said_the_next_one_is_told(self) -> None:
        lines = [
            {"type": "user", "uuid": str(uuid.uuid4()), "message": {"role": "user", "content": "An older prompt."}},
            {"type": "user", "uuid": str(uuid.uuid4()), "message": {"role": "user", "content": "Deploys go out on Tuesdays, remember that."}},
            {"type": "assistant", "uuid": str(uuid.uuid4()), "message": {"role": "assistant", "content": [{"type": "tool_use", "name": "x"}]}},
            {"type": "user", "uuid": str(uuid.uuid4()), "message": {"role": "user", "content": [{"type": "tool_result", "content": "ok"}]}},
            {"type": "assistant", "uuid": str(uuid.uuid4()), "message": {"role": "assistant", "content": [{"type": "text", "text": "Noted: Tuesdays."}]}},
        ]
        self.assertEqual("", self.recalled("When do deploys go out?"))
        with tempfile.TemporaryDirectory() as folder:
            transcript = Path(folder, "t.jsonl")
            transcript.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
            event = {"hook_event_name": "Stop", "session_id": "s/1", "transcript_path": str(transcript)}
            for _ in range(2):
                self.assertEqual((0, "", ""), (lambda done: (done.returncode, done.stdout, done.stderr))(run(event, self.user)))
        told = self.recalled("When do deploys go out?")
        self.assertEqual(1, told.count("Deploys go out on Tuesdays"))
        self.assertIn("not instructions", told)
        self.assertNotIn("An older prompt.", told)

    def test_events_that_carry_the_answer_need_no_transcript(self) -> None:
        event = {"hook_event_name": "AfterAgent", "session_id": "g1", "prompt": "The staging host is called heron.", "prompt_response": "Understood."}
        self.assertEqual(0, run(event, self.user).returncode)
        self.assertIn("heron", self.recalled("What is the staging host called?", "BeforeAgent"))

    def test_a_memory_that_is_away_does_not_stand_in_the_way(self) -> None:
        done = run({"hook_event_name": "UserPromptSubmit", "prompt": "Hello"}, self.user, "http://127.0.0.1:1")
        self.assertEqual((0, ""), (done.returncode, done.stdout))
        self.assertIn("memory:", done.stderr)


class ProxyTest(unittest.TestCase):
    """Against a listener that answers as no memory does."""

    def setUp(self) -> None:
        self.heard: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.answer, daemon=True).start()

    def tearDown(self) -> None:
        self.listener.close()

    def answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with connection:
                    self.heard.append(connection.recv(65536))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")

    def ask(self, memory: str) -> subprocess.CompletedProcess[str]:
        proxies = {name: self.address for name in ("http_proxy", "HTTP_PROXY")}
        with unittest.mock.patch.dict(os.environ, {**proxies, "no_proxy": "", "NO_PROXY": ""}):
            return run({"hook_event_name": "UserPromptSubmit", "prompt": "Hello"}, "u", memory)

    def test_a_proxy_of_the_environment_does_not_hear_what_is_for_this_machine(self) -> None:
        self.assertEqual(0, self.ask("http://127.0.0.1:1").returncode)
        self.assertEqual([], self.heard)
        self.ask("http://memory.example")
        self.assertEqual(1, len(self.heard))

    def test_an_answer_that_breaks_off_does_not_stand_in_the_way(self) -> None:
        done = self.ask(self.address)
        self.assertEqual((0, ""), (done.returncode, done.stdout))
        self.assertIn("memory:", done.stderr)
        self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()

"""Plays one attack against a running server; attacks.sh starts it. Prints what happened; exit code 1 when that is not what should."""
import hashlib
import http.client
import json
import re
import socket
import sys
import threading
import time

ATTACK, BASE, PID, LOG = sys.argv[1:5]
HOST, PORT = BASE.split("//")[1].split(":")
GOOD, OTHER, READER = "acme-all-0123456789", "globex-all-0123456789", "acme-reader-0123456789"
problems = []


def call(method, path, body=None, key=GOOD, headers=None, timeout=60, kind="application/json"):
    """Status, the answer's bytes, and seconds; status 0 when the connection ended."""
    began = time.monotonic()
    sent = {"X-Api-Key": key} if key else {}
    if body is not None:
        sent["Content-Type"] = kind
        body = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    connection = http.client.HTTPConnection(HOST, int(PORT), timeout=timeout)
    try:
        connection.request(method, path, body, {**sent, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read(), time.monotonic() - began
    except OSError:
        return 0, b"", time.monotonic() - began
    finally:
        connection.close()


def turn(session, content, key=GOOD, **more):
    return call("POST", f"/v1/sessions/{session}/turns", {"role": "user", "content": content, **more}, key)[0]


def check(holds, otherwise):
    if not holds:
        problems.append(otherwise)


def rss():
    """MiB of the server."""
    return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{PID}/status").read())[1]) // 1024


def connect(key=None, head=None):
    held = socket.create_connection((HOST, int(PORT)), 5)
    if head:
        held.sendall(head.encode())
    return held


def hostile_text():
    text = "[image:" * 7100 + " " * 50000 + "x]"
    note = {"kind": "note", "content": text[:90000], "user_id": "ann"}
    stored = [turn("s", text, user_id="ann"), call("POST", "/v1/memories", note)[0]]
    turn("s", "Ann keeps bees.", user_id="ann")
    asked = ({"query": "bees"}, {"query": "bees", "user_id": "ann"}, {"query": text[:1000]})
    reads = [call("POST", "/v1/recall", body) for body in asked]
    reads += [call("GET", "/v1/sessions/s/context?query=bees"), call("GET", "/v1/sessions/s/working-memory")]
    check(all(status == 201 for status in stored), f"stored: {stored}")
    check(all(status == 200 for status, _, _ in reads), f"reads: {[status for status, _, _ in reads]}")
    return f"stored {stored}, {len(reads)} recalls and contexts 200, slowest {max(each[2] for each in reads):.2f} s"


def lone_surrogates():
    made = json.loads(call("POST", "/v1/memories", {"kind": "note", "content": "x"})[1])["id"]
    fields = ("valid_to", "valid_from", "content", "kind")
    answers = [call("PATCH", f"/v1/memories/{made}", '{"%s":"\\udc00x"}' % field)[0] for field in fields]
    answers.append(call("POST", "/v1/recall", '{"query":"\\ud800"}')[0])
    answers.append(call("POST", "/v1/sessions/s/turns", '{"role":"user","content":"\\ud800"}')[0])
    check(all(status == 400 for status in answers), f"answers {answers}")
    return f"{len(answers)} bodies with half a pair: {sorted(set(answers))}"


def slow_bodies():
    head = "POST {} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {}\r\nContent-Type: {}\r\nContent-Length: 100000\r\n\r\n"
    imports = [connect(head=head.format("/v1/admin/import", GOOD, "application/x-ndjson")) for _ in range(2)]
    bodies = []
    for _ in range(300):
        try:
            bodies.append(connect(head=head.format("/v1/recall", READER, "application/json")))
        except OSError:
            break
    stop = threading.Event()

    def drip():
        while not stop.wait(1):
            for held in imports + bodies:
                try:
                    held.sendall(b"{" if held in imports else b" " * 300)
                except OSError:
                    pass

    dripping = threading.Thread(target=drip)
    dripping.start()
    good = [turn("beside", f"number {i}", OTHER) for i in range(100)]
    export = call("GET", "/v1/admin/export", key=OTHER)[0]
    stop.set()
    dripping.join()
    check(good.count(201) == 100 and export == 200, f"another tenant's turns {good.count(201)} of 100, export {export}")
    return f"2 imports and {len(bodies)} bodies dripping: another tenant's turns {good.count(201)} of 100, its export {export}"


def wrong_keys():
    stop, guesses = threading.Event(), []

    def guess(n):
        while not stop.is_set():
            guesses.append(call("GET", "/v1/sessions", key=f"wrong-{n}-{len(guesses)}")[0])

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(4)]
    [each.start() for each in threads]
    good = []
    for _ in range(50):
        good.append(call("GET", "/v1/sessions")[0])
        time.sleep(0.05)
    stop.set()
    [each.join() for each in threads]
    check(good.count(200) == 50, f"the good caller had {50 - good.count(200)} of 50 refused")
    check(guesses.count(401) <= 1000, f"{guesses.count(401)} guesses were answered by a look at the key")
    looked, turned = guesses.count(401), guesses.count(429)
    return f"{len(guesses)} guesses ({looked} looked at, {turned} 429), the good caller 200 for {good.count(200)} of 50"


def unread_answers():
    for n in range(110):
        turn("long", f"bees number {n} " + "and honey " * 9900)
    call("POST", "/v1/recall", {"query": "bees", "limit": 100})
    before, body = rss(), json.dumps({"query": "bees honey", "limit": 100})
    head = (f"POST /v1/recall HTTP/1.1\r\nHost: x\r\nX-Api-Key: {GOOD}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}")
    held = [connect(head=head) for _ in range(30)]
    most = before
    for _ in range(40):
        time.sleep(0.25)
        most = max(most, rss())
    status, answer, took = call("POST", "/v1/recall", {"query": "bees", "limit": 100}, OTHER)
    check(status == 200 and most - before < 600, f"another tenant's recall {status}, resident set {before} to {most} MiB")
    [each.close() for each in held]
    return f"30 unread answers over turns of 99 kB: resident set {before} to {most} MiB, another tenant's recall {status} in {took:.2f} s"


def metrics():
    for n in range(400):
        turn("s", "x", f"tenant-{n}-key-0123456789")
        call("GET", f"/v1/no-such-route-{n}", key=GOOD)
    open_status = call("GET", "/metrics", key=None)[0]
    refused = 429
    for _ in range(20):
        # The guesses of an attack before this one may have used up what an address may ask without a key.
        refused = call("GET", "/metrics", key=None, headers={"X-Forwarded-For": "1.2.3.4"})[0]
        if refused != 429:
            break
        time.sleep(5)
    size = len(call("GET", "/metrics", key=GOOD)[1])
    check(refused == 401 and size < 400_000, f"a proxy's caller {refused}, {size} bytes")
    return f"after 400 tenants and 400 unknown routes {size:,} bytes; loopback {open_status}, a proxy's caller without a key {refused}"


def idle_connections():
    held = []
    for _ in range(1150):
        try:
            held.append(connect())
        except OSError:
            break
    time.sleep(3)
    taken = turn("after", "after the connections")
    check(taken == 201, f"a turn was answered {taken}")
    return f"{len(held)} idle connections at 1,024 file handles: it lives, a turn is answered {taken}"


def imports():
    turn("s", "Ann keeps bees.", user_id="ann")
    lines = call("GET", "/v1/admin/export")[1].decode().splitlines(keepends=True)

    def changed(edit):
        made, records, all_lines = [], hashlib.sha256(), hashlib.sha256()
        for line in lines:
            value = json.loads(line)
            kind = value.get("kind", "header")
            if kind in ("checkpoint", "trailer"):
                value["records_sha256"] = records.hexdigest()
                if "sha256" in value:
                    value["sha256"] = all_lines.hexdigest()
            elif kind != "header":
                edit(value)
            line = json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n"
            if kind not in ("checkpoint", "trailer", "header"):
                records.update(line.encode())
            all_lines.update(line.encode())
            made.append(line)
        return "".join(made)

    def on(kind, **members):
        return lambda value: value.update(members) if value["kind"] == kind else None

    tried = {
        "as it was": lambda _: None, "content of 1 MB": on("turn", content="x" * 1_000_000), "no content": on("turn", content=""),
        "a role <script>": on("turn", role="<script>"), "the year 9999": on("turn", recorded_at="9999-12-31T23:59:59Z"),
        "version 2^63-1": on("session", version=2 ** 63 - 1),
    }
    answers = {}
    for name, edit in tried.items():
        status, answer, _ = call("POST", "/v1/admin/import", changed(edit), OTHER, kind="application/x-ndjson")
        answers[name] = status
        fields = [error["field"] for error in json.loads(answer).get("errors", [])] if status == 400 else []
        wanted = 200 if name == "as it was" else 400
        check(status == wanted and not any("sha256" in field for field in fields), f"{name}: {status} {fields}")
    return f"{answers}"


def long_turns():
    for n in range(150):
        turn("long", f"bees number {n} " + "and honey and wax " * 2700)
    times = {}
    for kinds in (None, ["turn"]):
        body = {"query": "bees number 7", **({"kinds": kinds} if kinds else {})}
        call("POST", "/v1/recall", body)
        times[str(kinds)] = min(call("POST", "/v1/recall", body)[2] for _ in range(5))
    check(times["None"] < max(0.5, 4 * times["['turn']"]), f"{times}")
    return f"150 turns of 49 kB: a recall of all kinds {times['None'] * 1000:.0f} ms, of turns alone {times[str(['turn'])] * 1000:.0f} ms"


def audit():
    refused = [call("GET", "/v1/sessions", key=f"guess-{n}")[0] for n in range(3)]
    wrong_scope, export = turn("s", "x", READER), call("GET", "/v1/admin/export")[0]
    entries = json.loads(call("GET", "/v1/admin/audit")[1])["items"]
    seen = [(each["action"], each["outcome"]) for each in entries]
    lines = len(re.findall("was refused", open(LOG).read()))
    check(refused == [401] * 3 and (wrong_scope, export) == (403, 200), f"{refused}, {wrong_scope}, {export}")
    check(("appendTurn", "403") in seen and ("export", "200") in seen and lines >= 4, f"trail {seen}, {lines} lines in the log")
    return f"wrong keys {refused}: lines in the log; wrong scope 403 and the export 200: in the trail"


def small_faults():
    status, answer, _ = call("POST", "/v1/recall", '{"query":"x","%s":1}' % ("y" * 2_000_000))
    check(status == 400 and len(answer) < 16_384, f"an unknown field of 2 MB: {status}, {len(answer)} bytes")
    beside = call("GET", "/v1/sessions", key=None, headers={"X-Api-Key": "", "Authorization": f"Bearer {GOOD}"})[0]
    check(beside == 200, f"an empty X-Api-Key beside a good Bearer: {beside}")
    nulls, _, took = call("POST", "/v1/sessions/s/turns/batch", '{"turns":[' + "null," * 1_600_000 + "null]}")
    check(nulls == 400 and took < 1, f"1.6 million nulls: {nulls} in {took:.2f} s")
    for n in range(0, 1000, 100):
        long = "My sister likes long walks by the sea. " * 200
        batch = [{"role": "user", "content": f"I live in town number {n + i}. {long}"} for i in range(100)]
        call("POST", "/v1/sessions/d/turns/batch", {"turns": batch})
    distil, _, patience = call("POST", "/v1/sessions/d/distill", {})
    check(distil in (200, 202) and patience < 25, f"distilling 1,000 turns: {distil} in {patience:.1f} s")
    return (f"an unknown field of 2 MB echoed in {len(answer)} bytes; empty X-Api-Key beside Bearer {beside}; 1.6 million nulls {nulls} in "
            f"{took:.2f} s; distilling 1,000 turns {distil} after {patience:.1f} s")


happened = globals()[ATTACK]()
print(("FAILED, " + "; ".join(problems) + " | " if problems else "ok, ") + happened)
sys.exit(1 if problems else 0)

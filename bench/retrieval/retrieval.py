#!/usr/bin/env python3
"""Measures what recall finds of the evidence in public conversation sets, over the HTTP API, with the standard library alone.

usage: retrieval.py DATA [--base http://127.0.0.1:8080] [--key KEY] [--no-ingest]

DATA is what the sets' own authors publish; nothing is fetched:
  locomo10.json          LoCoMo (github.com/snap-research/locomo, data/), CC BY-NC 4.0: for measuring only
  chats/100K             BEAM's folder of conversations (github.com/mohammadtavakoli78/BEAM)
  a file with {"conversations": [...]}   the form of samples/conversations.json
Every conversation becomes one user, every session of it one session, every turn one POSTed turn with its own id. Questions are asked
when the backlog of embeddings is empty. Gold are the turns that the set names as evidence; questions without any, and LoCoMo's
category 5 (adversarial), are left out. Each figure is a mean over questions, 0..1:
  recall@k       share of the evidence turns among the first k turns        hit@k   share of questions with any of them there
  ndcg@10        with one gain for each evidence turn                       mrr     1 / rank of the first (0: not within 20)
  session@10     share of the evidence's sessions among those of the first ten turns; session hit@10: any of them
"""
import argparse, collections, datetime, json, math, pathlib, re, sys, time, urllib.error, urllib.request

MONTHS = {m: i + 1 for i, m in enumerate(
    "january february march april may june july august september october november december".split())}
LOCOMO_CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
COLUMNS = ["recall@5", "recall@10", "recall@20", "hit@10", "hit@20", "ndcg@10", "mrr", "session@10", "session hit@10"]


def when(text):
    """'1:56 pm on 8 May, 2023' and 'March-15-2024'; None for what is neither."""
    m = re.search(r"(?:(\d+):(\d+)\s*(am|pm)\s+on\s+)?(\d+)\s+(\w+),?\s+(\d{4})", text or "", re.I)
    if m and m.group(5).lower() in MONTHS:
        hour = int(m.group(1) or 12) % 12 + (12 if (m.group(3) or "pm").lower() == "pm" else 0)
        return datetime.datetime(int(m.group(6)), MONTHS[m.group(5).lower()], int(m.group(4)), hour, int(m.group(2) or 0),
                                 tzinfo=datetime.timezone.utc)
    m = re.search(r"(\w+)[- ](\d+)[-, ]+(\d{4})", text or "")
    if m and m.group(1).lower() in MONTHS:
        return datetime.datetime(int(m.group(3)), MONTHS[m.group(1).lower()], int(m.group(2)), 12, tzinfo=datetime.timezone.utc)
    return None


def read_locomo(samples):
    for number, sample in enumerate(samples):
        talk, sessions = sample["conversation"], []
        for n in sorted(int(m.group(1)) for key in talk if (m := re.fullmatch(r"session_(\d+)", key))):
            turns = []
            for turn in talk[f"session_{n}"]:
                text = turn.get("text", "")
                if turn.get("blip_caption"):
                    text += f" [image: {turn['blip_caption']}]"
                turns.append({"id": turn["dia_id"], "speaker": turn["speaker"], "text": text})
            sessions.append({"id": f"session_{n}", "date": talk.get(f"session_{n}_date_time"), "turns": turns})
        questions = []
        for i, qa in enumerate(sample["qa"]):
            # A few entries hold several ids in one string: "D8:6; D9:17".
            evidence = [e for each in qa.get("evidence", []) for e in re.findall(r"D\d+:\d+", each)]
            questions.append({"id": f"q{i}", "category": qa["category"], "question": qa["question"], "evidence": evidence})
        yield {"id": str(sample.get("sample_id", f"locomo-{number}")), "sessions": sessions, "questions": questions}


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    return [n for each in value for n in numbers(each)] if isinstance(value, list) else [str(value)]


def read_beam(folder):
    for chat in sorted(folder.glob("*/chat.json"), key=lambda path: path.parent.name.zfill(6)):
        sessions, id = [], f"beam-{chat.parent.name}"
        for batch in json.loads(chat.read_text()):
            messages = [message for group in batch["turns"] for message in group]
            date = batch.get("time_anchor") or next((m["time_anchor"] for m in messages if m.get("time_anchor")), None)
            sessions.append({"id": f"batch_{batch['batch_number']}", "date": date, "turns": [
                {"id": str(m["id"]), "speaker": m["role"], "text": re.sub(r"->->\s*\d+,\d+\s*$", "", m["content"]).strip()}
                for m in messages]})
        asked = json.loads((chat.parent / "probing_questions" / "probing_questions.json").read_text())
        yield {"id": id, "sessions": sessions, "questions": [
            {"id": f"{ability}-{i}", "category": ability, "question": q["question"], "evidence": numbers(q.get("source_chat_ids") or [])}
            for ability, questions in asked.items() for i, q in enumerate(questions)]}


def read(path):
    path = pathlib.Path(path)
    if path.is_dir():
        return read_beam(path)
    data = json.loads(path.read_text())
    return read_locomo(data) if isinstance(data, list) else data["conversations"]


class Api:
    def __init__(self, base, key):
        self.base, self.headers = base.rstrip("/"), {"Content-Type": "application/json"} | ({"X-Api-Key": key} if key else {})

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(6):
            try:
                request = urllib.request.Request(self.base + path, data, self.headers, method=method)
                with urllib.request.urlopen(request, timeout=120) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or attempt == 5:
                    sys.exit(f"{path}: HTTP {error.code}: {error.read()[:500].decode(errors='replace')}")
                time.sleep(float(error.headers.get("Retry-After") or 1))

    def ingest(self, conversation):
        for session in conversation["sessions"]:
            at, turns = when(session["date"]), []
            for i, said in enumerate(session["turns"]):
                role = said["speaker"] if said["speaker"] in ("user", "assistant") else "user"
                turn = {"id": said["id"], "role": role, "content": said["text"][:100_000]}
                if role != said["speaker"]:
                    turn["name"] = said["speaker"]
                if at:
                    turn["occurred_at"] = (at + datetime.timedelta(seconds=20 * i)).isoformat()
                turns.append(turn)
            for i in range(0, len(turns), 200):
                self.call("POST", f"/v1/sessions/{conversation['id']}.{session['id']}/turns/batch",
                          {"user_id": conversation["id"], "turns": turns[i:i + 200]})

    def wait_for_embeddings(self):
        while any(space["jobs_ready"] for space in self.call("GET", "/v1/admin/embeddings")["items"] if space["state"] != "retired"):
            time.sleep(0.5)


def measure(ranked, sessions, gold, gold_sessions):
    """ranked: turn ids, best first; sessions: the session of each; the columns' values in order."""
    at = [i for i, turn in enumerate(ranked) if turn in gold]
    dcg, ideal = (sum(1 / math.log2(p + 2) for p in places) for places in ([p for p in at if p < 10], range(min(len(gold), 10))))
    found = set(sessions[:10]) & gold_sessions
    return ([sum(p < k for p in at) / len(gold) for k in (5, 10, 20)] + [float(any(p < k for p in at)) for k in (10, 20)]
            + [dcg / ideal, 1 / (at[0] + 1) if at else 0.0, len(found) / len(gold_sessions), float(bool(found))])


def ask(api, conversation, per):
    place = {turn["id"]: session["id"] for session in conversation["sessions"] for turn in session["turns"]}
    for question in conversation["questions"]:
        gold = {turn for turn in question["evidence"] if turn in place}
        if not gold or question["category"] == 5:
            continue
        items = api.call("POST", "/v1/recall", {
            "query": question["question"], "user_id": conversation["id"], "kinds": ["turn"], "limit": 20})["items"]
        ranked = list(dict.fromkeys(turn for item in items for turn in item["turn_ids"]))
        row = measure(ranked, [place[turn] for turn in ranked], gold, {place[turn] for turn in gold})
        per["all"].append(row)
        per[str(LOCOMO_CATEGORIES.get(question["category"], question["category"]))].append(row)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data")
    arguments.add_argument("--base", default="http://127.0.0.1:8080")
    arguments.add_argument("--key", default="")
    arguments.add_argument("--no-ingest", action="store_true")
    arguments = arguments.parse_args()
    api, per, conversations = Api(arguments.base, arguments.key), collections.defaultdict(list), list(read(arguments.data))
    if not arguments.no_ingest:
        for conversation in conversations:
            api.ingest(conversation)
    api.wait_for_embeddings()
    for conversation in conversations:
        ask(api, conversation, per)
        print("  asked", conversation["id"], len(per["all"]), "questions", file=sys.stderr)
    print("| questions | n | " + " | ".join(COLUMNS) + " |")
    print("|---|--:|" + "--:|" * len(COLUMNS))
    for category, rows in sorted(per.items(), key=lambda each: (each[0] != "all", each[0])):
        means = [sum(row[i] for row in rows) / len(rows) for i in range(len(COLUMNS))]
        print(f"| {category} | {len(rows)} | " + " | ".join(f"{mean:.4f}" for mean in means) + " |")


if __name__ == "__main__":
    main()

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Bench.Simulate.Expected;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Bench.Simulate;

/// <summary>Turns: appended, doubled, sent again, distilled and found.</summary>
internal sealed partial class Simulation
{
    private const int SessionsMax = 5;

    // An idempotency key lives for 24 hours.
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(20);
    private static readonly string?[] Users = ["ada", "bob", null];

    private ExpectedSession SessionOf(ExpectedTenant tenant)
    {
        var usable = tenant.Sessions.Where(static each => !each.IsGoing).ToList();
        if (usable.Count > 0 && (usable.Count >= SessionsMax || random.Next(3) > 0))
            return usable[random.Next(usable.Count)];
        var made = new ExpectedSession(tenant.Name, "s" + tenant.Sessions.Count.ToString(CultureInfo.InvariantCulture),
            Users[random.Next(Users.Length)]);
        tenant.Sessions.Add(made);
        return made;
    }

    private SentAppend NewAppend(ExpectedSession session)
    {
        var count = random.Next(4) == 0 ? random.Next(2, 6) : 1;
        var said = Enumerable.Range(0, count).Select(_ => words.NewWord(session.Key.Tenant)).ToArray();
        var drafts = said.Select(word =>
            new TurnDraft(random.Next(3) == 0 ? IdOf(word) : null, random.Next(2) == 0 ? "user" : "assistant", null, words.Say(word), null,
            null)).ToArray();
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(said[0]));
        var command = new AppendCommand(session.Key, session.User, null, drafts,
            new IdempotencyKey("POST /turns", "k" + IdOf(said[0]), digest));
        var sent = new SentAppend(command, said, world.Now);
        session.Appends.Add(sent);
        return sent;
    }

    // Ids stay when a turn is erased, so the word must not be in them.
    private static string IdOf(string word) => "t" + word.Replace("xq", "-", StringComparison.Ordinal);

    private async Task AppendAsync(ExpectedTenant tenant)
    {
        var session = SessionOf(tenant);
        var sent = NewAppend(session);
        Note("append", $"{session.Key.Tenant}/{session.Key.Id} {string.Join(',', sent.Words)}");
        var host = AnyHost();
        Take(session, sent, await TryAsync(() => host.Sessions.AppendAsync(sent.Command, CancellationToken.None)));
    }

    // Several at once by both hosts, one of them twice under its key.
    private async Task AppendTwinsAsync(ExpectedTenant tenant)
    {
        var session = SessionOf(tenant);
        var sent = Enumerable.Range(0, 3).Select(_ => NewAppend(session)).ToArray();
        Note("append-side-by-side",
            $"{session.Key.Tenant}/{session.Key.Id} {string.Join(',', sent.SelectMany(static each => each.Words))}");
        SentAppend[] calls = [.. sent, sent[0]];
        var answers = await Task.WhenAll(calls.Select((each, i) =>
            TryAsync(() => world.Hosts[i % world.Hosts.Count].Sessions.AppendAsync(each.Command, CancellationToken.None))));
        for (var i = 0; i < calls.Length; i++)
            Take(session, calls[i], answers[i]);
    }

    // What a client does that got no answer, or lost it: the same again, under the same key.
    private async Task RetryAsync(ExpectedTenant tenant)
    {
        var retriable = tenant.Sessions.Where(static each => !each.IsGoing)
            .SelectMany(session => session.Appends.Select(sent => (session, sent)))
            .Where(each => world.Now - each.sent.SentAt < KeyLife
            && (each.sent.Answered is null || each.sent.Answered.All(static turn => turn.Fate == Fate.Kept))).ToList();
        if (retriable.Count == 0)
            return;
        var (session, sent) = retriable[random.Next(retriable.Count)];
        Note("retry", $"{session.Key.Tenant}/{session.Key.Id} {sent.Words[0]} {(sent.Answered is null ? "unanswered" : "answered")}");
        var host = AnyHost();
        Take(session, sent, await TryAsync(() => host.Sessions.AppendAsync(sent.Command, CancellationToken.None)));
    }

    private void Take(ExpectedSession session, SentAppend sent, Outcome<AppendResult>? answer)
    {
        if (answer is not { } outcome || !outcome.IsSuccess)
        {
            Demand(answer?.Error is null || IsPassing(answer.Value.Error), $"an append was refused: {answer?.Error}");
            NoteEnd(answer?.Error?.Code.ToString() ?? "gone");
            if (sent.Answered is null)
                session.MaybeWords.UnionWith(sent.Words);
            return;
        }

        var turns = outcome.Value.Turns;
        NoteEnd($"{turns[0].Seq}{(outcome.Value.Replayed ? " replayed" : "")}");
        Demand(turns.Count == sent.Words.Count, $"{turns.Count} turns answered for {sent.Words.Count}");
        if (sent.Answered is { } before)
        {
            Demand(turns.Select(static turn => (turn.Id, turn.Seq)).SequenceEqual(before.Select(static turn => (turn.Id, turn.Seq))),
                $"{sent.Words[0]} sent again got another answer");
            return;
        }

        sent.Answered = [.. turns.Select((turn, i) => new ExpectedTurn(sent.Words[i], turn.Seq, turn.Id))];
        session.Turns.AddRange(sent.Answered);
        session.MaybeWords.ExceptWith(sent.Words);
    }

    private async Task DistilAsync(ExpectedTenant tenant)
    {
        var session = SessionOf(tenant);
        Note("distil", $"{session.Key.Tenant}/{session.Key.Id}");
        var host = AnyHost();
        var answer = await TryAsync(() => host.Memories.DistilAsync(session.Key, CancellationToken.None));
        NoteEnd(answer?.Error?.Code.ToString() ?? "done");
        Demand(answer?.Error is null || IsPassing(answer.Value.Error) || answer.Value.Error.Code == ErrorCode.NotFound,
            $"a distillation was refused: {answer?.Error}");
    }

    // What was acknowledged is in the very next answer, of whatever host; and nothing of another tenant is.
    private async Task RecallAsync(ExpectedTenant tenant)
    {
        var kept = tenant.Sessions.Where(static each => !each.IsGoing)
            .SelectMany(session => session.Turns.Where(static turn => turn.Fate == Fate.Kept).Select(turn => (session, turn))).ToList();
        if (kept.Count == 0)
            return;
        // The newest most often.
        var (session, turn) = kept[random.Next(2) == 0 ? kept.Count - 1 : random.Next(kept.Count)];
        Note("recall", $"{session.Key.Tenant}/{session.Key.Id} {turn.Word}");
        var query = new RecallQuery(tenant.Name, turn.Word, 100, session.User, Kinds: ["turn"], MinScore: 0);
        if (session.User is null && random.Next(2) == 0)
            query = query with { SessionId = session.Key.Id };
        var host = AnyHost();
        var answer = await TryAsync(() => host.Recall.RecallAsync(query, CancellationToken.None));
        if (answer is not { IsSuccess: true } found)
        {
            Demand(answer?.Error is null || IsPassing(answer.Value.Error), $"a recall was refused: {answer?.Error}");
            NoteEnd("gone");
            return;
        }

        Demand(found.Value.Items.Any(item => item.Turn.Id == turn.Id && item.Content.Contains(turn.Word, StringComparison.Ordinal)),
            $"{turn.Word} was acknowledged and is not recalled");
        DemandOwn(tenant, found.Value.Items.Select(static item => item.Content), "a recall");
        await CheckOthersAsync(tenant, session, turn);
    }

    private async Task CheckOthersAsync(ExpectedTenant tenant, ExpectedSession session, ExpectedTurn turn)
    {
        world.Faults.IsOn = false;
        var other = tenants.First(each => each != tenant);
        var host = AnyHost();
        var theirs = await host.Recall.RecallAsync(new RecallQuery(other.Name, turn.Word, 100, MinScore: 0, AsOf: new AsOf(null, null)),
            CancellationToken.None);
        DemandOwn(other, theirs.Value.Items.Select(static item => item.Content), "another tenant's recall");
        if (other.Sessions.All(each => each.Key.Id != session.Key.Id))
            Demand((await host.Sessions.GetAsync(new SessionKey(other.Name, session.Key.Id), CancellationToken.None))
                .Error?.Code == ErrorCode.NotFound, "a session is another tenant's too");
    }

    private void DemandOwn(ExpectedTenant tenant, IEnumerable<string> contents, string what)
    {
        foreach (var content in contents)
        {
            Demand(!tenants.Any(each => each != tenant && content.Contains(each.Name + "xq", StringComparison.Ordinal)),
                $"{what} shows a text of another tenant: {content}");
            Demand(!tenant.ErasedWords.Any(word => content.Contains(word, StringComparison.Ordinal)),
                $"{what} shows what was erased: {content}");
        }
    }

    // Bad input is refused by name and changes nothing: what follows looks at everything.
    private async Task RefuseAsync(ExpectedTenant tenant)
    {
        var session = SessionOf(tenant);
        Note("refuse", $"{session.Key.Tenant}/{session.Key.Id}");
        var host = AnyHost();
        var draft = new TurnDraft(null, "user", null, "nobody said this", null, null);
        var wrongVersion = await TryAsync(() =>
            host.Sessions.AppendAsync(new AppendCommand(session.Key, session.User, null, [draft], null, 999_999), CancellationToken.None));
        Demand(wrongVersion is not { IsSuccess: true }, "an append with the wrong version went through");
        var kind = await TryAsync(() =>
            host.Memories.WriteAsync(tenant.Name, new MemoryDraft("turn", "nobody wrote this", MemoryOwner.Tenant), [],
            CancellationToken.None));
        Demand(kind is not { } outcome || outcome.Error is { Code: ErrorCode.InvalidInput, Field: "kind" }
            || (outcome.Error is { } error && IsPassing(error)), $"a memory of kind turn: {kind?.Error}");
        if (session.Turns.Count == 0)
            return;
        var first = session.Turns[0];
        var taken = await TryAsync(() =>
            host.Sessions.AppendAsync(new AppendCommand(session.Key, session.User, null, [draft with { Id = first.Id }]),
            CancellationToken.None));
        Demand(taken is not { IsSuccess: true } || session.IsGoing, "a turn's id was given twice");
    }
}

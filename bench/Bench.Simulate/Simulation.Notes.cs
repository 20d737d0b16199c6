using MemoryOrleans.Bench.Simulate.Expected;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Bench.Simulate;

/// <summary>What agents write, and what was known of it when.</summary>
internal sealed partial class Simulation
{
    private async Task WriteNoteAsync(ExpectedTenant tenant)
    {
        var (user, word) = (Users[random.Next(Users.Length)], words.NewWord(tenant.Name));
        Note("write", $"{tenant.Name} {word}");
        var host = AnyHost();
        var draft = new MemoryDraft("note", words.Say(word), new MemoryOwner(user));
        var answer = await TryAsync(() => host.Memories.WriteAsync(tenant.Name, draft, [], CancellationToken.None));
        NoteEnd(answer?.Error?.Code.ToString() ?? "done");
        Demand(answer?.Error is null || IsPassing(answer.Value.Error), $"a note was refused: {answer?.Error}");
        if (answer is { IsSuccess: true } written)
            tenant.Notes.Add(new ExpectedNote(written.Value.Id, user, word, written.Value.RecordedAt));
    }

    private async Task EditNoteAsync(ExpectedTenant tenant)
    {
        var kept = tenant.Notes.Where(static each => each.Fate == Fate.Kept).ToList();
        if (kept.Count == 0)
            return;
        var note = kept[random.Next(kept.Count)];
        var word = words.NewWord(tenant.Name);
        Note("edit", $"{tenant.Name}/{note.Id} {word}");
        var host = AnyHost();
        var answer = await TryAsync(() =>
            host.Memories.EditAsync(tenant.Name, note.Id, new MemoryPatch { Content = words.Say(word) }, null, CancellationToken.None));
        NoteEnd(answer?.Error?.Code.ToString() ?? "done");
        if (answer is { IsSuccess: true } edited)
        {
            note.Words.Add((edited.Value.RecordedAt, word));
            return;
        }

        Demand(answer?.Error is null || IsPassing(answer.Value.Error), $"an edit was refused: {answer?.Error}");
        note.MaybeWords.Add(word);
    }

    // An edit taken back by one call, and taken back again: the note says what it said before the two.
    private async Task UndoAsync(ExpectedTenant tenant)
    {
        var edited = tenant.Notes.Where(static each => each.Fate == Fate.Kept && each.Words.Count > 1 && each.MaybeWords.Count == 0)
            .ToList();
        if (edited.Count == 0)
            return;
        var note = edited[random.Next(edited.Count)];
        Note("undo", $"{tenant.Name}/{note.Id}");
        world.Faults.IsOn = false;
        var host = AnyHost();
        var undone = await host.Memories.UndoAsync(tenant.Name, note.Id, null, CancellationToken.None);
        Demand(undone.IsSuccess, $"an undo was refused: {undone.Error}");
        var before = undone.Value.Changed.Single(each => each.Id == note.Id);
        Demand(MadeUpWords.Find(before.Content) != note.Words[^1].Word, "an undo left the note as it was");
        note.Words.Add((before.RecordedAt, MadeUpWords.Find(before.Content)));
        var again = await host.Memories.UndoAsync(tenant.Name, note.Id, null, CancellationToken.None);
        Demand(again.IsSuccess, $"an undo of an undo was refused: {again.Error}");
        var after = again.Value.Changed.Single(each => each.Id == note.Id);
        Demand(MadeUpWords.Find(after.Content) == note.Words[^2].Word, "an undo of an undo is not what was there before");
        note.Words.Add((after.RecordedAt, note.Words[^2].Word));
    }

    private async Task CheckNotesAsync(ExpectedTenant tenant)
    {
        var host = AnyHost();
        foreach (var note in tenant.Notes)
        {
            var found = await host.Memories.GetAsync(tenant.Name, note.Id, CancellationToken.None);
            if (note.Fate == Fate.Erased)
                Demand(found.Error?.Code == ErrorCode.NotFound, $"{note.Id} was erased and is there");
            if (note.Fate != Fate.Kept)
                continue;
            Demand(found.IsSuccess, $"{note.Id} was acknowledged and is not there: {found.Error}");
            var word = MadeUpWords.Find(found.Value.Content);
            Demand(word == note.Words[^1].Word || note.MaybeWords.Contains(word), $"{note.Id} says {word} and not {note.Words[^1].Word}");
        }
    }

    // A time between two edits: what was known then is what the one before said.
    private async Task CheckKnownThenAsync(ExpectedTenant tenant)
    {
        var edited = tenant.Notes.Where(static each => each.Fate == Fate.Kept && each.Words.Count > 1 && each.MaybeWords.Count == 0)
            .ToList();
        if (goesBack || edited.Count == 0)
            return;
        var note = edited[random.Next(edited.Count)];
        var at = random.Next(note.Words.Count - 1);
        var known = note.Words[at + 1].From.AddTicks(-TimeSpan.TicksPerMicrosecond);
        var query = new RecallQuery(tenant.Name, note.Words[at].Word, 100, note.User, Kinds: ["note"], AsOf: new AsOf(null, known),
            MinScore: 0);
        var then = await AnyHost().Recall.RecallAsync(query, CancellationToken.None);
        var item = then.Value.Items.FirstOrDefault(each => each.Id == note.Id);
        Demand(item is null || MadeUpWords.Find(item.Content) == note.Words[at].Word,
            $"{note.Id} as of {known:O} says {item?.Content}, not {note.Words[at].Word}");
        var history = await AnyHost().Memories.ReadHistoryAsync(tenant.Name, note.Id, CancellationToken.None);
        var version = history.Value.Single(each => each.RecordedAt <= known && (each.SupersededAt is null || known < each.SupersededAt));
        Demand(MadeUpWords.Find(version.Content) == note.Words[at].Word,
            $"{note.Id} in its history as of {known:O} says {version.Content}");
    }
}

using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Memories;

/// <summary>Memories for people.</summary>
internal static class MemoryTable
{
    public static Listing Of(IReadOnlyList<MemoryResponse> memories)
    {
        var table = new Listing(separated: true, "Id", "Kind", "Status", new Heading("Salience", Right: true), "Recorded (UTC)", "Content");
        foreach (var each in memories)
            table.Add(each.Id, each.Kind, each.Status, Show.Share(each.Salience), Show.Time(each.RecordedAt), Show.Content(each.Content));
        return table;
    }

    public static Listing OfVersions(IReadOnlyList<MemoryResponse> versions)
    {
        var table = new Listing(separated: true, new Heading("Version", Right: true), "Status", "True from (UTC)", "True to (UTC)",
            "Recorded (UTC)", "Why", "Content");
        foreach (var each in versions)
        {
            table.Add(
                Show.Number(each.Version), each.Status, Show.Time(each.ValidFrom), Show.Time(each.ValidTo), Show.Time(each.RecordedAt),
                each.Change,
                Show.Content(each.Content));
        }

        return table;
    }

    public static Listing InFull(MemoryResponse memory)
    {
        var table = new Listing("What", "Value");
        Add("id", memory.Id);
        Add("version", Show.Number(memory.Version));
        Add("kind", memory.Kind);
        Add("tier", memory.Tier);
        Add("status", memory.Status);
        Add("content", memory.Content);
        Add("user", memory.UserId);
        Add("agent", memory.AgentId);
        Add("session", memory.SessionId);
        Add("importance", Show.Share(memory.Importance));
        Add("salience", $"{Show.Share(memory.Salience)} at {Show.Time(memory.SalienceAt)}");
        Add("pinned", memory.Pinned ? "yes" : "no");
        Add("true from (UTC)", Show.Time(memory.ValidFrom));
        Add("true to (UTC)", Show.Time(memory.ValidTo));
        Add("recorded (UTC)", Show.Time(memory.RecordedAt));
        Add("superseded by", memory.SupersededBy);
        Add("why this version", memory.Change);
        Add("rests on", string.Join("\n", memory.Sources.Select(static source => $"{source.SessionId} #{Show.Number(source.Seq)}")));
        Add("metadata", memory.Metadata?.GetRawText());
        return table;

        void Add(string what, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                table.Add(what, value);
        }
    }
}

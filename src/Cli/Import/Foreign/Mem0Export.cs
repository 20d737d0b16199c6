using System.Text.Json;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>
/// What mem0's get_all answers: {"results": […]}, its list alone, a list of the platform's pages, or the envelope of its command line. The
/// JavaScript library writes the same members in camel case.
/// </summary>
internal static class Mem0Export
{
    public static IEnumerable<ForeignRecord> Read(JsonElement root, string? user)
    {
        foreach (var (number, item) in root.Paged("results", "memories", "data").Index())
        {
            var place = ForeignExports.Place("memory", number);
            var text = item.Text("memory", "data", "text") ?? (item.Member("data") ?? default).Text("memory");
            var categories = string.Join(", ", item.Items("categories").Select(static each => each.ToString()));
            yield return ForeignForms.Memory(
                place, "mem0", item.Text("id") ?? ForeignForms.Digest(text ?? place), "note", text, item.Text("user_id", "userId") ?? user,
                item.Text("agent_id", "agentId"), item.Time("created_at", "createdAt"), EndOf(item), item.Member("metadata"),
                ("run_id", item.Text("run_id", "runId", "session_id")),
                ("app_id", item.Text("app_id", "appId")), ("actor_id", item.Text("actor_id")), ("role", item.Text("role")),
                ("attributed_to", item.Text("attributed_to", "attributedTo")), ("updated_at", item.Text("updated_at", "updatedAt")),
                ("replaced_by", item.Text("replaced_by")), ("categories", categories.Length > 0 ? categories : null));
        }
    }

    // A day's date, which still counts: the memory is hidden from the next day on.
    private static DateTimeOffset? EndOf(JsonElement item) => item.Time("expiration_date", "expirationDate") is not { } last ? null
        : last.TimeOfDay == TimeSpan.Zero && last < DateTimeOffset.MaxValue.AddDays(-1) ? last.AddDays(1) : last;
}

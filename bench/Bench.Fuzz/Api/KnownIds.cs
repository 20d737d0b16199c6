using System.Text.Json;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>Ids that answers brought, so that later requests are about what there is; of each kind the newest few.</summary>
internal sealed class KnownIds
{
    private const int PerKindMax = 48;
    private readonly Lock access = new();
    private readonly Dictionary<(string Tenant, string Kind), List<string>> ids = [];

    /// <param name="kind">A plural as in paths: memories, entities.</param>
    public string? Pick(string tenant, string kind, Random random)
    {
        // Drawn always: what else is random in the request must not hang on what is known.
        var slot = random.Next(PerKindMax);
        lock (access)
            return ids.TryGetValue((tenant, kind), out var known) && known.Count > 0 ? known[slot % known.Count] : null;
    }

    public void Learn(string tenant, string operation, JsonElement answer)
    {
        var kind = operation switch
        {
            "writeMemory" or "listMemories" or "recall" => "memories",
            "upsertEntity" or "listEntities" => "entities",
            "addObservations" => "observations",
            "addRelation" => "relations",
            "makeKey" or "listKeys" => "keys",
            "erase" or "listErasures" => "erasures",
            "listJobs" => "jobs",
            "appendTurn" => "turns",
            _ => null,
        };
        if (kind is null || answer.ValueKind != JsonValueKind.Object)
            return;
        if (answer.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in items.EnumerateArray())
                Add(tenant, kind, item);
        }
        else
        {
            Add(tenant, kind, answer.TryGetProperty("details", out var details) ? details : answer);
        }

        if (answer.TryGetProperty("next_cursor", out var cursor) && cursor.ValueKind == JsonValueKind.String)
            Add(tenant, "cursors", cursor.GetString()!);
    }

    private void Add(string tenant, string kind, JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id))
            Add(tenant, kind, id.ToString());
    }

    private void Add(string tenant, string kind, string id)
    {
        lock (access)
        {
            if (!ids.TryGetValue((tenant, kind), out var known))
                ids[(tenant, kind)] = known = [];
            if (known.Contains(id))
                return;
            if (known.Count == PerKindMax)
                known.RemoveAt(0);
            known.Add(id);
        }
    }
}

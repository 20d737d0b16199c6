using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <content>Episodes, facts, and what agents write.</content>
public sealed partial class MemoryClient
{
    /// <summary>Distils now whatever of the session is left.</summary>
    public Task<DistillationResponse> DistilAsync(string sessionId, CancellationToken cancel = default) =>
        PostAsync(SessionPath(sessionId, "/distill"), null, Json.DistillationResponse, cancel);

    /// <summary>How far the session is distilled.</summary>
    public Task<DistillationProgressResponse> GetDistillationAsync(string sessionId, CancellationToken cancel = default) =>
        GetAsync(SessionPath(sessionId, "/distillation"), Json.DistillationProgressResponse, cancel);

    /// <summary>Writes a record of an agent's own. Not repeatable: a second call writes a second record.</summary>
    public Task<Versioned<MemoryResponse>> WriteMemoryAsync(WriteMemoryRequest memory, CancellationToken cancel = default) =>
        WriteAsync("v1/memories", memory, Json.WriteMemoryRequest, Json.MemoryResponse, conditions: null, cancel);

    /// <summary>One page of memories, the most recently made first; which, the filter says.</summary>
    public Task<MemoryPage> ListMemoriesAsync(
        MemoryListFilter? filter = null, int? limit = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync(
            "v1/memories" + Query(
                ("kind", filter?.Kind), ("tier", filter?.Tier), ("status", filter?.Status), ("user_id", filter?.UserId),
                ("agent_id", filter?.AgentId),
                ("session_id", filter?.SessionId), ("metadata", filter?.Metadata), ("limit", Text(limit)), ("cursor", cursor)),
            Json.MemoryPage, cancel);

    public Task<MemoryResponse> GetMemoryAsync(string id, CancellationToken cancel = default) =>
        GetAsync(MemoryPath(id), Json.MemoryResponse, cancel);

    /// <summary>Every version, oldest first.</summary>
    public Task<MemoryHistoryResponse> GetMemoryHistoryAsync(string id, CancellationToken cancel = default) =>
        GetAsync(MemoryPath(id, "/history"), Json.MemoryHistoryResponse, cancel);

    /// <summary>Changes a memory: its next version.</summary>
    public Task<Versioned<MemoryResponse>> EditMemoryAsync(
        string id, EditMemoryRequest edit, long? ifMatch = null, CancellationToken cancel = default) =>
        SendAsync(
            HttpMethod.Patch, MemoryPath(id), Body(edit, Json.EditMemoryRequest), Json.MemoryResponse,
            new WriteConditions(IfMatch: ifMatch), cancel);

    /// <summary>Erases a memory in every version; it cannot be undone.</summary>
    public Task DeleteMemoryAsync(string id, long? ifMatch = null, CancellationToken cancel = default) =>
        DeleteAsync(MemoryPath(id), ifMatch, cancel);

    /// <summary>Takes back the operation that made the current version, in every memory it changed.</summary>
    public async Task<UndoResponse> UndoMemoryAsync(string id, long? ifMatch = null, CancellationToken cancel = default) =>
        (await SendAsync(HttpMethod.Post, MemoryPath(id, "/undo"), null, Json.UndoResponse, new WriteConditions(IfMatch: ifMatch), cancel))
        .Value;

    /// <summary>Takes note that the memory was cited, which raises its salience.</summary>
    public Task<CitationResponse> CiteMemoryAsync(string id, CancellationToken cancel = default) =>
        PostAsync(MemoryPath(id, "/citations"), null, Json.CitationResponse, cancel);

    private static string MemoryPath(string id, string rest = "") => $"v1/memories/{Uri.EscapeDataString(id)}{rest}";
}

/// <summary>Which memories a listing names; null fields do not restrict.</summary>
/// <param name="Status"><c>active</c> when null.</param>
public sealed record MemoryListFilter(
    string? Kind = null, string? Tier = null, string? Status = null, string? UserId = null, string? AgentId = null,
    string? SessionId = null)
{
    /// <summary>A JSON object: what metadata is to be, as <see cref="RecallFilterInput.Metadata"/>; null: anything.</summary>
    public string? Metadata { get; init; }
}

using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <content>The knowledge graph.</content>
public sealed partial class MemoryClient
{
    /// <summary>Makes an entity, or merges into the one of that name and scope: safe to repeat.</summary>
    public Task<Versioned<EntityResponse>> UpsertEntityAsync(EntityRequest entity, CancellationToken cancel = default) =>
        WriteAsync("v1/entities", entity, Json.EntityRequest, Json.EntityResponse, WriteConditions.Repeatable, cancel);

    /// <summary>One page of entities, most recently created first.</summary>
    public Task<EntityPage> ListEntitiesAsync(
        string? type = null, string? userId = null, string? agentId = null, int? limit = null, string? cursor = null,
        CancellationToken cancel = default) =>
        GetAsync(
            "v1/entities" + Query(("type", type), ("user_id", userId), ("agent_id", agentId), ("limit", Text(limit)), ("cursor", cursor)),
            Json.EntityPage, cancel);

    /// <summary>An entity with its observations and relations, as of a time.</summary>
    public Task<EntityViewResponse> GetEntityAsync(
        string id, DateTimeOffset? valid = null, DateTimeOffset? known = null, CancellationToken cancel = default) =>
        GetAsync(EntityPath(id) + Query(AsOf(valid, known)), Json.EntityViewResponse, cancel);

    public Task<Versioned<EntityResponse>> EditEntityAsync(
        string id, EntityPatch edit, long? ifMatch = null, CancellationToken cancel = default) =>
        SendAsync(HttpMethod.Patch, EntityPath(id), Body(edit, Json.EntityPatch), Json.EntityResponse,
        new WriteConditions(IfMatch: ifMatch), cancel);

    /// <summary>Deletes an entity with its observations and relations; says how many went.</summary>
    public async Task<EntityReceiptResponse> DeleteEntityAsync(string id, long? ifMatch = null, CancellationToken cancel = default) =>
        (await SendAsync(HttpMethod.Delete, EntityPath(id), null, Json.EntityReceiptResponse, new WriteConditions(IfMatch: ifMatch),
        cancel)).Value;

    /// <summary>Entities for a query, best first.</summary>
    public Task<EntitySearchResponse> SearchEntitiesAsync(EntitySearchRequest search, CancellationToken cancel = default) =>
        PostAsync("v1/entities/search", Body(search, Json.EntitySearchRequest), Json.EntitySearchResponse, cancel,
        WriteConditions.Repeatable);

    /// <summary>Adds one observation or up to 100, all or none; those known already are answered as they are: safe to repeat.</summary>
    public Task<ObservationsResponse> AddObservationsAsync(ObservationsRequest observations, CancellationToken cancel = default) =>
        PostAsync("v1/observations", Body(observations, Json.ObservationsRequest), Json.ObservationsResponse, cancel,
        WriteConditions.Repeatable);

    /// <summary>Removes an observation with its text.</summary>
    public Task DeleteObservationAsync(string id, CancellationToken cancel = default) =>
        DeleteAsync($"v1/observations/{Uri.EscapeDataString(id)}", ifMatch: null, cancel);

    /// <summary>Makes a relation, or answers the same one when it is there and has no end: safe to repeat.</summary>
    public Task<Versioned<RelationResponse>> AddRelationAsync(RelationRequest relation, CancellationToken cancel = default) =>
        WriteAsync("v1/relations", relation, Json.RelationRequest, Json.RelationResponse, WriteConditions.Repeatable, cancel);

    /// <summary>Ends a relation, or corrects it: its next version.</summary>
    public Task<Versioned<RelationResponse>> EditRelationAsync(
        string id, RelationPatch edit, long? ifMatch = null, CancellationToken cancel = default) =>
        SendAsync(HttpMethod.Patch, RelationPath(id), Body(edit, Json.RelationPatch), Json.RelationResponse,
        new WriteConditions(IfMatch: ifMatch), cancel);

    /// <summary>Removes a relation in all its versions.</summary>
    public Task DeleteRelationAsync(string id, long? ifMatch = null, CancellationToken cancel = default) =>
        DeleteAsync(RelationPath(id), ifMatch, cancel);

    /// <summary>A shortest path between two entities, along relations either way, as of a time.</summary>
    public Task<GraphPathResponse> FindPathAsync(
        string fromId, string toId, int? hopsMax = null, DateTimeOffset? valid = null, DateTimeOffset? known = null,
        CancellationToken cancel = default) =>
        GetAsync(
            "v1/graph/path" + Query(("from", fromId), ("to", toId), ("max_hops", Text(hopsMax)), ("as_of_valid", Time(valid)),
            ("as_of_known", Time(known))),
            Json.GraphPathResponse, cancel);

    /// <summary>Counts, types and the most connected entities.</summary>
    public Task<GraphOverviewResponse> GetGraphOverviewAsync(CancellationToken cancel = default) =>
        GetAsync("v1/graph/overview", Json.GraphOverviewResponse, cancel);

    private static ReadOnlySpan<(string Name, string? Value)> AsOf(DateTimeOffset? valid, DateTimeOffset? known) =>
        new[] { ("as_of_valid", Time(valid)), ("as_of_known", Time(known)) };

    private static string? Time(DateTimeOffset? time) => time is { } point ? Rfc3339.Format(point) : null;

    private static string EntityPath(string id) => $"v1/entities/{Uri.EscapeDataString(id)}";

    private static string RelationPath(string id) => $"v1/relations/{Uri.EscapeDataString(id)}";
}

using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>
/// JSON of the HTTP contract, v1: snake_case, RFC 3339 UTC times, no member twice. Request records refuse unknown members.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    Converters = [typeof(Rfc3339Converter)])]
[JsonSerializable(typeof(AppendTurnRequest))]
[JsonSerializable(typeof(AppendTurnsRequest))]
[JsonSerializable(typeof(RecallRequest))]
[JsonSerializable(typeof(TurnResponse))]
[JsonSerializable(typeof(TurnBatchResponse))]
[JsonSerializable(typeof(TurnPage))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(SessionPage))]
[JsonSerializable(typeof(WorkingMemoryResponse))]
[JsonSerializable(typeof(ContextResponse))]
[JsonSerializable(typeof(RecallResponse))]
[JsonSerializable(typeof(EntityRequest))]
[JsonSerializable(typeof(EntityPatch))]
[JsonSerializable(typeof(EntityResponse))]
[JsonSerializable(typeof(EntityPage))]
[JsonSerializable(typeof(EntityViewResponse))]
[JsonSerializable(typeof(EntityReceiptResponse))]
[JsonSerializable(typeof(ObservationsRequest))]
[JsonSerializable(typeof(ObservationsResponse))]
[JsonSerializable(typeof(RelationRequest))]
[JsonSerializable(typeof(RelationPatch))]
[JsonSerializable(typeof(RelationResponse))]
[JsonSerializable(typeof(EntitySearchRequest))]
[JsonSerializable(typeof(EntitySearchResponse))]
[JsonSerializable(typeof(GraphPathResponse))]
[JsonSerializable(typeof(GraphOverviewResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ProbeResponse))]
[JsonSerializable(typeof(SummaryResponse))]
[JsonSerializable(typeof(JobResponse))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(StartEmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingSpaceResponse))]
[JsonSerializable(typeof(EmbeddingSpaceList))]
[JsonSerializable(typeof(ProblemResponse))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(MessageResponse))]
[JsonSerializable(typeof(SessionRecallRequest))]
[JsonSerializable(typeof(SearchResponse))]
public sealed partial class MemoryJsonContext : JsonSerializerContext;

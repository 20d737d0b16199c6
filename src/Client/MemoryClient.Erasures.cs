using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <content>Erasing for good, the receipts, and the audit trail.</content>
public sealed partial class MemoryClient
{
    /// <summary>Every version of a memory.</summary>
    public Task<ErasureResponse> EraseMemoryAsync(string memoryId, CancellationToken cancel = default) =>
        EraseAsync(new EraseRequest { MemoryId = memoryId }, cancel);

    /// <summary>A turn, and what was derived from it; its seq stays, empty.</summary>
    /// <param name="turnId">The turn's own id, or the one that recall answers with.</param>
    public Task<ErasureResponse> EraseTurnAsync(string sessionId, string turnId, CancellationToken cancel = default) =>
        EraseAsync(new EraseRequest { Turn = new ErasedTurn { SessionId = sessionId, TurnId = turnId } }, cancel);

    /// <summary>A session, and what was derived from it.</summary>
    public Task<ErasureResponse> EraseSessionAsync(string sessionId, CancellationToken cancel = default) =>
        EraseAsync(new EraseRequest { SessionId = sessionId }, cancel);

    /// <summary>All that is a user's, and what was derived from it.</summary>
    public Task<ErasureResponse> EraseUserAsync(string userId, CancellationToken cancel = default) =>
        EraseAsync(new EraseRequest { UserId = userId }, cancel);

    /// <summary>An erasure; its state tells whether it is done.</summary>
    public Task<ErasureResponse> GetErasureAsync(string id, CancellationToken cancel = default) =>
        GetAsync($"v1/admin/erasures/{Uri.EscapeDataString(id)}", Json.ErasureResponse, cancel);

    /// <summary>One page of erasures, newest first.</summary>
    public Task<ErasurePage> ListErasuresAsync(int? limit = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync("v1/admin/erasures" + Query(("limit", Text(limit)), ("cursor", cursor)), Json.ErasurePage, cancel);

    /// <summary>One page of the audit trail, newest first.</summary>
    public Task<AuditPage> ListAuditAsync(int? limit = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync("v1/admin/audit" + Query(("limit", Text(limit)), ("cursor", cursor)), Json.AuditPage, cancel);

    /// <summary>Whether the audit trail is whole.</summary>
    public Task<AuditVerificationResponse> VerifyAuditAsync(CancellationToken cancel = default) =>
        GetAsync("v1/admin/audit/verification", Json.AuditVerificationResponse, cancel);

    private async Task<ErasureResponse> EraseAsync(EraseRequest erase, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Post, "v1/admin/erasures", null);
        request.Content = Body(erase, Json.EraseRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.ErasureResponse, cancel);
    }
}

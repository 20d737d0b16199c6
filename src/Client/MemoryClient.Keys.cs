using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <content>The keys of a tenant; another tenant than the key's own is for operators.</content>
public sealed partial class MemoryClient
{
    /// <summary>One page of keys, newest first.</summary>
    /// <param name="tenant">Whose; null: the key's own tenant.</param>
    public Task<KeyPage> ListKeysAsync(
        string? tenant = null, int? limit = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync("v1/admin/keys" + Query(("tenant", tenant), ("limit", Text(limit)), ("cursor", cursor)), Json.KeyPage, cancel);

    public Task<KeyResponse> GetKeyAsync(string id, string? tenant = null, CancellationToken cancel = default) =>
        GetAsync(KeyPath(id) + Query(("tenant", tenant)), Json.KeyResponse, cancel);

    /// <summary>Makes a key. Its text is in this answer and nowhere else.</summary>
    public async Task<ShownKeyResponse> MakeKeyAsync(MakeKeyRequest key, string? tenant = null, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, "v1/admin/keys" + Query(("tenant", tenant)), null);
        request.Content = Body(key, Json.MakeKeyRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.ShownKeyResponse, cancel);
    }

    /// <summary>Gives a key a new secret; the one before stays good for the overlap.</summary>
    public async Task<ShownKeyResponse> RotateKeyAsync(
        string id, RotateKeyRequest rotation, string? tenant = null, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, KeyPath(id) + "/rotate" + Query(("tenant", tenant)), null);
        request.Content = Body(rotation, Json.RotateKeyRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.ShownKeyResponse, cancel);
    }

    /// <summary>Ends a key for good.</summary>
    public async Task<KeyResponse> RevokeKeyAsync(string id, string? tenant = null, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Delete, KeyPath(id) + Query(("tenant", tenant)), null);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.KeyResponse, cancel);
    }

    private static string KeyPath(string id) => $"v1/admin/keys/{Uri.EscapeDataString(id)}";
}

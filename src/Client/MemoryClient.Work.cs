using System.Globalization;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <content>Due work, the spaces of neural vectors, and tenants' settings.</content>
public sealed partial class MemoryClient
{
    /// <summary>One page of the tenant's due work, oldest first.</summary>
    /// <param name="state"><c>ready</c> or <c>dead</c>.</param>
    /// <param name="kind">Only kinds that begin so.</param>
    public Task<JobPage> ListJobsAsync(
        string? state = null, string? kind = null, int? limit = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync("v1/admin/jobs" + Query(("state", state), ("kind", kind), ("limit", Text(limit)), ("cursor", cursor)), Json.JobPage,
        cancel);

    /// <summary>Makes dead work ready, due now.</summary>
    public async Task<JobResponse> RequeueJobAsync(long id, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"v1/admin/jobs/{id}/requeue"), null);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.JobResponse, cancel);
    }

    /// <summary>The spaces of neural vectors, oldest first.</summary>
    public Task<EmbeddingSpaceList> ListEmbeddingsAsync(CancellationToken cancel = default) =>
        GetAsync("v1/admin/embeddings", Json.EmbeddingSpaceList, cancel);

    /// <summary>Begins, or goes on, to embed everything with a model.</summary>
    public async Task<EmbeddingSpaceResponse> StartEmbeddingAsync(string model, int? dimensions = null, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, "v1/admin/embeddings", null);
        request.Content = Body(new StartEmbeddingRequest { Model = model, Dimensions = dimensions }, Json.StartEmbeddingRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.EmbeddingSpaceResponse, cancel);
    }

    /// <summary>Lets recall ask a filling space at once.</summary>
    public Task<EmbeddingSpaceResponse> ActivateEmbeddingAsync(int id, CancellationToken cancel = default) =>
        PostAsync(EmbeddingPath(id) + "/activate", null, Json.EmbeddingSpaceResponse, cancel);

    /// <summary>Removes a retired space with its vectors.</summary>
    public Task DeleteEmbeddingAsync(int id, CancellationToken cancel = default) => DeleteAsync(EmbeddingPath(id), ifMatch: null, cancel);

    /// <summary>The rules of retention in force, and what the job last did.</summary>
    public Task<RetentionResponse> GetRetentionAsync(CancellationToken cancel = default) =>
        GetAsync("v1/admin/retention", Json.RetentionResponse, cancel);

    /// <summary>Says what retention would do, or does it when <see cref="RetentionRequest.DryRun"/> is false.</summary>
    public Task<RetentionRunResponse> RunRetentionAsync(RetentionRequest run, CancellationToken cancel = default) =>
        PostAsync("v1/admin/retention", Body(run, Json.RetentionRequest), Json.RetentionRunResponse, cancel);

    /// <summary>The tenants that the key administers.</summary>
    public Task<TenantPage> ListTenantsAsync(CancellationToken cancel = default) => GetAsync("v1/admin/tenants", Json.TenantPage, cancel);

    /// <summary>What is set for a tenant that the key administers.</summary>
    public Task<TenantResponse> GetTenantAsync(string tenant, CancellationToken cancel = default) =>
        GetAsync($"v1/admin/tenants/{Uri.EscapeDataString(tenant)}", Json.TenantResponse, cancel);

    /// <summary>Puts settings in the place of all that were set before.</summary>
    public async Task<TenantResponse> SetTenantAsync(string tenant, TenantSettingsRequest settings, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Put, $"v1/admin/tenants/{Uri.EscapeDataString(tenant)}", null);
        request.Content = Body(settings, Json.TenantSettingsRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.TenantResponse, cancel);
    }

    /// <summary>Changes some of a tenant's settings; what is not given stays as it is.</summary>
    public async Task<TenantResponse> EditTenantAsync(string tenant, EditTenantRequest edit, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Patch, $"v1/admin/tenants/{Uri.EscapeDataString(tenant)}", null);
        request.Content = Body(edit, Json.EditTenantRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.TenantResponse, cancel);
    }

    /// <summary>
    /// Erases a tenant as a whole, for good; <see cref="GetTenantErasureAsync"/> tells when it is done. Needs the scope operator.
    /// </summary>
    public async Task<TenantErasureResponse> EraseTenantAsync(string tenant, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Delete, $"v1/admin/tenants/{Uri.EscapeDataString(tenant)}", null);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.TenantErasureResponse, cancel);
    }

    /// <summary>How far the newest erasure of a tenant as a whole is, and its certificate. Needs the scope operator.</summary>
    public Task<TenantErasureResponse> GetTenantErasureAsync(string tenant, CancellationToken cancel = default) =>
        GetAsync($"v1/admin/tenants/{Uri.EscapeDataString(tenant)}/erasure", Json.TenantErasureResponse, cancel);

    /// <summary>The databases that tenants are in, each asked just now. Needs the scope operator.</summary>
    public Task<DatabaseList> ListDatabasesAsync(CancellationToken cancel = default) =>
        GetAsync("v1/admin/databases", Json.DatabaseList, cancel);

    /// <summary>The database that a tenant is in. Needs the scope operator.</summary>
    public Task<TenantDatabaseResponse> GetTenantDatabaseAsync(string tenant, CancellationToken cancel = default) =>
        GetAsync($"v1/admin/tenants/{Uri.EscapeDataString(tenant)}/database", Json.TenantDatabaseResponse, cancel);

    /// <summary>Gives a tenant that is new a database. Needs the scope operator.</summary>
    public async Task<TenantDatabaseResponse> PlaceTenantAsync(string tenant, string database, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Put, $"v1/admin/tenants/{Uri.EscapeDataString(tenant)}/database", null);
        request.Content = Body(new TenantDatabaseRequest { Database = database }, Json.TenantDatabaseRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.TenantDatabaseResponse, cancel);
    }

    /// <summary>
    /// Begins to move a tenant to another database; <see cref="GetTenantMoveAsync"/> tells how far it is. Needs the scope operator.
    /// </summary>
    public async Task<TenantMoveResponse> MoveTenantAsync(string tenant, string database, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, $"v1/admin/tenants/{Uri.EscapeDataString(tenant)}/move", null);
        request.Content = Body(new TenantDatabaseRequest { Database = database }, Json.TenantDatabaseRequest);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.TenantMoveResponse, cancel);
    }

    /// <summary>How far the newest move of a tenant is. Needs the scope operator.</summary>
    public Task<TenantMoveResponse> GetTenantMoveAsync(string tenant, CancellationToken cancel = default) =>
        GetAsync($"v1/admin/tenants/{Uri.EscapeDataString(tenant)}/move", Json.TenantMoveResponse, cancel);

    private static string EmbeddingPath(int id) => string.Create(CultureInfo.InvariantCulture, $"v1/admin/embeddings/{id}");
}

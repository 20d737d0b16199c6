using Generated.NSwag;
using Newtonsoft.Json;

namespace Generated.NSwag
{
    public partial class NSwagMemory
    {
        // What was not set is left out: null would take a memory's end and metadata away, and a tenant's limits.
        static partial void UpdateJsonSerializerSettings(JsonSerializerSettings settings) => settings.NullValueHandling = NullValueHandling.Ignore;
    }
}

internal static class DriveNSwag
{
    public static async Task RunAsync(string address)
    {
        using var http = new HttpClient();
        var memory = new NSwagMemory(http) { BaseUrl = address };
        var user = "nswag-" + Guid.NewGuid();
        var turn = new AppendTurnRequest { Id = "t1", Role = "user", Content = "My starter is called Hubert.", User_id = user };
        var first = await memory.AppendTurnAsync(user, turn);
        Check.That((await memory.AppendTurnAsync(user, turn)).Seq == first.Seq, "a turn sent again is the same turn");

        var found = await memory.RecallAsync(new RecallRequest { Query = "What is the starter called?", User_id = user, Min_score = 0 });
        Check.That(found.Items.First().Content == turn.Content, "the turn is recalled");

        var written = await memory.WriteMemoryAsync(new WriteMemoryRequest
        {
            Kind = "preference", Content = "Night trains.", User_id = user, Importance = 0.8,
            Valid_to = new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero), Metadata = new Dictionary<string, object> { ["source"] = "test" },
        });
        var edited = await memory.EditMemoryAsync(written.Id, new EditMemoryRequest { Content = "Morning trains.", Status = EditMemoryRequestStatus.Archived });
        Check.That(edited is { Importance: 0.8, Valid_to: not null, Status: MemoryResponseStatus.Archived }, "an edit leaves what it does not name");
        Check.That((string?)edited.Metadata?["source"] == "test", "an edit does not wipe metadata");

        var mira = await memory.UpsertEntityAsync(new EntityRequest { Name = "Mira", User_id = user });
        var again = await memory.UpsertEntityAsync(new EntityRequest { Name = "mira", User_id = user });
        Check.That(mira.Id == again.Id, "an entity sent again is answered with 200, which is no exception");
        var known = new ObservationsRequest { Entity_id = mira.Id, Content = "Bakes." };
        await memory.AddObservationsAsync(known);
        Check.That((await memory.AddObservationsAsync(known)).Created == 0, "an observation sent again is no new one");

        await memory.EditTenantAsync(user, new EditTenantRequest { Turns_per_minute_max = 600, Redact = ["secrets"] });
        var limits = await memory.EditTenantAsync(user, new EditTenantRequest { Recalls_per_minute_max = 300 });
        Check.That(limits is { Turns_per_minute_max: 600, Recalls_per_minute_max: 300, Redact.Count: 1 }, "an edit leaves the limits it does not name");

        await memory.ReadyAsync();
        using (var export = new StreamReader((await memory.ExportAsync()).Stream))
            Check.That((await export.ReadLineAsync())!.Contains("memory-orleans-export", StringComparison.Ordinal), "an export is a stream");
        var erased = await memory.EraseAsync(new EraseRequest { User_id = user });
        Check.That(erased.User_id == user && erased.Turn is null, "the erasure says of whom it is");
        await memory.GetErasureAsync(erased.Id);
        try
        {
            await memory.GetMemoryAsync(written.Id);
            Check.That(false, "an erased memory is gone");
        }
        catch (ApiException<ProblemResponse> gone)
        {
            Check.That(gone is { StatusCode: 404, Result.Code: "not_found" }, "a problem is typed");
        }
    }
}

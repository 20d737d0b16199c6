using Generated.Kiota;
using Generated.Kiota.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

internal static class DriveKiota
{
    public static async Task RunAsync(string address)
    {
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider()) { BaseUrl = address };
        var memory = new KiotaMemory(adapter);
        var user = "kiota-" + Guid.NewGuid();
        var turn = new AppendTurnRequest { Id = "t1", Role = "user", Content = "My starter is called Hubert.", UserId = user };
        var first = await memory.V1.Sessions[user].Turns.PostAsync(turn);
        Check.That((await memory.V1.Sessions[user].Turns.PostAsync(turn))!.Seq == first!.Seq, "a turn sent again is the same turn");

        var found = await memory.V1.Recall.PostAsync(new RecallRequest { Query = "What is the starter called?", UserId = user, MinScore = 0 });
        Check.That(found!.Items![0].Content == turn.Content, "the turn is recalled");

        var written = await memory.V1.Memories.PostAsync(new WriteMemoryRequest
        {
            Kind = "preference", Content = "Night trains.", UserId = user, Importance = 0.8, ValidTo = new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Metadata = new WriteMemoryRequest_metadata { AdditionalData = new Dictionary<string, object> { ["source"] = "test" } },
        });
        var edit = new EditMemoryRequest { Content = "Morning trains.", Status = EditMemoryRequest_status.Archived };
        var edited = await memory.V1.Memories[written!.Id!].PatchAsync(edit);
        Check.That(edited is { Importance: 0.8, ValidTo: not null, Status: MemoryResponse_status.Archived }, "an edit leaves what it does not name");
        Check.That(edited!.Metadata!.AdditionalData.ContainsKey("source"), "an edit does not wipe metadata");

        var mira = await memory.V1.Entities.PostAsync(new EntityRequest { Name = "Mira", UserId = user });
        var again = await memory.V1.Entities.PostAsync(new EntityRequest { Name = "mira", UserId = user });
        Check.That(mira!.Id == again!.Id, "an entity sent again is answered with 200, which is no exception");
        var known = new ObservationsRequest { EntityId = mira.Id, Content = "Bakes." };
        await memory.V1.Observations.PostAsync(known);
        Check.That((await memory.V1.Observations.PostAsync(known))!.Created == 0, "an observation sent again is no new one");

        await memory.Health.Ready.GetAsync();
        using (var export = new StreamReader((await memory.V1.Admin.Export.GetAsync())!))
            Check.That((await export.ReadLineAsync())!.Contains("memory-orleans-export", StringComparison.Ordinal), "an export is a stream");
        var erased = await memory.V1.Admin.Erasures.PostAsync(new EraseRequest { UserId = user });
        Check.That(erased!.UserId == user, "the erasure says of whom it is");
        await memory.V1.Admin.Erasures[erased.Id!].GetAsync();
        try
        {
            await memory.V1.Memories[written.Id!].GetAsync();
            Check.That(false, "an erased memory is gone");
        }
        catch (ProblemResponse gone)
        {
            Check.That(gone is { ResponseStatusCode: 404, Code: "not_found" }, "a problem is typed");
        }
    }
}

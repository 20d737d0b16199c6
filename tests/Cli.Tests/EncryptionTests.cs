using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

public sealed class EncryptionTests
{
    private static readonly string First = $"k1:{Convert.ToBase64String(SHA256.HashData("first"u8))}";
    private static readonly string Second = $"k2:{Convert.ToBase64String(SHA256.HashData("second"u8))}";

    [Fact]
    public async Task What_a_memory_was_told_is_in_no_file_and_its_keys_are_rotated_and_destroyed_by_command()
    {
        await using var server = await RunningServer.StartAsync($"MEMORY_ENCRYPTION_KEYS={First}");
        await LiveAsync(server);
        // Also in the write-ahead log, before it is emptied.
        Assert.Empty(await FindAsync(server));
        await StopAsync(server);
        Assert.Empty(await FindAsync(server));

        var without = await RunAsync(server, null, "serve");
        Assert.Equal((74, string.Empty), (without.ExitCode, without.Output));
        Assert.Matches(@"^Texts in the store are encrypted under the master key 'k1': [^\n]*MEMORY_ENCRYPTION_KEYS_FILE set\.\n$",
            without.Error);
        var wrong = await RunAsync(server, $"k1:{Convert.ToBase64String(SHA256.HashData("wrong"u8))}", "serve");
        Assert.Equal((74, "The master key 'k1' in MEMORY_ENCRYPTION_KEYS is not the one that the store's texts are encrypted under.\n"),
            (wrong.ExitCode, wrong.Error));
        var malformed = await RunAsync(server, "k1:abc", "serve");
        Assert.Equal(78, malformed.ExitCode);
        Assert.Contains("MEMORY_ENCRYPTION_KEYS: the key 'k1' must be 32 bytes in base64", malformed.Error, StringComparison.Ordinal);

        var rotated = await RunAsync(server, $"{Second} {First}", "encryption", "rotate");
        Assert.Equal((0, "Data keys wrapped anew under 'k2': 1; that were already: 0.\n"), (rotated.ExitCode, rotated.Output));
        var status = await RunAsync(server, Second, "encryption", "status");
        Assert.Equal("Texts are encrypted. New data keys are wrapped under 'k2'.\nData keys wrapped under 'k2': 1.\n", status.Output);

        using (var again = MemoryProcess.Start([.. Settings(server), $"MEMORY_ENCRYPTION_KEYS={Second}"], "serve"))
        {
            await server.WaitUntilReadyAsync(again);
            var found = await server.Client.RecallAsync(
                new RecallRequest { Query = "Which zeppelin flew over the orchard?", UserId = "ada" });
            Assert.Contains("zeppelin", found.Items[0].Content, StringComparison.Ordinal);
            again.Terminate();
            await again.EndAsync();
        }

        var asked = await RunAsync(server, Second, "encryption", "destroy", "default");
        Assert.Equal(2, asked.ExitCode);
        var destroyed = await RunAsync(server, Second, "encryption", "destroy", "default", "--yes");
        Assert.Equal((0, "The data key is destroyed.\n"), (destroyed.ExitCode, destroyed.Output));
        using var last = MemoryProcess.Start([.. Settings(server), $"MEMORY_ENCRYPTION_KEYS={Second}"], "serve");
        await server.WaitUntilReadyAsync(last);
        var turns = await server.Client.ListTurnsAsync("s");
        Assert.All(turns.Items, static turn => Assert.StartsWith("[This text cannot be read", turn.Content, StringComparison.Ordinal));
        Assert.Contains((await server.Client.ListAuditAsync()).Items,
            static entry => entry is { Action: "encryption.key_destroyed", Caller: "command", Subject: "tenant:default" });
    }

    /// <summary>Words of all that is told below.</summary>
    private static readonly string[] Words =
    [
        "zeppelin", "orchard", "Quillhaven", "walnut", "marzipan", "trombone", "Ottoline", "Periwinkle", "lighthouse", "gramophone",
        "cinnamon",
        "hooks-of-plum", "saxophone", "rhubarb",
    ];

    private static async Task LiveAsync(RunningServer server)
    {
        var client = server.Client;
        using var metadata = JsonDocument.Parse("""{"note":"gramophone"}""");
        string[] said = ["A zeppelin flew over the orchard.", "I live in Quillhaven.", "My favourite food is marzipan.",
            "My favourite food is walnut."];
        foreach (var content in said)
            await client.AppendAsync("s",
                new AppendTurnRequest { Role = "user", Name = "Ottoline", Content = content, UserId = "ada",
                Metadata = metadata.RootElement });
        await client.DistilAsync("s");
        Assert.NotEmpty((await client.ListMemoriesAsync(new MemoryListFilter { Kind = "fact" })).Items);
        var memory = await client.WriteMemoryAsync(
            new WriteMemoryRequest { Kind = "preference", Content = "plays the trombone", UserId = "ada" });
        await client.EditMemoryAsync(memory.Value.Id, new EditMemoryRequest { Content = "plays the saxophone" });
        var entity = (await client.UpsertEntityAsync(
            new EntityRequest { Name = "Ottoline", Type = "person", Aliases = ["Periwinkle"], Metadata = metadata.RootElement })).Value;
        var other = (await client.UpsertEntityAsync(new EntityRequest { Name = "The lighthouse", Type = "place" })).Value;
        await client.AddObservationsAsync(new ObservationsRequest { EntityId = entity.Id, Content = "smells of cinnamon" });
        await client.AddRelationAsync(new RelationRequest { FromId = entity.Id, ToId = other.Id, Type = "lives_in",
            Metadata = metadata.RootElement });
        await client.MakeWebhookAsync(new WebhookRequest { Url = "https://hooks-of-plum.example/told", Events = ["memory.superseded"],
            Name = "rhubarb" });
        await using var export = await client.ExportAsync();
        using var copy = new MemoryStream();
        await export.CopyToAsync(copy);
        Assert.Contains("zeppelin", Encoding.UTF8.GetString(copy.ToArray()), StringComparison.Ordinal);
        // What is there already is left as it is: read and compared.
        copy.Position = 0;
        await client.ImportAsync(copy);
        Assert.Equal(said, (await client.ListTurnsAsync("s")).Items.Select(static turn => turn.Content));
    }

    private static async Task<IReadOnlyList<string>> FindAsync(RunningServer server)
    {
        var found = new List<string>();
        var file = new FileInfo(server.DatabaseUrl["sqlite:".Length..]);
        foreach (var each in file.Directory!.GetFiles().Where(static each => each.Extension != ".lock"))
        {
            await using var stream = new FileStream(each.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            var text = Encoding.Latin1.GetString(copy.ToArray());
            found.AddRange(Words.Where(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))
                .Select(word => $"{each.Name}: {word}"));
        }

        return found;
    }

    private static string[] Settings(RunningServer server) =>
        [$"MEMORY_DATABASE_URL={server.DatabaseUrl}", $"MEMORY_URLS={server.Address}"];

    private static async Task StopAsync(RunningServer server)
    {
        server.Process.Terminate();
        await server.Process.EndAsync();
    }

    private static Task<Finished> RunAsync(RunningServer server, string? keys, params string[] command) =>
        MemoryProcess.RunAsync(keys is null ? Settings(server) : [.. Settings(server), $"MEMORY_ENCRYPTION_KEYS={keys}"], command);
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>Files of an export with sound checksums, and with records that are right, or wrong in one place.</summary>
internal static class MakeExport
{
    private const string At = "2026-03-01T10:00:00.000000Z";

    public static byte[] Of(TenantKey tenant, Random random)
    {
        var session = "i" + random.Next(2_000).ToString(CultureInfo.InvariantCulture);
        var turns = random.Next(1, 4);
        var lines = new List<string> { $$"""{"format":"memory-orleans-export","version":1,"tenant":"{{tenant.Tenant}}","exported_at":"{{At}}"}""" };
        List<JsonTree> records = [Session(session, turns)];
        for (var seq = 1; seq <= turns; seq++)
            records.Add(Turn(session, seq, tenant, random));
        if (random.Next(2) == 0)
            records.Add(Memory(random));
        if (random.Next(4) > 0)
        {
            var at = random.Next(records.Count);
            records[at] = records[at].Broken(random, HostileTexts.Value);
        }

        var recordLines = records.ConvertAll(static each => each.ToString().ReplaceLineEndings(" "));
        lines.AddRange(recordLines);
        var digest = Digest(recordLines);
        lines.Add($$"""{"kind":"checkpoint","records":{{records.Count}},"records_sha256":"{{digest}}"}""");
        var memories = records.Count - turns - 1;
        lines.Add(
            $$"""{"kind":"trailer","counts":{"session":1,"turn":{{turns}},"deleted_session":0,"memory":{{memories}},"entity":0,"observation":0,"relation":0},"records_sha256":"{{digest}}","sha256":"{{Digest(lines)}}"}""");
        var text = string.Concat(lines.Select(static line => line + "\n"));
        return random.Next(8) == 0 ? BreakBytes.Of(text, random) : Encoding.UTF8.GetBytes(text);
    }

    private static JsonTree Session(string id, int turns) => JsonTree.Of(JsonElement.Parse(
        $$"""{"kind":"session","id":"{{id}}","user_id":"u1","status":"open","last_seq":{{turns}},"version":{{turns}},"created_at":"{{At}}","updated_at":"{{At}}","distilled":0}"""));

    private static JsonTree Turn(string session, int seq, TenantKey tenant, Random random) => JsonTree.Of(JsonElement.Parse(
        $$"""
        {"kind":"turn","session_id":"{{session}}","seq":{{seq}},"id":"i{{seq}}","role":"user","occurred_at":"{{At}}","recorded_at":"{{At}}",
         "content":{{JsonTree.Text(random.Next(3) == 0 ? HostileTexts.Text(random) : "Nora said " + tenant.Mark)}},"tokens":3}
        """));

    private static JsonTree Memory(Random random) => JsonTree.Of(JsonElement.Parse(
        $$"""
        {"kind":"memory","id":"im{{random.Next(500)}}","version":1,"memory_kind":"note","tier":"semantic","status":"active","content":"Nora likes tea.","importance":0.5,
         "salience":0.5,"salience_at":"{{At}}","pinned":false,"valid_from":"{{At}}","confirmed_at":"{{At}}","recorded_at":"{{At}}","sources":[],"topics":[],"entities":[],
         "origin":"agent","change":"written","operation":"op{{random.Next(500)}}"}
        """));

    private static string Digest(IEnumerable<string> lines)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
            digest.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}

using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Tests;

public sealed class ContractTests
{
    [Theory]
    [InlineData("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z")]
    [InlineData("2024-05-01t10:00:00z", "2024-05-01T10:00:00Z")]
    [InlineData("2024-05-01 10:00:00.5+00:00", "2024-05-01T10:00:00.5Z")]
    [InlineData("2024-05-01T00:30:00-09:30", "2024-05-01T10:00:00Z")]
    [InlineData("2024-05-01T10:00:00.1234569Z", "2024-05-01T10:00:00.123456Z")]
    [InlineData("2024-05-01T10:00:00.000001Z", "2024-05-01T10:00:00.000001Z")]
    [InlineData("2024-05-01T10:00:00.123456789012345Z", "2024-05-01T10:00:00.123456Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Times_are_read_with_any_offset_and_written_in_utc(string text, string expected)
    {
        Assert.True(Rfc3339.TryParse(text, out var time));
        Assert.Equal(expected, Rfc3339.Format(time));
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024-05-01")]
    [InlineData("2024-05-01T10:00:00")]
    [InlineData("2024-05-01T10:00Z")]
    [InlineData("2024-05-01T24:00:00Z")]
    [InlineData("2024-05-01T10:60:00Z")]
    [InlineData("2024-13-01T10:00:00Z")]
    [InlineData("2023-02-29T10:00:00Z")]
    [InlineData("2024-05-01T10:00:00.Z")]
    [InlineData("2024-05-01T10:00:00+1:00")]
    [InlineData("2024-05-01T10:00:00+0100")]
    [InlineData("2024-05-01T10:00:00Z ")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("10000-01-01T00:00:00Z")]
    public void Other_times_are_refused(string text) => Assert.False(Rfc3339.TryParse(text, out _));

    [Fact]
    public void Every_record_of_the_contract_survives_a_round_trip()
    {
        var turn = new TurnResponse("t", "s", 1, "user", null, "“quoted” \u0001 é",
            DateTimeOffset.Parse("2024-05-01T10:00:00.5Z", CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch, 3);
        var json = JsonSerializer.Serialize(turn, MemoryJsonContext.Default.TurnResponse);
        Assert.Equal(turn, JsonSerializer.Deserialize(json, MemoryJsonContext.Default.TurnResponse));
        Assert.Contains("\"occurred_at\":\"2024-05-01T10:00:00.5Z\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "b": 1, "a": [ true, null, "x\u00e9" ] }""", """{"a":[true,null,"xé"],"b":1}""")]
    [InlineData("""{"n":1.50,"m":1e3}""", """{"m":1e3,"n":1.50}""")]
    [InlineData("""{"B":1,"a":2,"A":3}""", """{"A":3,"B":1,"a":2}""")]
    [InlineData("{}", "{}")]
    public void Canonical_json_is_sorted_and_compact(string json, string expected)
    {
        Assert.True(CanonicalJson.TryWrite(JsonElement.Parse(json), 1_000, out var text));
        Assert.Equal(expected, text);
        Assert.True(CanonicalJson.TryWrite(JsonElement.Parse(text), 1_000, out var again));
        Assert.Equal(text, again);
    }

    [Fact]
    public void Canonical_json_has_a_greatest_size_in_bytes()
    {
        var json = JsonElement.Parse("""{"a":"éé"}""");
        Assert.True(CanonicalJson.TryWrite(json, 12, out _));
        Assert.False(CanonicalJson.TryWrite(json, 11, out _));
    }
}

using System.Text;
using System.Text.Json;
using MemoryOrleans.Cli.Import.Foreign;

namespace MemoryOrleans.Cli.Tests.Import;

public sealed class MendUnicodeTests
{
    [Theory]
    [InlineData("""["\ud83d"]""", "\ufffd")]
    [InlineData("""["a\uDE00b"]""", "a\ufffdb")]
    [InlineData("""["\ud83d\ud83d\ude00"]""", "\ufffd\ud83d\ude00")]
    [InlineData("""["\ud83dx\ude00"]""", "\ufffdx\ufffd")]
    [InlineData("""["\ud83d\n"]""", "\ufffd\n")]
    [InlineData("""["\\ud83d"]""", "\\ud83d")]
    [InlineData("""["\u00e9\ud83d\ude00\\"]""", "\u00e9\ud83d\ude00\\")]
    public void Half_of_a_surrogate_pair_is_the_replacement_character(string json, string read) =>
        Assert.Equal(read, Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_it_too_and_a_byte_order_mark_is_passed_over()
    {
        Assert.Equal("a\ufffd", Read([.. "[\"a"u8, 0xff, .. "\"]"u8]));
        Assert.Equal("a", Read([.. Encoding.UTF8.Preamble, .. "[\"a\"]"u8]));
    }

    [Fact]
    public void Names_of_members_are_mended_too_and_the_rest_of_the_export_is_read()
    {
        var json = """[{"\ud83d": 1, "id": "m-1", "memory": "a\ud83d", "metadata": {"b": "\udc00"}}, {"id": "m-2", "memory": "c"}]""";
        using var document = JsonDocument.Parse(MendUnicode.In(Encoding.UTF8.GetBytes(json)));
        var memories = ForeignExports.Read("mem0", document.RootElement, null, null).Cast<ForeignMemory>().ToList();
        Assert.Equal(["a\ufffd", "c"], memories.Select(static each => each.Memory.Content));
        Assert.Equal("\ufffd", memories[0].Memory.Metadata!.Value.GetProperty("b").GetString());
    }

    [Fact]
    public void What_is_cut_off_is_left_to_the_parser()
    {
        foreach (var json in new[] { "[\"\\", "[\"\\u", "[\"\\ud83", "[\"\\ud83d", "\\", string.Empty })
            Assert.ThrowsAny<JsonException>(() => Read(Encoding.UTF8.GetBytes(json)));
    }

    private static string? Read(byte[] json)
    {
        using var document = JsonDocument.Parse(MendUnicode.In(json));
        return document.RootElement[0].GetString();
    }
}

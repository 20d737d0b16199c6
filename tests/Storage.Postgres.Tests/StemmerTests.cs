using MemoryOrleans.Models;
using MemoryOrleans.Text.Analysis;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>The core's stemmer against PostgreSQL's own, over every word of the word vector table.</summary>
public sealed class StemmerTests
{
    private const string StemSql = """
        SELECT coalesce((ts_lexize('plain_english', w.word))[1], '') FROM unnest($1::text[]) WITH ORDINALITY AS w (word, place) ORDER BY w.place
        """;

    [Fact]
    public async Task Every_known_word_has_the_stem_that_PostgreSQL_gives_it()
    {
        await using var under = await PostgresUnderTest.OpenAsync();
        await using var connection = await under.ConnectAsync();
        // english_stem answers nothing for stop words; a dictionary without a list of them stems those, too.
        await using (var create =
            new NpgsqlCommand("CREATE TEXT SEARCH DICTIONARY plain_english (TEMPLATE = snowball, LANGUAGE = english)", connection))
            await create.ExecuteNonQueryAsync();
        var tokens = Tokens();
        Assert.True(tokens.Length > 25_000);

        var differences = new List<string>();
        await using var command = new NpgsqlCommand(StemSql, connection);
        command.Parameters.AddTexts(tokens);
        await using var rows = await command.ExecuteReaderAsync();
        foreach (var token in tokens)
        {
            Assert.True(await rows.ReadAsync());
            if (rows.GetString(0) != Stem(token))
                differences.Add($"{token}: {Stem(token)}, PostgreSQL {rows.GetString(0)}");
        }

        Assert.Empty(differences);
    }

    /// <summary>The words as the tokenizer hands them to the stemmer, which cuts at apostrophes; those of plain letters.</summary>
    private static string[] Tokens()
    {
        var tokenizer = new Tokenizer();
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in new StaticEmbedder().Words)
        {
            foreach (var token in tokenizer.Tokenize(word))
            {
                if (!token.ContainsAnyExceptInRange('a', 'z'))
                    tokens.Add(token.ToString());
            }
        }

        return [.. tokens];
    }

    private static string Stem(string token)
    {
        var letters = token.ToCharArray();
        return new string(letters, 0, Porter2Stemmer.Stem(letters));
    }
}

using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Bench.Vectors;
using MemoryOrleans.Storage.Sqlite;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var database = new Option<string>("--database") { Required = true,
    Description = "postgres://… (a schema bench_vectors is made and dropped) or sqlite:PATH (a new file)" };
var sizes = new Option<string>("--sizes") { DefaultValueFactory = _ => "1000,10000,20000,50000,100000",
    Description = "vectors of each tenant" };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "times each is measured; the best counts" };
var texts = new Option<FileInfo?>("--texts") { Description = "file of one text a line, embedded in their order instead of made-up turns" };
var questions = new Option<FileInfo?>("--questions") { Description = "file of one question a line, asked instead of made-up ones" };
var command = new RootCommand("Exact and approximate search of neural vectors, 300 dimensions, through a store's own ports.") { database,
    sizes, rounds, texts, questions };
command.SetAction(async (parsed, _) =>
{
    IVectorSource NewSource() => parsed.GetValue(texts) is { } file
        ? new TextVectors(file, parsed.GetValue(questions) ?? throw new InvalidOperationException("--texts needs --questions."))
        : new MadeUpVectors(seed: 11);
    var counts = parsed.GetValue(sizes)!.Split(',').Select(int.Parse).ToArray();
    var url = parsed.GetValue(database)!;
    if (url.StartsWith("sqlite:", StringComparison.Ordinal))
    {
        await using var store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = url["sqlite:".Length..] }, TimeProvider.System);
        await MeasureScopes.RunSqliteAsync(store, NewSource(), counts, parsed.GetValue(rounds));
    }
    else
    {
        await MeasureScopes.RunPostgresAsync(url, NewSource(), counts, parsed.GetValue(rounds));
    }
});
return await command.Parse(args).InvokeAsync();

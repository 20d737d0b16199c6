using MemoryOrleans.Storage.Conformance;
using System.Text;
using System.Text.RegularExpressions;
using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed partial class ErasureTests
{
    private const int SessionsAtOnce = 60;

    [Fact]
    public async Task Deleted_text_is_nowhere_in_the_files_after_a_checkpoint()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var (kept, doomed) = (new SampleTurns("kept"), new SampleTurns("doomed"));
        await under.Store.CommitAsync(kept.Next(Canary(1)));
        await under.Store.CommitAsync(doomed.Next(Canary(2), string.Concat(Enumerable.Repeat(Canary(3), 1000))));
        Assert.Equal([1, 2, 3], FindCanaries(under.Path));

        Assert.Equal(CommitStatus.Committed, await under.Store.DeleteSessionAsync(doomed.Key, doomed.Version, DateTimeOffset.UnixEpoch));
        Assert.True(await under.Store.CheckpointAsync());

        Assert.Equal([1], FindCanaries(under.Path));
    }

    /// <summary>
    /// The pages of a table are reshaped as rows come and go; with plain deletes, copies of rows that were moved and erased
    /// later stay behind in them, secure_delete or not.
    /// </summary>
    [Theory]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(3000)]
    public async Task Deleted_text_stays_nowhere_however_often_sessions_come_and_go(int meanLength)
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        // A fixed seed: the same history at every run.
#pragma warning disable RS0030
        var random = new Random(7);
#pragma warning restore RS0030
        var living = new List<(SampleTurns Sample, List<int> Numbers)>();
        var made = 0;
        for (var round = 0; round < 5; round++)
        {
            while (living.Count < SessionsAtOnce)
                living.Add((new SampleTurns($"s{made++}"), []));
            await Task.WhenAll(Enumerable.Range(0, 1500).Select(_ => AppendAsync(living[random.Next(living.Count)])));
            foreach (var (sample, _) in living.Where(one => one.Sample.Version > 0 && random.Next(4) == 0).ToArray())
            {
                Assert.Equal(CommitStatus.Committed,
                    await under.Store.DeleteSessionAsync(sample.Key, sample.Version, DateTimeOffset.UnixEpoch));
                living.RemoveAll(one => one.Sample == sample);
            }

            Assert.True(await under.Store.CheckpointAsync());
            Assert.Equal(living.SelectMany(one => one.Numbers).Order(), FindCanaries(under.Path));
        }

        async Task AppendAsync((SampleTurns Sample, List<int> Numbers) session)
        {
            session.Numbers.Add(made);
            var length = (int)(-Math.Log(1 - random.NextDouble()) * meanLength);
            var commit = session.Sample.Next(Canary(made++) + new string('.', length));
            Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(commit));
        }
    }

    [Fact]
    public async Task Erased_parts_of_the_graph_are_nowhere_in_the_files_however_often_they_come_and_go()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var graph = new GraphScript(() => under.Store, "tenant", static () => DateTimeOffset.UnixEpoch);
        var living = new List<(Entity Entity, int Name, List<(Observation Said, int Number)> Said)>();
        var made = 0;
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 60; i++)
            {
                var entity = await graph.AddAsync(Canary(made), metadata: $$"""{"m":"{{Canary(made)}}"}""");
                living.Add((entity, made++, []));
                var (of, _, said) = living[(i * 7) % living.Count];
                said.Add((await graph.SayAsync(of, Canary(made) + new string('.', (made * 37) % 900)), made++));
                if (of != entity)
                    await graph.LinkAsync(of, entity, $"type{made}", metadata: $$"""{"m":"{{Canary(living[^1].Name)}}"}""");
            }

            // Every third goes, every second of the rest loses what was said of it, the others get new names.
            for (var i = living.Count - 1; i >= 0; i--)
            {
                var (entity, name, said) = living[i];
                if (i % 3 == 0)
                {
                    await under.Graph.DeleteEntityAsync("tenant", entity.Id, entity.Version, DateTimeOffset.UnixEpoch);
                    living.RemoveAt(i);
                }
                else if (i % 2 == 0)
                {
                    await graph.CommitAsync([.. said.Select(each => new ObservationErased(entity.Id, each.Said.Id))]);
                    said.Clear();
                }
                else
                {
                    var renamed = entity with { Name = Canary(made), Metadata = null, Version = entity.Version + 1 };
                    await graph.CommitAsync(new EntityWrite(entity.Version, renamed));
                    foreach (var relation in (await graph.RelationsAsync(entity, Now))
                        .Where(relation => relation.Metadata?.Contains(Canary(name), StringComparison.Ordinal) == true))
                        await graph.CommitAsync(new RelationErased(relation.Id));
                    living[i] = (renamed, made++, said);
                }
            }

            Assert.True(await under.Store.CheckpointAsync());
            Assert.Equal(living.SelectMany(static one => one.Said.Select(static each => each.Number).Append(one.Name)).Order(),
                FindCanaries(under.Path));
        }
    }

    [Fact]
    public async Task A_log_left_by_a_kill_right_after_a_deletion_is_emptied_at_the_next_opening()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var (doomed, blocker) = (new SampleTurns("doomed"), new SampleTurns("blocker"));
        await under.Store.CommitAsync(doomed.Next(Canary(5)));
        string left;
        using (var foreign = Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Reader))
        {
            // A reader keeps the checkpoint that follows the deletion from completing, as a kill would.
            foreign.Execute("BEGIN; SELECT count(*) FROM turns;");
            await under.Store.DeleteSessionAsync(doomed.Key, doomed.Version, DateTimeOffset.UnixEpoch);
            Assert.False(await under.Store.CheckpointAsync());
            await under.Store.CommitAsync(blocker.Next("more"));
            left = OpeningTests.CopyFiles(under.Path);
        }

        Assert.Equal([5], FindCanaries(left));
        await using (await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = left }, TimeProvider.System))
            Assert.Empty(FindCanaries(left));
        Directory.Delete(Path.GetDirectoryName(left)!, recursive: true);
    }

    private static GraphMoment Now => new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    private static string Canary(int number) => $"CANARY{number:D7}X";

    private static IEnumerable<int> FindCanaries(string path)
    {
        var found = new SortedSet<int>();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            foreach (Match match in CanaryPattern().Matches(Encoding.Latin1.GetString(copy.ToArray())))
                found.Add(int.Parse(match.ValueSpan[6..^1]));
        }

        return found;
    }

    [GeneratedRegex("CANARY[0-9]{7}X", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex CanaryPattern();
}

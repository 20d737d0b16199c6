using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>One write of a random commit.</summary>
/// <param name="Memory">Which of six memories of three users.</param>
/// <param name="Shift">0 names the right version.</param>
public readonly record struct RandomWrite(int Memory, MemoryStatus Status, int Shift, int Detail);

/// <summary>
/// Random commits against plain dictionaries. Those of one round are sent without waiting, so that they share transactions.
/// </summary>
public abstract class RandomMemoriesConformance : StoreConformance
{
    private const int MemoriesCount = 6;
    private static readonly string?[] Users = ["ada", "bob", null];

    /// <summary>Histories tried by one run of the test.</summary>
    protected virtual int HistoriesMax => 20;

    [Fact]
    public async Task Random_commits_leave_what_a_model_says()
    {
        var writes =
            from memory in Gen.Choose(0, MemoriesCount - 1)
            from status in Gen.Elements(MemoryStatus.Active, MemoryStatus.Active, MemoryStatus.Candidate, MemoryStatus.Archived,
                MemoryStatus.Superseded)
            from shift in Gen.Frequency((12, Gen.Constant(0)), (1, Gen.Elements(-1, 1)))
            from detail in Gen.Choose(0, 5)
            select new RandomWrite(memory, status, shift, detail);
        var rounds = writes.NonEmptyListOf().Select(list => list.DistinctBy(write => write.Memory).ToArray()).ArrayOf().ArrayOf();
        var property = Prop.ForAll(Arb.From(rounds),
            async (RandomWrite[][][] history) => await new History(Store.Memories, Tick, NewTenant()).RunAsync(history));

        await Task.Run(() => Check.One(SameCases.Quick.WithMaxTest(HistoriesMax).WithEndSize(12), property));
    }

    private sealed class History(IMemoryStore store, Func<DateTimeOffset> tick, string tenant)
    {
        private readonly SampleMemories some = new(tick);
        private readonly Dictionary<string, List<MemoryRecord>> versions = [];
        private readonly Dictionary<string, string[]> keys = [];
        private readonly FeedFollower[] followers = [.. Users.Select(user => new FeedFollower(new PartitionKey(tenant, user)))];

        public async Task RunAsync(RandomWrite[][][] rounds)
        {
            foreach (var round in rounds)
            {
                var sent = new List<(Task<CommitStatus> Actual, CommitStatus Expected)>();
                foreach (var commit in round)
                {
                    var (writes, fits) = Prepare(commit);
                    sent.Add((store.CommitMemoriesAsync(new MemoryCommit(tenant, writes), default),
                        fits ? CommitStatus.Committed : CommitStatus.Stale));
                    if (fits)
                        Apply(writes);
                    else
                        await sent[^1].Actual;
                }

                foreach (var (actual, expected) in sent)
                    Assert.Equal(expected, await actual);
                await CompareAsync();
            }
        }

        private (MemoryWrite[] Writes, bool Fits) Prepare(RandomWrite[] commit)
        {
            var writes = commit.Select(write =>
            {
                var id = $"m{write.Memory}";
                var known = versions.GetValueOrDefault(id)?.Count ?? 0;
                var record = some.New(id, $"content {known}", Users[write.Memory % 3], [.. Sources(write.Detail)]) with
                {
                    Version = Math.Max(0, known + write.Shift) + 1, Status = write.Status, Operation = $"op{write.Detail}",
                };
                return Write(record, [.. Enumerable.Range(0, write.Detail).Select(n => $"k{n}")]);
            }).ToArray();
            return (writes, writes.All(write => write.ExpectedVersion == (versions.GetValueOrDefault(write.After.Id)?.Count ?? 0)));
        }

        private static IEnumerable<SourceTurn> Sources(int detail) =>
            Enumerable.Range(0, detail).Select(n => new SourceTurn($"s{n % 2}", $"t{n}", n));

        private void Apply(MemoryWrite[] writes)
        {
            foreach (var write in writes)
            {
                var history = versions.TryGetValue(write.After.Id, out var known) ? known : versions[write.After.Id] = [];
                if (history.Count > 0)
                    history[^1] = history[^1] with { SupersededAt = write.After.RecordedAt };
                history.Add(write.After);
                keys[write.After.Id] = [.. write.Keys];
            }
        }

        private async Task CompareAsync()
        {
            var current = versions.Values.Select(history => history[^1]).OrderBy(memory => memory.Id, StringComparer.Ordinal).ToArray();
            foreach (var (id, history) in versions)
                AssertSame(history, await store.ReadHistoryAsync(tenant, id, default));
            AssertSame(current, Sorted(await store.FindMemoriesAsync(tenant, versions.Keys, default)));
            AssertSame(current, Sorted((await store.ListMemoriesAsync(tenant, new MemoryFilter(Status: null), null, 50, default))
                .Value.Items));
            foreach (var session in new[] { "s0", "s1" })
                AssertSame(current.Where(memory => versions[memory.Id]
                    .Exists(version => version.Sources.Any(source => source.SessionId == session))),
                    await store.FindCitingAsync(tenant, session, null, 50, default));
            var operation = versions.Values.SelectMany(history => history).Where(version => version.Operation == "op3").Select(Say)
                .Order(StringComparer.Ordinal);
            Assert.Equal(operation, (await store.ReadOperationAsync(tenant, "op3", default)).Select(Say).Order(StringComparer.Ordinal));
            foreach (var user in Users)
            {
                var keyed = current.Where(memory => memory.Owner.UserId == user && keys[memory.Id].Any(key => key is "k1" or "k3"));
                AssertSame(keyed, Sorted(await store.FindByKeysAsync(tenant, user, ["k1", "k3"], default)));
            }

            foreach (var follower in followers)
                await CompareAsync(follower, current);
        }

        private async Task CompareAsync(FeedFollower follower, MemoryRecord[] current)
        {
            var fresh = new FeedFollower(follower.Partition);
            await follower.CatchUpAsync(store.MemoryFeed);
            await fresh.CatchUpAsync(store.MemoryFeed);
            var expected = current
                .Where(memory => memory.Owner.UserId == follower.Partition.UserId && MemoryDocument.IsRecallable(memory.Status))
                .ToDictionary(memory => (memory.Id, 1L), MemoryDocument.ToTurn);
            Assert.Equal(expected, follower.Turns);
            Assert.Equal(expected, fresh.Turns);
            var head = await store.MemoryFeed.HeadAsync(follower.Partition, default);
            Assert.Equal((head, head), (follower.Watermark, fresh.Watermark));
        }

        private static IEnumerable<MemoryRecord> Sorted(IEnumerable<MemoryRecord> memories) =>
            memories.OrderBy(memory => memory.Id, StringComparer.Ordinal);
    }
}

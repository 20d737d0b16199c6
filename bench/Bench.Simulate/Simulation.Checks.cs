using System.Globalization;
using System.Text;
using MemoryOrleans.Bench.Simulate.Expected;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Bench.Simulate;

/// <summary>What must hold, whatever happened; looked at while nothing fails.</summary>
internal sealed partial class Simulation
{
    private const int ImportLineMax = 1 << 24;

    private async Task CheckAsync(ExpectedTenant tenant)
    {
        foreach (var session in tenant.Sessions)
            await CheckSessionAsync(tenant, session);
        await CheckNotesAsync(tenant);
        await CheckKnownThenAsync(tenant);
        if (random.Next(4) == 0)
            await CheckSourcesAsync(tenant);
    }

    private async Task CheckAllAsync()
    {
        world.Faults.IsOn = false;
        foreach (var tenant in tenants)
            await CheckAsync(tenant);
    }

    // Numbered without gaps; what was acknowledged is where it was said to be, once; nothing else but what may be.
    private async Task CheckSessionAsync(ExpectedTenant tenant, ExpectedSession session)
    {
        var turns = await ReadTurnsAsync(session.Key);
        Demand(turns.Select(static (turn, i) => turn.Seq == i + 1).All(static each => each),
            $"{session.Key} has gaps: {string.Join(',', turns.Select(static turn => turn.Seq))}");
        Demand(turns.DistinctBy(static turn => turn.Id, StringComparer.Ordinal).Count() == turns.Count,
            $"{session.Key} has a turn's id twice");
        var shown = turns.Where(static turn => !turn.IsErased).ToList();
        Demand(shown.DistinctBy(static turn => turn.Content, StringComparer.Ordinal).Count() == shown.Count,
            $"{session.Key} has a turn twice");
        DemandOwn(tenant, shown.Select(static turn => turn.Content), session.Key.ToString());
        if (session.IsGoing)
            return;
        foreach (var expected in session.Turns)
        {
            Demand(turns.Count >= expected.Seq, $"{session.Key} has lost {expected.Word}, turn {expected.Seq}");
            var turn = turns[(int)expected.Seq - 1];
            Demand(turn.Id == expected.Id, $"{session.Key} has {turn.Id} where {expected.Id} was acknowledged");
            Demand(turn.IsErased ? expected.Fate != Fate.Kept : MadeUpWords.Find(turn.Content) == expected.Word,
                $"{session.Key} turn {expected.Seq} is not {expected.Word} any more");
            Demand(turn.IsErased || expected.Fate != Fate.Erased, $"{session.Key} turn {expected.Seq} was erased and is there");
        }

        var known = session.Turns.Select(static turn => turn.Seq).ToHashSet();
        foreach (var turn in shown.Where(turn => !known.Contains(turn.Seq)))
            Demand(session.MaybeWords.Contains(MadeUpWords.Find(turn.Content)),
                $"{session.Key} has a turn that nobody sent: {turn.Content}");
    }

    private async Task<List<Turn>> ReadTurnsAsync(SessionKey key)
    {
        var all = new List<Turn>();
        var host = AnyHost();
        while (true)
        {
            var page = await host.Sessions.ListTurnsAsync(key, all.Count, 100, CancellationToken.None);
            if (!page.IsSuccess)
            {
                Demand(page.Error.Code == ErrorCode.NotFound, $"{key} cannot be read: {page.Error}");
                return all;
            }

            all.AddRange(page.Value);
            if (page.Value.Count < 100)
                return all;
        }
    }

    // A memory rests on turns that exist.
    private async Task CheckSourcesAsync(ExpectedTenant tenant)
    {
        var host = AnyHost();
        var page = await host.Memories.ListAsync(tenant.Name, new MemoryFilter(Status: null), null, 100, CancellationToken.None);
        DemandOwn(tenant, page.Value.Items.Select(static memory => memory.Content), "a list of memories");
        foreach (var source in page.Value.Items.SelectMany(static memory => memory.Sources).Distinct().Take(40))
        {
            var turns = await host.Sessions.ListTurnsAsync(new SessionKey(tenant.Name, source.SessionId), source.Seq - 1, 1,
                CancellationToken.None);
            Demand(turns.IsSuccess && turns.Value is [var turn] && turn.Id == source.TurnId,
                $"a memory cites {source}, which is not there");
        }
    }

    // An export has all that is kept and nothing that was erased; brought into another tenant it is the same again.
    private async Task MoveAsync(ExpectedTenant tenant)
    {
        Note("move", tenant.Name);
        try
        {
            await ExportAsync(tenant.Name);
        }
        catch (StoreUnavailableException)
        {
            NoteEnd("gone");
        }

        world.Faults.IsOn = false;
        var export = await ExportAsync(tenant.Name);
        CheckExport(tenant, export);
        var copy = tenant.Name + "copy" + copied.Count.ToString(CultureInfo.InvariantCulture);
        copied.Add(export);
        world.Faults.IsOn = true;
        await TryAsync(() => ImportAsync(copy, export));
        world.Faults.IsOn = false;
        var imported = await ImportAsync(copy, export);
        Demand(imported.IsSuccess, $"an export was refused as an import: {imported.Error}");
        Demand(RecordsOf(await ExportAsync(copy)).SequenceEqual(RecordsOf(export), StringComparer.Ordinal),
            "an export of an import is another one");
    }

    private async Task CheckTenantAsync(ExpectedTenant tenant) => CheckExport(tenant, await ExportAsync(tenant.Name));

    private void CheckExport(ExpectedTenant tenant, string export)
    {
        DemandOwn(tenant, export.Split('\n'), "an export");
        foreach (var turn in tenant.Sessions.Where(static each => !each.IsGoing).SelectMany(static each => each.Turns)
            .Where(static turn => turn.Fate == Fate.Kept))
            Demand(export.Contains(turn.Word, StringComparison.Ordinal), $"the export has no {turn.Word}");
    }

    private async Task<string> ExportAsync(string tenant)
    {
        using var to = new MemoryStream();
        await AnyHost().Transfers.ExportAsync(tenant, to, CancellationToken.None);
        return Encoding.UTF8.GetString(to.ToArray());
    }

    private async Task<Outcome<Transfer.ImportReport>> ImportAsync(string tenant, string export)
    {
        using var from = new MemoryStream(Encoding.UTF8.GetBytes(export));
        return await AnyHost().Transfers.ImportAsync(tenant, from, ImportLineMax, CancellationToken.None);
    }

    // Without what says when, and sums over all of it.
    private static IEnumerable<string> RecordsOf(string export) =>
        export.Split('\n').Skip(1)
        .Where(static line => !line.StartsWith("{\"kind\":\"checkpoint\"", StringComparison.Ordinal)
        && !line.StartsWith("{\"kind\":\"trailer\"", StringComparison.Ordinal));
}

using System.Runtime.InteropServices;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// The recall index of one (tenant, user): an inverted index, int8 vectors and the turns' order, appended in commit
/// order. One writer at a time; readers use <see cref="Snapshot"/>.
/// </summary>
internal sealed class IndexPartition
{
    private readonly int dimensions;
    private readonly PartitionKey key;
    private readonly Blocks<TurnEntry> turns = new();
    private readonly Blocks<TurnDetail> details = new();
    private readonly SessionRuns runs = new();
    private readonly Blocks<int> firstVectors = new();
    private readonly Blocks<ChunkEntry> chunks = new();
    private readonly Blocks<sbyte> vectors;
    private readonly Blocks<float> vectorScales = new();
    private readonly Blocks<DaySpan> days = new();
    private readonly PhraseIndex phrases = new();
    private readonly TermTable terms = new();
    private readonly NameTable names = new();
    private readonly Dictionary<string, int> sessionNumbers = [];
    private readonly Dictionary<(string, string?), ushort> speakerNumbers = [];
    private SessionEntry[] sessions = [];
    private SpeakerEntry[] speakers = [];
    private readonly List<int> speakerTurns = [];
    private int sessionCount;
    private long termTotal;
    private NeuralRows? neural;
    private HiddenRows? hidden;
    private HiddenRows? hiddenForReaders;
    private PartitionSnapshot? published;

    /// <param name="dimensions">Components of a vector; rows are padded to <see cref="VectorKernel.StrideOf"/>.</param>
    public IndexPartition(PartitionKey key, int dimensions)
    {
        this.key = key;
        this.dimensions = dimensions;
        vectors = new Blocks<sbyte>(VectorKernel.StrideOf(dimensions));
        Publish(0);
    }

    public PartitionSnapshot Snapshot => Volatile.Read(ref published)!;

    /// <summary>Estimate of the bytes held, slack included.</summary>
    public long Bytes =>
        turns.Bytes + details.Bytes + runs.Bytes + firstVectors.Bytes + chunks.Bytes + vectors.Bytes + vectorScales.Bytes + terms.Bytes
        + days.Bytes + phrases.Bytes + names.Bytes + (neural?.Bytes ?? 0)
        + (sessionNumbers.Count * 160L);

    /// <summary>Appends a turn; visible after <see cref="Publish"/>.</summary>
    public void Append(AnalyzedTurn turn)
    {
        var session = SessionOf(turn.SessionId, turn.AgentId);
        var number = turns.Count;
        var previous = sessions[session].LastTurn;
        var sessionTerms = previous < 0 ? 0 : turns.Row(previous).SessionTerms;
        ref var entry = ref turns.Append()[0];
        entry.Session = session;
        entry.FirstChunk = chunks.Count;
        firstVectors.Append(vectorScales.Count);
        entry.FirstDays = days.Count;
        entry.SessionTerms = sessionTerms + turn.Chunks.Sum(static chunk => chunk.Length);
        entry.Speaker = CountSpeaker(SpeakerOf(turn.Role, turn.Name));
        entry.OffsetMinutes = turn.OffsetMinutes;
        foreach (var name in turn.Names)
            names.AddName(name, number);
        foreach (var (beginning, term) in turn.Beginnings)
            names.AddBeginning(beginning, term);
        entry.AsksQuestion = turn.AsksQuestion;
        details.Append(new TurnDetail
        {
            Change = turn.Change, OccurredAt = turn.OccurredAt, RecordedAt = turn.RecordedAt, Seq = checked((int)turn.Seq),
                FirstWord = phrases.WordCount,
        });
        phrases.Append(number, turn.Words);
        foreach (var chunk in turn.Chunks)
            Append(chunk, number, session);
        for (var i = 0; i < turn.VectorScales.Length; i++)
            Append(turn.Vectors.AsSpan(i * dimensions, dimensions), turn.VectorScales[i]);
        foreach (var named in turn.Days)
            days.Append(named);
        Link(session, previous, number);
    }

    /// <summary>The space whose vectors are kept beside the turns; those of another one go. Visible after <see cref="Publish"/>.</summary>
    public void KeepVectorsOf(VectorSpace space)
    {
        if (neural?.Space.Id != space.Id)
            neural = new NeuralRows(space);
    }

    /// <summary>
    /// Appends vectors of a session's turns, of the space kept; turns that are not here, or have theirs, are left out. One pass
    /// over the session from its newest turn to the oldest of these. Visible after <see cref="Publish"/>.
    /// </summary>
    public void Append(string sessionId, IReadOnlyDictionary<long, NeuralTurn> vectors)
    {
        if (neural is null)
            throw new InvalidOperationException("The partition keeps no space's vectors.");
        if (!sessionNumbers.TryGetValue(sessionId, out var session))
            return;
        var left = vectors.Count;
        for (var turn = sessions[session].LastTurn; turn >= 0 && left > 0; turn = turns.Row(turn).Previous)
        {
            if (!vectors.TryGetValue(details.Row(turn).Seq, out var found))
                continue;
            neural.Append(turn, found);
            left--;
        }
    }

    /// <summary>
    /// The turns without vectors of the space kept: spans of neighbours in a session, at most <paramref name="turnsMax"/> in each.
    /// </summary>
    public IReadOnlyList<TurnSpan> ListWithoutVectors(int turnsMax)
    {
        var spans = new List<TurnSpan>();
        var open = new Dictionary<int, (long First, long Last, int Count)>();
        for (var turn = 0; turn < turns.Count; turn++)
        {
            if (neural?.Has(turn) == true || hidden?.HasTurn(turn) == true)
                continue;
            var (session, seq) = (turns.Row(turn).Session, (long)details.Row(turn).Seq);
            if (turns.Row(turn).Previous is var previous and >= 0 && neural?.Has(previous) == true && open.Remove(session, out var ended))
                spans.Add(new TurnSpan(sessions[session].Id, ended.First, ended.Last));
            var span = open.TryGetValue(session, out var begun)
                ? (begun.First, Last: seq, Count: begun.Count + 1) : (First: seq, Last: seq, Count: 1);
            if (span.Count < turnsMax)
                open[session] = span;
            else if (open.Remove(session) || turnsMax <= 1)
                spans.Add(new TurnSpan(sessions[session].Id, span.First, span.Last));
        }

        spans.AddRange(open.Select(each => new TurnSpan(sessions[each.Key].Id, each.Value.First, each.Value.Last)));
        return spans;
    }

    /// <summary>
    /// Documents without vectors of the space kept, the newest first: their sessions, and their changes' numbers, which tell versions
    /// apart.
    /// </summary>
    public IEnumerable<(string SessionId, long Change)> ListDocumentsWithoutVectors()
    {
        for (var turn = turns.Count - 1; turn >= 0; turn--)
        {
            if (neural?.Has(turn) != true && hidden?.HasTurn(turn) != true)
                yield return (sessions[turns.Row(turn).Session].Id, details.Row(turn).Change);
        }
    }

    /// <summary>Lets readers see all that was appended, up to and with change <paramref name="watermark"/>.</summary>
    public void Publish(long watermark) => Volatile.Write(ref published, Capture(watermark));

    /// <summary>True while the session has turns here.</summary>
    public bool Holds(string sessionId) => sessionNumbers.ContainsKey(sessionId);

    /// <summary>True while the turn is here; one pass over its session.</summary>
    public bool Holds(string sessionId, long seq)
    {
        if (!sessionNumbers.TryGetValue(sessionId, out var session))
            return false;
        for (var turn = sessions[session].LastTurn; turn >= 0; turn = turns.Row(turn).Previous)
        {
            if (details.Row(turn).Seq == seq)
                return true;
        }

        return false;
    }

    /// <summary>Share of the turns that <see cref="Hide"/> has hidden, 0..1.</summary>
    public double HiddenShare => hidden is null ? 0 : (double)hidden.Turns / turns.Count;

    /// <summary>
    /// Takes a session out of every ranking to come, statistics included, as <see cref="Without"/> does, but leaves its rows
    /// where they are: cheap, and to be followed by <see cref="Without"/> once many are hidden. Visible after <see cref="Publish"/>.
    /// </summary>
    public void Hide(string sessionId)
    {
        if (!sessionNumbers.Remove(sessionId, out var session))
            return;
        hidden ??= new HiddenRows();
        hiddenForReaders = null;
        hidden.AddSession();
        var now = Capture(Snapshot.Watermark);
        for (var turn = sessions[session].LastTurn; turn >= 0; turn = turns.Row(turn).Previous)
        {
            hidden.AddTurn(turn);
            var speaker = turns.Row(turn).Speaker;
            if (--CollectionsMarshal.AsSpan(speakerTurns)[speaker] == 0)
                hidden.AddSpeaker(speaker);
            var (start, end) = now.ChunksOf(turn);
            for (var chunk = start; chunk < end; chunk++)
                hidden.AddChunk(chunk, now.Chunks[chunk].Terms);
        }

        hiddenForReaders = null;
    }

    /// <summary>
    /// A new partition with every turn but those of the named sessions, as if those had never been indexed. Costs one
    /// pass over the index; the words themselves are not needed. Hidden turns are left behind as well.
    /// </summary>
    public IndexPartition Without(IReadOnlySet<string> sessionIds)
    {
        var kept = new IndexPartition(key, dimensions);
        var chunkMap = new int[chunks.Count];
        Array.Fill(chunkMap, -1);
        var turnMap = new int[turns.Count];
        Array.Fill(turnMap, -1);
        var source = Capture(Snapshot.Watermark);
        for (var turn = 0; turn < source.TurnCount; turn++)
        {
            if (hidden?.HasTurn(turn) != true && !sessionIds.Contains(sessions[source.Turns[turn].Session].Id))
            {
                turnMap[turn] = kept.turns.Count;
                kept.CopyTurn(source, turn, chunkMap);
            }
        }

        foreach (var (term, postings) in terms.ReadAll())
        {
            foreach (var posting in postings)
            {
                if (chunkMap[Posting.ChunkOf(posting)] is var chunk and >= 0)
                    kept.terms.Add(term, new Posting(Posting.MoveTo(posting, chunk)));
            }
        }

        names.CopyTo(kept.names, turnMap, term => kept.terms.Find(term, kept.chunks.Count).Length > 0);
        if (source.Neural is { } rows)
            kept.CopyNeural(rows, turnMap);
        kept.Publish(source.Watermark);
        return kept;
    }

    private void CopyNeural(NeuralRows.View source, int[] turnMap)
    {
        neural = new NeuralRows(source.Space);
        for (var row = 0; row < source.Count; row++)
        {
            var owner = source.Owners[row];
            if (turnMap[owner.Turn] is var turn and >= 0)
                neural.Append(owner.MoveTo(turn), source.Rows.Row(row), source.Scales[row]);
        }
    }

    private PartitionSnapshot Capture(long watermark) => new()
    {
        Key = key,
        Watermark = watermark,
        TurnCount = turns.Count,
        ChunkCount = chunks.Count,
        VectorCount = vectorScales.Count,
        SessionCount = sessionCount,
        TermTotal = termTotal,
        Hidden = hiddenForReaders ??= hidden?.Copy(),
        Turns = turns.Read(),
        FirstVectors = firstVectors.Read(),
        Details = details.Read(),
        RunCount = runs.Count,
        Runs = runs.Read(),
        Chunks = chunks.Read(),
        Vectors = vectors.Read(),
        VectorScales = vectorScales.Read(),
        DaysCount = days.Count,
        Days = days.Read(),
        Phrases = phrases.Read(),
        Neural = neural?.Read(),
        Sessions = sessions,
        Speakers = speakers,
        SpeakerCount = speakerNumbers.Count,
        Terms = terms,
        Names = names,
        LiveTurns = turns,
    };

    private void CopyTurn(PartitionSnapshot source, int turn, int[] chunkMap)
    {
        var (start, end) = source.ChunksOf(turn);
        var from = source.Turns[turn];
        var session = SessionOf(source.Sessions[from.Session].Id, source.Sessions[from.Session].AgentId);
        var speaker = source.Speakers[from.Speaker];
        var number = turns.Count;
        var previous = sessions[session].LastTurn;
        var copied = from;
        copied.Session = session;
        copied.FirstChunk = chunks.Count;
        firstVectors.Append(vectorScales.Count);
        copied.FirstDays = days.Count;
        copied.Speaker = CountSpeaker(SpeakerOf(speaker.Role, speaker.Name));
        turns.Append(copied);
        details.Append(source.Details[turn]);
        details.Row(number).FirstWord = phrases.WordCount;
        phrases.Append(number, source.WordsOf(turn));
        for (var chunk = start; chunk < end; chunk++)
        {
            chunkMap[chunk] = chunks.Count;
            termTotal += source.Chunks[chunk].Terms;
            chunks.Append(new ChunkEntry { Turn = number, Session = session, Terms = source.Chunks[chunk].Terms });
        }

        var (firstVector, lastVector) = source.VectorsOf(turn);
        for (var vector = firstVector; vector < lastVector; vector++)
            Append(source.Vectors.Row(vector)[..dimensions], source.VectorScales[vector]);
        var (firstDays, lastDays) = source.DaysOf(turn);
        for (var named = firstDays; named < lastDays; named++)
            days.Append(source.Days[named]);
        Link(session, previous, number);
    }

    private void Append(AnalyzedChunk chunk, int turn, int session)
    {
        var number = chunks.Count;
        if (number == Posting.ChunksMax)
            throw new InvalidOperationException($"A partition holds at most {Posting.ChunksMax} chunks.");
        chunks.Append(new ChunkEntry { Turn = turn, Session = session, Terms = chunk.Length });
        termTotal += chunk.Length;
        foreach (var term in chunk.Terms)
            terms.Add(term.Term, Posting.Of(number, term.Count, term.IsDate));
    }

    private void Append(ReadOnlySpan<sbyte> vector, float scale)
    {
        vector.CopyTo(vectors.Append());
        vectorScales.Append(scale);
    }

    private void Link(int session, int previous, int number)
    {
        ref var entry = ref turns.Row(number);
        entry.Previous = previous;
        entry.SecondPrevious = entry.Next = entry.SecondNext = -1;
        entry.FollowsQuestion = false;
        runs.Add(number, session, previous, previous < 0 ? -1 : turns.Row(previous).Previous);
        if (previous >= 0)
        {
            ref var before = ref turns.Row(previous);
            before.Next = number;
            entry.SecondPrevious = before.Previous;
            entry.FollowsQuestion = before.AsksQuestion;
            if (before.Previous >= 0)
                turns.Row(before.Previous).SecondNext = number;
        }

        sessions[session].LastTurn = number;
    }

    private int SessionOf(string sessionId, string? agentId)
    {
        if (sessionNumbers.TryGetValue(sessionId, out var number))
            return number;
        number = sessionCount++;
        if (number == sessions.Length)
            sessions = Grow(sessions);
        sessions[number] = new SessionEntry(sessionId, agentId);
        sessionNumbers.Add(sessionId, number);
        return number;
    }

    private ushort CountSpeaker(ushort speaker)
    {
        if (speaker == speakerTurns.Count)
            speakerTurns.Add(0);
        if (CollectionsMarshal.AsSpan(speakerTurns)[speaker]++ == 0 && hidden is not null)
        {
            hidden.ReturnSpeaker(speaker);
            hiddenForReaders = null;
        }

        return speaker;
    }

    // A partition with more distinct speakers than a number holds counts the rest as its first one.
    private ushort SpeakerOf(string role, string? name)
    {
        if (speakerNumbers.TryGetValue((role, name), out var number) || speakerNumbers.Count == ushort.MaxValue)
            return number;
        number = (ushort)speakerNumbers.Count;
        if (number == speakers.Length)
            speakers = Grow(speakers);
        speakers[number] = new SpeakerEntry(role, name);
        speakerNumbers.Add((role, name), number);
        return number;
    }

    private static T[] Grow<T>(T[] full)
    {
        var grown = new T[Math.Max(4, full.Length * 2)];
        full.CopyTo(grown, 0);
        return grown;
    }
}

using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Transfer;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>The statements of an import's transaction, in the order they are sent. <c>$1</c> is the tenant.</summary>
/// <param name="seal">What the tenant's texts are sealed with; null: nothing is.</param>
internal sealed class ImportStatements(NpgsqlConnection connection, string tenant, TenantSeal? seal, CancellationToken cancel)
{
    // What is only moved here is not told of.
    private const string BindSql = "SELECT set_config('memory.tenant', $1, true), set_config('memory.quiet', 'on', true)";

    private const string AddOwnersSql = """
        INSERT INTO owners (tenant, user_id) SELECT $1, u.user_id FROM unnest($2::text[]) u (user_id) ORDER BY u.user_id ON CONFLICT DO NOTHING
        """;

    private const string LockOwnersSql = """
        SELECT o.user_id, o.owner_key, o.head FROM owners o WHERE o.tenant = $1 AND o.user_id = ANY ($2::text[]) ORDER BY o.user_id FOR NO KEY UPDATE
        """;

    // One statement a session: keys, and with them listings, follow the order of the file.
    private const string InsertSql = """
        INSERT INTO sessions AS s (tenant, id, user_id, agent_id, status, last_seq, version, created_at, updated_at, distilled, time_zone)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
        WHERE NOT EXISTS (SELECT FROM tombstones o WHERE o.tenant = $1 AND o.id = $2)
        ON CONFLICT (tenant, id) DO NOTHING RETURNING s.session_key
        """;

    private const string UpdateSql = """
        UPDATE sessions s SET status = $3, last_seq = $4, version = $5, updated_at = $6, distilled = greatest(s.distilled, $7),
            time_zone = coalesce($11, s.time_zone)
        WHERE s.tenant = $1 AND s.id = $2 AND s.version = $8 AND s.last_seq = $9 AND s.user_id = $10 RETURNING s.session_key
        """;

    private const string InsertTurnsSql = """
        INSERT INTO turns (tenant, owner_key, change, session_key, seq, occurred_at, recorded_at, tokens, turn_id, role, name, content, metadata,
                           erased, utc_offset)
        SELECT $1, t.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::int[],
                                   $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::boolean[], $15::smallint[]) t
        """;

    private const string InsertRemovalsSql = """
        INSERT INTO removals (tenant, owner_key, change, session_id, seq)
        SELECT $1, x.* FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[]) x
        """;

    private const string RaiseHeadsSql = """
        UPDATE owners o SET head = h.head FROM unnest($2::text[], $3::bigint[]) h (user_id, head) WHERE o.tenant = $1 AND o.user_id = h.user_id
        """;

    // Spaces are read last, as by commits: whoever opens one locks the table sessions, and so waits for this transaction.
    private const string WakeSql = """
        SELECT wake_1($1, array_agg(w.subject), array_agg(w.kind), array_agg($4::bigint), $4)
        FROM (SELECT x.id AS subject, $5::text AS kind FROM unnest($3::text[]) x (id)
              UNION ALL
              SELECT x.id, $6 || s.id FROM unnest($2::text[]) x (id) CROSS JOIN spaces s WHERE s.state < 2) w
        HAVING count(*) > 0
        """;

    private const string AddTombstonesSql = """
        INSERT INTO tombstones (tenant, id, version, deleted_at)
        SELECT $1, x.id, x.version, x.deleted_at FROM unnest($2::text[], $3::bigint[], $4::bigint[]) x (id, version, deleted_at)
        WHERE NOT EXISTS (SELECT FROM sessions s WHERE s.tenant = $1 AND s.id = x.id)
        ON CONFLICT DO NOTHING
        """;

    public Task BindAsync() => RunAsync(BindSql, static _ => { });

    /// <summary>False when a session is not as expected; then nothing may be committed.</summary>
    public async Task<bool> WriteSessionsAsync(IReadOnlyList<SessionImport> imports, DateTimeOffset now)
    {
        if (imports.Count == 0)
            return true;
        var users = imports.Select(static import => UserName.ToColumn(import.After.UserId)).Distinct(StringComparer.Ordinal).ToArray();
        await RunAsync(AddOwnersSql, parameters => parameters.AddTexts(users));
        var owners = await LockOwnersAsync(users);
        if (await WriteRowsAsync(imports) is not { } keys)
            return false;
        await InsertTurnsAsync(imports, keys, owners);
        await RunAsync(RaiseHeadsSql, parameters =>
        {
            parameters.AddTexts([.. owners.Keys]);
            parameters.AddBigints([.. owners.Values.Select(static owner => owner.Head)]);
        });
        await RunAsync(WakeSql, parameters =>
        {
            parameters.AddTexts([.. imports.Where(static import => import.Turns.Count > 0).Select(static import => import.After.Id)]);
            parameters.AddTexts([.. imports.Where(static import => import.WakeDistil).Select(static import => import.After.Id)]);
            parameters.AddBigint(Timestamp.Of(now));
            parameters.AddText(DueKinds.Distil);
            parameters.AddText(DueKinds.EmbedPrefix);
        });
        return true;
    }

    public async Task AddTombstonesAsync(IReadOnlyList<DeletedSessionRecord> deleted)
    {
        if (deleted.Count > 0)
        {
            await RunAsync(AddTombstonesSql, parameters =>
            {
                parameters.AddTexts([.. deleted.Select(static tombstone => tombstone.Id)]);
                parameters.AddBigints([.. deleted.Select(static tombstone => tombstone.Version)]);
                parameters.AddBigints([.. deleted.Select(static tombstone => Timestamp.Of(tombstone.DeletedAt))]);
            });
        }
    }

    private async Task<Dictionary<string, Owner>> LockOwnersAsync(string[] users)
    {
        await using var command = Command(LockOwnersSql);
        command.Parameters.AddTexts(users);
        var owners = new Dictionary<string, Owner>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            owners.Add(rows.GetString(0), new Owner(rows.GetInt64(1)) { Head = rows.GetInt64(2) });
        return owners;
    }

    /// <summary>The sessions' keys; null when one is not as expected.</summary>
    private async Task<long[]?> WriteRowsAsync(IReadOnlyList<SessionImport> imports)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var import in imports)
            batch.BatchCommands.Add(import.ExpectedVersion == 0 ? Insert(import) : Update(import));
        var keys = new List<long>(imports.Count);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        do
        {
            if (await rows.ReadAsync(cancel))
                keys.Add(rows.GetInt64(0));
        }
        while (await rows.NextResultAsync(cancel));
        return keys.Count == imports.Count ? [.. keys] : null;
    }

    private NpgsqlBatchCommand Insert(SessionImport import)
    {
        var (command, after) = (new NpgsqlBatchCommand(InsertSql), import.After);
        command.Parameters.AddText(tenant);
        command.Parameters.AddText(after.Id);
        command.Parameters.AddText(UserName.ToColumn(after.UserId));
        command.Parameters.AddText(after.AgentId);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)after.Status, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.AddBigint(after.LastSeq);
        command.Parameters.AddBigint(after.Version);
        command.Parameters.AddBigint(Timestamp.Of(after.CreatedAt));
        command.Parameters.AddBigint(Timestamp.Of(after.UpdatedAt));
        command.Parameters.AddBigint(import.Distilled);
        command.Parameters.AddText(after.TimeZone);
        return command;
    }

    private NpgsqlBatchCommand Update(SessionImport import)
    {
        var (command, after) = (new NpgsqlBatchCommand(UpdateSql), import.After);
        command.Parameters.AddText(tenant);
        command.Parameters.AddText(after.Id);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)after.Status, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.AddBigint(after.LastSeq);
        command.Parameters.AddBigint(after.Version);
        command.Parameters.AddBigint(Timestamp.Of(after.UpdatedAt));
        command.Parameters.AddBigint(import.Distilled);
        command.Parameters.AddBigint(import.ExpectedVersion);
        command.Parameters.AddBigint(import.ExpectedLastSeq);
        command.Parameters.AddText(UserName.ToColumn(after.UserId));
        command.Parameters.AddText(after.TimeZone);
        return command;
    }

    private async Task InsertTurnsAsync(IReadOnlyList<SessionImport> imports, long[] keys, Dictionary<string, Owner> owners)
    {
        var rows = new List<(long Owner, long Change, long Session, Turn Turn)>();
        var removals = new List<(long Owner, long Change, Turn Turn)>();
        for (var i = 0; i < imports.Count; i++)
        {
            var owner = owners[UserName.ToColumn(imports[i].After.UserId)];
            foreach (var turn in imports[i].Turns)
                rows.Add((owner.Key, ++owner.Head, keys[i], turn));
            // The feed leaves erased turns out, and its followers must arrive at the head.
            if (imports[i].Turns is [.., { IsErased: true } last])
                removals.Add((owner.Key, ++owner.Head, last));
        }

        await InsertRemovalsAsync(removals);

        await RunAsync(InsertTurnsSql, parameters =>
        {
            parameters.AddBigints([.. rows.Select(static row => row.Owner)]);
            parameters.AddBigints([.. rows.Select(static row => row.Change)]);
            parameters.AddBigints([.. rows.Select(static row => row.Session)]);
            parameters.AddBigints([.. rows.Select(static row => row.Turn.Seq)]);
            parameters.AddBigints([.. rows.Select(static row => Timestamp.Of(row.Turn.OccurredAt))]);
            parameters.AddBigints([.. rows.Select(static row => Timestamp.Of(row.Turn.RecordedAt))]);
            parameters.AddArray<int>([.. rows.Select(static row => row.Turn.Tokens)], NpgsqlDbType.Integer);
            parameters.AddTexts([.. rows.Select(static row => row.Turn.Id)]);
            parameters.AddTexts([.. rows.Select(static row => row.Turn.Role)]);
            parameters.AddTexts([.. rows.Select(row => Sealed(SealedField.TurnName, row.Turn, row.Turn.Name))]);
            parameters.AddTexts([.. rows.Select(row => Sealed(SealedField.TurnContent, row.Turn, row.Turn.Content))]);
            parameters.AddTexts([.. rows.Select(row => Sealed(SealedField.TurnMetadata, row.Turn, row.Turn.Metadata))]);
            parameters.AddArray<bool>([.. rows.Select(static row => row.Turn.IsErased)], NpgsqlDbType.Boolean);
            parameters.AddArray<short>([.. rows.Select(static row => Timestamp.OffsetOf(row.Turn.OccurredAt))], NpgsqlDbType.Smallint);
        });
    }

    private string? Sealed(SealedField field, Turn turn, string? text) => seal.Sealed(field, turn.SessionId, turn.Seq, text);

    private async Task InsertRemovalsAsync(List<(long Owner, long Change, Turn Turn)> removals)
    {
        if (removals.Count == 0)
            return;
        await RunAsync(InsertRemovalsSql, parameters =>
        {
            parameters.AddBigints([.. removals.Select(static removal => removal.Owner)]);
            parameters.AddBigints([.. removals.Select(static removal => removal.Change)]);
            parameters.AddTexts([.. removals.Select(static removal => removal.Turn.SessionId)]);
            parameters.AddBigints([.. removals.Select(static removal => removal.Turn.Seq)]);
        });
    }

    private async Task RunAsync(string sql, Action<NpgsqlParameterCollection> bind)
    {
        await using var command = Command(sql);
        bind(command.Parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddText(tenant);
        return command;
    }

    /// <summary>A partition, and the newest of its change numbers.</summary>
    private sealed class Owner(long key)
    {
        public long Key => key;

        public long Head { get; set; }
    }
}

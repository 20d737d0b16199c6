using System.Globalization;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Builds the store's one pool of connections.</summary>
internal static class DataSource
{
    private const int PreparedStatementsMax = 64;

    /// <summary>A transaction whose client fell silent holds locks others wait for.</summary>
    private static readonly TimeSpan IdleInTransactionMax = TimeSpan.FromSeconds(2);

    public static NpgsqlDataSource Build(PostgresStoreOptions options)
    {
        if (!PostgresUrl.TryParse(options.Url, out var settings, out var wrong))
            throw new ArgumentException($"{nameof(options.Url)} {wrong}", nameof(options));
        settings.MinPoolSize = options.PoolSize;
        settings.MaxPoolSize = options.PoolSize + options.MaxOverflow;
        settings.ConnectionLifetime = Seconds(options.ConnectionLifetime);
        settings.KeepAlive = Seconds(options.KeepAlive);
        settings.Timeout = Seconds(options.ConnectTimeout);
        settings.CommandTimeout = Seconds(options.CommandTimeout);
        settings.MaxAutoPrepare = PreparedStatementsMax;
        settings.AutoPrepareMinUsages = 2;
        // Nothing outlives its transaction on these connections, so returning one to the pool need not reset it.
        settings.NoResetOnClose = true;
        settings.SearchPath = $"{options.Schema}, public";
        settings.Options = $"-c idle_in_transaction_session_timeout={Milliseconds(IdleInTransactionMax)} "
            + $"-c statement_timeout={Milliseconds(options.CommandTimeout)} "
            + "-c plan_cache_mode=force_generic_plan";
        settings.IncludeErrorDetail = false;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseVector();
        return builder.Build();
    }

    /// <summary>For work that takes as long as it takes, on a connection that is closed after it.</summary>
    public static string BuildUnpooled(PostgresStoreOptions options)
    {
        if (!PostgresUrl.TryParse(options.Url, out var settings, out var wrong))
            throw new ArgumentException($"{nameof(options.Url)} {wrong}", nameof(options));
        settings.Pooling = false;
        settings.KeepAlive = Seconds(options.KeepAlive);
        settings.Timeout = Seconds(options.ConnectTimeout);
        settings.SearchPath = $"{options.Schema}, public";
        return settings.ConnectionString;
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}

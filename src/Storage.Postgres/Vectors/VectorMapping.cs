#pragma warning disable NPG9001 // Npgsql's converter API is open to plug-ins, though it may change with a major version.
using Npgsql;
using Npgsql.Internal;
using Npgsql.Internal.Postgres;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Maps <see cref="Vector"/> and <see cref="HalfVector"/> to pgvector's types: parameters, reads and binary COPY. Stands in
/// for the Pgvector package until one built for Npgsql 10 is to be had here. Harmless where the extension is missing.
/// </summary>
internal static class VectorMapping
{
    public static NpgsqlDataSourceBuilder UsePgVector(this NpgsqlDataSourceBuilder builder)
    {
        builder.AddTypeInfoResolverFactory(new Factory());
        return builder;
    }

    private sealed class Factory : PgTypeInfoResolverFactory
    {
        public override IPgTypeInfoResolver CreateResolver() => new Resolver();

        public override IPgTypeInfoResolver? CreateArrayResolver() => null;
    }

    private sealed class Resolver : IPgTypeInfoResolver
    {
        private TypeInfoMappingCollection? mappings;

        public PgTypeInfo? GetTypeInfo(Type? type, DataTypeName? dataTypeName, PgSerializerOptions options) =>
            (mappings ??= Map()).Find(type, dataTypeName, options);

        private static TypeInfoMappingCollection Map()
        {
            var map = new TypeInfoMappingCollection();
            map.AddStructType<Vector>("vector", static (options, mapping, _) => mapping.CreateInfo(options, new VectorConverter()), isDefault: true);
            map.AddStructType<HalfVector>("halfvec", static (options, mapping, _) => mapping.CreateInfo(options, new HalfVectorConverter()), isDefault: true);
            return map;
        }
    }
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace MemoryOrleans.Transfer;

/// <summary>
/// Writes a tenant as a stream in the transfer format. The stream sets the pace: the store is read no further than it takes.
/// </summary>
public sealed class ExportTenant(ITransferStore store, TimeProvider clock)
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>What was written. When it throws, the stream has no trailer, and no import takes it for whole.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async Task<TransferTrailer> RunAsync(string tenant, Stream to, CancellationToken cancel)
    {
        using var lines = new Lines(to);
        lines.AddHeader(new TransferHeader(tenant, clock.GetUtcNow()));
        await store.ExportAsync(
            tenant,
            async record =>
            {
                lines.Add(record);
                if (lines.Waiting >= FlushBytes)
                    await lines.FlushAsync(cancel);
            },
            cancel);
        var trailer = lines.AddTrailer();
        await lines.FlushAsync(cancel);
        return trailer;
    }

    private sealed class Lines(Stream to) : IDisposable
    {
        private readonly IncrementalHash ofAll = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash ofRecords = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly ArrayBufferWriter<byte> buffer = new(2 * FlushBytes);
        private readonly Utf8JsonWriter json = new(Stream.Null, WriteRecord.Options);
        private TransferCounts counts = new();
        private long recordsSince;
        private long bytesSince;

        public int Waiting => buffer.WrittenCount;

        public void AddHeader(TransferHeader header) => AddLine(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("format", TransferFormat.Name);
            writer.WriteNumber("version", TransferFormat.Version);
            writer.WriteString("tenant", header.Tenant);
            WriteRecord.WriteTime(writer, "exported_at", header.ExportedAt);
            writer.WriteEndObject();
        });

        public void Add(TransferRecord record)
        {
            if (recordsSince >= TransferFormat.CheckpointRecords || bytesSince >= TransferFormat.CheckpointBytes)
                AddCheckpoint();
            var start = buffer.WrittenCount;
            AddLine(writer => WriteRecord.To(writer, record));
            ofRecords.AppendData(buffer.WrittenSpan[start..]);
            counts += record;
            recordsSince++;
            bytesSince += buffer.WrittenCount - start;
        }

        public TransferTrailer AddTrailer()
        {
            var trailer = new TransferTrailer(counts, Sum(ofRecords), Sum(ofAll));
            AddLine(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("kind", TransferFormat.Trailer);
                writer.WriteStartObject("counts");
                foreach (var (name, count) in CountNames.Of(counts))
                    writer.WriteNumber(name, count);
                writer.WriteEndObject();
                writer.WriteString("records_sha256", trailer.RecordsSha256);
                writer.WriteString("sha256", trailer.Sha256);
                writer.WriteEndObject();
            });
            return trailer;
        }

        public async Task FlushAsync(CancellationToken cancel)
        {
            await to.WriteAsync(buffer.WrittenMemory, cancel);
            await to.FlushAsync(cancel);
            buffer.ResetWrittenCount();
        }

        public void Dispose()
        {
            ofAll.Dispose();
            ofRecords.Dispose();
            json.Dispose();
        }

        private void AddCheckpoint()
        {
            AddLine(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("kind", TransferFormat.Checkpoint);
                writer.WriteNumber("records", counts.All);
                writer.WriteString("records_sha256", Sum(ofRecords));
                writer.WriteEndObject();
            });
            (recordsSince, bytesSince) = (0, 0);
        }

        private void AddLine(Action<Utf8JsonWriter> write)
        {
            var start = buffer.WrittenCount;
            json.Reset(buffer);
            write(json);
            json.Flush();
            buffer.Write("\n"u8);
            ofAll.AppendData(buffer.WrittenSpan[start..]);
        }

        private static string Sum(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}

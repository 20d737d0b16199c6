using System.Text;

namespace MemoryOrleans.Scripted.Collector;

/// <summary>One span as OTLP's protobuf has it.</summary>
/// <param name="Process">The attribute service.instance.id of the process that sent it.</param>
/// <param name="Source">The library that made it, "Npgsql" for instance.</param>
/// <param name="Trace">Id of its trace, 32 hexadecimal digits, lower case.</param>
public sealed record OtlpSpan(string Process, string Source, string Trace, string Name)
{
    /// <summary>The spans of one ExportTraceServiceRequest (opentelemetry-proto, trace/v1).</summary>
    public static IEnumerable<OtlpSpan> ReadAll(ReadOnlyMemory<byte> request)
    {
        foreach (var resource in Messages(request, 1))
        {
            var process = ProcessOf(resource);
            foreach (var scope in Messages(resource, 2))
            {
                var source = Messages(scope, 1).Select(static each => Text(each, 1)).FirstOrDefault(string.Empty);
                foreach (var span in Messages(scope, 2))
                    yield return new OtlpSpan(process, source, Convert.ToHexStringLower(Messages(span, 1).Single().Span), Text(span, 5));
            }
        }
    }

    private static string ProcessOf(ReadOnlyMemory<byte> resource) => Messages(resource, 1).SelectMany(static each => Messages(each, 1))
        .Where(static attribute => Text(attribute, 1) == "service.instance.id")
        .Select(static attribute => Text(Messages(attribute, 2).Single(), 1)).FirstOrDefault(string.Empty);

    private static string Text(ReadOnlyMemory<byte> message, int field) =>
        Messages(message, field).Select(static each => Encoding.UTF8.GetString(each.Span)).FirstOrDefault(string.Empty);

    /// <summary>The length-delimited fields of one number.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = ReadNumber(message.Span, ref at);
            var length = (tag & 7) switch
            {
                0 => SkipNumber(message.Span, ref at),
                1 => sizeof(ulong),
                2 => (int)ReadNumber(message.Span, ref at),
                5 => sizeof(uint),
                _ => throw new InvalidDataException($"wire type {tag & 7}"),
            };
            if ((int)(tag >> 3) == field && (tag & 7) == 2)
                yield return message.Slice(at, length);
            at += length;
        }
    }

    private static int SkipNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        ReadNumber(bytes, ref at);
        return 0;
    }

    private static ulong ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}

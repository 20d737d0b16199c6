using System.Runtime.InteropServices;

namespace MemoryOrleans.Quantise;

/// <summary>The field numbers of onnx.proto3 that are read or written here.</summary>
internal static class OnnxFormat
{
    public const int ModelGraph = 7;
    public const int ModelOperatorSets = 8;
    public const int OperatorSetDomain = 1;
    public const int OperatorSetVersion = 2;
    public const int GraphNodes = 1;
    public const int GraphTensors = 5;
    public const int GraphInputs = 11;
    public const int NodeInputs = 1;
    public const int NodeOutputs = 2;
    public const int NodeName = 3;
    public const int NodeOperator = 4;
    public const int NodeAttributes = 5;
    public const int NodeDomain = 7;
    public const int AttributeName = 1;
    public const int AttributeInteger = 3;
    public const int AttributeType = 20;
    public const int AttributeTypeInteger = 2;
    public const int TensorDimensions = 1;
    public const int TensorType = 2;
    public const int TensorName = 8;
    public const int TensorRaw = 9;
    public const int InputName = 1;
    public const int TypeFloat = 1;
    public const int TypeInt8 = 3;
}

/// <summary>A node of the graph: an operator with the names of the tensors it takes and gives.</summary>
internal sealed record OnnxNode(string Operator, string Name, string[] Inputs, string[] Outputs)
{
    /// <summary>Empty for ONNX's own operators.</summary>
    public string Domain { get; init; } = string.Empty;

    /// <summary>The attribute "to" of a Cast; null for other operators.</summary>
    public int? CastTo { get; init; }

    public static OnnxNode Parse(WireMessage node) => new(
        node.TextOf(OnnxFormat.NodeOperator), node.TextOf(OnnxFormat.NodeName),
        [.. node.All(OnnxFormat.NodeInputs).Select(static field => field.Text)],
        [.. node.All(OnnxFormat.NodeOutputs).Select(static field => field.Text)]);

    public WireMessage ToMessage()
    {
        var message = new WireMessage();
        foreach (var input in Inputs)
            message.Add(OnnxFormat.NodeInputs, input);
        foreach (var output in Outputs)
            message.Add(OnnxFormat.NodeOutputs, output);
        message.Add(OnnxFormat.NodeName, Name).Add(OnnxFormat.NodeOperator, Operator);
        if (Domain.Length > 0)
            message.Add(OnnxFormat.NodeDomain, Domain);
        if (CastTo is { } type)
        {
            message.Add(OnnxFormat.NodeAttributes, new WireMessage()
                .Add(OnnxFormat.AttributeName, "to").Add(OnnxFormat.AttributeInteger, (ulong)type)
                .Add(OnnxFormat.AttributeType, OnnxFormat.AttributeTypeInteger));
        }

        return message;
    }
}

/// <summary>A constant of the graph, its elements as raw little-endian bytes in row order.</summary>
internal sealed record OnnxTensor(string Name, int Type, long[] Shape, ReadOnlyMemory<byte> Raw)
{
    public bool IsFloatMatrix => Type == OnnxFormat.TypeFloat && Shape.Length == 2 && Raw.Length == Shape[0] * Shape[1] * sizeof(float);

    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(Raw.Span);

    public static OnnxTensor Of(string name, sbyte[] values, params long[] shape) =>
        new(name, OnnxFormat.TypeInt8, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static OnnxTensor Of(string name, float[] values, params long[] shape) =>
        new(name, OnnxFormat.TypeFloat, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static OnnxTensor Parse(WireMessage tensor) => new(
        tensor.TextOf(OnnxFormat.TensorName), (int)tensor.All(OnnxFormat.TensorType).Single().Value,
        [.. tensor.All(OnnxFormat.TensorDimensions).SelectMany(ReadDimensions)],
        tensor.All(OnnxFormat.TensorRaw).Select(static field => field.Bytes).FirstOrDefault());

    public WireMessage ToMessage()
    {
        var message = new WireMessage();
        foreach (var length in Shape)
            message.Add(OnnxFormat.TensorDimensions, (ulong)length);
        return message.Add(OnnxFormat.TensorType, (ulong)Type).Add(OnnxFormat.TensorName, Name).Add(OnnxFormat.TensorRaw, Raw);
    }

    // One number a field, or all of them packed into one.
    private static List<long> ReadDimensions(WireField field)
    {
        if (field.Type == WireType.Varint)
            return [(long)field.Value];
        var lengths = new List<long>();
        for (var at = 0; at < field.Bytes.Length;)
            lengths.Add((long)WireMessage.ReadVarint(field.Bytes.Span, ref at));
        return lengths;
    }
}

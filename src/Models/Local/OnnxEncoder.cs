using Microsoft.ML.OnnxRuntime;

namespace MemoryOrleans.Models.Local;

/// <summary>
/// A loaded model: one text to one unit vector. Each run stays on its caller's thread and takes one text, because a
/// quantised model scales a batch's activations together and a vector would depend on its neighbours: so the same text gives
/// the same vector. Safe for concurrent use; runs share the weights.
/// </summary>
internal sealed class OnnxEncoder : IDisposable
{
    private const string Ids = "input_ids";
    private const string Mask = "attention_mask";
    private const string Types = "token_type_ids";

    private readonly InferenceSession session;
    private readonly WordPieces words;
    private readonly LocalModelOptions model;
    private readonly string[] inputs;
    private readonly string[] outputs;

    /// <exception cref="LocalModelUnavailableException">It cannot run here; says what is missing.</exception>
    public OnnxEncoder(LocalModelOptions model)
    {
        NativeRuntime.Check();
        this.model = model;
        words = new WordPieces(model.VocabularyPath, model.TokensMax);
        session = Load(model.ModelPath);
        inputs = session.InputMetadata.ContainsKey(Types) ? [Ids, Mask, Types] : [Ids, Mask];
        outputs = [OutputOf(session, model.ModelPath)];
        Dimensions = session.OutputMetadata[outputs[0]].Dimensions[^1];
        if (model.Dimensions is { } wanted && wanted != Dimensions)
            throw Misfit($"{model.ModelPath} gives vectors of {Dimensions} dimensions, not {wanted}.");
    }

    public int Dimensions { get; }

    /// <param name="prefix">What goes before the text.</param>
    /// <exception cref="OperationCanceledException">Given up, even in the middle of a run.</exception>
    public float[] Embed(string prefix, string text, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var ids = words.Encode(prefix.Length == 0 ? text : prefix + text);
        var ones = new long[ids.Length];
        Array.Fill(ones, 1);
        long[] shape = [1, ids.Length];
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(ones, shape);
        using var typesValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        OrtValue[] values = inputs.Length == 3 ? [idsValue, maskValue, typesValue] : [idsValue, maskValue];
        using var run = new RunOptions();
        using var ending = cancel.Register(() => run.Terminate = true);
        try
        {
            using var results = session.Run(run, inputs, values, outputs);
            return Pool(results[0].GetTensorDataAsSpan<float>(), ids.Length);
        }
        catch (OnnxRuntimeException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
    }

    public void Dispose() => session.Dispose();

    private float[] Pool(ReadOnlySpan<float> tokens, int count)
    {
        var vector = new float[Dimensions];
        for (var token = 0; token < (model.Pooling == Pooling.Cls ? 1 : count); token++)
        {
            var row = tokens.Slice(token * vector.Length, vector.Length);
            for (var i = 0; i < vector.Length; i++)
                vector[i] += row[i];
        }

        Normalize(vector);
        return vector;
    }

    // In doubles and in order, so that every machine gives the same vector. The mean's divisor falls out.
    private static void Normalize(float[] vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
            squares += value * (double)value;
        var factor = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] * factor);
    }

    private static InferenceSession Load(string path)
    {
        if (!File.Exists(path))
            throw new LocalModelUnavailableException(LocalModelLack.File, $"The local model is not there: {path}.");
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new LocalModelUnavailableException(LocalModelLack.Form, $"{path} cannot be read as an ONNX model.", failure);
        }
    }

    // Batch, token, component: by that shape, since files name it as they like.
    private static string OutputOf(InferenceSession session, string path)
    {
        const int axes = 3;
        var isFit = session.InputMetadata.ContainsKey(Ids) && session.InputMetadata.ContainsKey(Mask);
        return session.OutputMetadata.Where(static each => each.Value.ElementType == typeof(float)
            && each.Value.Dimensions is { Length: axes } shape && shape[^1] > 0)
            .Select(static each => each.Key).FirstOrDefault() is { } found && isFit
                ? found
                : throw Misfit($"{path} is no encoder: it must take {Ids} and {Mask} and give a vector a token.");
    }

    private static LocalModelUnavailableException Misfit(string message) => new(LocalModelLack.Form, message);
}

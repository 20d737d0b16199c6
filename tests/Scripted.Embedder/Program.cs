using MemoryOrleans.Scripted;

// scripted-embedder [--port N] [--dimensions N]
await using var server = await ScriptedEmbedder.StartAsync(Read("--port", 8_090), Read("--dimensions", 64));
Console.WriteLine($"{server.OpenAiUrl} (OpenAI), {server.GeminiUrl} (Gemini); {new Uri(server.OpenAiUrl, "/control")} takes a behaviour");
await server.WhenStoppedAsync();

int Read(string name, int standard)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], out var value) ? value : standard;
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using MemoryOrleans.Models.Neural.Providers;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Chat;

/// <summary>
/// <c>POST {base}/chat/completions</c>: texts in, one text out. Of <see cref="ChatOptions"/> it sends model, temperature, seed,
/// the answer's tokens (as <c>max_tokens</c>, the name that most servers know) and the answer's form. It streams nothing.
/// </summary>
internal sealed class OpenAiChatClient(ChatModelOptions options, TimeProvider time) : IChatClient
{
    private readonly ModelServer server = new(
        options.BaseUrl, options.ApiKey is { } key ? ("Authorization", $"Bearer {key}") : null, time, ChatFailure.Port);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        server.PostAsync("chat/completions", writer => Write(writer, messages, options), static answer => Read(answer), cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => server.Dispose();

    private void Write(Utf8JsonWriter writer, IEnumerable<ChatMessage> messages, ChatOptions? asked)
    {
        writer.WriteStartObject();
        writer.WriteString("model", asked?.ModelId ?? options.Model);
        writer.WriteStartArray("messages");
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role", message.Role.Value);
            writer.WriteString("content", message.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (asked?.Temperature is { } temperature)
            writer.WriteNumber("temperature", temperature);
        if (asked?.Seed is { } seed)
            writer.WriteNumber("seed", seed);
        if (asked?.MaxOutputTokens is { } tokens)
            writer.WriteNumber("max_tokens", tokens);
        if (asked?.ResponseFormat is ChatResponseFormatJson form)
            WriteForm(writer, form);
        writer.WriteEndObject();
    }

    private static void WriteForm(Utf8JsonWriter writer, ChatResponseFormatJson form)
    {
        writer.WriteStartObject("response_format");
        writer.WriteString("type", form.Schema is null ? "json_object" : "json_schema");
        if (form.Schema is { } schema)
        {
            writer.WriteStartObject("json_schema");
            writer.WriteString("name", form.SchemaName);
            writer.WriteBoolean("strict", true);
            writer.WritePropertyName("schema");
            schema.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    // {"choices": [{"message": {"content": "…"}, "finish_reason": "stop"}]}; a refusal has no content.
    private static ChatResponse Read(JsonElement answer)
    {
        var choices = answer.GetProperty("choices");
        if (choices.GetArrayLength() == 0)
            throw new FormatException();
        var message = choices[0].GetProperty("message");
        var text = message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
            ? content.GetString() : string.Empty;
        var finish = choices[0].TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String
            ? reason.GetString() : null;
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = finish is null
            ? null : new ChatFinishReason(finish) };
    }
}

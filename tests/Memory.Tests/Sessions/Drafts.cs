using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Sessions;

/// <summary>Appends as the gateway hands them over.</summary>
internal static class Drafts
{
    public static readonly SessionKey Key = new("acme", "s");

    public static TurnDraft Of(
        string content, string? id = null, string role = "user", DateTimeOffset? at = null, string? metadata = null) =>
        new(id, role, null, content, at, metadata);

    public static AppendCommand Append(params TurnDraft[] turns) => new(Key, null, null, turns);

    public static AppendCommand Append(string content, string? id = null) => Append(Of(content, id));

    public static IdempotencyKey Once(string key, string body = "body") =>
        new("POST /v1/sessions/s/turns", key, SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}

using System.Text;
using System.Text.Json;
using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Drills;

/// <summary>A turn as the server gives it back.</summary>
internal sealed record StoredTurn(long Seq, string Id, string Hash);

/// <summary>Reads turns out of answers.</summary>
internal static class StoredTurns
{
    private const int PageSize = 100;

    /// <summary>All turns of a session in the order of the pages; none for a session the server does not know.</summary>
    /// <exception cref="InvalidDataException">The server did not answer with a page.</exception>
    public static List<StoredTurn> ReadSession(HttpConnection connection, RequestForms forms, string session)
    {
        var turns = new List<StoredTurn>();
        var request = new RequestBuffer();
        string? cursor = null;
        do
        {
            var query = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            forms.Get(request, $"/v1/sessions/{session}/turns?limit={PageSize}{query}", CredentialOf(session));
            var status = connection.Exchange(request);
            if (status == 404 && cursor is null)
                return turns;
            if (status != 200)
                throw new InvalidDataException(
                    $"GET of the turns of {session} answered {status}: {Encoding.UTF8.GetString(connection.Response.Body.Span)}");
            using var page = JsonDocument.Parse(connection.Response.Body);
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
                turns.Add(ParseTurn(item));
            var next = page.RootElement.TryGetProperty("next_cursor", out var value) ? value.GetString() : null;
            if (next is not null && next == cursor)
                throw new InvalidDataException($"The cursor of {session} does not move on.");
            cursor = next;
        }
        while (cursor is not null);
        return turns;
    }

    /// <summary>The places an append's 201 names: of the one turn, or of a batch's items.</summary>
    public static TurnPlace[] PlacesIn(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.TryGetProperty("items", out var items)
            ? [.. items.EnumerateArray().Select(PlaceOf)]
            : [PlaceOf(document.RootElement)];
    }

    private static TurnPlace PlaceOf(JsonElement turn) => new(turn.GetProperty("seq").GetInt64(), turn.GetProperty("id").GetString()!);

    private static StoredTurn ParseTurn(JsonElement turn)
    {
        var (seq, id) = PlaceOf(turn);
        return new StoredTurn(seq, id, DrillRequests.HashOf(Encoding.UTF8.GetBytes(turn.GetProperty("content").GetString()!)));
    }

    /// <summary>Sessions are dealt to keys by their number, which ends the id.</summary>
    private static long CredentialOf(string session) => long.TryParse(session[(session.LastIndexOf('s') + 1)..], out var index) ? index : 0;
}

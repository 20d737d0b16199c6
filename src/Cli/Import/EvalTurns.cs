using System.Globalization;
using System.Runtime.CompilerServices;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Import;

/// <summary>
/// Turns of the eval format: every conversation is one user, every session of it one session, every turn keeps its id.
/// Speakers other than user and assistant are users with a name.
/// </summary>
internal static class EvalTurns
{
    private const int ContentLengthMax = TextRules.ContentLengthMax;

    private static readonly TimeSpan BetweenTurns = TimeSpan.FromSeconds(20);

    public static async IAsyncEnumerable<ImportTurn> ReadAsync(InputBuffer input, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = new EvalReader(input);
        while (await reader.ReadAsync(cancel) is { } conversation)
        {
            var id = Required(conversation.Id, reader.Place, "id");
            var place = $"conversation {id}";
            foreach (var session in Required(conversation.Sessions, place, "sessions"))
            {
                foreach (var turn in TurnsOf(id, Required(session, place, "sessions"), place))
                    yield return turn;
            }
        }
    }

    private static IEnumerable<ImportTurn> TurnsOf(string conversation, EvalSession session, string within)
    {
        var id = Required(session.Id, within, "sessions.id");
        var place = $"{within}, session {id}";
        if (!SessionDate.TryParse(session.Date, out var begin))
            throw new BadTurnException(place, "date", $"is no day that exists, but '{session.Date}'");
        var number = 0;
        foreach (var turn in Required(session.Turns, place, "turns"))
        {
            var turnPlace = $"{place}, turn {turn?.Id ?? (number + 1).ToString(CultureInfo.InvariantCulture)}";
            yield return ToTurn(conversation, id, turn, begin + (number++ * BetweenTurns), turnPlace);
        }
    }

    private static ImportTurn ToTurn(string conversation, string session, EvalTurn? turn, DateTimeOffset? at, string place)
    {
        var speaker = Required(turn?.Speaker, place, "speaker");
        var isRole = speaker is "user" or "assistant";
        return new ImportTurn(place, ImportTurn.CheckedSession($"{conversation}.{session}", place), conversation, null, new TurnInput
        {
            Id = Required(turn?.Id, place, "id"),
            Role = isRole ? speaker : "user",
            Name = isRole ? null : speaker,
            Content = Cut(Required(turn?.Text, place, "text")),
            OccurredAt = at,
        });
    }

    // As the evaluation script does, which fits everything into the API's limit.
    private static string Cut(string text)
    {
        if (text.Length <= ContentLengthMax)
            return text;
        return text[..(char.IsHighSurrogate(text[ContentLengthMax - 1]) ? ContentLengthMax - 1 : ContentLengthMax)];
    }

    private static T Required<T>(T? value, string place, string field)
        where T : class =>
        value ?? throw new BadTurnException(place, field, "is missing");
}

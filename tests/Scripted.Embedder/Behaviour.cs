namespace MemoryOrleans.Scripted;

/// <summary>What the server does with a request.</summary>
public enum Act
{
    Answer,

    /// <summary>Answers <see cref="Behaviour.Status"/>, and repeats in the body what was sent, key included, as real servers do.</summary>
    Refuse,

    /// <summary>Does not answer until the behaviour is changed, then does.</summary>
    Hang,

    /// <summary>Breaks the connection off before any answer.</summary>
    Drop,

    /// <summary>Breaks it off in the middle of the answer.</summary>
    CutShort,

    /// <summary>200 with a page of HTML.</summary>
    Garbage,

    /// <summary>200 with JSON of another protocol.</summary>
    OtherProtocol,

    /// <summary>The last vector holds the letters NaN, which is no JSON.</summary>
    NanLetters,

    /// <summary>The last vector holds a null, or a NaN in base64.</summary>
    NotANumber,

    /// <summary>The last vector holds an infinity, or a number beyond all floats.</summary>
    Infinite,

    /// <summary>The last vector is of zeros.</summary>
    Zeros,

    /// <summary>The last vector has a component more.</summary>
    Uneven,

    /// <summary>All vectors have a component more than were asked for.</summary>
    WrongDimensions,

    /// <summary>The last vector is left out.</summary>
    OneTooFew,

    /// <summary>Data in reverse, each with its index.</summary>
    Reversed,

    /// <summary>Every vector with index 0.</summary>
    SameIndex,
}

/// <summary>One line of the script. As JSON: members in snake_case, acts too.</summary>
public sealed record Behaviour
{
    public static readonly Behaviour Normal = new();

    public Act Act { get; init; }

    /// <summary>Of <see cref="Act.Refuse"/>.</summary>
    public int Status { get; init; } = 500;

    /// <summary>The header Retry-After, as it is: seconds or a date.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The pause in the body of a refusal, as Google's APIs have it: 3.5s.</summary>
    public string? RetryDelay { get; init; }

    /// <summary>Time before anything is answered.</summary>
    public int DelayMilliseconds { get; init; }

    /// <summary>Vectors as base64, whatever was asked.</summary>
    public bool Base64 { get; init; }

    /// <summary>400 when a request names dimensions, as servers of most models do.</summary>
    public bool RefusesDimensions { get; init; }

    /// <summary>413 for more texts in a request; null: any number.</summary>
    public int? TextsMax { get; init; }

    /// <summary>400 when a text of the request holds this; null: none is refused.</summary>
    public string? RefusesTextsWith { get; init; }

    /// <summary>So many requests, then normal again; null: until changed.</summary>
    public int? Times { get; init; }
}

/// <summary>A request as it came over the wire.</summary>
public sealed record SeenRequest(
    string Path, string Model, IReadOnlyList<string> Texts, int? Dimensions, string? TaskType, string? Authorization, string? ApiKey,
    string Body);

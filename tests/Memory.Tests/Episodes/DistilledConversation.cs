using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Episodes;

/// <summary>A made-up conversation on two days, whose distillation is in Distilled.txt.</summary>
internal static class DistilledConversation
{
    private static readonly DateTimeOffset First = new(2024, 9, 12, 18, 0, 0, TimeSpan.Zero);

    private static readonly string[] FirstDay =
    [
        "Ragna: Hi Teo! How was your summer?",
        "Teo: Hey Ragna! Busy. I moved to Tromsø last month, and I'm still living out of boxes.",
        "Ragna: Wow, so far north! Why there?",
        "Teo: I started a new job at Polaris Seafood. I'm a food chemist, remember?",
        "Ragna: Of course! Do you know anybody up there?",
        "Teo: My cousin Silje lives two streets away. She lent me her old kayak.",
        "Ragna: That sounds like fun. I've never been in a kayak.",
        "Teo: You should try it! I paddle every Saturday before breakfast.",
        "Ragna: Brrr. I'm allergic to cold water, officially.",
        "Teo: Haha, sure you are.",
        "Ragna: My own news: I adopted a three-legged cat named Bosun two weeks ago.",
        "Teo: Three legs! How did that happen?",
        "Ragna: The shelter in Malmö said it was a car. He is doing great, though.",
        "Teo: Give him a herring from me.",
        "Ragna: He prefers chicken. I can't stand the smell of herring myself.",
        "Teo: Noted. Are you still teaching at the music school?",
        "Ragna: No, I quit my job in June. I'm writing a book about lighthouse keepers.",
        "Teo: A book! When will it be done?",
        "Ragna: The deadline is 15 January 2025. My editor Pauline wants the first half by November.",
        "Teo: I'm so proud of you!",
        "Ragna: Thanks, that means a lot.",
        "Teo: Let's talk again soon.",
    ];

    private static readonly string[] SecondDay =
    [
        "Teo: Ragna, I need some advice about the lab.",
        "Ragna: Tell me everything!",
        "Teo: We decided to replace the old spectrometer next spring. The budget is 40,000 euros.",
        "Ragna: Is that a lot for a spectrometer?",
        "Teo: It's tight. We use Merlin 4.2 for the samples, and the new one needs Merlin 5.",
        "Ragna: How long have you been using it?",
        "Teo: Three years now.",
        "Ragna: If I were you, I'd ask the university for a used spectrometer.",
        "Teo: Good idea! The University of Bergen sold two last year.",
        "Ragna: See? Any other news?",
        "Teo: I broke my wrist yesterday, on the stairs, carrying the kayak.",
        "Ragna: Oh no! Which one?",
        "Teo: The left one. I was at the hospital until midnight.",
        "Ragna: Poor you. No kayak for a while, then.",
        "Teo: Not before April, my doctor says. I sold my bike too, so I walk.",
        "Ragna: My favourite thing about winter is walking, honestly.",
        "Teo: We'll see about that. I'm going to visit Malmö next month, by the way!",
        "Ragna: Bosun and I are waiting. Bring chicken!",
    ];

    public static Turn[] Turns { get; } =
        [.. FirstDay.Select((line, i) => Of(line, i, First)),
        .. SecondDay.Select((line, i) => Of(line, FirstDay.Length + i, First.AddDays(41)))];

    private static Turn Of(string line, int index, DateTimeOffset from)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return Memory.Tests.Turns.Of("s", index + 1, line[(colon + 2)..], name: line[..colon], at: from.AddMinutes(index));
    }
}

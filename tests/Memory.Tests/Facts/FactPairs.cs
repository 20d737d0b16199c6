using MemoryOrleans.Memories;

namespace MemoryOrleans.Memory.Tests.Facts;

/// <summary>
/// Two statements, and what each claims: <c>subject|attribute|value</c>, with a leading <c>=</c> where the attribute has one
/// value at a time; empty where nothing could be parsed.
/// </summary>
internal sealed record FactPair(string First, string FirstClaim, string Second, string SecondClaim)
{
    public static FactClaim? Claim(string text)
    {
        if (text.Length == 0)
            return null;
        var parts = text.TrimStart('=').Split('|');
        return new FactClaim(parts[0], parts[1], parts[2], text[0] == '=');
    }
}

internal static class FactPairs
{
    /// <summary>Alike at a glance, yet neither says anything against the other.</summary>
    public static readonly FactPair[] Compatible =
    [
        new("Ann lives in Berlin.", "=ann|home|berlin", "Ann's sister lives in Paris.", "=ann's sister|home|paris"),
        new("Ann lives in Berlin.", "=ann|home|berlin", "Ann's sister lives in Berlin.", "=ann's sister|home|berlin"),
        new("Ann lives in Berlin.", "=ann|home|berlin", "Anna lives in Berlin.", "=anna|home|berlin"),
        new("Ann lives in Berlin.", "=ann|home|berlin", "Ann works in Berlin.", "=ann|workplace|berlin"),
        new("Ann lives in Berlin.", "=ann|home|berlin", "Ann was born in Berlin.", "=ann|birthplace|berlin"),
        new("Ann likes tea.", "ann|likes|tea", "Ann likes coffee.", "ann|likes|coffee"),
        new("Ann likes green tea in the morning.", "ann|likes|green tea", "Ann likes black tea in the morning.", "ann|likes|black tea"),
        new("Ann likes dogs.", "ann|likes|dogs", "Ann dislikes cats.", "ann|dislikes|cats"),
        new("Ann likes spicy food.", "ann|likes|spicy food", "Ann dislikes spicy food.", "ann|dislikes|spicy food"),
        new("Ann can swim.", "ann|skills|swimming", "Ann can't swim.", "ann|lacks|swimming"),
        new("Ann eats meat.", "", "Ann does not eat meat.", ""),
        new("The deadline of project A is May 3.", "=project a|deadline|may 3", "The deadline of project B is May 5.",
        "=project b|deadline|may 5"),
        new("The deadline of project A is May 3.", "=project a|deadline|may 3", "The deadline of project B is May 3.",
        "=project b|deadline|may 3"),
        new("The deadline of phase 1 is May 3.", "=phase 1|deadline|may 3", "The deadline of phase 2 is May 3.", "=phase 2|deadline|may 3"),
        new("The review is on Monday.", "review|days|monday", "The review is on Tuesday.", "review|days|tuesday"),
        new("Ann runs five kilometres every day.", "", "Ann runs ten kilometres every day.", ""),
        new("Ann owns 2 bikes.", "ann|owns|2 bikes", "Ann owns 3 boats.", "ann|owns|3 boats"),
        new("The ticket costs $5.50.", "", "The ticket costs $550.", ""),
        new("Ann knows C.", "ann|knows|c", "Ann knows C++.", "ann|knows|c++"),
        new("Ann hired Bob.", "ann|hired|bob", "Bob hired Ann.", "bob|hired|ann"),
        new("Ann reports to Bob.", "=ann|manager|bob", "Bob reports to Carl.", "=bob|manager|carl"),
        new("Ann moved from Berlin in spring.", "", "Ann moved to Berlin in spring.", ""),
        new("Ann flew to Rome.", "ann|visited|rome", "Ann flew to Milan.", "ann|visited|milan"),
        new("Ann worked at Siemens.", "ann|past employers|siemens", "Ann works at Siemens.", "=ann|employer|siemens"),
        new("Ann wants to move to Oslo.", "ann|wants|move to oslo", "Ann moved to Oslo.", "=ann|home|oslo"),
        new("Ann will visit Oslo.", "", "Ann visited Oslo.", ""),
        new("Ann might buy the house.", "", "Ann will buy the house.", ""),
        new("Ann bought the car.", "", "Ann sold the car.", ""),
        new("Ann met his brother.", "", "Ann met her brother.", ""),
        new("Ann's dog is called Rex.", "=ann's dog|name|rex", "Ann's cat is called Tom.", "=ann's cat|name|tom"),
        new("Ann's birthday is May 3.", "=ann|birthday|may 3", "Ann's anniversary is May 3.", "=ann|anniversary|may 3"),
        new("Ann's birthday is May 3.", "=ann|birthday|may 3", "Ann's son's birthday is June 4.", "=ann's son|birthday|june 4"),
        new("Ann studied physics in Vienna.", "ann|studied|physics", "Ann studied chemistry in Vienna.", "ann|studied|chemistry"),
        new("Ann speaks French.", "ann|speaks|french", "Ann speaks German.", "ann|speaks|german"),
        new("Ann's brother works as a nurse in the Berlin hospital.", "=ann's brother|job|nurse",
        "Ann works as a nurse in the Berlin hospital.", "=ann|job|nurse"),
        new("Ann paid the rent for March.", "", "Ann paid the rent for April.", ""),
        new("Ann passed the driving test.", "", "Ann failed the driving test.", ""),
        new("Ann drinks coffee with milk.", "", "Ann drinks coffee without milk.", ""),
        new("Ann thinks the plan works.", "", "The plan works.", ""),
        new("Ann leads the design team.", "ann|leads|design team", "Ann leads the sales team.", "ann|leads|sales team"),
        new("Ann's manager is Bob.", "=ann|manager|bob", "Ann's mentor is Carl.", "=ann|mentor|carl"),
        new("The staging server runs Debian.", "=staging server|system|debian", "The production server runs Ubuntu.",
        "=production server|system|ubuntu"),
        new("Ann is allergic to nuts.", "ann|allergic to|nuts", "Ann is allergic to pollen.", "ann|allergic to|pollen"),
        new("Ann lives in Berlin in summer.", "ann|seasonal homes|berlin in summer", "Ann lives in Rome in winter.",
        "ann|seasonal homes|rome in winter"),
        new("Ann prefers the window seat.", "ann|prefers|window seat", "Ann prefers the vegetarian menu.", "ann|prefers|vegetarian menu"),
        new("Ann adopted a dog named Rex.", "ann|pets|rex", "Ann adopted a dog named Max.", "ann|pets|max"),
    ];

    /// <summary>The second takes the first one's place.</summary>
    public static readonly FactPair[] Updates =
    [
        new("Ann lives in Berlin.", "=ann|home|berlin", "Ann moved to Paris.", "=ann|home|paris"),
        new("Ann works at Siemens.", "=ann|employer|siemens", "Ann started at Bosch.", "=ann|employer|bosch"),
        new("Ann works at Siemens.", "=ann|employer|siemens", "Ann is between jobs.", "=ann|employer|"),
        new("Ann is a nurse.", "=ann|job|nurse", "Ann is a doctor now.", "=ann|job|doctor"),
        new("Ann is single.", "=ann|marital status|single", "Ann is married.", "=ann|marital status|married"),
        new("Ann is married.", "=ann|marital status|married", "Ann is divorced.", "=ann|marital status|divorced"),
        new("The deadline of project A is May 3.", "=project a|deadline|may 3", "The deadline of project A is May 10.",
        "=project a|deadline|may 10"),
        new("The review is on Monday.", "=review|day|monday", "The review is on Tuesday.", "=review|day|tuesday"),
        new("Ann's phone number ends in 17.", "=ann|phone|17", "Ann's phone number ends in 42.", "=ann|phone|42"),
        new("Ann's manager is Bob.", "=ann|manager|bob", "Ann's manager is Carl.", "=ann|manager|carl"),
        new("Ann drives a Golf.", "=ann|car|golf", "Ann drives a Tesla.", "=ann|car|tesla"),
        new("Ann is 29.", "=ann|age|29", "Ann is 30.", "=ann|age|30"),
        new("Ann's favourite colour is red.", "=ann|favourite colour|red", "Ann's favourite colour is blue.", "=ann|favourite colour|blue"),
        new("The server runs version 1.2.", "=server|version|1.2", "The server runs version 1.3.", "=server|version|1.3"),
        new("The server runs version 1.2.", "=server|version|1.2", "The server runs version 12.", "=server|version|12"),
        new("The budget is $500.", "=project|budget|$500", "The budget is $5000.", "=project|budget|$5000"),
        new("The meeting room is 4A.", "=meeting|room|4a", "The meeting room is 4B.", "=meeting|room|4b"),
        new("Ann's e-mail is ann@old.example.", "=ann|e-mail|ann@old.example", "Ann's e-mail is ann@new.example.",
        "=ann|e-mail|ann@new.example"),
        new("The service is written in C.", "=service|language|c", "The service is written in C++.", "=service|language|c++"),
        new("Ann's name is Ann Smith.", "=ann|full name|ann smith", "Ann's name is Ann Jones.", "=ann|full name|ann jones"),
        new("The plan is active.", "=plan|status|active", "The plan is not active.", "=plan|status|not active"),
        new("Ann lives in York.", "=ann|home|york", "Ann lives in New York.", "=ann|home|new york"),
    ];

    /// <summary>One fact in two wordings, without a claim to tell.</summary>
    public static readonly (string First, string Second)[] Same =
    [
        ("Ann lives in Berlin.", "ann lives in  Berlin!"),
        ("Ann lives in Berlin.", "Ann is living in Berlin."),
        ("Ann likes tea.", "Ann really likes tea."),
        ("Ann likes tea.", "Ann loves tea."),
        ("Ann has two cats.", "Ann has 2 cats."),
        ("The meeting is on May 3rd.", "The meeting is on May 3."),
        ("Ann plays the violin.", "Ann currently plays the violin"),
        ("Ann doesn't eat meat.", "Ann doesn’t eat meat"),
        ("The deadline of project Apollo is Friday.", "Project Apollo's deadline is Friday."),
        ("Ann bought a car.", "Ann purchased a car."),
        ("Ann's sister is a nurse.", "Ann’s sister is a nurse"),
        ("アンはベルリンに住んでいます。", "アンはベルリンに住んでいます"),
    ];
}

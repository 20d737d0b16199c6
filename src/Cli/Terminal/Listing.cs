using Spectre.Console;
using Spectre.Console.Rendering;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>A heading of a listing.</summary>
/// <param name="Right">Numbers stand at the right.</param>
internal readonly record struct Heading(string Name, bool Right = false)
{
    public static implicit operator Heading(string name) => new(name);
}

/// <summary>What stands under a heading.</summary>
/// <param name="Note">Less important, below the text.</param>
internal readonly record struct Cell(string Text, Style? Style = null, string? Note = null)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>
/// Rows under headings: a table where every word of theirs fits the terminal's width whole and long texts have room, else a block of lines
/// for each row. No
/// word is broken that fits a line.
/// </summary>
/// <param name="separated">A line is drawn between rows.</param>
internal sealed class Listing(bool separated, params Heading[] headings)
{
    // Rounded borders: a bar and two spaces for each column, and a last bar.
    private const int BorderPerColumn = 3;

    // A long text in a narrow column would be a tall ladder.
    private const int LongText = 80;
    private const int LongTextMin = 28;

    private static readonly Style Quiet = new(foreground: Color.Grey);

    private readonly List<Cell[]> rows = [];

    public Listing(params Heading[] headings)
        : this(separated: false, headings)
    {
    }

    public int Count => rows.Count;

    public void Add(params Cell[] cells)
    {
        if (cells.Length != headings.Length)
            throw new ArgumentException($"A row has {headings.Length} cells.", nameof(cells));
        rows.Add([.. cells.Select(static cell => cell
            with { Text = Screen.Printable(cell.Text), Note = cell.Note is null ? null : Screen.Printable(cell.Note) })]);
    }

    public void Write(IAnsiConsole console)
    {
        if (WidthsWithin(console.Profile.Width) is { } widths)
            console.Write(TableOf(widths));
        else
            WriteBlocks(console);
    }

    /// <summary>The columns' widths when no word is to be broken; null when that is not possible.</summary>
    private int[]? WidthsWithin(int width)
    {
        var room = width - (BorderPerColumn * headings.Length) - 1;
        var widest = new int[headings.Length];
        var least = new int[headings.Length];
        for (var column = 0; column < headings.Length; column++)
        {
            var texts = rows.SelectMany(row => new[] { row[column].Text, row[column].Note ?? string.Empty }).Append(headings[column].Name)
                .ToList();
            widest[column] = texts.Max(static text => WidestOf(text, breaks: false));
            least[column] = texts.Max(static text => WidestOf(text, breaks: true));
        }

        if (widest.Sum() <= room)
            return widest;
        if (least.Sum() > room)
            return null;
        var widths = Share(room, widest, least);
        return widths.Zip(widest).Any(static each => each.Second >= LongText && each.First < LongTextMin) ? null : widths;
    }

    /// <summary>Each gets what its longest word takes, and the narrower ones first what they want beyond that.</summary>
    private static int[] Share(int room, int[] widest, int[] least)
    {
        var widths = (int[])least.Clone();
        var left = room - least.Sum();
        var open = Enumerable.Range(0, least.Length).OrderBy(column => widest[column] - least[column]).ToList();
        for (var i = 0; i < open.Count; i++)
        {
            var more = Math.Min(widest[open[i]] - least[open[i]], left / (open.Count - i));
            widths[open[i]] += more;
            left -= more;
        }

        return widths;
    }

    /// <param name="breaks">Lines may end at a space, and beside a character of double width: scripts that have those have no
    /// spaces.</param>
    private static int WidestOf(string text, bool breaks)
    {
        var (widest, current) = (0, 0);
        foreach (var character in text)
        {
            var width = character < 0x7f ? 1 : new Segment(character.ToString()).CellCount();
            current = character == '\n' || (breaks && (character == ' ' || width > 1)) ? 0 : current + width;
            widest = Math.Max(widest, Math.Max(current, width));
        }

        return widest;
    }

    private Table TableOf(int[] widths)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowRowSeparators = separated };
        foreach (var (heading, width) in headings.Zip(widths))
        {
            table.AddColumn(new TableColumn(Screen.Plain(heading.Name))
            {
                Width = width, Alignment = heading.Right ? Justify.Right : Justify.Left,
            });
        }

        foreach (var row in rows)
            table.AddRow(row.Select(static cell => Render(cell)));
        return table;
    }

    private void WriteBlocks(IAnsiConsole console)
    {
        foreach (var row in rows)
        {
            foreach (var (heading, cell) in headings.Zip(row)
                .Where(static each => each.Second.Text.Length > 0 || each.Second.Note is not null))
            {
                // One paragraph: the text's first line has less room by its heading.
                console.Write(new Paragraph(heading.Name + ": ", Quiet).Append(cell.Text + "\n", cell.Style));
                if (cell.Note is not null)
                    console.Write(Screen.Plain(cell.Note + "\n", Quiet));
            }

            console.WriteLine();
        }
    }

    private static IRenderable Render(Cell cell)
    {
        var text = Screen.Plain(cell.Text, cell.Style);
        return cell.Note is null ? text : new Rows(text, Screen.Plain(cell.Note, Quiet));
    }
}

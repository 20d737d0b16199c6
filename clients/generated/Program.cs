// Drives the clients that NSwag and Kiota make against the memory at the address given: append, recall, edit, repeat, erase.
var address = args[0].TrimEnd('/');
await DriveNSwag.RunAsync(address);
await DriveKiota.RunAsync(address);
Console.WriteLine("NSwag and Kiota: append, recall, edit, repeat, erase: ok");

internal static class Check
{
    public static void That(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException(what);
    }
}

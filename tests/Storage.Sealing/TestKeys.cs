namespace MemoryOrleans.Storage.Sealing.Tests;

/// <summary>Master keys to test with, each always the same for its id.</summary>
internal static class TestKeys
{
    /// <param name="ids">The first wraps.</param>
    public static MasterKeys Of(params string[] ids)
    {
        var text = string.Join(' ', ids.Select(static id => $"{id}:{KeyOf(id)}"));
        Assert.True(MasterKeys.TryParse(text, out var keys, out var wrong), wrong);
        return keys!;
    }

    public static string KeyOf(string id) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("test key " + id)));
}

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MemoryOrleans.Quantise;

/// <summary>The resources embedded in an assembly, read from its file: nothing of it is loaded or run.</summary>
internal sealed class AssemblyResources(string path) : IDisposable
{
    private readonly PEReader image = new(new MemoryStream(File.ReadAllBytes(path)));

    /// <exception cref="InvalidDataException">The assembly has no such resource.</exception>
    public ReadOnlyMemory<byte> Read(string name)
    {
        var metadata = image.GetMetadataReader();
        foreach (var handle in metadata.ManifestResources)
        {
            var resource = metadata.GetManifestResource(handle);
            if (resource.Implementation.IsNil && metadata.StringComparer.Equals(resource.Name, name))
                return ReadAt(checked((int)resource.Offset));
        }

        throw new InvalidDataException($"{path} holds no resource {name}.");
    }

    public void Dispose() => image.Dispose();

    // A resource is its length, 32 bits, and its bytes.
    private byte[] ReadAt(int offset)
    {
        var directory = image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
        var reader = image.GetSectionData(directory).GetReader();
        reader.Offset = offset;
        return reader.ReadBytes(reader.ReadInt32());
    }
}

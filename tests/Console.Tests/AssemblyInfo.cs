using MemoryOrleans.Console.Tests;

// A browser and a memory with something in it are made once.
[assembly: AssemblyFixture(typeof(Browser))]
[assembly: AssemblyFixture(typeof(SeededMemory))]

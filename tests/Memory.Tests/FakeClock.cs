using Microsoft.Extensions.Time.Testing;

namespace MemoryOrleans.Memory.Tests;

/// <summary>A clock that stands still, on a Monday morning, until told otherwise; its timers go off as it passes them.</summary>
internal sealed class FakeClock() : FakeTimeProvider(new DateTimeOffset(2025, 3, 3, 9, 15, 0, TimeSpan.Zero));

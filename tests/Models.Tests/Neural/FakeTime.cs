using Microsoft.Extensions.Time.Testing;

namespace MemoryOrleans.Models.Tests.Neural;

/// <summary>A clock that stands still until told otherwise; its timers go off as it passes them.</summary>
internal sealed class FakeTime() : FakeTimeProvider(new DateTimeOffset(2025, 3, 3, 9, 15, 0, TimeSpan.Zero));

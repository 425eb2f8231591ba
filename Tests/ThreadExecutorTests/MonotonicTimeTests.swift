import SystemClock
import Testing

@Suite struct MonotonicTimeTests {
    @Test func `what comes later is later, by as much as was added`() {
        let start = MonotonicTime.now
        let end = start + .milliseconds(1500)
        #expect(start < end)
        #expect(end - start == .milliseconds(1500))
        #expect(end - .milliseconds(1500) == start)
        #expect(MonotonicTime.now >= start)
    }

    @Test(
        arguments: [
            (.zero, 0), (.nanoseconds(-1), -1), (.seconds(-2), -2_000_000_000), (.microseconds(1), 1000),
            (Duration(secondsComponent: 3, attosecondsComponent: 999_999_999), 3_000_000_000),
        ] as [(Duration, Int64)])
    func `a duration has so many whole nanoseconds`(duration: Duration, nanoseconds: Int64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }

    @Test func `a deadline that is for ever away does not overflow`() {
        let ever = MonotonicTime.now + .seconds(Int64.max)
        #expect(ever > .now)
        #expect(Duration.seconds(Int64.min).wholeNanoseconds < 0)
    }
}

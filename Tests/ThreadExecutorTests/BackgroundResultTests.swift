import Foundation
import Testing
import ThreadExecutor

@Suite struct MeanwhileTests {
    @Test func `it is done on another thread, while this one goes on, and waited for`() {
        let gate = DispatchSemaphore(value: 0)
        let here = pthread_self()
        let meanwhile = BackgroundResult("test") {
            gate.wait()
            return pthread_equal(pthread_self(), here) == 0
        }
        gate.signal()
        #expect(meanwhile.wait())
        #expect(meanwhile.wait())
    }
}

import Foundation
import HTTPTypes
import Synchronization

/// Slows down addresses that keep sending wrong keys. A right key is never held up, whatever its neighbours behind the same
/// address do.
///
/// The first failures cost nothing, the next are answered later and later, and beyond that a failure is refused with 429. A
/// minute of quiet forgives. IPv6 addresses count by their /64, which one machine has to itself.
final class FailureThrottle: Sendable {
    /// Failures that cost nothing.
    static let freeFailures = 5
    /// Failures after which the answer is 429.
    static let refusedFrom = 20
    /// Seconds of quiet after which an address is forgotten.
    static let forgiveness: TimeInterval = 60
    /// Addresses kept; beyond it the oldest are forgotten. About 1 MB.
    static let addressLimit = 10_000
    /// Failures that may wait at once: each holds a connection and no thread.
    static let waitingLimit = 256

    enum Verdict: Equatable {
        /// Answer 401 after this long.
        case wait(Duration)
        /// Answer 429; try again in so many seconds.
        case refuse(retryAfter: Int)
    }

    private struct Record {
        var failures: Int
        var last: Date
    }

    private let records = Mutex<[String: Record]>([:])
    private let waiting = Atomic<Int>(0)

    /// Notes a failure from `address`, waits as long as it deserves, and says which error to answer with.
    func penalty(for address: String, now: Date = Date()) async throws -> APIError {
        switch note(address, now: now) {
        case .refuse(let seconds): return FailureThrottle.tooMany(seconds)
        case .wait(let duration):
            guard duration > .zero else { return .unauthenticated }
            defer { waiting.subtract(1, ordering: .relaxed) }
            guard waiting.add(1, ordering: .relaxed).newValue <= FailureThrottle.waitingLimit else {
                return FailureThrottle.tooMany(Int(duration.components.seconds) + 1)
            }
            try await Task.sleep(for: duration)
            return .unauthenticated
        }
    }

    /// Counts a failure and tells what it deserves.
    func note(_ address: String, now: Date) -> Verdict {
        let failures = records.withLock { records in
            let key = FailureThrottle.network(of: address)
            if records[key] == nil, records.count >= FailureThrottle.addressLimit {
                FailureThrottle.forget(in: &records, now: now)
            }
            var record = records[key] ?? Record(failures: 0, last: now)
            if now.timeIntervalSince(record.last) > FailureThrottle.forgiveness { record.failures = 0 }
            record.failures += 1
            record.last = now
            records[key] = record
            return record.failures
        }
        guard failures > FailureThrottle.freeFailures else { return .wait(.zero) }
        guard failures < FailureThrottle.refusedFrom else {
            return .refuse(retryAfter: Int(FailureThrottle.forgiveness))
        }
        return .wait(min(.milliseconds(100 << (failures - FailureThrottle.freeFailures - 1)), .seconds(2)))
    }

    private static func forget(in records: inout [String: Record], now: Date) {
        records = records.filter { now.timeIntervalSince($0.value.last) <= forgiveness }
        guard records.count >= addressLimit else { return }
        let oldest = records.sorted { $0.value.last < $1.value.last }.prefix(addressLimit / 10)
        for (key, _) in oldest { records[key] = nil }
    }

    /// The address itself, or the first four groups of an IPv6 address.
    private static func network(of address: String) -> String {
        guard address.contains(":") else { return address }
        var binary = in6_addr()
        guard inet_pton(AF_INET6, address, &binary) == 1 else { return address }
        return withUnsafeBytes(of: binary) { bytes in
            bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
        }
    }

    private static func tooMany(_ seconds: Int) -> APIError {
        APIError(
            status: .tooManyRequests,
            code: .tooManyAttempts,
            message: "too many requests with a wrong API key came from this address",
            hint: "A right key works at once, also now",
            retryAfter: seconds
        )
    }
}

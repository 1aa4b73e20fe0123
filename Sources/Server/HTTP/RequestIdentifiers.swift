import HTTPTypes
import Hummingbird
import Synchronization

/// The ids of requests: the client's own when it sends a harmless one, else 16 hexadecimal digits that no other request of this
/// process has, and hardly one of another.
final class RequestIdentifiers: Sendable {
    static let lengthLimit = 128

    /// From a random start, so that a process does not repeat the ids of the one before.
    private let next = Atomic<UInt64>(.random(in: .min ... .max))

    func id(of request: Request) -> String {
        if let given = request.headers[.xRequestID], RequestIdentifiers.isHarmless(given) { return given }
        let number = RequestIdentifiers.mixed(next.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue)
        return String(unsafeUninitializedCapacity: 16) { text in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: number >> (60 - 4 * UInt64(index)) & 15)
                text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }

    /// Makes neighbours look unlike, one to one. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
    /// figure 17.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var number = number
        number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
        return number ^ number >> 31
    }

    /// Letters, digits and `-_.:` only, so that it can stand in any log and header.
    private static func isHarmless(_ id: String) -> Bool {
        (1...lengthLimit).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == 45 || byte == 95 || byte == 46 || byte == 58
            }
    }
}

import HTTPTypes
import Hummingbird

/// The id of a request: the client's own when it sends a harmless one, else 16 random hexadecimal digits.
enum RequestIdentifier {
    static let lengthLimit = 128

    static func of(_ request: Request) -> String {
        if let given = request.headers[.xRequestID], isHarmless(given) { return given }
        let text = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
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

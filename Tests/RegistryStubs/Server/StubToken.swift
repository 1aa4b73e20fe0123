import Crypto
import Foundation

/// Tokens that a stub issues and knows again: JWTs in form, signed with a key of the process.
struct StubToken {
    private static let key = SymmetricKey(size: .bits256)

    /// A token with these claims.
    static func issue(_ claims: [String: Any]) -> String {
        let header = base64URL(Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
        let payload = base64URL(
            (try? JSONSerialization.data(withJSONObject: claims, options: [.sortedKeys, .withoutEscapingSlashes]))
                ?? Data()
        )
        return "\(header).\(payload).\(signature("\(header).\(payload)"))"
    }

    /// The claims of a token of ours; nil for any other text.
    static func claims(of token: String) -> [String: Any]? {
        let parts = token.split(separator: ".")
        guard parts.count == 3, signature("\(parts[0]).\(parts[1])") == parts[2] else { return nil }
        var text = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        guard let data = Data(base64Encoded: text) else { return nil }
        return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    }

    /// The actions that a token of ours grants on a repository.
    static func actions(of token: String, on repository: String) -> Set<String> {
        let access = claims(of: token)?["access"] as? [[String: Any]] ?? []
        return Set(access.filter { $0["name"] as? String == repository }.flatMap { $0["actions"] as? [String] ?? [] })
    }

    private static func signature(_ text: String) -> String {
        base64URL(Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)))
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}

/// A bound on foreign JSON before a recursive parser sees it.
public enum JSONBounds {
    /// Real manifests, indexes and configurations nest five deep; a parser's stack holds hundreds.
    public static let depthLimit = 64

    /// Whether the arrays and objects of `json` nest at most ``depthLimit`` deep. Says nothing of its grammar.
    public static func isShallow(_ json: some Sequence<UInt8>) -> Bool {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for byte in json {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth > depthLimit { return false }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return true
    }
}

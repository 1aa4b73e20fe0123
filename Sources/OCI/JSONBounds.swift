/// Checks foreign JSON before a decoder sees it, so that its shape cannot hurt.
public enum JSONBounds {
    /// Manifests nest 6 deep, registries' lists 8.
    public static let usualDepth = 64

    /// Whether `bytes` nest no deeper than `depth`. One pass, no recursion, no memory; brackets in strings do not count. It says
    /// nothing else of the bytes: a decoder still finds out whether they are JSON.
    public static func isShallow(_ bytes: [UInt8], depth limit: Int = usualDepth) -> Bool {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
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
                if depth > limit { return false }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(depth - 1, 0)
            default: continue
            }
        }
        return true
    }
}
